// The times that a pairwise client is told (OpenID Connect Core 1.0, 8.1). A time of the guest or of its session is the same
// at every client, so two clients could join their guests by it; its day alone would do if few guests share that day. So
// each time is reckoned from the time of the answer alone.

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { rulesOf } from '../guests/retention.ts'
import { TOUCH_SECONDS } from '../sessions/renewal.ts'
import type { Session } from '../sessions/sessions.ts'
import { isFresh } from '../sessions/step-up.ts'

/**
 * When an access token that is issued now expires (Unix seconds): never after its session. If the session of a pairwise
 * client's token ends sooner, the token's time is halved until it fits.
 */
export function tokenExpiry({ accessTokenSeconds, pairwise }: Client, now: number, endsAt: number): number {
  if (pairwise === undefined) return Math.min(now + accessTokenSeconds, endsAt)
  let seconds = accessTokenSeconds
  while (now + seconds > endsAt && seconds > 1) seconds = Math.floor(seconds / 2)
  return now + seconds
}

/**
 * When a passkey was last proven, as `auth_time`; undefined if it is not told. A pairwise client learns only whether that
 * was in the last `stepUpSeconds`: if so, the earliest time that it can have been.
 */
export function authTimeFor(
  ctx: Context,
  { pairwise }: Client,
  session: Session,
  now: number,
): number | undefined {
  if (session.authTime === null) return undefined
  if (pairwise === undefined) return session.authTime
  return isFresh(ctx, session) ? now - ctx.config.stepUpSeconds : undefined
}

/**
 * Until when the guest is remembered if not seen again; null: for ever. A pairwise client learns a time until which that
 * is certain: the guest was seen when the token was issued, or up to ten minutes before.
 */
export function guestExpiryFor(
  ctx: Context,
  { pairwise, accessTokenSeconds }: Client,
  session: Session,
  expiresAt: number | null,
): number | null {
  // The dates of a sealed session are those of the client's own token.
  if (pairwise === undefined || session.kind === 'sealed') return expiresAt
  const period = rulesOf(ctx, session.collection).retention[session.recoverability]
  if (session.promotedAt !== null || period === false) return null
  return ctx.now() + Math.max(0, period - accessTokenSeconds - TOUCH_SECONDS)
}
