// ID tokens (OpenID Connect Core 1.0, 2): who is signed in, for the client that asked. None of our endpoints accepts one.

import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { jose } from '../crypto/jose.ts'
import { idFor, nameFor } from '../guests/pairwise.ts'
import type { Session } from '../sessions/sessions.ts'
import { acrOf, amrOf } from '../sessions/step-up.ts'
import { signJwt } from './access-tokens.ts'
import { findClient } from './clients.ts'
import { openIdClaims } from './openid-claims.ts'

/** What is hashed with which function (OpenID Connect Core 1.0, 3.1.3.6): that of the signature's algorithm. */
const hashes: Record<string, string> = { ES256: 'sha256', RS256: 'sha256', EdDSA: 'sha512' }

/** `at_hash`: the left half of the hash of the access token (OpenID Connect Core 1.0, 3.1.3.6). */
function hashOf(accessToken: string, algorithm: string): string {
  const whole = hash(hashes[algorithm]!, accessToken, 'buffer')
  return whole.subarray(0, whole.length / 2).toString('base64url')
}

/** Whom an ID token is for, and what the request asked of it. `authTime`: what it tells as `auth_time`, if anything. */
export type IdTokenFor = {
  client: Client
  scope: readonly string[]
  nonce: string | undefined
  authTime: number | undefined
  accessToken: string
}

/**
 * Signs an ID token about this session, for a client. Its times are reckoned from its issue alone, so that two clients cannot
 * join their guests by them.
 */
export async function issueIdToken(
  ctx: Context,
  session: Session,
  { client, scope, nonce, authTime, accessToken }: IdTokenFor,
): Promise<string> {
  const { kid, algorithm, key } = await ctx.signingKeys.current(client.idTokenAlgorithm)
  const now = ctx.now()
  const claims = {
    iss: ctx.config.tokens.issuer,
    aud: client.id,
    exp: now + client.accessTokenSeconds,
    iat: now,
    ...(nonce !== undefined && { nonce }),
    ...(authTime !== undefined && { auth_time: authTime }),
    at_hash: hashOf(accessToken, algorithm),
    sid: nameFor(client, session.id),
    ...(session.authTime !== null && { acr: acrOf(session), amr: amrOf(session) }),
    ...openIdClaims(client, session, scope),
  }
  return signJwt({ alg: algorithm, typ: 'JWT', kid }, claims, key)
}

/**
 * What an ID token of ours says, whether it has expired or not, as a hint of an app (OpenID Connect Core 1.0, 3.1.2.1;
 * RP-Initiated Logout 1.0, 2). Undefined if we did not sign it, or if its key is published no more: 90 days after it began to
 * sign, unless the options say otherwise.
 */
export async function readIdToken(
  ctx: Context,
  token: string,
): Promise<{ client: Client; anonymousId: string; sessionId: string } | undefined> {
  const { jwtVerify, errors } = await jose()
  try {
    const { payload } = await jwtVerify<{ sub: string; sid: string }>(
      token,
      async ({ kid }) => (await ctx.signingKeys.find(kid!)) ?? Promise.reject(new errors.JWKSNoMatchingKey()),
      {
        issuer: ctx.config.tokens.issuer,
        typ: 'JWT', // no access token
        algorithms: ['ES256', 'EdDSA', 'RS256'],
        currentDate: new Date(0),
        requiredClaims: ['sub', 'aud', 'exp', 'iat', 'sid'],
      },
    )
    const client = typeof payload.aud === 'string' ? findClient(ctx, payload.aud) : undefined
    if (client?.pairwise === undefined) return undefined
    const { sub, sid } = payload
    return { client, anonymousId: idFor(client, sub), sessionId: idFor(client, sid) }
  } catch (error) {
    // jose throws a TypeError if the header's algorithm does not fit the key.
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}
