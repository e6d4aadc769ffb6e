// The store's contract for recovery codes: found, counted, replaced, confirmed and removed.

import type { GuestRow, GuestWrites } from './guests.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef } from './sessions.ts'
import type { Note } from './trail.ts'

export type ReplacedCodesOutcome =
  /** `kept`: the same write kept the guest, who had no row before. */
  | { outcome: 'replaced'; kept: boolean; guestExpiresAt: number | null }
  /**
   * `ended`: the session has ended, or the guest has no row and `keep` is undefined. `unproven`: the guest has a
   * passkey, and `isProven` is false.
   */
  | { outcome: 'ended' | 'unproven' }

/** `none`: the guest has no codes. `ended`: the session has ended. `left` and `createdAt` as they are counted. */
export type ConfirmedCodesOutcome =
  | { outcome: 'confirmed'; left: number; createdAt: number | null }
  | { outcome: 'none' }
  | { outcome: 'ended' }

/**
 * `none`: the guest has no codes. `last`: the guest has no other way back, and `force` is false. `ended`: the session
 * has ended. `unproven`: the guest has a passkey, and `isProven` is false.
 */
export type RemovedCodesOutcome = 'removed' | 'none' | 'last' | 'ended' | 'unproven'

export interface RecoveryCodeReads {
  /** The guest whose code this is. `id`: SHA-256 of the code. */
  findRecoveryCode(key: {
    id: string
  }): Promise<Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'> | undefined>
  /**
   * How many recovery codes are left, when they were made (null: none are left), and whether they are confirmed, so that
   * they count as a way back.
   */
  countRecoveryCodes(key: {
    anonymousId: string
  }): Promise<{ left: number; createdAt: number | null; confirmed: boolean }>
}

export interface RecoveryCodeWrites {
  /** Replaces all recovery codes of a guest by unconfirmed ones, and keeps the guest if the guest has no row yet. */
  replaceRecoveryCodes(input: {
    anonymousId: string
    /** SHA-256 of each new code. */
    ids: string[]
    /** The session in which the guest asks, and whether a passkey was proven in it. */
    by: { session: SessionRef; isProven: boolean }
    /** What to write if the guest has no row yet; undefined: such a guest is refused. */
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<ReplacedCodesOutcome>
  /** Confirms the recovery codes of a guest. The notes are written unless they were confirmed before. */
  confirmRecoveryCodes(input: {
    anonymousId: string
    session: SessionRef
    now: number
    retained: RetainedBy
    /** The events get how many codes are `left`. */
    notes: Note[]
  }): Promise<ConfirmedCodesOutcome>
  /** Removes all recovery codes of a guest. */
  removeRecoveryCodes(input: {
    anonymousId: string
    by: { session: SessionRef; isProven: boolean }
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<RemovedCodesOutcome>
}
