// Verifies access tokens (RFC 9068) and says whose they are.

import type { Recoverability } from '../types.ts'
import { type Proof, type ProvenRequest, readProof } from './dpop.ts'
import { orRefuse, VerifyError } from './errors.ts'
import { expect, readJws } from './jws.ts'
import { createKeys, type KeySource } from './keys.ts'
import { type AnyRequest, headerOf, urlOf } from './request.ts'

/** How far the issuer's clock may differ from ours. */
const SKEW_SECONDS = 30

export type VerifierOptions = {
  /** The issuer of the tokens: the origin of the service, or its option `tokens.issuer`. */
  issuer: string
  /**
   * The audience that a token must have: this API, as the client's `audiences` name it. If it is the issuer, no token that is
   * for another audience too is taken.
   */
  audience: string
  /** The URL of the keys. Default: `/.well-known/jwks.json` of the issuer. */
  jwksUri?: string | undefined
  /** The algorithms that the issuer signs with, of `ES256` and `EdDSA`. Default: both. */
  algorithms?: ('ES256' | 'EdDSA')[] | undefined
  /**
   * Where clients reach this API, for the proofs of tokens that are bound to a key (RFC 9449): the part of the URL before
   * what the request says. It is never read from the request. Default: the origin of the audience.
   */
  baseUrl?: string | undefined
  /** `required`: only tokens that are bound to a key are taken. Default: `optional`. */
  dpop?: 'optional' | 'required' | undefined
  /**
   * Whether a proof comes for the first time. Remember `thumbprint` and `id` until `until`, where all your servers see
   * them. What it throws is passed on. Default: it is not checked, so whoever reads a request can repeat it for up to two minutes.
   */
  isNewProof?: ((proof: Proof) => boolean | Promise<boolean>) | undefined
  /** Fetches the keys. Default: `fetch`. */
  fetch?: KeySource['fetch'] | undefined
  /** The clock, in milliseconds. Default: `Date.now`. */
  now?: (() => number) | undefined
}

/** What a verified access token says. Other claims are of no use to an API, or are there by an option. */
export type GuestClaims = {
  /** The guest. For a pairwise client, that client's name for the guest. */
  sub: string
  /** The same as `sub`. */
  anonymous_id: string
  /** Whether this is a guest rather than a regular user. */
  is_anonymous: boolean
  is_verified: boolean
  /** How the guest could come back when the token was issued. */
  recoverability: Recoverability
  label: string
  collection: string
  /** The session and the client. */
  sid: string
  client_id: string
  /** Separated by spaces. */
  scope?: string
  /** Once a passkey was proven: when (Unix seconds), and how (RFC 9068, 2.2.1). */
  auth_time?: number
  acr?: string
  amr?: string[]
  iss: string
  aud: string | string[]
  /** Unix seconds. */
  exp: number
  iat: number
  jti: string
  /** The key that the token is bound to (RFC 9449, 6.1). */
  cnf?: { jkt: string }
  [claim: string]: unknown
}

export type TokenVerifier = ReturnType<typeof createTokenVerifier>

export function createTokenVerifier(options: VerifierOptions) {
  const {
    issuer,
    audience,
    jwksUri = `${issuer}/.well-known/jwks.json`,
    algorithms = ['ES256', 'EdDSA'],
    baseUrl,
    dpop,
    isNewProof,
    fetch: fetchKeys = (url: string, init: RequestInit) => fetch(url, init),
    now = Date.now,
    ...others
  } = options
  const [unknown] = Object.keys(others)
  if (unknown) throw new TypeError(`unknown option ${unknown}`)
  if (!issuer || !audience) throw new TypeError('issuer or audience is missing')
  const keyOf = createKeys({ url: jwksUri, algorithms, fetch: fetchKeys, now })

  async function claimsOf(token: string): Promise<GuestClaims> {
    const { payload } = await readJws(token, 'at+jwt', async ({ kid, alg }) => {
      const key = await keyOf(kid, alg)
      expect(key, `no key for ${JSON.stringify({ kid, alg })}`)
      return key!
    })
    const { iss, aud, exp, nbf = 0, iat, sub, sid } = payload as GuestClaims & { nbf?: number }
    const seconds = now() / 1000
    expect(iss === issuer, `iss is ${iss}, not ${issuer}`)
    // The issuer is among the audiences of every token.
    const isForUs = audience === issuer ? aud === issuer : [aud].flat().includes(audience)
    expect(isForUs, `aud is ${aud}, not ${audience}`)
    // JSON can have a number that is Infinity.
    expect([exp, nbf, iat].every(Number.isSafeInteger), 'exp, nbf or iat is no integer')
    expect(exp + SKEW_SECONDS > seconds, `exp is ${exp}, in the past`)
    const begins = Math.max(nbf, iat)
    expect(begins - SKEW_SECONDS <= seconds, `nbf or iat is ${begins}, in the future`)
    // The token of a machine has no session: it is no guest's.
    expect(sub && typeof sub === 'string' && typeof sid === 'string', 'sub or sid is missing')
    return payload as GuestClaims
  }

  /**
   * Verifies a token by itself, for example one in the first message of a WebSocket. One that is bound to a key needs the
   * proof with it.
   * Throws a VerifyError: `invalid_token`, `invalid_dpop_proof`, `unavailable`.
   */
  async function verifyToken(token: string, proven?: ProvenRequest): Promise<GuestClaims> {
    const claims = await orRefuse('invalid_token', () => claimsOf(token))
    const { cnf } = claims
    if (!proven && !cnf && dpop !== 'required') return claims
    const proof = await orRefuse('invalid_dpop_proof', async () => {
      expect(proven, 'no proof')
      const found = await readProof(proven!, token, now() / 1000)
      expect(found.thumbprint === cnf?.jkt, 'proof of another key')
      return found
    })
    if (isNewProof && !(await isNewProof(proof)))
      throw new VerifyError('invalid_dpop_proof', 'proof used before')
    return claims
  }

  /**
   * Whom a request is from, by its Authorization header: a `Request` of the Fetch API, or one of Express or node:http.
   * null: it has no token.
   * Throws a VerifyError: `invalid_token`, `invalid_dpop_proof`, `unavailable`.
   */
  async function guestOf(request: AnyRequest): Promise<GuestClaims | null> {
    const authorization = headerOf(request, 'authorization')
    if (!authorization) return null
    const [, , dpopScheme, token] = /^(bearer|(dpop)) +(\S+)$/i.exec(authorization) ?? []
    if (!token) throw new VerifyError('invalid_token', 'Authorization is not Bearer or DPoP')
    if (!dpopScheme) return verifyToken(token)
    const url = urlOf(request, baseUrl ?? new URL(audience).origin)
    return verifyToken(token, { proof: headerOf(request, 'dpop'), method: request.method!, url })
  }

  return { verifyToken, guestOf }
}
