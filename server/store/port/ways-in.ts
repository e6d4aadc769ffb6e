// The store's contract for ways in: what an operator gives a guest who has lost everything. Each is good once.

import type { NewMerge } from './merges.ts'
import type { PasskeyRow } from './passkeys.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** A way in. Times are Unix seconds. */
export type WayInRow = {
  /** SHA-256 of the code. */
  id: string
  anonymousId: string
  /** The operator who opened it. */
  openedBy: string
  /** Whether another owner must approve it. */
  needsApproval: boolean
  /** The owner who did. */
  approvedBy: string | null
  createdAt: number
  /** From when on it lets the guest in. */
  opensAt: number
  expiresAt: number
}

/**
 * `operators_changed`: an operator was added, invited or removed, or got another role or a passkey, since then, as the
 * audit trail says.
 * `unknown`: the guest has no row, or was merged.
 */
export type OpenOutcome =
  | { outcome: 'opened'; wayIn: WayInRow }
  | { outcome: 'operators_changed' | 'unknown' | 'disabled' }

/**
 * `replaced`: the guest has another one than this. `own`: this operator has opened it. `done`: it is approved, or needs no
 * approval.
 */
export type ApproveOutcome = 'approved' | 'operators_changed' | 'none' | 'replaced' | 'own' | 'done'

export type EnterOutcome =
  | ({ outcome: 'entered'; restored: boolean; mergeable: boolean } & AboutGuest)
  /** The same passkey came in by it before: the session is that of the first time. */
  | { outcome: 'repeated' }
  /**
   * `refused`: there is no such way in any more. `waiting`: it does not let anybody in yet. `spent`: the challenge was used
   * for something else. `credential_taken`: this passkey is registered already.
   */
  | {
      outcome:
        | 'refused'
        | 'waiting'
        | 'merged'
        | 'disabled'
        | 'spent'
        | 'credential_taken'
        | 'too_many_passkeys'
    }

export interface WayInReads {
  /** The way in of this guest, or the one with this id, that has not expired. */
  findWayIn(
    key: { anonymousId: string; now: number } | { id: string; now: number },
  ): Promise<WayInRow | undefined>
  /** Those that have not expired, the one that opened or opens first at the front, at most `limit`. */
  listWaysIn(key: { now: number; limit: number }): Promise<WayInRow[]>
}

export interface WayInWrites {
  /**
   * Opens a way in, in place of any earlier one. It needs an approval if there is another owner with a passkey. No
   * operator changes between the look at them and the write.
   */
  openWayIn(input: {
    wayIn: Omit<WayInRow, 'needsApproval' | 'approvedBy'>
    /** Since when no operator may have changed. */
    since: number
    now: number
    /** Written if it replaces another one. */
    cancelled: Note
    notes: Note[]
  }): Promise<OpenOutcome>
  /** Approves the way in with this id. */
  approveWayIn(input: {
    id: string
    anonymousId: string
    by: string
    /** As in `openWayIn`. */
    since: number
    now: number
    notes: Note[]
  }): Promise<ApproveOutcome>
  /** Ends the way in of a guest. False if there is none. */
  cancelWayIn(input: { anonymousId: string; now: number; notes: Note[] }): Promise<boolean>
  /**
   * Lets a guest in by a way in, which is used up: adds the new passkey, ends all sessions, device keys and recovery codes
   * that the guest has, and begins the session `to`, which replaces `from` if that is given.
   */
  enterByWayIn(input: {
    id: string
    passkey: PasskeyRow
    spent: Spent
    from: SessionRef | undefined
    to: SessionRow
    maxPasskeys: number
    now: number
    retained: RetainedBy
    merge: NewMerge | undefined
    /** Written once for each removed device key: see `endSessions`. */
    revocation?: Note
    /** Written once for each session of the guest that ends: see `endSessions`. */
    ending?: Note
    /** Written for `from`, if this verb ends it. */
    left?: Note
    /** The event gets whether the passkey is the guest's `first`. */
    added: Note
    used: Note
    /** Written if the guest has recovery codes, which are all removed. */
    codesRemoved: Note
    /** Their events get the `guest` as the sign-in leaves it. */
    notes: Note[]
    /** Written if the guest had expired. Their events get the same `guest`. */
    restored: Note[]
  }): Promise<EnterOutcome>
}
