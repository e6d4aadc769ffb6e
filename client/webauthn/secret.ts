// Secrets that a passkey keeps: its pseudo-random function (WebAuthn Level 3, 10.1.4), told apart by a label.
import { GuestClientError } from '../lib/errors.ts'
import { bytes } from '../lib/jws.ts'

/** What `passkeys.secret` gives. */
export interface PasskeySecret {
  /** 32 bytes. */
  secret: Uint8Array<ArrayBuffer>
  /** Of the passkey that it is of: each has another one. */
  passkeyId: string
}

/** Has an authenticator run its function on what is always the same, so that one prompt will do for all labels. */
export const prfInput = { prf: { eval: { first: bytes('guestkey secret') } } }

/**
 * Derives the secret of a label from what the function gave (RFC 5869: no salt, the label as `info`). Rejects with
 * `no_secret` where it gave nothing.
 */
export async function deriveSecret(results: object, label: string): Promise<PasskeySecret['secret']> {
  const first = (results as { prf?: { results?: { first?: BufferSource } } }).prf?.results?.first
  if (!first) throw new GuestClientError('no_secret')
  const { subtle } = crypto
  const key = await subtle.importKey('raw', first, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes(label) }
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 256))
}
