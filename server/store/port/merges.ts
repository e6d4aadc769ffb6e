// Merges as the store keeps and does them.

import type { GuestRow } from './guests.ts'
import type { Retained } from './retention.ts'
import type { SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** One guest to be folded into another. */
export type MergeRow = {
  /** SHA-256 of the ticket. */
  id: string
  fromId: string
  intoId: string
  /** What is known of `from`, whose row there may be none of. */
  label: string
  collection: string
  /** How `from` could come back when it was offered, or last claimed; once merged, when that was done. */
  recoverability: string
  /** Whether `from` had nothing to prove itself by, or had done so lately. */
  confirmed: boolean
  /** Until when the passkey counts that was proven in the session of `from` before it was left; null: none was. */
  provenUntil: number | null
  /** When the session of `from` began, where its browser carries it; null where it does not. */
  carriedSince: number | null
  /** `pending`: decided, and to be done. */
  status: 'offered' | 'pending' | 'merged' | 'undone'
  /** Whoever does it has it until then. */
  claimedUntil: number
  /** Until when it can be accepted; once merged, until when that can be undone. */
  expiresAt: number
}

/** One that is to be written with a sign-in; `unlessKept`: where its guest has a row, it is only offered. */
export type NewMerge = MergeRow & { unlessKept?: boolean }

export type MergeOutcome =
  | 'merged'
  /** It was merged before. */
  | 'void'
  /** One of the two is gone, or nothing is to be merged any more. */
  | 'gone'
  /**
   * The guest was to be merged unasked and could come back meanwhile, or has its first passkey since the offer: that is
   * to be proven now.
   */
  | 'recoverable'
  /** A profile was changed meanwhile. */
  | 'stale'
  /** It was claimed by another one meanwhile. */
  | 'taken'

export interface MergeReads {
  findMerge(key: { id: string }): Promise<MergeRow | undefined>
  /** Those into this guest. */
  listMerges(key: { anonymousId: string }): Promise<MergeRow[]>
  /**
   * The guests whom a merge into this one is offered or decided of, and who are reached by nothing else: no session, and
   * no way back.
   */
  listStranded(key: { anonymousId: string; now: number }): Promise<string[]>
  /** Whether the guest was merged into another one, with this session if one is named, and that can be undone yet. */
  wasMerged(key: { anonymousId: string; sessionId?: string | undefined; now: number }): Promise<boolean>
  /** Merges that were decided and not done, because whoever was at it is gone. */
  listPendingMerges(key: { now: number; limit: number }): Promise<MergeRow[]>
}

export interface MergeWrites {
  /** Decides that an offered merge is to be done, and takes what was decided and nobody is at; false: neither. */
  claimMerge(input: {
    id: string
    now: number
    until: number
    expiresAt: number
    /** How the guest could come back, as whoever asks has found. */
    recoverability?: string
  }): Promise<boolean>
  /** Lets go of what was claimed, and of the decision. */
  releaseMerge(input: {
    id: string
    intoId: string
    /** As it was claimed: who has lost it meanwhile lets go of nothing. */
    claimedUntil: number
    expiresAt: number
    note: Note
  }): Promise<void>
  /** Folds `fromId` into `intoId`, whose profile becomes this one where there is one to be joined. */
  finishMerge(input: {
    id: string
    fromId: string
    intoId: string
    claimedUntil: number
    profile: { attributes: Record<string, unknown>; fromVersion: number; intoVersion: number } | undefined
    now: number
    undoUntil: number
    /** Until when the session that a browser carries of it might live. */
    endedUntil: number
    notes: Note[]
  }): Promise<MergeOutcome>
  /** Takes a merge back: `guest` is the row where there is none, `session` the one that a carried token lives in. */
  undoMerge(input: {
    id: string
    guest: GuestRow
    session: SessionRow | undefined
    retained: Retained
    now: number
    /** How long that can be asked again. */
    repeatUntil: number
    /** The session of the other one that this takes the place of: it ends then. */
    leaves: { anonymousId: string; id: string } | undefined
    notes: Note[]
  }): Promise<boolean>
}
