// Step-up: what a session must have proven, and how lately, before it may do what matters.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Session } from './sessions.ts'

/** The authentication context that a passkey gives: phishing-resistant (OpenID Connect EAP ACR Values 1.0, 3). */
const ACR = 'phr'

/** The authentication context class of a session (OpenID Connect Core 1.0, 2). */
export const acrOf = ({ authTime }: Session): string | undefined => (authTime === null ? undefined : ACR)

/** How it was authenticated (RFC 8176, 2): a key was proven to be held, by a user who was verified. */
export const amrOf = ({ authTime }: Session): string[] => (authTime === null ? [] : ['pop', 'user', 'mfa'])

const NODE_CLOCK_SKEW_SECONDS = 60

/** For how long a passkey may be added after a recovery, and on a device that was linked. */
export const ENROL_SECONDS = 10 * 60

/** Whether a passkey was proven in the session in the last `maxAgeSeconds`. */
export function isFresh(
  ctx: Context,
  { authTime }: Session,
  maxAgeSeconds = ctx.config.stepUpSeconds,
): boolean {
  if (authTime === null) return false
  const age = ctx.now() - authTime
  // A proof from the future was made before the clock was set back; other nodes' clocks may be a little ahead.
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

/** The refusal of a session in which no passkey was proven lately. */
export const stepUpNeeded = (maxAgeSeconds: number): GuestError =>
  new GuestError('insufficient_user_authentication', {
    headers: {
      'WWW-Authenticate': `Bearer error="insufficient_user_authentication", error_description="A recent proof with a passkey is needed", acr_values="${ACR}", max_age=${maxAgeSeconds}`,
    },
  })

/** Whether the guest has a passkey to prove itself by. */
export const hasPasskey = ({ recoverability }: Pick<Session, 'recoverability'>): boolean =>
  recoverability === 'passkey' || recoverability === 'synced'

/** What matters to the account wants a proof, where there is something to prove oneself by. Errors: as above. */
export function requireProof(ctx: Context, session: Session): void {
  if (hasPasskey(session)) requireRecentPasskey(ctx, session)
}

/**
 * Whether a passkey, or a device key, may be added in this session to a guest who has a passkey: one was proven lately;
 * and for a while after a recovery, and on a device that was linked, for there the guest may have none at hand.
 */
export function mayEnrol(ctx: Context, session: Session): boolean {
  const { enrolUntil } = session
  const now = ctx.now()
  const isInvited =
    enrolUntil !== null && enrolUntil > now && enrolUntil <= now + ENROL_SECONDS + NODE_CLOCK_SKEW_SECONDS
  return isInvited || isFresh(ctx, session)
}

/** Refuses to add one elsewhere. Errors: as above. */
export function requireEnrolment(ctx: Context, session: Session): void {
  if (!mayEnrol(ctx, session)) throw stepUpNeeded(ctx.config.stepUpSeconds)
}
