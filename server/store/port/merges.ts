// The store's contract for merges: one guest is merged into another one.

import type { GuestRow } from './guests.ts'
import type { Retained } from './retention.ts'
import type { SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** A merge of the guest `fromId` into the guest `intoId`. Times are Unix seconds. */
export type MergeRow = {
  /** SHA-256 of the merge's ticket. */
  id: string
  fromId: string
  intoId: string
  /** Label and collection of the guest `fromId`, who may have no row. */
  label: string
  collection: string
  /**
   * How the guest `fromId` could come back, as it was last read: at the offer, at a claim, or at the merge.
   */
  recoverability: string
  /** Whether the guest `fromId` had no passkey to prove, or had recently proven one. */
  confirmed: boolean
  /** Until when a passkey that was proven in the session of `fromId` counts for an offer; null: none was proven. */
  provenUntil: number | null
  /** When the session of `fromId` began, if its browser still carries it as a sealed one; otherwise null. */
  carriedSince: number | null
  /** `pending`: decided, but not done yet. */
  status: 'offered' | 'pending' | 'merged' | 'undone'
  /** Until when the process that does the merge holds it, by the clock of claims. */
  claimedUntil: number
  /** Until when the merge can be accepted or done; after the merge, until when it can be undone. */
  expiresAt: number
}

/** A merge that is written with a sign-in. `offerIfKept`: it is only offered if the guest `fromId` has a row. */
export type NewMerge = MergeRow & { offerIfKept?: boolean }

export type MergeOutcome =
  | 'merged'
  /** The merge was done before. */
  | 'void'
  /**
   * One of the guests is gone or was merged, the guest `fromId` is a regular user, or the merge is no longer `pending`.
   */
  | 'gone'
  /** One of the guests is disabled. */
  | 'disabled'
  /**
   * Since the offer, the guest `fromId` got a first way back (it must accept the merge), or a first passkey (it must
   * prove it).
   */
  | 'recoverable'
  /** A profile changed since the caller read it. */
  | 'stale'
  /** Another process has claimed the merge since. */
  | 'taken'

export type UndoOutcome = 'undone' | 'gone' | 'disabled'

export interface MergeReads {
  findMerge(key: { id: string }): Promise<MergeRow | undefined>
  /** The merges into this guest. */
  listMerges(key: { anonymousId: string }): Promise<MergeRow[]>
  /** The merges of this guest into others. */
  listMergesOf(key: { anonymousId: string }): Promise<MergeRow[]>
  /**
   * The ids of the stranded guests: only a merge into this guest that is pending or was refused still reaches them. They
   * are no regular users and have no live session and no way back.
   */
  listStranded(key: { anonymousId: string; now: number }): Promise<string[]>
  /**
   * Whether the guest was merged into another one and that can still be undone. With `sessionId`: whether that merge
   * ended this stored session, which an undo brings back.
   */
  wasMerged(key: { anonymousId: string; sessionId?: string | undefined; now: number }): Promise<boolean>
  /** Merges that were decided but not done, and that no process holds any more. */
  listPendingMerges(key: { now: number; limit: number }): Promise<MergeRow[]>
}

export interface MergeWrites {
  /**
   * Claims a merge until `until`: an offered one becomes `pending` and expires at `expiresAt`; a pending one must be free
   * and keeps its expiry. False if it cannot be claimed, also if it is offered and its passkey proof no longer counts at
   * `provenAt` (default `now`). `now` and `until` are of the clock of claims.
   */
  claimMerge(input: {
    id: string
    now: number
    until: number
    provenAt?: number
    expiresAt: number
    /** How the guest `fromId` could come back, as the caller just read it. */
    recoverability?: string
  }): Promise<boolean>
  /** Gives up a claimed merge: it is an offer again, until when it was offered. `note` is written only the first time. */
  releaseMerge(input: {
    id: string
    /** As it was claimed. If another process has claimed the merge since, nothing changes. */
    claimedUntil: number
    note: Note
  }): Promise<void>
  /**
   * Does a claimed merge: merges `fromId` into `intoId`. `profile`: the joined profile, undefined if `intoId` keeps its
   * own.
   */
  finishMerge(input: {
    id: string
    fromId: string
    intoId: string
    claimedUntil: number
    profile: { attributes: Record<string, unknown>; fromVersion: number; intoVersion: number } | undefined
    now: number
    undoUntil: number
    /** Until when a browser could carry a sealed session of `fromId`. */
    endedUntil: number
    /** Written once for each session of `fromId`: see `endSessions`. */
    ending?: Note
    notes: Note[]
  }): Promise<MergeOutcome>
  /**
   * Undoes a merge. `gone`: it was not done, or its time is over. `disabled`: one of the guests is disabled. `guest`: the
   * row to write if the guest has none. `session`: the row in which a sealed session that a browser still carries goes on.
   */
  undoMerge(input: {
    id: string
    guest: GuestRow
    session: SessionRow | undefined
    retained: Retained
    now: number
    /** Until when the caller can repeat the undo if its answer was lost. */
    repeatUntil: number
    /** The session of the other guest that `session` replaces: it ends at `repeatUntil`. */
    leaves: { anonymousId: string; id: string } | undefined
    notes: Note[]
  }): Promise<UndoOutcome>
}
