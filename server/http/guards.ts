// The middleware that hosts put in front of their own routes: loadGuest, requireGuest and requirePasskey.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { toGuest } from '../core/guests/guest.ts'
import type { Presented, Session } from '../core/sessions/sessions.ts'
import { requireRecentPasskey } from '../core/sessions/step-up.ts'
import { GuestError, isSessionOver } from '../errors.ts'
import type { Guest } from '../types.ts'
import { answerError, logError, toGuestError } from './contract/error-handler.ts'
import { hasHostsAuthorization, readCredential, requireOwnToken } from './request/credentials.ts'
import { isHandshake } from './request/same-origin.ts'
import { noteUse, renewOnNavigation } from './request/session-cookie.ts'
import type { Middleware } from './router.ts'

/** A request with the guest that loadGuest or a guard found. */
type GuestRequest = IncomingMessage & { guest?: Guest | null }

export function createGuards(ctx: Context) {
  const lookedUp = new WeakMap<IncomingMessage, Presented>()
  const responses = new WeakMap<IncomingMessage, ServerResponse>()

  async function presentedBy(req: IncomingMessage, { signsIn = false } = {}): Promise<Presented> {
    let presented = lookedUp.get(req)
    if (!presented || (signsIn && isForeign(presented))) {
      presented = await readCredential(ctx, req, { hostsRoute: true, signsIn })
      if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
      remember(req, presented)
    }
    return presented
  }

  function remember(req: GuestRequest, presented: Presented): void {
    if (lookedUp.get(req) === presented) return
    lookedUp.set(req, presented)
    if (presented.status !== 'invalid')
      req.guest = presented.status === 'valid' ? toGuest(presented.session) : null
  }

  /** Sets `req.guest` for all routes after it. A request without a credential costs nothing. */
  const loadGuest: Middleware = (req: GuestRequest, res, next) => {
    if (req.headers.cookie !== undefined || req.headers.authorization !== undefined)
      return goOn(load(req, res), next)
    try {
      req.guest = null
    } catch (error) {
      return next(error) // the host may have defined a property `guest` that cannot be set
    }
    next()
  }

  /** True if the request goes on to the next handler; false if it was answered here. */
  async function load(req: GuestRequest, res: ServerResponse): Promise<boolean> {
    responses.set(req, res)
    const presented = await presentedBy(req).catch((thrown: unknown) => {
      const error = toGuestError(thrown)
      logError(ctx, error, 'host')
      if (error.code !== 'unavailable') throw error
      // Routes that do not read req.guest still work. Those that read it must not take a guest for nobody.
      refuseReading(req, error)
    })
    if (presented?.status !== 'invalid') {
      if (presented && !isUpgrade(req) && !isShared(res)) remember(req, noteUse(ctx, req, res, presented))
      return true
    }
    const { error } = presented
    logError(ctx, error, 'host')
    if (isForeign(presented) && !isHandshake(req)) {
      refuseReading(req, error) // a form of another page may be for a route that asks for no guest
      return true
    }
    if ('Set-Cookie' in error.headers) {
      orThrow(error, () => askAgain(req, res, error))
      return false
    }
    if (!isSessionOver(error) || !isNobodysIfDead(req)) throw error
    req.guest = null // a guard still finds the error
    return true
  }

  /** Whether a dead credential makes the request nobody's: the host says so, or tells by its own header who asks. */
  const isNobodysIfDead = (req: IncomingMessage): boolean =>
    ctx.config.deadCredentials === 'ignore' || hasHostsAuthorization(ctx, req)

  const guard =
    (check: (session: Session) => void): Middleware =>
    (req, res, next) => {
      const answered = admit(req, res, check).then(
        () => true,
        (thrown: unknown) => {
          const error = toGuestError(thrown)
          logError(ctx, error, 'guard')
          if (isUpgrade(req)) throw error // the response of an upgrade is never sent: its listener has the socket
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
    if (isUpgrade(req)) return // no cache stores a connection, and its response may have no setHeader()
    // The response is about one guest: a shared cache must not store it, unless the host has allowed that.
    if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'private, no-store')
    if (!isShared(res)) remember(req, renewOnNavigation(ctx, req, res, presented))
  }

  /** The response to a request. Express sets `req.res`; for Node's own requests, loadGuest remembered it. */
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

/** Whether a page of another origin sent the cookie: see foreignPage(). */
const isForeign = (presented: Presented): boolean =>
  presented.status === 'invalid' && presented.error.code === 'cross_site_request'

/** Calls `next` once: with the error that was thrown, or without one if the request goes on. */
function goOn(work: Promise<boolean>, next: (error?: unknown) => void): void {
  work.then((goesOn) => {
    if (goesOn) next()
  }, next)
}

/** Whether Node has given the connection to a listener of the server's event `upgrade`. */
const isUpgrade = (req: IncomingMessage & { upgrade?: boolean | null }): boolean => req.upgrade === true

/**
 * Whether the host has already let shared caches store the response (RFC 9111, 5.2.2.9 and 5.2.2.10). They may store its
 * Set-Cookie, too, so a cookie in it could go to other visitors. A response that is not Node's own may have no getHeader().
 */
const isShared = (res: ServerResponse): boolean =>
  /\b(?:public|s-maxage)\b/i.test(String(res.getHeader?.('Cache-Control') ?? ''))

/** Calls `answer`; if that throws, throws `error`. A response that is not Node's own may have no methods for headers. */
function orThrow(error: GuestError, answer: () => unknown): void {
  try {
    answer()
  } catch {
    throw error
  }
}

/** Makes every read of `req.guest` throw this error. */
function refuseReading(req: GuestRequest, error: GuestError): void {
  Object.defineProperty(req, 'guest', {
    configurable: true,
    get() {
      throw error
    },
    // A route may still sign somebody in, because the store may be back by then.
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

/** Redirects a browser to the page that it asked for, and removes its invalid cookie. */
function askAgain(
  req: IncomingMessage & { originalUrl?: string },
  res: ServerResponse,
  { headers }: GuestError,
): void {
  const asked = req.originalUrl ?? req.url ?? '/'
  // Only a path on this host: two slashes or an absolute URL would lead to another one.
  const here = /^\/(?![/\\])/.test(asked) ? asked : '/'
  res.writeHead(303, { ...headers, Location: here, 'Cache-Control': 'no-store' })
  res.end() // not chained, because writeHead() returns nothing on some responses that are not Node's own
}
