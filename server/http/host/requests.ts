// What is known about each request to a route of the host: its response, what it presented, and whom the host sees.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { toGuest } from '../../core/guests/guest.ts'
import type { Presented, Session } from '../../core/sessions/sessions.ts'
import type { GuestError } from '../../errors.ts'
import type { GuestInSession } from '../../types.ts'
import { hasHostsAuthorization, readCredential, requireOwnToken } from '../request/credentials.ts'
import { createMemory } from '../request/remember.ts'
import { noteUse } from '../request/session-cookie.ts'
import { isUpgrade } from './middleware.ts'
import { isShared, keepFromCaches } from './shared-caches.ts'

/** For how long a request is not read again. A WebSocket, a stream or a long poll may outlive its session. */
const KNOWN_SECONDS = 60

/** What a request presented, and until when that counts (Unix seconds). */
type Known = { presented: Presented; until: number }

export type HostRequests = ReturnType<typeof createHostRequests>

export function createHostRequests(ctx: Context) {
  const { requestProperty } = ctx.config
  const lookedUp = createMemory<IncomingMessage, Known>()
  const responses = createMemory<IncomingMessage, ServerResponse>()

  /**
   * What a request presents. It is read once in a minute, a handshake each time. A sign-in reads it again if it was
   * refused because of the page that sent it, which the host of a sign-in has checked.
   * Errors: `credentials_ambiguous`, `invalid_dpop_proof`, `insufficient_scope`.
   */
  async function presentedBy(req: IncomingMessage, { signsIn = false } = {}): Promise<Presented> {
    const known = lookedUp.get(req)
    const isKnown = known !== undefined && ctx.now() < known.until
    if (isKnown && !(signsIn && isForeign(known.presented))) return known.presented
    const presented = await readCredential(ctx, req, { hostsRoute: true, signsIn })
    if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
    remember(req, presented, isUpgrade(req) ? 0 : ctx.now() + KNOWN_SECONDS)
    return presented
  }

  /** Sets `req.guest`, unless what is presented is invalid. `until`: as long as what was known before. */
  function remember(req: IncomingMessage, presented: Presented, until = lookedUp.get(req)?.until ?? 0): void {
    const isNews = lookedUp.get(req)?.presented !== presented
    lookedUp.set(req, { presented, until })
    if (isNews && presented.status !== 'invalid')
      show(req, presented.status === 'valid' ? guestIn(presented.session) : null)
  }

  /** The request has signed somebody in or out: from now on this counts, and no longer what it presented. */
  const decide = (req: IncomingMessage, presented: Presented): void =>
    remember(req, presented, Number.POSITIVE_INFINITY)

  /** Sets `req.guest`, or what the option `requestProperty` calls it. */
  function show(req: IncomingMessage, guest: GuestInSession | null): void {
    Object.assign(req, { [requestProperty]: guest })
  }

  /** Makes every read of `req.guest` throw this error. */
  function refuseReading(req: IncomingMessage, error: GuestError): void {
    Object.defineProperty(req, requestProperty, {
      configurable: true,
      get() {
        throw error
      },
      // A route may still sign somebody in, because the store may be back by then.
      set(value: GuestInSession | null) {
        Object.defineProperty(req, requestProperty, {
          value,
          writable: true,
          configurable: true,
          enumerable: true,
        })
      },
    })
  }

  /** The response to a request. Express sets `req.res`; for Node's own requests, loadGuest remembered it. */
  const responseOf = (req: IncomingMessage & { res?: ServerResponse }): ServerResponse | undefined =>
    req.res ?? responses.get(req)

  /** Notes that a session was used, if the response can still tell the browser, and no shared cache stores it. */
  function use(req: IncomingMessage, presented: Presented): Presented {
    const res = responseOf(req)
    if (!res || isUpgrade(req) || isShared(res)) return presented
    const used = noteUse(ctx, req, res, presented)
    if (used !== presented) keepFromCaches(ctx, res)
    remember(req, used)
    return used
  }

  return {
    presentedBy,
    remember,
    decide,
    show,
    refuseReading,
    responseOf,
    use,
    willAnswer: responses.set,
  }
}

/** The guest of a session as the host sees it. `session_id` is not enumerable, so JSON of the guest does not have it. */
export const guestIn = (session: Session): GuestInSession =>
  Object.defineProperty(toGuest(session), 'session_id', { value: session.id }) as GuestInSession

/** Whether a page of another origin sent the cookie: see foreignPage(). */
export const isForeign = (presented: Presented): boolean =>
  presented.status === 'invalid' && presented.error.code === 'cross_site_request'

/** Whether a dead credential makes the request nobody's: the host says so, or tells by its own header who asks. */
export const isNobodysIfDead = (ctx: Context, req: IncomingMessage): boolean =>
  ctx.config.deadCredentials === 'ignore' || hasHostsAuthorization(ctx, req)
