// For Hono: its middleware answers the endpoints, sets `c.get('guest')` and guards routes. `import … from 'guestkey/hono'`.

import type { GuestKey } from '../host-api.ts'
import type { RequireGuestOptions, RequirePasskeyOptions } from '../http/host-options.ts'
import type { Guard } from '../http/request-guest.ts'
import type { GuestInSession } from '../types.ts'

// biome-ignore lint/suspicious/noTsIgnore: the package need not be installed
// @ts-ignore: without Hono there is nothing to add to
declare module 'hono' {
  interface ContextVariableMap {
    /** The guest of the request; null if nobody is signed in. */
    guest: GuestInSession | null
  }
}

/** What guestkey needs of a context of Hono. */
export type HonoContext = {
  req: { raw: Request }
  res: Response
  env: unknown
  set: (name: 'guest', guest: GuestInSession | null) => void
}
/** A middleware for `app.use()` or a route. */
export type HonoMiddleware = (c: HonoContext, next: () => Promise<void>) => Promise<void>

/** The request of Node, as @hono/node-server gives it. */
type Bindings = { incoming?: { socket?: { remoteAddress?: string } } }

export type HonoGuests = {
  /** Answers the endpoints, and sets `c.get('guest')` for all other paths. For `app.use(router)`, before your routes. */
  router: HonoMiddleware
  /** Lets guests through, as the guard of this name in Express. */
  requireGuest: (options?: RequireGuestOptions) => HonoMiddleware
  /** Lets guests through who have proven a passkey lately, as the guard of this name in Express. */
  requirePasskey: (options: RequirePasskeyOptions) => HonoMiddleware
}

/** Middleware of Hono for these guests. `address`: where a request is from. Default: what @hono/node-server says. */
export function honoGuests(
  guests: Pick<GuestKey, 'fetch' | 'guestOf' | 'requireGuest' | 'requirePasskey'>,
  { address = addressOf }: { address?: ((c: HonoContext) => string | undefined) | undefined } = {},
): HonoGuests {
  const through =
    (guard?: Guard): HonoMiddleware =>
    async (c, next) => {
      const response = await guests.fetch(c.req.raw, {
        address: () => address(c),
        guard,
        async next() {
          c.set('guest', await guests.guestOf(c.req.raw))
          await next()
          return c.res
        },
      })
      if (response === c.res) return
      c.res = undefined as unknown as Response // or Hono would add the headers of that to this one
      c.res = response
    }
  return {
    router: through(),
    requireGuest: (options) => through(guests.requireGuest(options)),
    requirePasskey: (options) => through(guests.requirePasskey(options)),
  }
}

const addressOf = ({ env }: HonoContext): string | undefined =>
  (env as Bindings | undefined)?.incoming?.socket?.remoteAddress
