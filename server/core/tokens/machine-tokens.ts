// The tokens of machines at the operators' API: a confidential client acts for itself (RFC 6749, 4.4). No guest has such a
// token: `sub` is the client (RFC 9068, 2.2), and the one audience is an API that takes no token of a guest.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client, Config, OperatorScope } from '../../options/options.ts'
import type { Tokens } from '../../types.ts'
import { jose } from '../crypto/jose.ts'
import { randomId } from '../crypto/secrets.ts'
import { signJwt, TOKEN_CLOCK_SKEW_SECONDS } from './access-tokens.ts'
import { findClient, grantedScope } from './clients.ts'
import type { TokenParams } from './grants.ts'

export const CLIENT_CREDENTIALS_GRANT = 'client_credentials'

/** A machine's token lives ten minutes at most: it is good until it expires, whatever becomes of the client's secret. */
const MACHINE_SECONDS = 10 * 60
const MAX_TOKEN_CHARACTERS = 4096

/** The audience of machines' tokens. It is a name, and stays the same wherever the API is mounted. */
export const operatorAudience = ({ tokens, basePath }: Pick<Config, 'tokens' | 'basePath'>): string =>
  `${tokens.issuer}${basePath}/admin`

/**
 * An access token for a client that acts for itself at the operators' API.
 * Errors: `unsupported_grant_type` if the deployment has no operators; `invalid_client` if the client is public;
 * `invalid_scope` if it is registered for none of the scopes, or not for one that it asks for; `invalid_target` if it asks
 * for another audience.
 */
export async function grantToMachine(
  ctx: Context,
  client: Client,
  { scope, resource, jkt }: TokenParams,
): Promise<Tokens> {
  if (!ctx.config.operators) throw new GuestError('unsupported_grant_type')
  if (client.kind !== 'confidential') throw new GuestError('invalid_client', { reason: 'not confidential' })
  const audience = operatorAudience(ctx.config)
  if (resource !== undefined && resource !== audience) throw new GuestError('invalid_target')
  const scopes = grantedScope(scope, client.operatorScopes)
  if (scopes.length === 0)
    throw new GuestError('invalid_scope', {
      detail: `The client has no scope of the operators' API. Register it for one that begins with admin:.`,
    })
  const { kid, algorithm, key } = await ctx.signingKeys.current()
  const now = ctx.now()
  const seconds = Math.min(client.accessTokenSeconds, MACHINE_SECONDS)
  const claims = {
    iss: ctx.config.tokens.issuer,
    sub: client.id,
    aud: audience,
    exp: now + seconds,
    iat: now,
    jti: randomId(128),
    client_id: client.id,
    scope: scopes.join(' '),
    ...(jkt !== null && { cnf: { jkt } }),
  }
  return {
    access_token: signJwt({ alg: algorithm, typ: 'at+jwt', kid }, claims, key),
    token_type: jkt === null ? 'Bearer' : 'DPoP',
    expires_in: seconds,
    scope: claims.scope,
  }
}

export type Machine = { client: Client; scopes: OperatorScope[] }

/**
 * The machine of an access token. `jkt`: the thumbprint of the key that the request proved to hold, or null. What the
 * client was registered for since then counts, too: a scope that was taken away is gone.
 * Errors: `session_invalid`, whatever is wrong with the token.
 */
export async function readMachineToken(ctx: Context, token: string, jkt: string | null): Promise<Machine> {
  const claims = token.length > MAX_TOKEN_CHARACTERS ? undefined : await verifiedClaims(ctx, token)
  const client = claims && findClient(ctx, String(claims.client_id))
  const bound = (claims?.cnf as { jkt?: string } | undefined)?.jkt ?? null
  // A guest's token names the guest as sub, has a sid, and has the issuer among its audiences.
  const isMachine =
    claims !== undefined &&
    claims.sub === claims.client_id &&
    claims.sid === undefined &&
    !Array.isArray(claims.aud)
  if (!client || !isMachine || client.kind !== 'confidential' || bound !== jkt)
    throw new GuestError('session_invalid', {
      detail: 'The access token is not one for this API, or has expired. Ask /token for a new one.',
      reason: 'no token of a machine',
    })
  const granted = String(claims.scope ?? '').split(' ')
  return { client, scopes: client.operatorScopes.filter((scope) => granted.includes(scope)) }
}

async function verifiedClaims(ctx: Context, token: string): Promise<Record<string, unknown> | undefined> {
  const { jwtVerify, errors } = await jose()
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) =>
        (typeof kid === 'string' ? await ctx.signingKeys.find(kid) : undefined) ??
        Promise.reject(new errors.JWKSNoMatchingKey()),
      {
        issuer: ctx.config.tokens.issuer,
        audience: operatorAudience(ctx.config),
        typ: 'at+jwt',
        algorithms: ['ES256', 'EdDSA'],
        clockTolerance: TOKEN_CLOCK_SKEW_SECONDS,
        currentDate: new Date(ctx.now() * 1000),
        requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id', 'scope'],
      },
    )
    return Number.isSafeInteger(payload.exp) ? payload : undefined
  } catch (error) {
    // jose throws a TypeError if the header's algorithm does not fit the key.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}
