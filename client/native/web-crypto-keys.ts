// Keys of WebCrypto that are kept in the store of the app. Whoever can read that store has the private key.
import type { AppKey, Keys } from '../platform/platform.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }

/** The keys of an app that has none of its own. The handle is the private half (`d` of RFC 7518, 6.2.2). */
export const webCryptoKeys: Keys<AppKey> = {
  async create() {
    const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const { crv, kty, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
    return { jwk: { crv: crv!, kty: kty!, x: x!, y: y! }, handle: d! }
  },
  publicJwk: ({ jwk }) => jwk,
  async sign({ jwk, handle: d }, data) {
    const key = await crypto.subtle.importKey('jwk', { ...jwk, d }, algorithm, false, ['sign'])
    return crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data)
  },
}
