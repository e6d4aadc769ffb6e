// The key that this browser's tokens are bound to, and the proofs of holding it (RFC 9449).
import { bufferToBase64URLString } from '@simplewebauthn/browser'

/** A key of which nobody can read the private half, this page included; undefined outside of secure contexts. */
export const newKey = async (): Promise<CryptoKeyPair | undefined> =>
  globalThis.crypto?.subtle?.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])

const bytes = (text: string) => new TextEncoder().encode(text)
const part = (content: object) => bufferToBase64URLString(bytes(JSON.stringify(content)).buffer)

/** The proof for one request (RFC 9449, 4.2), made at `time` (Unix milliseconds); with the access token, if it has one. */
export async function createProof(
  { privateKey, publicKey }: CryptoKeyPair,
  { method, url }: Request,
  time: number,
  accessToken?: string,
): Promise<string> {
  const { subtle } = crypto
  const { kty, crv, x, y } = await subtle.exportKey('jwk', publicKey)
  const { origin, pathname } = new URL(url)
  const ath = accessToken && bufferToBase64URLString(await subtle.digest('SHA-256', bytes(accessToken)))
  const signed = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })}.${part({
    jti: crypto.randomUUID(),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(time / 1000),
    ath,
  })}`
  const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes(signed))
  return `${signed}.${bufferToBase64URLString(signature)}`
}
