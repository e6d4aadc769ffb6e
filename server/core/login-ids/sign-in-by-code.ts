// Signing in as a regular user by a code that is sent to a login ID. No response tells whether anybody has that ID.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { LoginProof } from '../../store/store.ts'
import { note } from '../events/audit-trail.ts'
import { toGuest } from '../guests/guest.ts'
import { type Holder, type Session, sessionRef, storedSession } from '../sessions/sessions.ts'
import { completeSignIn, leftGuest, type SignedIn } from '../sign-in/complete.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { codeError, readCode, sendCode } from './codes.ts'
import { type LoginIdKey, normalLoginId } from './login-ids.ts'
import { endIssued } from './promotion.ts'

/**
 * Sends a code if anybody has this login ID; the response is the same if nobody has it.
 * Errors: `invalid_login_id`, `no_codes`, `too_many_codes`.
 */
export async function startCodeSignIn(ctx: Context, loginId: LoginIdKey, network: string) {
  const key = normalLoginId(loginId)
  const owner = await ctx.store.findLoginId(key)
  return sendCode(ctx, key, {
    purpose: 'sign_in',
    anonymousId: null,
    network,
    to: owner ? 'unseen' : 'nobody',
  })
}

/**
 * Signs in the user who has the login ID that the code proves, and ends `session`.
 * Errors: `code_wrong`, `code_expired`; `login_id_unknown` if the code is right but nobody has the login ID any more;
 * `too_many_sessions`, `guest_merged`.
 */
export async function signInByCode(
  ctx: Context,
  session: Session | undefined,
  sent: { transaction: string; code: string },
  holder?: Holder,
): Promise<SignedIn> {
  const { loginId, code } = readCode(ctx, 'sign_in', sent)
  return signInByLoginId(ctx, session, { loginId, proof: code }, holder)
}

/**
 * Signs in the user who has a login ID, by a code or an authorization code that proves it.
 * Errors: `code_wrong`; `code_expired`, also for an authorization code that was used before; `login_id_unknown`,
 * `too_many_sessions`, `guest_merged`.
 */
export async function signInByLoginId(
  ctx: Context,
  session: Session | undefined,
  { loginId, proof }: { loginId: LoginIdKey; proof: LoginProof },
  holder?: Holder,
): Promise<SignedIn> {
  const owner = await ctx.store.findLoginId(loginId)
  // If nobody has the login ID, no code was sent. The store still counts the attempt, so the response tells nothing.
  const anonymousId = owner?.anonymousId ?? ''
  const guest = await ctx.store.findGuest({ anonymousId })
  const { row, token } = newSessionFor(ctx, holder, anonymousId)
  const to = { ...row, authTime: null } // a code does not count as a passkey
  const left = leftGuest(ctx, session, anonymousId)
  const { label = '', collection = '', promotedAt = null } = guest ?? {}
  const facts = { anonymousId, label, collection, promotedAt, guestExpiresAt: null }
  const event = { guest: toGuest({ kind: 'stored', ...facts, recoverability: 'none' }) }
  const about = { anonymousId, sessionId: to.id }
  const result = await ctx.store.signInByCode({
    ...loginId,
    proof,
    from: session && sessionRef(ctx, session),
    to,
    now: ctx.now(),
    maxSessions: ctx.config.maxSessions,
    merge: left.offer?.row,
    notes: [note(ctx, 'guest.signed_in', { ...event, method: 'code' }, about)],
    restored: [note(ctx, 'guest.restored', event, about)],
  })
  switch (result.outcome) {
    case 'signed_in': {
      const issued = { session: storedSession({ ...to, ...result }), token }
      return completeSignIn(ctx, issued, 'code', left, result)
    }
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    case 'used':
      await endIssued(ctx, anonymousId, result.sessionId)
      throw codeError('dead_code')
    case 'unknown':
      throw new GuestError('login_id_unknown')
    default:
      throw codeError(result.outcome)
  }
}
