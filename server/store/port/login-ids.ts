// The store's contract for login IDs and the codes that prove them; promotion and demotion.

import type { LoginIdType } from '../../types.ts'
import type { GuestRow, GuestWrites } from './guests.ts'
import type { MergeRow } from './merges.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** What a regular user can sign in with beside a passkey: an e-mail address, a phone number or a provider's subject. */
export type LoginIdRow = {
  type: LoginIdType
  /** In the form in which login IDs are compared: see normalLoginId. */
  value: string
  anonymousId: string
  verifiedAt: number
  primary: boolean
}

/** A code that was sent. `id`: its transaction. `code`: the MAC of the code. `triesLeft`: attempts left. */
export type CodeRow = { id: string; code: string; triesLeft: number; expiresAt: number }

/** At most `most` uses of `id`, from the first use until `until` (Unix seconds). */
export type CodeLimit = { id: string; most: number; until: number }

/** `dead_code`: the code is unknown, used or expired, or has no attempts left. */
export type CodeOutcome = 'wrong_code' | 'dead_code'

/** What proves a login ID, once: a code that was sent, or (`spent`) an authorization code of a provider. */
export type LoginProof = { id: string; code: string } | { spent: Spent }

/** The authorization code was used before. `sessionId`: the session that it led to, or null. */
export type UsedOutcome = { outcome: 'used'; sessionId: string | null }

export type PromoteOutcome =
  /**
   * `kept`: the same write kept the guest, who had no row before. `first`: it is the guest's first login ID. `revoked`:
   * the ids of the device keys, which are all removed with the first login ID. `codesLeft`: how many recovery codes
   * from before still work, if there are any.
   */
  | { outcome: 'promoted'; kept: boolean; first: boolean; revoked: string[]; codesLeft?: number }
  /** The guest has this login ID already. */
  | { outcome: 'known' }
  /** Another guest, `by`, has this login ID. */
  | { outcome: 'taken'; by: GuestRow }
  /**
   * `ended`: the session has ended, the guest was merged, or the guest has no row and `keep` is undefined. `unproven`:
   * the guest has a passkey, and `isProven` is false. `too_many`: the guest has `maxLoginIds` login IDs already.
   */
  | { outcome: CodeOutcome | 'ended' | 'disabled' | 'unproven' | 'too_many' }
  | UsedOutcome

export interface LoginIdReads {
  /** Whether this was used up by `spendOnce`, and has not been cleaned up since. */
  isSpent(key: { id: string }): Promise<boolean>
  findLoginId(key: { type: string; value: string }): Promise<LoginIdRow | undefined>
  /** The guest's login IDs, the primary one first. */
  listLoginIds(key: { anonymousId: string }): Promise<LoginIdRow[]>
  /**
   * Whether this is the code that was sent and it is still valid. Neither uses up the code nor counts as an attempt.
   */
  isRightCode(key: { id: string; code: string; now: number }): Promise<boolean>
  /** The result of what was used up by `spendOnce`, until it expires; undefined if it was not, or has none. */
  findSpent(key: { id: string; now: number }): Promise<string | undefined>
}

export interface LoginIdWrites {
  /**
   * Writes a code and counts it against `limits`. If a limit is reached, it writes nothing: `retryAt` says when to
   * retry.
   */
  addCode(input: {
    code: CodeRow
    limits: CodeLimit[]
    now: number
  }): Promise<{ retryAt: number } | undefined>
  /** Uses up the right code. A wrong code costs one attempt. */
  spendCode(input: { id: string; code: string; now: number }): Promise<'right' | CodeOutcome>
  /**
   * Uses up what is good once, and carries all else itself. False if it was used before. `result`: what `findSpent` finds
   * until it expires; default: nothing.
   */
  spendOnce(input: Spent & { result?: string | undefined }): Promise<boolean>
  /**
   * Gives a guest a verified login ID, and uses up `proof`. The first login ID makes the guest a regular user, ends
   * every session of the guest and begins the session `to`. If another guest has the login ID, `offer` is written: the
   * offer of a merge into that guest.
   */
  promote(input: {
    anonymousId: string
    loginId: LoginIdRow
    /** Undefined if the host verified the login ID itself. */
    proof: LoginProof | undefined
    /** If false, a guest who has a passkey is refused. Default: true. */
    isProven?: boolean
    /** What to write if the guest has no row yet; undefined: such a guest is refused. */
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    /** The session in which the guest asks; undefined: the host asks. */
    from: SessionRef | undefined
    to: SessionRow | undefined
    offer: Omit<MergeRow, 'intoId'> | undefined
    maxLoginIds: number
    now: number
    /** Written once for each removed device key: see `endSessions`. */
    revocation?: Note
    /** Written once for each session that ends: see `endSessions`. */
    ending?: Note
    /** Written if a way in ends. */
    wayInEnded?: Note | undefined
    notes: Record<'first' | 'further', Note[]>
  }): Promise<PromoteOutcome>
  /**
   * Removes a login ID. Without any, the regular user is a guest again. `last`: it is the last login ID, the user has
   * no other way back, and `force` is false.
   */
  removeLoginId(input: {
    anonymousId: string
    type: string
    value: string
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
  /** False if the guest does not have this login ID. */
  setPrimaryLoginId(input: { anonymousId: string; type: string; value: string }): Promise<boolean>
  /** Makes a regular user a guest again: deletes all login IDs and the profile. False if the guest has no login ID. */
  demote(input: { anonymousId: string; now: number; retained: RetainedBy; notes: Note[] }): Promise<boolean>
}
