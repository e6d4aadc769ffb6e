// Sealed things: state that the browser carries for us, authenticated and dated, so that no row is needed.

import { mac, sameText } from './secrets.ts'

/** `payload` as text that only this deployment can have written: base64url JSON, a dot, HMAC-SHA-256. */
export function seal(key: Buffer, payload: object): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${text}.${mac(key, text)}`
}

/** The payload, or undefined where a single bit is not as it was sealed. */
export function unseal<T>(key: Buffer, sealed: string): T | undefined {
  const dot = sealed.indexOf('.')
  if (dot < 0) return undefined
  const text = sealed.slice(0, dot)
  // Compared as text: base64url has spare bits, so different texts can decode to the same bytes.
  if (!sameText(mac(key, text), sealed.slice(dot + 1))) return undefined
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as T
}

const REMEMBERED = 5000
const remembered = new WeakMap<Buffer, Map<string, unknown>>()

/** `unseal` for what is presented with every request: remembers what was authentic. Not to be changed. */
export function unsealOften<T>(key: Buffer, sealed: string): T | undefined {
  const payloads = remembered.get(key) ?? new Map<string, unknown>()
  const payload = payloads.get(sealed) ?? unseal(key, sealed)
  if (payload === undefined) return undefined
  if (payloads.size >= REMEMBERED) payloads.clear()
  remembered.set(key, payloads.set(sealed, payload))
  return payload as T
}
