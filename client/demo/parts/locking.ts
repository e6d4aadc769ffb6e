/** Notes that only a passkey reads: AES-GCM with a key that follows from the passkey and never leaves the browser. */
import type { GuestClient } from '../../index.ts'
import { Refused } from '../shell/dom.ts'

/** What the host keeps of a locked note: what only the passkey opens, and which passkey that is. */
export interface Locked {
  /** The nonce and the ciphertext, base64url. */
  text: string
  passkey_id: string
}

/** For our notes alone: another label gives another key of the same passkey. */
const LABEL = 'jotter notes'
/** As AES-GCM has it (NIST SP 800-38D, 5.2.1.1). */
const NONCE_BYTES = 12

/** Whether this browser can have secrets from passkeys; whether a passkey has any, only the passkey says. */
export async function canLock(): Promise<boolean> {
  const capabilities = await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => undefined)
  return (capabilities as Record<string, boolean> | undefined)?.['extension:prf'] === true
}

/** The keys that were asked for since the page was opened, or since `forget`. */
export function lockingPart(guests: GuestClient) {
  const keys = new Map<string, CryptoKey>()

  /** Asks for the passkey; which one it is, the guest decides. */
  async function askForKey(): Promise<string> {
    const { secret, passkeyId } = await guests.passkeys.secret(LABEL)
    const raw = new Uint8Array(secret)
    keys.set(passkeyId, await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']))
    secret.fill(0)
    raw.fill(0)
    return passkeyId
  }

  /** Locks with a passkey that was asked for already, or asks for one. */
  async function lock(text: string): Promise<Locked> {
    const passkey_id = [...keys.keys()].at(-1) ?? (await askForKey())
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
    const plain = new TextEncoder().encode(text)
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, keys.get(passkey_id)!, plain),
    )
    return { text: toBase64url(new Uint8Array([...iv, ...sealed])), passkey_id }
  }

  /** Makes the notes of this passkey readable. Throws Refused where another one was used. */
  async function unlock({ passkey_id }: Locked): Promise<void> {
    if (keys.has(passkey_id)) return
    const given = await askForKey()
    if (given !== passkey_id)
      throw new Refused('That passkey does not open this note: it was locked with another one.')
  }

  /** The text of a note that is unlocked, or undefined. Throws Refused where it is not what was locked. */
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
