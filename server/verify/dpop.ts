// Proofs that the client holds the key that its token is bound to (RFC 9449, 4.3).

import { expect, hash, importKey, publicMembers, readJws } from './jws.ts'

const PROOF_SECONDS = 60

/** A proof that is valid. It comes a second time if somebody repeats a request. */
export type Proof = {
  /** Of the key (RFC 7638). */
  thumbprint: string
  /** The `jti`: unique for each proof of a key. */
  id: string
  /** Until when the proof is taken, in Unix seconds. After that, it need not be remembered. */
  until: number
}

export type ProvenRequest = {
  /** The proof, in the `DPoP` header. */
  proof: string
  method: string
  /** The URL to which the client sent the request, without its query. */
  url: string
}

/** Verifies the proof for a token at `seconds` (Unix). Throws errors of any kind. */
export async function readProof(
  { proof, method, url }: ProvenRequest,
  token: string,
  seconds: number,
): Promise<Proof> {
  const { header, payload } = await readJws(proof, 'dpop+jwt', async ({ alg, jwk }) => {
    expect(jwk && !('d' in jwk), 'no public jwk')
    // Verifying is slow with a large exponent or modulus.
    const { kty, e, n } = jwk!
    expect(kty !== 'RSA' || (e === 'AQAB' && /^.{342,683}$/.test(`${n}`)), 'size of jwk')
    return importKey(alg, jwk!)
  })
  const { htm, htu, iat, ath, jti } = payload as {
    htu: string
    iat: number
    jti: string
    [claim: string]: unknown
  }
  expect(htm === method, `htm is not ${method}`)
  // Only `htu` is written anew (RFC 9449, 4.3, 9): the app takes its own URL as it came, with `..` in it, too.
  expect(new URL(htu).href.replace(/[?#].*/, '') === url, `htu is not ${url}`)
  expect(typeof iat === 'number' && Math.abs(seconds - iat) <= PROOF_SECONDS, 'iat')
  expect(ath === (await hash(token)), 'ath')
  expect(jti && typeof jti === 'string', 'jti')
  const thumbprint = await hash(JSON.stringify(publicMembers(header.jwk!)))
  return { thumbprint, id: jti, until: iat + PROOF_SECONDS }
}
