// Login IDs and codes as the store keeps them; promotion and sign-in by a code.

import type { GuestRow, GuestWrites } from './guests.ts'
import type { MergeRow, NewMerge } from './merges.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, RevocableKey, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** What a regular user signs in with, beside passkeys: an e-mail address, a phone number, a provider's subject. */
export type LoginIdRow = {
  type: string
  /** As it is compared: see normalLoginId. */
  value: string
  anonymousId: string
  verifiedAt: number
  primary: boolean
}

/** A code that was sent: by the id of its transaction, as a MAC. */
export type CodeRow = { id: string; code: string; triesLeft: number; expiresAt: number }

/** What may be done so often until then. */
export type CodeLimit = { id: string; most: number; until: number }

export type CodeOutcome = 'wrong_code' | 'dead_code'

/** What proves a login ID and is used up: a code that was sent, or an authorization code, by what is spent of it. */
export type LoginProof = { id: string; code: string } | { spent: Spent }

/** The authorization code was used before: what it had led to is the session of this id. */
export type UsedOutcome = { outcome: 'used'; sessionId: string | null }

export type PromoteOutcome =
  /**
   * `revoked`: the device keys, which all go with the first login ID. `codesLeft`: how many
   * recovery codes from before are still good, if there are any.
   */
  | { outcome: 'promoted'; kept: boolean; first: boolean; revoked: string[]; codesLeft?: number }
  /** The guest has it already. */
  | { outcome: 'known' }
  | { outcome: 'taken'; by: GuestRow }
  | { outcome: CodeOutcome | 'ended' | 'too_many' }
  | UsedOutcome

export type CodeSignInOutcome =
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean } & AboutGuest)
  | { outcome: CodeOutcome | 'unknown' | 'too_many_sessions' | 'merged' }
  | UsedOutcome

export interface LoginIdReads {
  findLoginId(key: { type: string; value: string }): Promise<LoginIdRow | undefined>
  /** The primary one first. */
  listLoginIds(key: { anonymousId: string }): Promise<LoginIdRow[]>
  /** Whether this is the code that was sent, and good; uses it up no more than it counts as a try. */
  isRightCode(given: { id: string; code: string; now: number }): Promise<boolean>
}

export interface LoginIdWrites {
  /** Writes a code, unless one of the limits is reached: then it is told when that is over. */
  addCode(input: {
    code: CodeRow
    limits: CodeLimit[]
    now: number
  }): Promise<{ retryAt: number } | undefined>
  /** Uses up a code. */
  spendCode(input: { id: string; code: string; now: number }): Promise<'right' | CodeOutcome>
  /**
   * Gives a guest a login ID that was verified, by a code where there is one, which is spent. The first one ends every
   * session of the guest and begins the session `to`. `offer` is written where it is another guest's.
   */
  promote(input: {
    anonymousId: string
    loginId: LoginIdRow
    /** None where it was the host who checked. */
    proof: LoginProof | undefined
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    from: SessionRef | undefined
    to: SessionRow | undefined
    offer: Omit<MergeRow, 'intoId'> | undefined
    maxLoginIds: number
    now: number
    keys?: RevocableKey[]
    notes: Record<'first' | 'further', Note[]>
  }): Promise<PromoteOutcome>
  /** Signs in whoever has this login ID, by a code, which is spent. */
  signInByCode(input: {
    type: string
    value: string
    proof: LoginProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    merge: NewMerge | undefined
    notes: Note[]
    restored: Note[]
  }): Promise<CodeSignInOutcome>
  /** Refuses (`last`) to remove the last way in unless forced; without a login ID the user is a guest again. */
  removeLoginId(input: {
    anonymousId: string
    type: string
    value: string
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
  setPrimaryLoginId(input: { anonymousId: string; type: string; value: string }): Promise<boolean>
  /** Makes a regular user a guest again: no login ID, no profile. True where it was one. */
  demote(input: { anonymousId: string; now: number; retained: RetainedBy; notes: Note[] }): Promise<boolean>
}
