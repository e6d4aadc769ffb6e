// Secrets from a passkey: its pseudo-random function (WebAuthn Level 3, 10.1.4) gives one output, from which each
// label derives a secret of its own.
import { GuestClientError } from '../lib/errors.ts'
import { bytes } from '../lib/jws.ts'
import type { OldPasskeySecret } from '../lib/old-names.ts'

/** What `passkeys.secret` resolves to. */
export interface PasskeySecret extends OldPasskeySecret {
  /** 32 bytes. */
  secret: ReturnType<Uint8ArrayConstructor['of']>
  /** The ID of the passkey that gave it: another passkey gives another secret. */
  passkey_id: string
}

/**
 * Derives the secret of a label from the output of the function (HKDF, RFC 5869: no salt, the label as `info`).
 * Rejects with `no_secret` if the authenticator gave no output.
 */
export async function deriveSecret(results: object, label: string): Promise<PasskeySecret['secret']> {
  const first = (results as { prf?: { results?: { first?: BufferSource } } }).prf?.results?.first
  if (!first) throw new GuestClientError('no_secret')
  const { subtle } = crypto
  const key = await subtle.importKey('raw', first, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytes(label) }
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 256))
}
