// Authorization codes that prove a login ID (RFC 6749, 4.1.2). Our pages check the login ID and issue the code. The client's
// page redeems it in the browser where the request began (see redemption.ts).

import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { LoginProof } from '../../store/store.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import { randomId, sameText } from '../crypto/secrets.ts'
import type { LoginIdKey } from '../login-ids/login-ids.ts'
import { type AuthorizationPurpose, type AuthorizationRequest, sendBack } from './authorization.ts'

/** How long an authorization code stays valid: one minute. */
export const AUTHORIZATION_CODE_SECONDS = 60

/**
 * The payload of an authorization code: an id, the request, the type and the value of the login ID, and the expiry in
 * Unix seconds. It is encrypted, because the code appears in a URL.
 */
type CodePayload = { n: string; r: AuthorizationRequest; t: LoginIdKey['type']; v: string; e: number }

/** The URL to send the browser to with a code, once the login ID is proven (RFC 6749, 4.1.2; RFC 9207). */
export async function approve(
  ctx: Context,
  request: AuthorizationRequest,
  { type, value }: LoginIdKey,
): Promise<string> {
  const payload: CodePayload = {
    n: randomId(128),
    r: request,
    t: type,
    v: value,
    e: ctx.now() + AUTHORIZATION_CODE_SECONDS,
  }
  return sendBack(ctx, request, { code: await encrypt(ctx, 'authorizationCode', payload) })
}

/**
 * The login ID that an authorization code proves. `whom` is the MAC of the guest to promote; for a sign-in it is null,
 * and the code signs in the owner of the login ID.
 */
export type ProvenLoginId = {
  purpose: AuthorizationPurpose
  whom: string | null
  isProven: boolean
  loginId: LoginIdKey
  proof: LoginProof
}

/**
 * Checks an authorization code: its expiry, its client, its redirect URI (if given) and its PKCE verifier. Does not yet
 * check whether the code was used before: the store does so when it takes `proof`.
 * Errors: `invalid_grant`.
 */
export async function openAuthorizationCode(
  ctx: Context,
  client: Client,
  redemption: { code: string; verifier: string; redirectUri?: string | undefined },
): Promise<ProvenLoginId> {
  const payload = await decrypt<CodePayload>(ctx, 'authorizationCode', redemption.code)
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  if (!payload) throw no('not an authorization code of this deployment')
  const { r: request, n, e } = payload
  if (e <= ctx.now()) throw no('code expired')
  if (request.client !== client.id) throw no('code issued to another client')
  if (redemption.redirectUri !== undefined && redemption.redirectUri !== request.redirectUri)
    throw no('redirect_uri differs from the one in the request')
  if (!sameText(hash('sha256', redemption.verifier, 'base64url'), request.challenge))
    throw no('code_verifier does not match code_challenge')
  return {
    purpose: request.purpose,
    whom: request.whom,
    isProven: request.proven === true,
    loginId: { type: payload.t, value: payload.v },
    proof: { spent: { id: n, expiresAt: e } },
  }
}
