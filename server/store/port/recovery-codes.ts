// Recovery codes as the store keeps them.

import type { GuestRow, GuestWrites } from './guests.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef } from './sessions.ts'
import type { Note } from './trail.ts'

export type ReplacedCodesOutcome =
  /** `kept`: the guest's row was written with them. */
  | { outcome: 'replaced'; kept: boolean; guestExpiresAt: number | null }
  /** `unproven`: there is a passkey to prove oneself by. */
  | { outcome: 'ended' | 'unproven' }

/** `none`: there were none. `last`: nothing else would bring the guest back. */
export type RemovedCodesOutcome = 'removed' | 'none' | 'last' | 'ended' | 'unproven'

export interface RecoveryCodeReads {
  /** Whose it is. */
  findRecoveryCode(key: {
    id: string
  }): Promise<Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'> | undefined>
  /** How many recovery codes are left, and when they were made. */
  countRecoveryCodes(key: { anonymousId: string }): Promise<{ left: number; createdAt: number | null }>
}

export interface RecoveryCodeWrites {
  /** Replaces all recovery codes of a guest by these, and keeps the guest where there is no row yet. */
  replaceRecoveryCodes(input: {
    anonymousId: string
    /** SHA-256 of the codes. */
    ids: string[]
    /** The session in which the guest asks for it, and whether a passkey was proven in it. */
    by: { session: SessionRef; isProven: boolean }
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<ReplacedCodesOutcome>
  /** Refuses (`last`) to remove what alone would bring the guest back, unless forced. */
  removeRecoveryCodes(input: {
    anonymousId: string
    by: { session: SessionRef; isProven: boolean }
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<RemovedCodesOutcome>
}
