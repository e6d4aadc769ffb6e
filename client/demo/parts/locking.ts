// Locked notes: AES-GCM with a key that is derived from a passkey and never leaves the browser.
import type { GuestClient } from '../../index.ts'
import { Refused } from '../shell/dom.ts'

/** What the host stores of a locked note: the ciphertext, and the ID of the one passkey that opens it. */
export interface Locked {
  /** The nonce and the ciphertext, base64url. */
  text: string
  passkey_id: string
}

/** The label for notes: with another label, the same passkey gives another key. */
const LABEL = 'jotter notes'
/** The usual nonce of AES-GCM has 12 bytes (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12

/** Whether this browser can get secrets from passkeys. Whether a passkey has any shows only when it is asked. */
export async function canLock(): Promise<boolean> {
  const capabilities = await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => undefined)
  return (capabilities as Record<string, boolean> | undefined)?.['extension:prf'] === true
}

/**
 * Locks and unlocks notes, with the keys that the guest has unlocked since the page was opened or `forget` was
 * called.
 */
export function lockingPart(guests: GuestClient) {
  const keys = new Map<string, CryptoKey>()

  /** Asks for a passkey; the guest decides which one. Resolves to its ID. */
  async function askForKey(): Promise<string> {
    const { secret, passkey_id } = await guests.passkeys.secret(LABEL)
    const raw = new Uint8Array(secret)
    keys.set(passkey_id, await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']))
    secret.fill(0)
    raw.fill(0)
    return passkey_id
  }

  /** Locks with a passkey that was used already, or asks for one. */
  async function lock(text: string): Promise<Locked> {
    const passkey_id = [...keys.keys()].at(-1) ?? (await askForKey())
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const plain = new TextEncoder().encode(text)
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keys.get(passkey_id)!, plain),
    )
    return { text: toBase64url(new Uint8Array([...iv, ...sealed])), passkey_id }
  }

  /** Makes the notes of this passkey readable. Throws Refused if the guest used another passkey. */
  async function unlock({ passkey_id }: Locked): Promise<void> {
    if (keys.has(passkey_id)) return
    const given = await askForKey()
    if (given !== passkey_id)
      throw new Refused('That passkey does not open this note: it was locked with another one.')
  }

  /**
   * The text of a note; undefined if it is still locked. Throws Refused if the note was changed since it was locked.
   */
  async function read({ text, passkey_id }: Locked): Promise<string | undefined> {
    const key = keys.get(passkey_id)
    if (!key) return undefined
    const bytes = fromBase64url(text)
    const iv = bytes.slice(0, NONCE_BYTES)
    try {
      const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(NONCE_BYTES))
      return new TextDecoder().decode(plain)
    } catch {
      throw new Refused('This note was changed on its way: it cannot be opened any more.')
    }
  }

  return { lock, unlock, read, forget: () => keys.clear(), isUnlocked: (id: string) => keys.has(id) }
}

const toBase64url = (bytes: Uint8Array) =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const fromBase64url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))
