// The route table and its one mount: a plain (req, res, next) that Express 4, Express 5 and node:http all take.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import { assetRoutes } from './asset-routes.ts'
import { readJson, readQuery, validate } from './body.ts'
import { readCredential } from './credentials.ts'
import type { Answer, Door } from './door.ts'
import { answerError, logError, toGuestError } from './error-handler.ts'
import { guestRoutes } from './guest-routes.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { createRateLimit } from './rate-limit.ts'
import { requireSameOrigin } from './same-origin.ts'
import { send } from './send.ts'
import { sessionRoutes } from './session-routes.ts'

/** A middleware as Express and connect know it. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** All doors, in the order in which the OpenAPI document lists them. */
export const doors: Door[] = [...guestRoutes, ...passkeyRoutes, ...sessionRoutes, ...assetRoutes(() => doors)]

type Methods = Partial<Record<string, Door>>

const table = new Map<string, Methods>()
for (const one of doors) table.set(one.path, { ...table.get(one.path), [one.method]: one })

/** The doors at this path, and the id in it. A fixed path goes before one with an id. */
function find(path: string): { methods: Methods; id: string } | undefined {
  const methods = table.get(path)
  if (methods && !path.endsWith(':id')) return { methods, id: '' }
  const slash = path.lastIndexOf('/')
  const id = path.slice(slash + 1)
  const withId = /^[\w-]+$/.test(id) ? table.get(`${path.slice(0, slash)}/:id`) : undefined
  return withId && { methods: withId, id }
}

/** Answers what is below the base path; hands everything else on to `outside`. */
export function createRouter(ctx: Context, outside: Middleware): Middleware {
  const base = `${ctx.config.basePath}/`
  const rateLimit = createRateLimit(ctx.config)

  return (req, res, next) => {
    const url = req.url ?? '/'
    if (!url.startsWith(base)) return outside(req, res, next)
    const start = ctx.config.now()
    const mark = url.indexOf('?')
    const path = url.slice(base.length - 1, mark < 0 ? undefined : mark)
    const search = mark < 0 ? '' : url.slice(mark)
    const found = find(path)
    const method = req.method === 'HEAD' ? 'GET' : req.method!
    const one = found?.methods[method]
    const name = one ? `${one.method} ${one.path}` : `${method} unknown`

    pass(one, found)
      .then(
        ({ status, body, text }) => {
          if (text) send(res, status, text.content, text.type, text.headers)
          else send(res, status, body === undefined ? '' : JSON.stringify(body), 'application/json')
          ctx.logger.debug({ door: name, status, ms: ctx.config.now() - start }, 'answered')
        },
        (thrown) => logError(ctx, answerError(res, thrown), name),
      )
      .catch((error: unknown) => {
        logError(ctx, toGuestError(error), name)
        res.destroy()
      })

    async function pass(
      door: Door | undefined,
      found: { methods: Methods; id: string } | undefined,
    ): Promise<Answer> {
      if (!found) throw new GuestError('not_found', { detail: 'There is no such door.' })
      if (!door) {
        const allowed = Object.keys(found.methods).flatMap((method) =>
          method === 'GET' ? ['GET', 'HEAD'] : method,
        )
        throw new GuestError('method_not_allowed', { headers: { Allow: allowed.join(', ') } })
      }
      if (door.method !== 'GET') {
        requireSameOrigin(req, ctx.config.origins)
        if (rateLimit) await rateLimit(req)
      }
      const query = door.query ? validate(door.query, readQuery(search)) : undefined
      const body = door.body ? validate(door.body, await readJson(req, ctx.config)) : undefined
      const session = door.session === 'none' ? undefined : await sessionFor(door)
      return door.run({ ctx, req, res, session: session as never, body, query, id: found.id })
    }

    async function sessionFor(door: Door) {
      const presented = await readCredential(ctx, req)
      if (door.session === 'presented') return presented
      if (presented.status === 'invalid') throw presented.error
      if (presented.status === 'valid') return presented.session
      if (door.session === 'required') throw new GuestError('not_signed_in')
      return undefined
    }
  }
}
