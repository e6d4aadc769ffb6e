// The token endpoint's grants: what a client may ask for, and the tokens by refresh token or for a browser's session.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import type { Grant, Issued, Session } from '../sessions/sessions.ts'
import { audienceFor, issueAccessToken } from './access-tokens.ts'
import { grantedScope } from './clients.ts'
import { refresh } from './refresh-tokens.ts'

/** Grant type: continue as guest, an extension grant (RFC 6749, 4.5). */
export const ANONYMOUS_GRANT = 'urn:guestkey:params:oauth:grant-type:anonymous'
/** Grant type: an access token for the browser session in the request's cookie, without a refresh token. */
export const SESSION_GRANT = 'urn:guestkey:params:oauth:grant-type:session'

/** Grant type: sign in with a device key, whose JWT is the authorization grant (RFC 7523, 2.1). */
export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Grant type: a device without a browser, which a person has let in on our page (RFC 8628, 3.4). */
export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

/** What a client asks for with a grant. */
export type TokenParams = {
  scope?: string | undefined
  resource?: string | undefined
  /** The thumbprint of the key that the client proved to hold, or null. */
  jkt: string | null
}

/** Refuses a request without a key if the client is set to `dpop: 'required'`. Errors: `invalid_dpop_proof`. */
export function requireKey(client: Client, jkt: string | null): void {
  if (client.dpop === 'required' && jkt === null) {
    throw new GuestError('invalid_dpop_proof', {
      detail: 'This client must send a DPoP proof in the DPoP header.',
    })
  }
}

/** A grant for a client with the scopes that it asks for; default: all its scopes. Errors: `invalid_scope`. */
export const newGrant = (client: Client, { scope, jkt }: TokenParams): Grant => ({
  clientId: client.id,
  scope: grantedScope(scope, client.scopes),
  jkt,
})

/**
 * The next tokens of a session, by its refresh token. The scope is at most the one that was granted first.
 * Errors: `invalid_grant`, `invalid_scope`, `invalid_target`.
 */
export async function grantByRefreshToken(
  ctx: Context,
  client: Client,
  token: string,
  params: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, params.resource)
  const issued = await refresh(ctx, client, token, params)
  const scope = grantedScope(params.scope, issued.session.grant!.scope)
  return tokensFor(ctx, client, issued, { ...issued.session.grant!, scope, jkt: params.jkt }, audience)
}

/** An access token for a browser's session, without a refresh token. Errors: `invalid_scope`, `invalid_target`. */
export async function grantBySession(
  ctx: Context,
  client: Client,
  session: Session,
  params: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, params.resource)
  return tokensFor(ctx, client, { session }, newGrant(client, params), audience)
}

/** The token response for a session (RFC 6749, 5.1). `audience`: default, the client's first. */
export async function tokensFor(
  ctx: Context,
  client: Client,
  { session, token }: { session: Session; token?: Issued['token'] },
  { scope, jkt }: Grant,
  audience = audienceFor(ctx, client, undefined),
): Promise<Tokens> {
  const access = await issueAccessToken(ctx, session, { client, audience, scope, jkt })
  return {
    access_token: access.token,
    token_type: jkt === null ? 'Bearer' : 'DPoP',
    expires_in: access.expiresIn,
    ...(token !== undefined && { refresh_token: token }),
    ...(scope.length > 0 && { scope: scope.join(' ') }),
  }
}
