// The proofs of holding the key that this browser's tokens are bound to (RFC 9449).
import { hash, publicJwk, signJwt } from '../lib/jws.ts'

/** The proof for one request (RFC 9449, 4.2), made at `time` (Unix milliseconds); with the access token, if it has one. */
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
