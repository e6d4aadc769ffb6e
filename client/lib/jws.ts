// Keys of this browser, and JWTs signed with them (RFC 7515, compact serialization).
import type { Keys, PublicJwk, SigningKey } from '../platform/platform.ts'
import { base64url } from './base64url.ts'
import { ifPossible, within } from './within.ts'

/** Some browsers never answer until the page is loaded again. Errors: `timeout`. */
const inTime = <T>(work: () => Promise<T>) => within(5000, work)

/** Keys whose private half no script can read, this page included. A browser makes none outside of secure contexts. */
export const browserKeys = {
  create: () =>
    ifPossible(() =>
      crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']),
    ),
  async publicJwk({ publicKey }) {
    const { crv, kty, x, y } = await inTime(() => crypto.subtle.exportKey('jwk', publicKey))
    return { crv, kty, x, y } as PublicJwk
  },
  sign: ({ privateKey }, data) =>
    inTime(() => crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, data)),
} satisfies Keys<CryptoKeyPair> as Keys

export const bytes = (text: string) => new TextEncoder().encode(text)

/** The SHA-256 of a text, in base64url. */
export const hash = async (text: string) =>
  base64url(await inTime(() => crypto.subtle.digest('SHA-256', bytes(text))))

const part = (content: object) => base64url(bytes(JSON.stringify(content)))

/** A JWT with these claims (RFC 7519), signed with ES256. */
export async function signJwt(keys: Keys, key: SigningKey, header: object, claims: object): Promise<string> {
  const signed = `${part({ alg: 'ES256', ...header })}.${part(claims)}`
  return `${signed}.${base64url(await keys.sign(key, bytes(signed)))}`
}
