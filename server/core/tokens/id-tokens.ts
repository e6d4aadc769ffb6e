// ID tokens (OpenID Connect Core 1.0, 2): who is signed in, for the client that asked. None of our endpoints accepts one.

import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { emailClaims } from '../guests/email-alias.ts'
import { nameFor } from '../guests/pairwise.ts'
import type { Session } from '../sessions/sessions.ts'
import { acrOf, amrOf } from '../sessions/step-up.ts'
import { signJwt } from './access-tokens.ts'
import { tokenExpiry } from './pairwise-times.ts'

/** What is hashed with which function (OpenID Connect Core 1.0, 3.1.3.6): that of the signature's algorithm. */
const hashes: Record<string, string> = { ES256: 'sha256', EdDSA: 'sha512' }

/** `at_hash`: the left half of the hash of the access token (OpenID Connect Core 1.0, 3.1.3.6). */
function hashOf(accessToken: string, algorithm: string): string {
  const whole = hash(hashes[algorithm]!, accessToken, 'buffer')
  return whole.subarray(0, whole.length / 2).toString('base64url')
}

/** What an ID token is for: its client, the scopes that were granted, the nonce of the request, and the token beside it. */
type Asked = { client: Client; scope: readonly string[]; nonce: string | undefined; accessToken: string }

/**
 * Signs an ID token about this session, for a client. Its times are those of its issue, and it says of the guest what the
 * access token beside it says, without label and collection.
 */
export async function issueIdToken(
  ctx: Context,
  session: Session,
  { client, scope, nonce, accessToken }: Asked,
): Promise<string> {
  const { kid, algorithm, key } = await ctx.signingKeys.current()
  const now = ctx.now()
  const isPromoted = session.promotedAt !== null
  const claims = {
    iss: ctx.config.tokens.issuer,
    sub: nameFor(client, session.anonymousId),
    aud: client.id,
    exp: tokenExpiry(client, now, session.endsAt),
    iat: now,
    ...(nonce !== undefined && { nonce }),
    at_hash: hashOf(accessToken, algorithm),
    sid: nameFor(client, session.id),
    ...(session.authTime !== null && { acr: acrOf(session), amr: amrOf(session) }),
    is_anonymous: !isPromoted,
    is_verified: isPromoted,
    ...emailClaims(client, session.anonymousId, scope),
  }
  return signJwt({ alg: algorithm, typ: 'JWT', kid }, claims, key)
}
