// Answers a Request of the Fetch API by middleware of Node: by the router, then by a guard, and else by the app itself.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { refuseUnknown } from '../../names/unknown.ts'
import { answerError, logError, toGuestError } from '../contract/error-handler.ts'
import type { FetchOptions } from '../host-options.ts'
import type { Middleware } from '../router.ts'
import { type Pair, pairOf } from './fetch.ts'
import { beforeHeaders, CACHE_HEADERS } from './shared-caches.ts'

/** Statuses whose responses have no body: new Response() refuses one for them (Fetch Standard, 5.5). */
const WITHOUT_BODY = [204, 205, 304]

/** Makes guests.fetch() of the router that Express mounts. */
export function createFetch(ctx: Context, router: Middleware) {
  const tellAddress = createAddresses(ctx)

  return async (request: Request, options: FetchOptions = {}): Promise<Response> => {
    refuseUnknown('fetch', options, ['address', 'guard', 'next'])
    const { address, guard, next } = options
    const pair = pairOf(request)
    if (address !== undefined || pair.calls === 0) tellAddress(pair, address)
    pair.calls++
    try {
      const answer = (await pass(pair, router)) ?? (guard && (await pass(pair, guard as Middleware)))
      if (answer) return answer
      if (!next) throw noEndpoint()
      const response = await next()
      // A call inside of another one leaves the headers to that.
      return pair.calls === 1 ? withHeadersOf(pair.res, response) : response
    } catch (thrown) {
      if (!(thrown instanceof GuestError) || pair.res.headersSent) throw thrown
      logError(ctx, thrown, 'host')
      return (await pass(pair, (_req, _res, refuse) => refuse(thrown)))!
    } finally {
      pair.calls--
    }
  }
}

const noEndpoint = () =>
  new GuestError('not_found', {
    detail: 'There is no endpoint at this path. See openapi.json for those that exist.',
  })

/** Gives a request the address of its visitor, as a connection has it. Warns once if there is none to be had. */
function createAddresses({ config, logger }: Context) {
  let isWarned = config.rateLimit === false

  function warn(req: Pair['req'], address: string | undefined): void {
    const isKnown =
      config.trustProxy > 0 ? req.headers['x-forwarded-for'] !== undefined : address !== undefined
    if (isKnown || isWarned) return
    isWarned = true
    logger.warn(
      {},
      'guests.fetch() was not told where a request is from, so all visitors count as one for the rate limit: give it the address, or set trustProxy if a proxy sets X-Forwarded-For',
    )
  }

  return ({ req }: Pair, address: FetchOptions['address']): void => {
    Object.defineProperty(req.socket, 'remoteAddress', {
      configurable: true,
      // Asked for only if it counts: some frameworks know no address while they build pages in advance.
      get() {
        const given = typeof address === 'function' ? address() : address
        warn(req, given)
        return given
      },
    })
  }
}

/** What the middleware answers; undefined if it lets the request go on. An error that it passes on is answered here. */
function pass({ req, res }: Pair, middleware: Middleware): Promise<Response | undefined> {
  return new Promise((resolve, reject) => {
    beforeHeaders(res, () => {}) // so that the response has the headers that writeHead() gets
    Object.assign(res, {
      end(content?: string | Uint8Array<ArrayBuffer>) {
        if (!res.headersSent) res.writeHead(res.statusCode)
        const isBare = req.method === 'HEAD' || WITHOUT_BODY.includes(res.statusCode)
        const body = isBare ? null : (content ?? null)
        resolve(new Response(body, { status: res.statusCode, headers: headersOf(res) }))
        return res
      },
      destroy(error?: Error) {
        reject(error ?? new Error('The response was ended.'))
        return res
      },
    })
    middleware(req, res, (error) => {
      if (error === undefined) resolve(undefined)
      else answerError(res, toGuestError(error))
    })
  })
}

function headersOf(res: ServerResponse): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(res.getHeaders()))
    for (const one of [value ?? []].flat()) headers.append(name, String(one))
  return headers
}

/**
 * The app's response with the headers that guestkey has set for it: cookies, and what keeps them from shared caches. A
 * response that cannot be copied, such as that to an upgrade, is returned as it is.
 */
function withHeadersOf(res: ServerResponse, response: Response): Response {
  if (res.getHeaderNames().length === 0 || res.headersSent || response.status < 200) return response
  for (const name of CACHE_HEADERS) {
    const value = response.headers.get(name)
    if (value !== null) res.setHeader(name, value)
  }
  res.writeHead(response.status) // now shared-caches.ts looks at the headers, as it does when Node sends them
  const headers = new Headers(response.headers)
  for (const name of CACHE_HEADERS) headers.delete(name)
  const set = new Set(headers.getSetCookie())
  for (const [name, value] of headersOf(res)) {
    if (name !== 'set-cookie') headers.set(name, value)
    else if (!set.has(value)) headers.append(name, value)
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
