// The session of an operator in a browser: a random token in a cookie, its SHA-256 in the store.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { OperatorRow, OperatorSessionRow } from '../../store/store.ts'
import type { OperatorAct } from '../../types.ts'
import { hashToken, randomId } from '../crypto/secrets.ts'
import { stepUpNeeded } from '../sessions/step-up.ts'
import { noteAbout, noteOwn } from './operators.ts'
import { operatorConfig } from './set-up.ts'

/** How often the use of a session is written. */
const TOUCH_SECONDS = 60
/** How far ahead another node's clock may be. */
const NODE_CLOCK_SKEW_SECONDS = 60

export type OperatorSession = OperatorSessionRow & { operator: OperatorRow }

/** A session that begins now, with the proof of a passkey. */
export function newOperatorSession(ctx: Context, operatorId: string) {
  const token = randomId(256)
  const now = ctx.now()
  const { sessionIdleSeconds, sessionAbsoluteSeconds } = operatorConfig(ctx)
  const row: OperatorSessionRow = {
    id: hashToken(token),
    operatorId,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + Math.min(sessionIdleSeconds, sessionAbsoluteSeconds),
    endsAt: now + sessionAbsoluteSeconds,
  }
  return { token, row }
}

/** The session of a token in a cookie, and notes its use. Errors: `session_invalid`. */
export async function readOperatorSession(ctx: Context, token: string): Promise<OperatorSession> {
  const now = ctx.now()
  const session = await ctx.store.findOperatorSession({ id: hashToken(token), now })
  if (!session || session.endsAt <= now)
    throw new GuestError('session_invalid', { reason: 'no session of an operator' })
  if (now - session.lastSeenAt < TOUCH_SECONDS) return session
  const expiresAt = Math.min(now + operatorConfig(ctx).sessionIdleSeconds, session.endsAt)
  await ctx.store.touchOperatorSession({ id: session.id, now, expiresAt })
  return { ...session, lastSeenAt: now, expiresAt }
}

/**
 * Refuses a session whose passkey was not proven in the last `operators.stepUpSeconds`.
 * Errors: `insufficient_user_authentication`.
 */
export function requireRecentProof(ctx: Context, { createdAt }: OperatorSessionRow): void {
  const { stepUpSeconds } = operatorConfig(ctx)
  const age = ctx.now() - createdAt
  // A proof further in the future means that the clock was set back.
  if (age > stepUpSeconds || age < -NODE_CLOCK_SKEW_SECONDS) throw stepUpNeeded(stepUpSeconds)
}

/** In this context an operator changes nothing any more once the session has ended: `session_invalid`. */
export const actingIn = (ctx: Context, { id, operatorId }: OperatorSession): Context => ({
  ...ctx,
  store: ctx.store.actingIn({ id, operatorId, now: ctx.now() }),
})

/** A session in a list. `current`: the request was made in it. */
export type ListedSession = {
  id: string
  created_at: number
  last_seen_at: number
  expires_at: number
  ends_at: number
  current: boolean
}

/** The sessions of an operator, the last used first. `current`: the id of the session that asks. */
export async function listOperatorSessions(
  ctx: Context,
  operatorId: string,
  current: string | undefined,
): Promise<ListedSession[]> {
  const rows = await ctx.store.listOperatorSessions({ operatorId, now: ctx.now() })
  return rows.map(({ id, createdAt, lastSeenAt, expiresAt, endsAt }) => ({
    id,
    created_at: createdAt,
    last_seen_at: lastSeenAt,
    expires_at: expiresAt,
    ends_at: endsAt,
    current: id === current,
  }))
}

/**
 * Ends a session of the operator who asks. It needs no proof: whoever loses a device must be quick.
 * Errors: `not_found`, for another operator's session too.
 */
export async function endOwnSession(ctx: Context, { operator }: OperatorSession, id: string): Promise<void> {
  const notes = [noteOwn(ctx, 'operator.signed_out', operator)]
  if ((await ctx.store.endOperatorSessions({ operatorId: operator.id, id, notes })) === 0)
    throw new GuestError('not_found')
}

/**
 * Ends one session of an operator, or all (`id` is undefined), for an owner. All sessions end with the invitations of an
 * operator who has a passkey. Returns how many sessions ended.
 */
export const endSessionsOf = (
  ctx: Context,
  { operatorId, id }: { operatorId: string; id?: string },
  act: OperatorAct,
): Promise<number> =>
  ctx.store.endOperatorSessions({
    operatorId,
    id,
    notes: [noteAbout(ctx, 'operator.sessions_ended', operatorId, act)],
  })
