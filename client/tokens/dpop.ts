// DPoP proofs: each one shows that this browser holds the key to which its tokens are bound (RFC 9449).
import { hash, signJwt } from '../lib/jws.ts'
import type { Keys, SigningKey } from '../platform/platform.ts'

/**
 * The proof for one request (RFC 9449, 4.2), made at `time` (Unix milliseconds). If the request carries an access
 * token, the proof names it.
 */
export async function createProof(
  keys: Keys,
  key: SigningKey,
  { method, url }: Request,
  time: number,
  accessToken?: string,
): Promise<string> {
  const { origin, pathname } = new URL(url)
  return signJwt(
    keys,
    key,
    { typ: 'dpop+jwt', jwk: await keys.publicJwk(key) },
    {
      jti: crypto.randomUUID(),
      htm: method,
      htu: origin + pathname,
      iat: Math.floor(time / 1000),
      ath: accessToken && (await hash(accessToken)),
    },
  )
}
