// Signing in as a regular user by a code that is sent to a login ID. No response tells whether anybody has that ID.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { LoginProof } from '../../store/store.ts'
import type { Holder, Session } from '../sessions/sessions.ts'
import { signInByProof } from '../sign-in/by-proof.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { codeError, readCode, sendCode } from './codes.ts'
import { type LoginIdKey, normalLoginId } from './login-ids.ts'
import { endIssued } from './promotion.ts'

/**
 * Sends a code if anybody has this login ID; the response is the same if nobody has it.
 * Errors: `login_id_invalid`, `no_codes`, `codes_off`, `too_many_codes`.
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
 * `too_many_sessions`, `guest_merged`, `guest_disabled`.
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
 * `too_many_sessions`, `guest_merged`, `guest_disabled`.
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
  return signInByProof(ctx, session, guest ?? { anonymousId, label: '', collection: '', promotedAt: null }, {
    proof: { by: 'code', loginId, proof },
    async refused(refusal) {
      if (refusal.outcome === 'unknown') return new GuestError('login_id_unknown')
      if (refusal.outcome === 'used') await endIssued(ctx, anonymousId, refusal.sessionId)
      return codeError(refusal.outcome === 'wrong_code' ? 'wrong_code' : 'dead_code')
    },
    holder,
  })
}
