// The middleware that hosts put in front of their own routes: requireGuest and requirePasskey.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { requireRecentPasskey } from '../../core/sessions/step-up.ts'
import { GuestError } from '../../errors.ts'
import { answerError, logError, toGuestError } from '../contract/error-handler.ts'
import { renewOnNavigation } from '../request/session-cookie.ts'
import type { Middleware } from '../router.ts'
import { goOn, isShared, isUpgrade, orThrow } from './middleware.ts'
import type { HostRequests } from './requests.ts'

export function createGuards(ctx: Context, requests: HostRequests) {
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
    const presented = await requests.presentedBy(req)
    if (presented.status === 'invalid') throw presented.error
    if (presented.status === 'absent') throw new GuestError('not_signed_in')
    check(presented.session)
    if (isUpgrade(req)) return // no cache stores a connection, and its response may have no setHeader()
    // The response is about one guest: a shared cache must not store it, unless the host has allowed that.
    if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'private, no-store')
    if (!isShared(res)) requests.remember(req, renewOnNavigation(ctx, req, res, presented))
  }

  return {
    requireGuest: (): Middleware => guard(() => {}),
    requirePasskey({ maxAgeSeconds }: { maxAgeSeconds: number }): Middleware {
      if (!(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
        throw new TypeError('requirePasskey: maxAgeSeconds must be a positive number of seconds')
      }
      return guard((session) => requireRecentPasskey(ctx, session, maxAgeSeconds))
    },
  }
}
