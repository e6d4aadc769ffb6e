// Redeeming an authorization code: only now, in the browser where it began, is anything done.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { type Promoted, promote } from '../login-ids/promotion.ts'
import { signInByLoginId } from '../login-ids/sign-in-by-code.ts'
import { newStoredSession } from '../sessions/session-tokens.ts'
import type { Holder, Session } from '../sessions/sessions.ts'
import type { SignedIn } from '../sign-in/complete.ts'
import { audienceFor } from '../tokens/access-tokens.ts'
import { newGrant, type TokenParams, tokensFor } from '../tokens/grants.ts'
import { newStoredGrant } from '../tokens/refresh-tokens.ts'
import { isWhom, openAuthorizationCode } from './authorization.ts'

/** What a client's page sends back. */
export type RedemptionParams = { code: string; verifier: string; redirectUri?: string | undefined }

/** What a promotion comes to, or who was left by signing in. */
export type Redeemed = Omit<SignedIn, 'issued'> & Promoted

/**
 * Promotes the guest whom the code is for, who must be the one who is signed in here; or signs in whoever has the
 * login ID that it proves.
 * Errors: `invalid_grant`, `not_signed_in`; those of a promotion and of a sign-in by code.
 */
export async function redeem(
  ctx: Context,
  client: Client,
  session: Session | undefined,
  given: RedemptionParams,
  holder?: Holder,
): Promise<Redeemed> {
  const { purpose, whom, loginId, proof } = await openAuthorizationCode(ctx, client, given)
  if (purpose === 'sign_in') {
    const { issued, ...left } = await signInByLoginId(ctx, session, { loginId, proof }, holder)
    return { ...issued, ...left }
  }
  if (!session) throw new GuestError('not_signed_in')
  if (!isWhom(ctx, session, whom)) throw new GuestError('invalid_grant', { reason: 'of another guest' })
  const issued = holder
    ? newStoredGrant(ctx, holder, session.anonymousId)
    : newStoredSession(ctx, session.anonymousId)
  return promote(ctx, session, { loginId, proof, issued })
}

/**
 * The tokens of whoever signed in on our page for a client (RFC 6749, 4.1.3). What promotes a guest is redeemed in the
 * guest's own session instead. Errors: `invalid_grant`, `invalid_scope`, `invalid_target`.
 */
export async function grantByAuthorizationCode(
  ctx: Context,
  client: Client,
  given: RedemptionParams,
  wish: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, wish.resource)
  const grant = newGrant(client, wish)
  try {
    const { session, token } = await redeem(ctx, client, undefined, given, { client, grant })
    return await tokensFor(ctx, client, { session, ...(token !== undefined && { token }) }, grant, audience)
  } catch (error) {
    if (!(error instanceof GuestError) || error.status >= 500) throw error
    throw new GuestError('invalid_grant', { reason: error.code, detail: error.message })
  }
}
