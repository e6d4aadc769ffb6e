// Encrypted texts (JWE, RFC 7516): like sealed ones (seal.ts), but nobody else can read them.

import type { Context } from '../../context.ts'
import { jose } from './jose.ts'
import type { Keys } from './secrets.ts'

type KeyPurpose = keyof Keys

/** `payload` as text that only this deployment can make and read. */
export async function encrypt({ keys }: Context, purpose: KeyPurpose, payload: object): Promise<string> {
  const { CompactEncrypt } = await jose()
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(keys[purpose])
}

/** The payload; undefined if this deployment did not encrypt the text for this purpose. */
export async function decrypt<T>(
  { keyring }: Context,
  purpose: KeyPurpose,
  text: string,
): Promise<T | undefined> {
  const { compactDecrypt, errors } = await jose()
  for (const keys of keyring) {
    try {
      const { plaintext } = await compactDecrypt(text, keys[purpose], {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      })
      return JSON.parse(new TextDecoder().decode(plaintext)) as T
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
    }
  }
  return undefined
}
