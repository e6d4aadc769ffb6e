// Sealed things: state that the browser carries for us, authenticated and dated, so that no row is needed.

import { type Keys, mac, sameText } from './secrets.ts'

/** `payload` as text that only this deployment can have written: base64url JSON, a dot, HMAC-SHA-256. */
export function seal(key: Buffer, payload: object): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${text}.${mac(key, text)}`
}

/**
 * The payload, and the keys that it was sealed with: those of now, or of an earlier secret that still counts.
 * Undefined where a single bit is not as it was sealed.
 */
export function unseal<T>(
  keyring: readonly Keys[],
  purpose: keyof Keys,
  sealed: string,
): { payload: T; keys: Keys } | undefined {
  const dot = sealed.indexOf('.')
  if (dot < 0) return undefined
  const text = sealed.slice(0, dot)
  // Compared as text: base64url has spare bits, so different texts can decode to the same bytes.
  const keys = keyring.find((one) => sameText(mac(one[purpose], text), sealed.slice(dot + 1)))
  return keys && { payload: JSON.parse(Buffer.from(text, 'base64url').toString()) as T, keys }
}

const MAX_CACHED_PAYLOADS = 5000
const payloadCache = new WeakMap<readonly Keys[], Map<string, unknown>>()

/** The payload of a sealed session, which comes with every request: remembers what was authentic. */
export function unsealSession<T>(keyring: readonly Keys[], sealed: string): Readonly<T> | undefined {
  const payloads = payloadCache.get(keyring) ?? new Map<string, unknown>()
  const payload = payloads.get(sealed) ?? unseal(keyring, 'session', sealed)?.payload
  if (payload === undefined) return undefined
  if (payloads.size >= MAX_CACHED_PAYLOADS) payloads.clear()
  payloadCache.set(keyring, payloads.set(sealed, payload))
  return payload as T
}
