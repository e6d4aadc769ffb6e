// Redeeming an authorization code. Only this promotes the guest or signs the user in; our pages only issue the code.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { type Promoted, promote } from '../login-ids/promotion.ts'
import { signInByLoginId } from '../login-ids/sign-in-by-code.ts'
import type { Holder, Session } from '../sessions/sessions.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { openAuthorizationCode } from './login-id-codes.ts'
import { isWhom } from './whom.ts'

/** What the client sends to redeem a code. */
export type RedemptionParams = { code: string; verifier: string; redirectUri?: string | undefined }

/**
 * The session that goes on, with its `token` if it is new. The rest is as in `SignedIn`: about the guest who was left
 * by signing in.
 */
export type Redeemed = Omit<SignedIn, 'issued'> & Promoted

/**
 * Promotes the guest that the code is for, or signs in the owner of the login ID. To promote, `session` must be that
 * guest's. A new session belongs to `holder`, or to the browser (by cookie) if there is none.
 * Errors: `invalid_grant`; `code_expired` if the code was used before, which also ends the session that it led to.
 * To promote: `not_signed_in`, `login_id_taken`, `promotion_refused`, `too_many_login_ids`, `session_invalid`,
 * `insufficient_user_authentication`.
 * To sign in: `login_id_unknown`, `too_many_sessions`, `guest_merged`, `guest_disabled`.
 */
export async function redeem(
  ctx: Context,
  client: Client,
  session: Session | undefined,
  redemption: RedemptionParams,
  holder?: Holder,
): Promise<Redeemed> {
  const { purpose, whom, isProven, loginId, proof } = await openAuthorizationCode(ctx, client, redemption)
  if (purpose === 'sign_in') {
    const { issued, ...left } = await signInByLoginId(ctx, session, { loginId, proof }, holder)
    return { ...issued, ...left }
  }
  if (!session) throw new GuestError('not_signed_in')
  if (!isWhom(ctx, session, whom))
    throw new GuestError('invalid_grant', { reason: 'code for the promotion of another guest' })
  const issued = newSessionFor(ctx, holder, session.anonymousId)
  return promote(ctx, session, { loginId, proof, isProven, issued })
}

/**
 * The tokens of the user who signed in on our page for a client (RFC 6749, 4.1.3). A code that promotes a guest is
 * refused here: the guest's own session must redeem it.
 * Errors: `invalid_grant`, also in place of every error of `redeem`, `invalid_scope`, `invalid_target`.
 */
export async function grantByAuthorizationCode(
  ctx: Context,
  client: Client,
  redemption: RedemptionParams,
  params: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, params.resource)
  const grant = newGrant(client, params)
  try {
    const { session, token } = await redeem(ctx, client, undefined, redemption, { client, grant })
    return await tokensFor(ctx, client, { session, ...(token !== undefined && { token }) }, grant, audience)
  } catch (error) {
    if (!(error instanceof GuestError) || error.status >= 500) throw error
    throw new GuestError('invalid_grant', { reason: error.code, detail: error.message })
  }
}
