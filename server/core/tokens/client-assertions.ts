// How a client proves who it is by a key of its own: `private_key_jwt` (RFC 7523, 2.2 and 3; OpenID Connect Core 1.0, 9).

import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { jose } from '../crypto/jose.ts'
import { createRemoteKeys } from '../crypto/remote-keys.ts'
import { hashToken } from '../crypto/secrets.ts'
import { findClient } from './clients.ts'

/** The `client_assertion_type` of a JWT (RFC 7523, 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** The signature algorithms that an assertion may use. */
export const assertionAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256']

const MAX_ASSERTION_CHARACTERS = 4096
/** An assertion is good for ten minutes at most, because its `jti` is remembered until it expires. */
const MAX_ASSERTION_SECONDS = 10 * 60
const CLOCK_SKEW_SECONDS = 30

const invalid = (reason: string) =>
  new GuestError('invalid_client', { reason: `client assertion: ${reason}` })

/**
 * The client that signed an assertion, which is spent by this. `audiences`: the issuer, and its token endpoint. `named`: the
 * `client_id` beside the assertion, if there is one.
 * Errors: `invalid_client`; `unavailable` if the client's keys cannot be fetched.
 */
export async function clientOfAssertion(
  ctx: Context,
  { assertion, type, named }: { assertion: string; type: string | undefined; named: string | undefined },
  audiences: string[],
): Promise<Client> {
  if (type !== ASSERTION_TYPE) throw invalid('client_assertion_type')
  if (assertion.length > MAX_ASSERTION_CHARACTERS) throw invalid('too long')
  const { decodeJwt, jwtVerify, errors } = await jose()
  try {
    const { sub } = decodeJwt(assertion)
    const client = typeof sub === 'string' ? findClient(ctx, sub) : undefined
    if (client?.tokenEndpointAuthMethod !== 'private_key_jwt') throw invalid('no client of this sub has keys')
    if (named !== undefined && named !== client.id) throw invalid('client_id is of another client')
    const { payload } = await jwtVerify(assertion, await keysOf(ctx, client), {
      issuer: client.id,
      subject: client.id,
      audience: audiences,
      algorithms: assertionAlgorithms,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(ctx.now() * 1000),
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    const { exp, jti } = payload
    if (!Number.isSafeInteger(exp) || exp! > ctx.now() + MAX_ASSERTION_SECONDS + CLOCK_SKEW_SECONDS)
      throw invalid('exp is too far away')
    if (typeof jti !== 'string' || jti === '') throw invalid('jti')
    const spent = {
      id: hashToken(`client assertion ${client.id} ${jti}`),
      expiresAt: exp! + CLOCK_SKEW_SECONDS + 1,
    }
    if (!(await ctx.store.spendOnce(spent))) throw invalid('used before')
    return client
  } catch (error) {
    if (error instanceof GuestError) throw error
    // jose throws a TypeError if the header's algorithm does not fit the key.
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw invalid(error.name)
    throw error
  }
}

const keySets = new WeakMap<Client, JWTVerifyGetKey>()

/** The keys of a client: those of the options, or those at its `jwksUri`. */
async function keysOf(ctx: Context, client: Client): Promise<JWTVerifyGetKey> {
  const known = keySets.get(client)
  if (known) return known
  const { createLocalJWKSet } = await jose()
  const made = client.jwks
    ? createLocalJWKSet(client.jwks as JSONWebKeySet)
    : createRemoteKeys({ issuer: client.id, jwksUri: client.jwksUri }, ctx.now)
  keySets.set(client, made)
  return made
}
