// Keys of this browser, and JWTs signed with them (RFC 7515, compact serialization).
import { base64url } from './base64url.ts'
import { ifPossible } from './within.ts'

/**
 * A new P-256 key whose private half no script can read, this page included; undefined if the browser makes none, as
 * outside of secure contexts.
 */
export const newKey = (): Promise<CryptoKeyPair | undefined> =>
  ifPossible(() =>
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
  )

export const bytes = (text: string) => new TextEncoder().encode(text)

/** The SHA-256 of a text, in base64url. */
export const hash = async (text: string) => base64url(await crypto.subtle.digest('SHA-256', bytes(text)))

/** The public key as a JWK. Its members are in the order of RFC 7638, 3, so the hash of its JSON is its thumbprint. */
export async function publicJwk({ publicKey }: CryptoKeyPair) {
  const { crv, kty, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  return { crv, kty, x, y }
}

const part = (content: object) => base64url(bytes(JSON.stringify(content)))

/** A JWT with these claims (RFC 7519), signed with ES256. */
export async function signJwt(
  { privateKey }: CryptoKeyPair,
  header: object,
  claims: object,
): Promise<string> {
  const signed = `${part({ alg: 'ES256', ...header })}.${part(claims)}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  return `${signed}.${base64url(await crypto.subtle.sign(algorithm, privateKey, bytes(signed)))}`
}
