// Requests of the Fetch API, made into Node's own, so that there is one way to read a request and to set cookies.

import type * as http from 'node:http'
import { Socket } from 'node:net'

// Not imported: an ES import of node:http makes Node load all of fetch and WebSocket, which takes 16 MB.
const { IncomingMessage, ServerResponse } = process.getBuiltinModule('node:http')

/** A request as a host may give it. */
export type AnyRequest = http.IncomingMessage | Request | Headers

type Pair = { req: http.IncomingMessage; res: http.ServerResponse }
/** One for each request, so that a second call knows what a first one did, and a DPoP proof is used only once. */
const pairs = new WeakMap<Request | Headers, Pair>()

export const isFetch = (source: AnyRequest): source is Request | Headers =>
  typeof ('headers' in source ? source.headers : source)?.get === 'function'

/** The request as Node's own. Errors: TypeError if it is none. */
export function nodeRequestOf(source: AnyRequest): http.IncomingMessage {
  if (typeof source === 'object' && source !== null) {
    if (isFetch(source)) return pairOf(source).req
    if (typeof source.headers === 'object') return source
  }
  const given = source === null ? 'null' : typeof source
  throw new TypeError(`Give a request of Node, Express or the Fetch API, or its Headers, not ${given}`)
}

/** The request as Node's own, and a response that holds the cookies to set. */
export function pairOf(source: Request | Headers): Pair {
  const known = pairs.get(source)
  if (known) return known
  const req = 'url' in source ? fromRequest(source) : fromHeaders(source)
  const pair = { req, res: new ServerResponse(req) }
  pairs.set(source, pair)
  return pair
}

function fromRequest({ method, url, headers }: Request): http.IncomingMessage {
  const { pathname, search } = new URL(url)
  return requestWith(headers, { method, url: pathname + search })
}

/**
 * Headers do not tell the method. A browser names the origin of the page in every change (Fetch Standard, 3.2), so
 * Headers without it are those of a page view. No DPoP proof fits them, because it is for a method and a URL.
 */
const fromHeaders = (headers: Headers): http.IncomingMessage =>
  requestWith(headers, { method: headers.has('origin') ? 'POST' : 'GET', url: '' })

function requestWith(headers: Headers, head: { method: string; url: string }): http.IncomingMessage {
  const lines = [...headers]
  return Object.assign(new IncomingMessage(new Socket()), head, {
    headers: Object.fromEntries(lines),
    rawHeaders: lines.flat(),
    upgrade: headers.has('upgrade'),
  })
}

/** The cookies that a response sets, as Headers for a Response of the Fetch API. */
export function cookiesOf(res: http.ServerResponse): Headers {
  const headers = new Headers()
  for (const line of [res.getHeader('Set-Cookie') ?? []].flat()) headers.append('Set-Cookie', String(line))
  return headers
}
