// DPoP (RFC 9449): proofs that the client holds the key that its token is bound to. A proof works once on each node, which
// RFC 9449, 11.1 leaves open. To share what was seen, every request with a proof would need a durable write.

import type { JWK } from 'jose'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { jose } from '../crypto/jose.ts'
import { hashToken } from '../crypto/secrets.ts'

/** The signature algorithms that a proof may use. */
export const dpopAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const

/** How far a proof's `iat` may be in the past, or in the future: clocks may differ. */
const DPOP_PROOF_SECONDS = 60
const MAX_DPOP_CHARACTERS = 4096
const MAX_SEEN_PROOFS = 100_000

/**
 * The proofs that this node has seen, in two sets. `now` began at `since` (Unix seconds). When it is full or too old it
 * becomes `before`, and the old `before` is forgotten.
 */
type Seen = { since: number; now: Set<string>; before: Set<string> }
const seenBy = new WeakMap<Context, Seen>()

export type ProofFor = {
  method: string
  /** The URLs that the request may have been sent to, one for each of our origins, without query and fragment. */
  urls: string[]
  /** The access token in the same request, if any. */
  accessToken?: string
}

/**
 * Verifies a proof for this request (RFC 9449, 4.3), and uses it up.
 * @returns the thumbprint of the key that signed it (RFC 7638).
 * Errors: `invalid_dpop_proof`.
 */
export async function verifyProof(ctx: Context, proof: string, of: ProofFor): Promise<string> {
  const { jwtVerify, EmbeddedJWK, calculateJwkThumbprint, decodeProtectedHeader } = await jose()
  try {
    if (proof.length > MAX_DPOP_CHARACTERS) throw invalidProof('too long')
    const { jwk } = decodeProtectedHeader(proof)
    if (jwk?.e !== undefined && jwk.e !== 'AQAB') throw invalidProof('RSA exponent') // verifying a large one is slow
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: [...dpopAlgorithms],
      requiredClaims: ['jti', 'htm', 'htu', 'iat'],
      currentDate: new Date(ctx.now() * 1000),
      clockTolerance: DPOP_PROOF_SECONDS,
    })
    const { jti, htm, htu, iat, ath } = payload
    if (htm !== of.method) throw invalidProof('htm')
    if (typeof htu !== 'string' || !of.urls.includes(withoutQuery(htu))) throw invalidProof('htu')
    if (Math.abs(ctx.now() - iat!) > DPOP_PROOF_SECONDS) throw invalidProof('iat')
    if (of.accessToken !== undefined && ath !== hashToken(of.accessToken)) throw invalidProof('ath')
    const jkt = await calculateJwkThumbprint(protectedHeader.jwk as JWK)
    if (typeof jti !== 'string' || jti === '' || !isNewProof(ctx, hashToken(`${jkt} ${jti}`)))
      throw invalidProof('jti')
    return jkt
  } catch (error) {
    // Any other error is about the proof or its key: WebCrypto throws DataError, SyntaxError, TypeError, …
    throw error instanceof GuestError ? error : invalidProof((error as Error).name)
  }
}

const invalidProof = (reason: string) => new GuestError('invalid_dpop_proof', { reason: `dpop: ${reason}` })

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/**
 * Whether this node sees a proof for the first time. It remembers a proof for as long as it is valid, unless more than
 * MAX_SEEN_PROOFS arrive in that time: then perhaps only the last MAX_SEEN_PROOFS. A restart forgets them all.
 */
export function isNewProof(ctx: Context, id: string): boolean {
  const now = ctx.now()
  const last = seenBy.get(ctx)
  const over =
    !last || Math.abs(now - last.since) > 2 * DPOP_PROOF_SECONDS || last.now.size >= MAX_SEEN_PROOFS
  const seen = over ? { since: now, now: new Set<string>(), before: last?.now ?? new Set<string>() } : last
  seenBy.set(ctx, seen)
  if (seen.now.has(id) || seen.before.has(id)) return false
  seen.now.add(id)
  return true
}
