// The token endpoint's grants: how a client comes to the tokens of a guest, and how it goes on.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import type { Grant, Issued, Session } from '../sessions/sessions.ts'
import { audienceFor, issueAccessToken } from './access-tokens.ts'
import { grantedScope } from './clients.ts'
import { refresh } from './refresh-tokens.ts'

/** Continue as guest: an extension grant (RFC 6749, 4.5). */
export const ANONYMOUS_GRANT = 'urn:guestkey:params:oauth:grant-type:anonymous'
/** An access token for the browser session that the request's cookie presents; no refresh token comes with it. */
export const SESSION_GRANT = 'urn:guestkey:params:oauth:grant-type:session'

/** Signing in by a device key: the key's JWT as an authorization grant (RFC 7523, 2.1). */
export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** What a client asks for with a grant. */
export type TokenParams = {
  scope?: string | undefined
  resource?: string | undefined
  /** The thumbprint of the key that it proved to hold. */
  jkt: string | null
}

/** Refuses tokens without a key to a client that must have one. Errors: `invalid_dpop_proof`. */
export function requireKey(client: Client, jkt: string | null): void {
  if (client.dpop === 'required' && jkt === null) {
    throw new GuestError('invalid_dpop_proof', { detail: 'This client must send a DPoP proof.' })
  }
}

/** What a client is given for a guest: all that it asks for, if it may. Errors: `invalid_scope`. */
export const newGrant = (client: Client, { scope, jkt }: TokenParams): Grant => ({
  clientId: client.id,
  scope: grantedScope(scope, client.scopes),
  jkt,
})

/** The next tokens of a session, of no wider scope than before. Errors: `invalid_grant`, `invalid_scope`, `invalid_target`. */
export async function grantByRefreshToken(
  ctx: Context,
  client: Client,
  token: string,
  wish: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, wish.resource)
  const issued = await refresh(ctx, client, token, wish)
  const scope = grantedScope(wish.scope, issued.session.grant!.scope)
  return tokensFor(ctx, client, issued, { ...issued.session.grant!, scope, jkt: wish.jkt }, audience)
}

/** An access token for a browser's session. Errors: `invalid_scope`, `invalid_target`. */
export async function grantBySession(
  ctx: Context,
  client: Client,
  session: Session,
  wish: TokenParams,
): Promise<Tokens> {
  const audience = audienceFor(ctx, client, wish.resource)
  return tokensFor(ctx, client, { session }, newGrant(client, wish), audience)
}

/** The tokens of a session that was just begun or went on. */
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
