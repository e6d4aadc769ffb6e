// For Koa: its middleware answers the endpoints, sets `ctx.state.guest` and guards routes. `import … from 'guestkey/koa'`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GuestKey } from '../host-api.ts'
import type { RequireGuestOptions, RequirePasskeyOptions } from '../http/host-options.ts'
import type { Middleware } from '../http/router.ts'

/** What guestkey needs of a context of Koa. */
export type KoaContext = {
  req: IncomingMessage
  res: ServerResponse
  ip: string
  state: object
  respond?: boolean | undefined
}
/** A middleware for `app.use()` or a route. */
export type KoaMiddleware = (ctx: KoaContext, next: () => Promise<unknown>) => Promise<unknown>

export type KoaGuests = {
  /**
   * Answers the endpoints, and sets `ctx.state.guest` for all other paths: reading it throws as `req.guest` of Express does.
   * For `app.use(router)`, before your routes and parsers. The client's address is `ctx.ip`, which follows `app.proxy`.
   */
  router: KoaMiddleware
  /** Lets guests through, as the guard of this name in Express. */
  requireGuest: (options?: RequireGuestOptions) => KoaMiddleware
  /** Lets guests through who have proven a passkey lately, as the guard of this name in Express. */
  requirePasskey: (options: RequirePasskeyOptions) => KoaMiddleware
}

/** Middleware of Koa for these guests. */
export function koaGuests(guests: Pick<GuestKey, 'router' | 'requireGuest' | 'requirePasskey'>): KoaGuests {
  return {
    router: through(guests.router),
    requireGuest: (options) => through(guests.requireGuest(options) as Middleware),
    requirePasskey: (options) => through(guests.requirePasskey(options) as Middleware),
  }
}

const through =
  (middleware: Middleware): KoaMiddleware =>
  (ctx, next) => {
    const { req, res, respond } = ctx
    if (!('ip' in req)) Object.assign(req, { ip: ctx.ip })
    if (!('guest' in ctx.state))
      Object.defineProperty(ctx.state, 'guest', {
        enumerable: true,
        get: () => (req as { guest?: unknown }).guest,
      })
    return new Promise((resolve, reject) => {
      ctx.respond = false // Koa would answer beside the middleware
      res.once('close', resolve)
      middleware(req, res, (error) => {
        res.off('close', resolve)
        ctx.respond = respond
        if (error) reject(error)
        else resolve(next())
      })
    })
  }
