// Step-up: what counts as a recent proof of a passkey in the session, and the checks for one. Each action checks for
// itself: passkeys/ and device-keys/ (adding, removing), device-links/, recovery-codes.ts, login-ids/, authorization/,
// account/account.ts, life/merge.ts, and requirePasskey() in http/host/guards.ts.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { Session } from './sessions.ts'

/** The authentication context that a passkey gives: phishing-resistant (OpenID Connect EAP ACR Values 1.0, 3). */
const ACR = 'phr'

/** The authentication context class of a session (OpenID Connect Core 1.0, 2); undefined if no passkey was proven. */
export const acrOf = ({ authTime }: Session): string | undefined => (authTime === null ? undefined : ACR)

/** How the guest was authenticated (RFC 8176, 2): by holding a key (`pop`), after user verification (`user`, `mfa`). */
export const amrOf = ({ authTime }: Session): string[] => (authTime === null ? [] : ['pop', 'user', 'mfa'])

const NODE_CLOCK_SKEW_SECONDS = 60

/** How long a passkey or a device key may be added without a proof after a recovery, or on a linked device. */
export const ENROL_SECONDS = 10 * 60

/** Whether a passkey was proven in the session in the last `maxAgeSeconds` (default: the option `stepUpSeconds`). */
export function isFresh(
  ctx: Context,
  { authTime }: Session,
  maxAgeSeconds = ctx.config.stepUpSeconds,
): boolean {
  if (authTime === null) return false
  const age = ctx.now() - authTime
  // Another node's clock may be up to 60 s ahead. A proof further in the future means that the clock was set back.
  return age <= maxAgeSeconds && age >= -NODE_CLOCK_SKEW_SECONDS
}

/**
 * Refuses a session in which no passkey was proven in the last `maxAgeSeconds`.
 * Errors: `insufficient_user_authentication` with the challenge of RFC 9470, 3.
 */
export function requireRecentPasskey(
  ctx: Context,
  session: Session,
  maxAgeSeconds = ctx.config.stepUpSeconds,
): void {
  if (!isFresh(ctx, session, maxAgeSeconds)) throw stepUpNeeded(maxAgeSeconds)
}

/** The error for a session in which no passkey was proven recently. */
export const stepUpNeeded = (maxAgeSeconds: number): GuestError =>
  new GuestError('insufficient_user_authentication', {
    headers: {
      'WWW-Authenticate': `Bearer error="insufficient_user_authentication", error_description="A recent proof with a passkey is needed", acr_values="${ACR}", max_age=${maxAgeSeconds}`,
    },
  })

/**
 * Refuses a guest who has a passkey and did not prove one recently. A guest without a passkey passes.
 * Errors: `insufficient_user_authentication`.
 */
export function requireProof(ctx: Context, session: Session): void {
  if (hasPasskey(session.recoverability)) requireRecentPasskey(ctx, session)
}

/**
 * Whether a passkey or a device key may be added in this session to a guest who has a passkey: if one was proven
 * recently. It may also be added for ten minutes after a recovery, or on a linked device, because the guest may have no
 * passkey at hand there.
 */
export function mayEnrol(ctx: Context, session: Session): boolean {
  const { enrolUntil } = session
  const now = ctx.now()
  const isInvited =
    enrolUntil !== null && enrolUntil > now && enrolUntil <= now + ENROL_SECONDS + NODE_CLOCK_SKEW_SECONDS
  return isInvited || isFresh(ctx, session)
}

/** Refuses if `mayEnrol` says no. Errors: `insufficient_user_authentication`. */
export function requireEnrolment(ctx: Context, session: Session): void {
  if (!mayEnrol(ctx, session)) throw stepUpNeeded(ctx.config.stepUpSeconds)
}
