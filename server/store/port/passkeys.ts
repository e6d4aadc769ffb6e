// The store's contract for passkeys: registration, and how they are renamed and removed.

import type { GuestRow, SnoozeRow } from './guests.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

export type PasskeyRow = {
  /** The credential id, base64url. */
  credentialId: string
  anonymousId: string
  /** The COSE_Key, base64url. */
  publicKey: string
  signCount: number
  aaguid: string
  name: string
  /** As the browser named them, such as `internal` or `hybrid`. */
  transports: string[]
  backupEligible: boolean
  backedUp: boolean
  createdAt: number
  lastUsedAt: number | null
}

export type RegistrationOutcome =
  /**
   * `first`: it is the guest's only passkey. `kept`: the same write kept the guest, who had no row before. `revoked`:
   * the ids of the device keys, which are all removed with the first passkey. `codesLeft`: how many recovery codes from
   * before still work, if there are any.
   */
  | {
      outcome: 'added'
      first: boolean
      kept: boolean
      guestExpiresAt: number | null
      revoked: string[]
      codesLeft?: number
    }
  /** The same registration was done before; nothing is written. */
  | { outcome: 'repeated'; credentialId: string }
  /** `spent`: the challenge was used for something else. `credential_taken`: this credential is registered already. */
  | { outcome: 'spent' | 'credential_taken' | 'session_ended' | 'too_many_passkeys' }

export interface PasskeyReads {
  listPasskeys(key: { anonymousId: string }): Promise<PasskeyRow[]>
  /** A passkey together with its guest's user handle, label, collection and promotion date. */
  findPasskey(key: {
    credentialId: string
  }): Promise<(PasskeyRow & Pick<GuestRow, 'userHandle' | 'label' | 'collection' | 'promotedAt'>) | undefined>
}

export interface PasskeyWrites {
  /**
   * Adds a passkey, and keeps its guest if the guest has no row yet. The first passkey ends every session of the guest
   * and begins the session `to`. With any further passkey the session goes on.
   */
  registerPasskey(input: {
    guest: GuestRow
    passkey: PasskeyRow
    /** The snoozes in the sealed session, which ends with the first passkey. */
    snoozes?: SnoozeRow[]
    /** The session in which the passkey is added; undefined for a guest who begins with this passkey. */
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxPasskeys: number
    retained: RetainedBy
    /** Written once for each removed device key: see `endSessions`. */
    revocation?: Note
    /** Written once for each session that ends: see `endSessions`. */
    ending?: Note
    /** Written if a way in ends. */
    wayInEnded?: Note | undefined
    notes: { kept: Note[]; first: Note[]; further: Note[] }
  }): Promise<RegistrationOutcome>
  renamePasskey(input: { anonymousId: string; credentialId: string; name: string }): Promise<boolean>
  /** Removes a passkey. `last`: it is the guest's only one, and `force` is false. */
  removePasskey(input: {
    anonymousId: string
    credentialId: string
    force: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
}
