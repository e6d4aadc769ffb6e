// The token of another issuer that is exchanged (RFC 8693, 2.1): whose it is there, and which guest of ours that is.

import type { JWTPayload, JWTVerifyGetKey } from 'jose'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { TrustedIssuer } from '../../options/options.ts'
import { jose } from '../crypto/jose.ts'
import { createRemoteKeys } from '../crypto/remote-keys.ts'
import { isId, isOurs, MAX_ID_CHARACTERS } from '../guests/ids.ts'

const CLOCK_SKEW_SECONDS = 30
const MAX_TOKEN_CHARACTERS = 8192

/** The types of JWTs that say who somebody is. Others, such as logout tokens and DPoP proofs, have a type of their own. */
const types = ['jwt', 'at+jwt']

const keysOf = new WeakMap<TrustedIssuer, JWTVerifyGetKey>()

/** RFC 8693, 2.2.2: whatever is wrong with the token, the error is invalid_request. */
const refused = (reason: string, detail?: string) =>
  new GuestError('invalid_request', {
    detail:
      detail ??
      'The subject_token is not taken. It must be an unexpired token of an issuer that this service trusts, for the audience that it expects.',
    reason: `subject_token: ${reason}`,
  })

/** The guest of a token: the id that it has here, and the issuer, whose option says the collection. */
export type Subject = { anonymousId: string; issuer: TrustedIssuer }

/**
 * Verifies a token, and finds out whose it is.
 * Errors: `invalid_request` if it is not valid, or of somebody who is no guest at the issuer; `unavailable` if the issuer's
 * keys cannot be read.
 */
export async function readSubjectToken(ctx: Context, token: string): Promise<Subject> {
  if (token.length > MAX_TOKEN_CHARACTERS) throw refused('too long')
  const { issuer, claims } = await verified(ctx, token)
  // A logout token is signed by the same key (OpenID Connect Back-Channel Logout 1.0, 2.4).
  if (claims.events !== undefined) throw refused('a logout token')
  if (claims.cnf !== undefined) throw refused('it is bound to a key, of which there is no proof')
  if (!isAnonymous(issuer, claims))
    throw refused(
      'no guest at the issuer',
      'This token is of a regular user at its issuer. Only guests can be taken over by their token.',
    )
  const id = claims[issuer.idClaim]
  const anonymousId = typeof id === 'string' && id !== '' ? issuer.idPrefix + id : ''
  if (!isId(anonymousId)) throw refused(`${issuer.idClaim} is no id of 1 to ${MAX_ID_CHARACTERS} characters`)
  // It could be that of any guest who never had to do with the issuer.
  if (isOurs(anonymousId)) throw refused('the id has the form of an id that we make: set idPrefix')
  return { anonymousId, issuer }
}

async function verified(ctx: Context, token: string): Promise<{ issuer: TrustedIssuer; claims: JWTPayload }> {
  const { decodeJwt, jwtVerify, errors } = await jose()
  try {
    const { iss } = decodeJwt(token)
    const issuer = ctx.config.trustedIssuers.find((one) => one.issuer === iss)
    if (!issuer) throw refused('of an issuer that is not trusted')
    const keys = keysOf.get(issuer) ?? createRemoteKeys(issuer, ctx.now)
    keysOf.set(issuer, keys)
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: issuer.algorithms,
      requiredClaims: ['exp', 'iat'],
      currentDate: new Date(ctx.now() * 1000),
      clockTolerance: CLOCK_SKEW_SECONDS,
    })
    const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '') ?? 'jwt'
    if (!types.includes(type)) throw refused('typ')
    if (!Number.isSafeInteger(payload.exp)) throw refused('exp') // 1e309 is valid JSON: Infinity
    if (payload.iat! > ctx.now() + CLOCK_SKEW_SECONDS) throw refused('iat')
    return { issuer, claims: payload }
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(error.code)
    // jose throws a TypeError if the header's algorithm does not fit the key.
    if (error instanceof TypeError) throw refused(error.name)
    throw error
  }
}

function isAnonymous({ isAnonymous: rule }: TrustedIssuer, claims: JWTPayload): boolean {
  if (typeof rule === 'function') return rule(claims) === true
  return Object.entries(rule).every(([path, expected]) => claimAt(claims, path) === expected)
}

/** The claim at a path such as `firebase.sign_in_provider`. A claim may have dots in its name, as URLs have. */
function claimAt(claims: object, path: string): unknown {
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path]
  const [first = '', ...rest] = path.split('.')
  const inner = Object.hasOwn(claims, first) ? (claims as Record<string, unknown>)[first] : undefined
  return rest.length > 0 && typeof inner === 'object' && inner !== null
    ? claimAt(inner, rest.join('.'))
    : undefined
}
