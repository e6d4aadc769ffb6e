// The middleware that hosts put in front of their own routes: requireGuest and requirePasskey.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { requireRecentPasskey } from '../../core/sessions/step-up.ts'
import { GuestError } from '../../errors.ts'
import { refuseUnknown } from '../../names/unknown.ts'
import { answerError, logError, toGuestError } from '../contract/error-handler.ts'
import { renewOnNavigation } from '../request/session-cookie.ts'
import type { Middleware } from '../router.ts'
import { goOn, isUpgrade, orThrow } from './middleware.ts'
import { pathOnHost, type Redirect, redirectTo } from './redirects.ts'
import type { HostRequests } from './requests.ts'
import { isShared, keepFromCaches } from './shared-caches.ts'

type RequireGuestOptions = { redirect?: string | undefined }
type RequirePasskeyOptions = { maxAgeSeconds: number; redirect?: string | undefined }

export function createGuards(ctx: Context, requests: HostRequests) {
  const guard =
    (check: (session: Session) => void, redirect: Redirect | undefined): Middleware =>
    (req, res, next) => {
      const answered = admit(req, res, check).then(
        () => true,
        (thrown: unknown) => {
          const error = toGuestError(thrown)
          logError(ctx, error, 'guard')
          if (isUpgrade(req)) throw error // the response of an upgrade is never sent: its listener has the socket
          orThrow(error, () => redirect?.(req, res, error) || answerError(res, error))
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
    if (isShared(res)) return
    const used = renewOnNavigation(ctx, req, res, presented)
    if (used !== presented) keepFromCaches(ctx, res)
    requests.remember(req, used)
  }

  /** Errors: TypeError if it is not the path of a page. */
  function redirectOf(guardName: string, page: string | undefined): Redirect | undefined {
    if (page === undefined) return undefined
    const path = typeof page === 'string' ? pathOnHost(page) : undefined
    if (path === undefined)
      throw new TypeError(
        `${guardName}: redirect must be the path of a page of your app, such as '/welcome', not ${JSON.stringify(page)}`,
      )
    return redirectTo(ctx, path)
  }

  return {
    requireGuest(options: RequireGuestOptions = {}): Middleware {
      refuseUnknown('requireGuest', options, ['redirect'])
      return guard(() => {}, redirectOf('requireGuest', options.redirect))
    },
    requirePasskey(options: RequirePasskeyOptions): Middleware {
      refuseUnknown('requirePasskey', options, ['maxAgeSeconds', 'redirect'])
      const { maxAgeSeconds, redirect } = options
      if (!(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
        throw new TypeError('requirePasskey: maxAgeSeconds must be a positive number of seconds')
      }
      return guard(
        (session) => requireRecentPasskey(ctx, session, maxAgeSeconds),
        redirectOf('requirePasskey', redirect),
      )
    },
  }
}
