// Proofs that a token's holder has the key that it is bound to (RFC 9449).

import type { JWK } from 'jose'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { jose } from '../crypto/jose.ts'
import { hashToken } from '../crypto/secrets.ts'

/** What a proof may be signed with. */
export const dpopAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const

/** A proof is good for so long, before and after, by clocks that may differ. */
const DPOP_PROOF_SECONDS = 60
const MAX_DPOP_CHARACTERS = 4096
const MAX_SEEN_PROOFS = 100_000

/** The proofs that this node has seen, in two generations of which the older is forgotten when its time is over. */
type Seen = { since: number; now: Set<string>; before: Set<string> }
const seenBy = new WeakMap<Context, Seen>()

export type ProofFor = {
  method: string
  /** Where the request went, by the origins that are ours: without query and fragment. */
  urls: string[]
  /** The access token that it came with, if one did. */
  accessToken?: string
}

/**
 * The thumbprint of the key that made this proof for this request (RFC 9449, 4.3).
 * Errors: `invalid_dpop_proof`.
 */
export async function verifyProof(ctx: Context, proof: string, of: ProofFor): Promise<string> {
  const { jwtVerify, EmbeddedJWK, calculateJwkThumbprint, decodeProtectedHeader } = await jose()
  try {
    if (proof.length > MAX_DPOP_CHARACTERS) throw invalidProof('too long')
    const { jwk } = decodeProtectedHeader(proof)
    if (jwk?.e !== undefined && jwk.e !== 'AQAB') throw invalidProof('exponent') // a large one takes long to verify
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
    if (typeof jti !== 'string' || jti === '' || !isNew(ctx, hashToken(`${jkt} ${jti}`)))
      throw invalidProof('jti')
    return jkt
  } catch (error) {
    // Whatever else is thrown is about the caller's key: WebCrypto says DataError, SyntaxError, TypeError, …
    throw error instanceof GuestError ? error : invalidProof((error as Error).name)
  }
}

const invalidProof = (reason: string) => new GuestError('invalid_dpop_proof', { reason: `dpop: ${reason}` })

function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url)
  return origin + pathname
}

/** Whether this node sees it for the first time; remembered for as long as a proof is good. */
function isNew(ctx: Context, id: string): boolean {
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
