// Sealed texts: state that the browser carries for us, so that we need no row. Anybody can read one; only we make them.

import { createCache } from './cache.ts'
import { type Keys, mac, sameText } from './secrets.ts'

/** `payload` as text that only this deployment can make: base64url JSON, a dot, HMAC-SHA-256. */
export function seal(key: Buffer, payload: object): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${text}.${mac(key, text)}`
}

const BASE64URL = /^[\w-]+$/

/**
 * The payload, and the keys that sealed it: the current ones, or those of an earlier secret that is still accepted.
 * Undefined if we did not seal the text, or if somebody changed it.
 */
export function unseal<T>(
  keyring: readonly Keys[],
  purpose: keyof Keys,
  sealed: string,
): { payload: T; keys: Keys } | undefined {
  const [text = '', ...tag] = sealed.split('.')
  // Some keys also make MACs of other texts, which anybody may see (as in `isWhom`). Those texts have spaces.
  if (!BASE64URL.test(text)) return undefined
  // Compared as text: base64url has spare bits, so different texts can decode to the same bytes.
  const keys = keyring.find((one) => sameText(mac(one[purpose], text), tag.join('.')))
  return keys && { payload: JSON.parse(Buffer.from(text, 'base64url').toString()) as T, keys }
}

const payloads = createCache<readonly Keys[], unknown>()

/** The payload of a sealed session. Remembers verified payloads, because every request brings one. */
export function unsealSession<T>(keyring: readonly Keys[], sealed: string): Readonly<T> | undefined {
  const known = payloads.get(keyring, sealed)
  if (known !== undefined) return known as T
  const payload = unseal<T>(keyring, 'session', sealed)?.payload
  if (payload !== undefined) payloads.set(keyring, sealed, payload)
  return payload
}
