// Passkeys as the store keeps them; registration and sign-in.

import type { GuestRow, SnoozeRow } from './guests.ts'
import type { NewMerge } from './merges.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, RevocableKey, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

export type PasskeyRow = {
  /** base64url */
  credentialId: string
  anonymousId: string
  /** COSE_Key, base64url */
  publicKey: string
  signCount: number
  aaguid: string
  name: string
  /** As the browser named them, e.g. `internal`, `hybrid`. */
  transports: string[]
  backupEligible: boolean
  backedUp: boolean
  createdAt: number
  lastUsedAt: number | null
}

export type RegistrationOutcome =
  /**
   * `revoked`: the device keys, which all go with the first passkey. `codesLeft`: how many
   * recovery codes from before are still good, if there are any.
   */
  | {
      outcome: 'added'
      first: boolean
      kept: boolean
      guestExpiresAt: number | null
      revoked: string[]
      codesLeft?: number
    }
  | { outcome: 'repeated'; credentialId: string }
  | { outcome: 'spent' | 'credential_taken' | 'session_ended' | 'too_many_passkeys' }

export type PasskeySignInOutcome =
  /** `restored`: the guest had expired already; `mergeable`: the merge was written down. */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean } & AboutGuest)
  | { outcome: 'spent' | 'unknown_credential' | 'counter_regressed' | 'too_many_sessions' | 'merged' }

export interface PasskeyReads {
  listPasskeys(key: { anonymousId: string }): Promise<PasskeyRow[]>
  /** With what is known of its guest. */
  findPasskey(key: {
    credentialId: string
  }): Promise<(PasskeyRow & Pick<GuestRow, 'userHandle' | 'label' | 'collection' | 'promotedAt'>) | undefined>
}

export interface PasskeyWrites {
  /**
   * Adds a passkey and keeps its guest where there is no row yet. The first passkey ends every session of the
   * guest and begins the session `to`; with a further one the session goes on.
   */
  registerPasskey(input: {
    guest: GuestRow
    passkey: PasskeyRow
    /** What the session remembers: with the first passkey it ends. */
    snoozes?: SnoozeRow[]
    /** The session that the passkey is added in; undefined for a guest who begins with this passkey. */
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxPasskeys: number
    retained: RetainedBy
    keys?: RevocableKey[]
    notes: { kept: Note[]; first: Note[]; further: Note[] }
  }): Promise<RegistrationOutcome>
  /** Records a verified assertion and replaces the session, if there was one, by a new one. */
  signInByPasskey(input: {
    credentialId: string
    signCount: number
    backedUp: boolean
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxSessions: number
    now: number
    retained: RetainedBy
    notes: Note[]
    restored: Note[]
    /** Where another guest was there, whom this one may be joined by if it is this step that ends `from`. */
    merge: NewMerge | undefined
  }): Promise<PasskeySignInOutcome>
  renamePasskey(input: { anonymousId: string; credentialId: string; name: string }): Promise<boolean>
  /** Refuses (`last`) to remove the only passkey unless forced. */
  removePasskey(input: {
    anonymousId: string
    credentialId: string
    force: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
}
