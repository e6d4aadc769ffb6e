// Introspection (RFC 7662): a confidential client asks whether a token is active, and what is true of its guest now
// (not when the token was signed).

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { sessionOfAccessToken, verifyAccessToken } from './access-tokens.ts'
import { scopesIn } from './clients.ts'
import { isOpenId, openIdClaims } from './openid-claims.ts'
import { looksLikeRefreshToken, sessionOfRefreshToken } from './refresh-tokens.ts'

const inactive = { active: false }

/**
 * The claims of an active token that was issued to this client, or of an access token for one of the client's
 * audiences. About any other token the client learns only `active: false`.
 * Errors: `invalid_client` for a client that is not confidential: only those may introspect.
 */
export async function introspect(
  ctx: Context,
  client: Client,
  token: string,
): Promise<{ active: boolean } & Record<string, unknown>> {
  if (client.kind !== 'confidential') throw new GuestError('invalid_client', { reason: 'not confidential' })
  if (looksLikeRefreshToken(token)) {
    const found = await sessionOfRefreshToken(ctx, token)
    if (!found?.current || found.session.grant?.clientId !== client.id) return inactive
    const { session } = found
    const { scope } = session.grant!
    return {
      active: true,
      client_id: client.id,
      exp: session.expiresAt,
      ...(scope.length > 0 && { scope: scope.join(' ') }),
    }
  }
  const access = await verifyAccessToken(ctx, token)
  if (!access) return inactive
  const { claims } = access
  const [audience] = [claims.aud!].flat() // the second is always the issuer, for our own endpoints
  if (access.client !== client && !client.audiences.includes(audience!)) return inactive
  const found = await sessionOfAccessToken(ctx, access)
  if (!found || found.ended) return inactive
  const { sealed: _, ...publicClaims } = claims
  const scope = scopesIn(claims.scope ?? '')
  return {
    active: true,
    ...publicClaims,
    token_type: claims.cnf?.jkt === undefined ? 'Bearer' : 'DPoP',
    ...(isOpenId(access.client, scope)
      ? openIdClaims(access.client, found.session, scope)
      : {
          recoverability: found.session.recoverability,
          is_anonymous: found.session.promotedAt === null,
          is_verified: found.session.promotedAt !== null,
        }),
  }
}
