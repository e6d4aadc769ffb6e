// What TypeScript knows of the guest of a request: `req.guest`, and that it is not null behind a guard.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GuestInSession } from '../types.ts'

/**
 * What a guard tells TypeScript of a response; it stands for nothing at run time. The symbol is one that locals never have,
 * and the same for the types of the ES module and of CommonJS, which a program may hold both.
 */
type BehindGuard = { readonly [Symbol.hasInstance]?: true }

/** The guest of a request; null if nobody is signed in, which cannot be behind a guard: see Guard. */
type GuestWith<Locals> = typeof Symbol.hasInstance extends keyof Locals
  ? GuestInSession
  : GuestInSession | null

/** The property of a request that holds its guest: `guest`, or what Express.GuestProperty calls it. */
type WithGuest<Locals> = Express.GuestProperty extends { name: infer Name extends string }
  ? { [property in Name]: GuestWith<Locals> }
  : {
      /**
       * The guest who made the request; null if nobody is signed in, which TypeScript knows not to be so in a route behind
       * `requireGuest()` or `requirePasskey()`. Reading it throws a GuestError (503 `unavailable`) while the store cannot be
       * reached, or (403 `cross_site_request`) if a page of another origin sent the cookie with a change. A request with an
       * invalid credential never gets here: `loadGuest` refuses it, or redirects a page view to the same page without the
       * cookie. With the option `deadCredentials: 'ignore'`, and if the request has an Authorization header of the host's
       * own, a session that is over makes this null.
       */
      guest: GuestWith<Locals>
    }

declare global {
  namespace Express {
    /** For the option `requestProperty`: declare `interface GuestProperty { name: 'visitor' }` in this namespace. */
    interface GuestProperty {}
  }
}

// biome-ignore lint/suspicious/noTsIgnore: a host need not have these types
// @ts-ignore: without the types of Express there is nothing to add to
declare module 'express-serve-static-core' {
  interface Request<P, ResBody, ReqBody, ReqQuery, LocalsObj> extends WithGuest<LocalsObj> {}
}

/**
 * A middleware behind which somebody is signed in. TypeScript knows that in the handlers that follow it in the same call:
 * in `app.get('/cart', guests.requireGuest(), (req, res) => …)`, `req.guest` is not null.
 */
export type Guard = ((
  req: IncomingMessage,
  res: ServerResponse & { locals?: never },
  next: (error?: unknown) => void,
) => void) &
  ((
    req: IncomingMessage,
    res: ServerResponse & { locals: Record<string, unknown> & BehindGuard },
    next: (error?: unknown) => void,
  ) => void)
