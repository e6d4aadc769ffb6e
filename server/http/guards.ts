// What hosts put in front of their own routes.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { toGuest } from '../core/guests.ts'
import { type Presented, renewed, type Session } from '../core/sessions.ts'
import { requireRecentPasskey } from '../core/step-up.ts'
import { GuestError } from '../errors.ts'
import type { Guest } from '../types.ts'
import { readCredential, setSession } from './credentials.ts'
import { answerError, logError } from './error-handler.ts'
import type { Middleware } from './router.ts'

/** A request whose guest was looked up. */
export type GuestRequest = IncomingMessage & { guest?: Guest | null }

export function createGuards(ctx: Context) {
  const lookedUp = new WeakMap<IncomingMessage, Presented>()

  async function presentedBy(req: IncomingMessage): Promise<Presented> {
    let presented = lookedUp.get(req)
    if (!presented) {
      presented = await readCredential(ctx, req, { hostsRoute: true })
      remember(req, presented)
    }
    return presented
  }

  function remember(req: IncomingMessage, presented: Presented): void {
    lookedUp.set(req, presented)
    if (presented.status === 'invalid') refuseReading(req, presented.error)
    else setGuest(req, presented.status === 'valid' ? toGuest(presented.session) : null)
  }

  /** `req.guest` for all routes behind it; costs nothing where no credential is presented. */
  const loadGuest: Middleware = (req, _res, next) => {
    if (req.headers.cookie === undefined && req.headers.authorization === undefined) {
      setGuest(req, null)
      return next()
    }
    presentedBy(req).then(
      () => next(),
      (error: unknown) => {
        // The store cannot be asked. A route that does not ask who is there still works.
        refuseReading(req, error)
        next()
      },
    )
  }

  const guard =
    (check: (session: Session) => void): Middleware =>
    (req, res, next) => {
      admit(req, res, check).then(
        () => next(),
        (error: unknown) => logError(ctx, answerError(res, error), 'guard'),
      )
    }

  async function admit(
    req: IncomingMessage,
    res: ServerResponse,
    check: (session: Session) => void,
  ): Promise<void> {
    const presented = await presentedBy(req)
    if (presented.status === 'invalid') throw presented.error
    if (presented.status === 'absent') throw new GuestError('not_signed_in')
    check(presented.session)
    // What follows is about one guest: a shared cache must not keep it, unless the host says otherwise.
    if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'private, no-store')
    // Only on a navigation: see takingBack() for what a cookie in any other answer could cross.
    if (req.headers['sec-fetch-mode'] !== 'navigate') return
    const next = renewed(ctx, presented.session)
    if (next) setSession(ctx, res, next)
  }

  return {
    presentedBy,
    remember,
    loadGuest,
    requireGuest: (): Middleware => guard(() => {}),
    requirePasskey: ({ maxAgeSeconds }: { maxAgeSeconds: number }): Middleware => {
      if (!(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
        throw new TypeError('requirePasskey: maxAgeSeconds must be a positive number of seconds')
      }
      return guard((session) => requireRecentPasskey(ctx, session, maxAgeSeconds))
    },
  }
}

function setGuest(req: GuestRequest, guest: Guest | null): void {
  req.guest = guest
}

/** An invalid credential is not an absent one: to read the guest all the same is to be refused. */
function refuseReading(req: IncomingMessage, error: unknown): void {
  Object.defineProperty(req, 'guest', {
    configurable: true,
    get() {
      throw error
    },
    set(guest: Guest | null) {
      Object.defineProperty(req, 'guest', {
        value: guest,
        writable: true,
        configurable: true,
        enumerable: true,
      })
    },
  })
}
