// DPoP proofs: each one shows that this browser holds the key to which its tokens are bound (RFC 9449).
import { hash, publicJwk, signJwt } from '../lib/jws.ts'

/**
 * The proof for one request (RFC 9449, 4.2), made at `time` (Unix milliseconds). If the request carries an access
 * token, the proof names it.
 */
export async function createProof(
  key: CryptoKeyPair,
  { method, url }: Request,
  time: number,
  accessToken?: string,
): Promise<string> {
  const { origin, pathname } = new URL(url)
  return signJwt(
    key,
    { typ: 'dpop+jwt', jwk: await publicJwk(key) },
    {
      jti: crypto.randomUUID(),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor(time / 1000),
      ath: accessToken && (await hash(accessToken)),
    },
  )
}
