// Locked notes: AES-GCM, with a key that a passkey gives and that never leaves the browser.
import type { GuestClient } from '../index.ts'

/** What the host stores of a locked note: its nonce and ciphertext as base64url, and which passkey opens it. */
export interface Locked {
  text: string
  passkey_id: string
}

/** The usual nonce of AES-GCM has 12 bytes (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12
/** The keys of the passkeys that were used since the page was opened. */
export const keys = new Map<string, CryptoKey>()

/** Whether this browser can get secrets from passkeys. Whether a passkey has any shows only when it is asked. */
export async function canLock(): Promise<boolean> {
  const can = await globalThis.PublicKeyCredential?.getClientCapabilities?.()
  return (can as Record<string, boolean> | undefined)?.['extension:prf'] === true
}

/** Asks for a passkey, of which the guest decides which one it is. Resolves to its ID. */
export async function askForKey(guests: GuestClient): Promise<string> {
  const { secret, passkey_id } = await guests.passkeys.secret('jotter notes')
  keys.set(passkey_id, await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']))
  return passkey_id
}

/** Locks with the passkey that was used last, or asks for one. */
export async function lock(guests: GuestClient, text: string): Promise<Locked> {
  const passkey_id = [...keys.keys()].at(-1) ?? (await askForKey(guests))
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const plain = new TextEncoder().encode(text)
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keys.get(passkey_id)!, plain)
  const base64 = btoa(String.fromCharCode(...iv, ...new Uint8Array(sealed)))
  return { text: base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), passkey_id }
}

/** The text of a note; undefined while it is locked, or if it was changed on its way. */
export async function read({ text, passkey_id }: Locked): Promise<string | undefined> {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/')
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
  const [algorithm, key] = [{ name: 'AES-GCM', iv: bytes.slice(0, NONCE_BYTES) }, keys.get(passkey_id)]
  const plain =
    key && (await crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE_BYTES)).catch(() => undefined))
  return plain && new TextDecoder().decode(plain)
}
