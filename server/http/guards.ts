// What hosts put in front of their own routes.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { toGuest } from '../core/guests/guest.ts'
import type { Presented, Session } from '../core/sessions/sessions.ts'
import { requireRecentPasskey } from '../core/sessions/step-up.ts'
import { GuestError } from '../errors.ts'
import type { Guest } from '../types.ts'
import { answerError, logError, toGuestError } from './contract/error-handler.ts'
import { goOnFrom, noteUse, readCredential, requireOwnToken } from './request/credentials.ts'
import type { Middleware } from './router.ts'

/** A request whose guest was looked up. */
type GuestRequest = IncomingMessage & { guest?: Guest | null }

export function createGuards(ctx: Context) {
  const lookedUp = new WeakMap<IncomingMessage, Presented>()
  const responses = new WeakMap<IncomingMessage, ServerResponse>()

  async function presentedBy(req: IncomingMessage, { signsIn = false } = {}): Promise<Presented> {
    let presented = lookedUp.get(req)
    if (!presented) {
      presented = await readCredential(ctx, req, { hostsRoute: true, signsIn })
      if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
      remember(req, presented)
    }
    return presented
  }

  function remember(req: GuestRequest, presented: Presented): void {
    lookedUp.set(req, presented)
    if (presented.status !== 'invalid')
      req.guest = presented.status === 'valid' ? toGuest(presented.session) : null
  }

  /** `req.guest` for all routes behind it; costs nothing where no credential is presented. */
  const loadGuest: Middleware = (req: GuestRequest, res, next) => {
    if (req.headers.cookie !== undefined || req.headers.authorization !== undefined)
      return goOn(load(req, res), next)
    try {
      req.guest = null
    } catch (error) {
      return next(error) // a host may have made the property its own
    }
    next()
  }

  /** Whether the request goes on; if not, it is answered. */
  async function load(req: GuestRequest, res: ServerResponse): Promise<boolean> {
    responses.set(req, res)
    const presented = await presentedBy(req).catch((thrown: unknown) => {
      const error = toGuestError(thrown)
      logError(ctx, error, 'host')
      if (error.code !== 'unavailable') throw error
      // What does not ask who is there works on; what does must not take a guest for nobody.
      refuseReading(req, error)
    })
    if (presented?.status !== 'invalid') {
      if (presented && !isUpgrade(req)) remember(req, noteUse(ctx, req, res, presented))
      return true
    }
    const { error } = presented
    logError(ctx, error, 'host')
    if (!('Set-Cookie' in error.headers)) throw error
    orThrow(error, () => askAgain(req, res, error))
    return false
  }

  const guard =
    (check: (session: Session) => void): Middleware =>
    (req, res, next) => {
      const answered = admit(req, res, check).then(
        () => true,
        (thrown: unknown) => {
          const error = toGuestError(thrown)
          logError(ctx, error, 'guard')
          if (isUpgrade(req)) throw error // its handler has the socket, and the response leads nowhere
          orThrow(error, () => answerError(res, error))
          return false
        },
      )
      goOn(answered, next)
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
    if (isUpgrade(req)) return // no cache keeps a connection, and its response may know no headers
    // What follows is about one guest: a shared cache must not keep it, unless the host says otherwise.
    if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'private, no-store')
    remember(req, goOnFrom(ctx, req, res, presented))
  }

  /** Node's requests do not know their response; Express's do, and so do those that came by here. */
  const responseOf = (req: IncomingMessage & { res?: ServerResponse }): ServerResponse | undefined =>
    req.res ?? responses.get(req)

  return {
    presentedBy,
    responseOf,
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

/** Calls `next` once: with whatever was thrown, or without where the request goes on. */
function goOn(work: Promise<boolean>, next: (error?: unknown) => void): void {
  work.then((goesOn) => {
    if (goesOn) next()
  }, next)
}

/** Whether Node has handed the connection over to a listener of the server's event `upgrade`. */
const isUpgrade = (req: IncomingMessage & { upgrade?: boolean | null }): boolean => req.upgrade === true

/** Answers, or throws the error that the answer is about: a response that is not Node's own may know no headers. */
function orThrow(error: GuestError, answer: () => unknown): void {
  try {
    answer()
  } catch {
    throw error
  }
}

/** Makes reading `req.guest` throw. */
function refuseReading(req: GuestRequest, error: GuestError): void {
  Object.defineProperty(req, 'guest', {
    configurable: true,
    get() {
      throw error
    },
    // The store may have come back by the time that a route signs somebody in.
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

/** Sends a browser to the page that it asked for, this time without the cookie that no longer holds. */
function askAgain(
  req: IncomingMessage & { originalUrl?: string },
  res: ServerResponse,
  { headers }: GuestError,
): void {
  const asked = req.originalUrl ?? req.url ?? '/'
  // A path of this host: two slashes would name another one, and so would a whole URL.
  const here = /^\/(?![/\\])/.test(asked) ? asked : '/'
  res.writeHead(303, { ...headers, Location: here, 'Cache-Control': 'no-store' })
  res.end() // not chained on: the writeHead() of some responses that are not Node's own returns nothing
}
