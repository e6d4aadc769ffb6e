// The store's contract for guests: their rows, profiles and snoozed prompts; to keep, rename and erase them.

import type { Recoverability } from '../../types.ts'
import type { Retained, Stage } from './retention.ts'
import type { SessionRef, SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** The row of a kept guest. A guest who was not kept has none. Times are Unix seconds. */
export type GuestRow = {
  anonymousId: string
  /** WebAuthn user handle: 64 bytes, base64url, the same for all passkeys of the guest. */
  userHandle: string
  /**
   * The readable name. If the host kept the guest by id alone, label and collection are empty until the guest is first
   * seen.
   */
  label: string
  collection: string
  createdAt: number
  lastSeenAt: number
  /** On how many days (UTC) the guest was seen. */
  daysSeen: number
  /** When the guest is forgotten, unless seen before then; null: never. */
  expiresAt: number | null
  stage: Stage
  /** Since when the guest is a regular user; null: the guest is no regular user. */
  promotedAt: number | null
}

export type ProfileRow = {
  anonymousId: string
  /** Grows by 1 with every change; 0: the guest has no profile yet. */
  version: number
  attributes: Record<string, unknown>
  updatedAt: number
}

/** A prompt that the guest answered with "later", how often, and until when it stays away. */
export type SnoozeRow = { prompt: string; times: number; snoozedUntil: number }

/**
 * A guest to erase. `endedUntil`: until when the store must remember that the guest's sealed session has ended; null:
 * no copy of one can be alive.
 */
export type Erasure = { anonymousId: string; endedUntil: number | null; notes: Note[] }

/**
 * `unknown`: the guest had no row; the end of its sealed session is remembered all the same. `ended`: the session that
 * asks has ended. `unproven`: the guest has a passkey, and `isProven` is false. `stale`: `alongside` does not name
 * exactly the guests who are stranded now: those whom only a merge into this guest still reaches (`listStranded`). The
 * caller must list them again.
 */
export type EraseOutcome = 'erased' | 'unknown' | 'ended' | 'unproven' | 'stale'

/** `known`: the guest has a row already. `ended`: the guest's sealed session has ended. */
export type KeepOutcome = 'kept' | 'known' | 'ended'

export type ProfileOutcome =
  /** `kept`: the same write kept the guest, who had no row before. */
  | { outcome: 'changed'; profile: ProfileRow; changed: string[]; kept: boolean }
  | { outcome: 'unchanged'; profile: ProfileRow }
  /**
   * `precondition_failed`: the profile has another version than `ifVersion`. `too_large`: the profile would be larger
   * than `maxBytes`, and larger than before. `ended`: the guest was merged, or has no row and cannot be kept.
   */
  | { outcome: 'precondition_failed' | 'too_large' | 'ended' }

/** Since when (null: unknown), until when (null: until it is enabled) and why a guest is disabled. */
export type Disabled = { since: number | null; until: number | null; reason: string }

/** Whose rows to list: one guest's, those with a label, those who are or were disabled, or all. */
export type GuestsOf = { anonymousId: string } | { label: string } | 'disabled' | 'all'

/**
 * A guest as an operator finds it. `dueAt`: when the clean-up has to look at it; null: never. `disabled`: undefined if it is
 * not disabled now.
 */
export type FoundRow = GuestRow & {
  dueAt: number | null
  recoverability: Recoverability
  disabled: Disabled | undefined
}

/** What decides which prompts are due for a kept guest. */
export type PromptFacts = {
  createdAt: number
  daysSeen: number
  attributes: string[]
  snoozes: SnoozeRow[]
  hasDeviceKey: boolean
  /** How many recovery codes are left, if they are confirmed. */
  recoveryCodes: number
}

export interface GuestReads {
  findGuest(key: { anonymousId: string }): Promise<GuestRow | undefined>
  /** Undefined if the guest is not disabled now. It may have no row. */
  findDisabled(key: { anonymousId: string; now: number }): Promise<Disabled | undefined>
  /** Guests in the order of their ids, from the one that follows `after` on ('': from the first one on), at most `limit`. */
  listGuests(key: { of: GuestsOf; after: string; limit: number; now: number }): Promise<FoundRow[]>
  /** How the guest could come back; `none` if the guest is not kept. */
  findRecoverability(key: { anonymousId: string }): Promise<Recoverability>
  findProfile(key: { anonymousId: string }): Promise<ProfileRow | undefined>
  /** Undefined if the guest is not kept. */
  findPromptFacts(key: { anonymousId: string }): Promise<PromptFacts | undefined>
}

export interface GuestWrites {
  /**
   * Keeps a guest: writes its row. The sealed session goes on as a stored session, in the row `session`. `isNew`: the
   * session is not handed out yet, so no node has to learn that it left the sealed state.
   */
  keepGuest(input: {
    guest: GuestRow
    session: SessionRow
    /** The snoozes in the sealed session, which are joined with those in the store. */
    snoozes?: SnoozeRow[]
    retained: Retained
    /** Until when the store remembers that the session is no longer a sealed one. */
    endedUntil: number
    isNew: boolean
    notes: Note[]
  }): Promise<KeepOutcome>
  /**
   * Erases a guest with all its rows, and every guest who was merged into it. Also erases the guests in `alongside`,
   * but not those in `spared`. Together they must be exactly the stranded ones (see `listStranded`).
   */
  eraseGuest(
    input: Erasure & {
      alongside?: { now: number; guests: Erasure[]; spared?: string[] }
      /** The session in which the guest asks, and whether a passkey was proven in it; undefined: the host asks. */
      by: { session: SessionRef; isProven: boolean } | undefined
      /** Written once for each session that ends: see `endSessions`. */
      ending?: Note
    },
  ): Promise<EraseOutcome>
  /**
   * Changes attributes of a profile; null removes one. With `ifVersion` it does so only if the profile has that
   * version. Keeps the guest if the guest has no row yet.
   */
  patchProfile(input: {
    anonymousId: string
    changes: Record<string, unknown>
    ifVersion: number | undefined
    maxBytes: number
    now: number
    /** What to write if the guest has no row yet; undefined: such a guest is refused. */
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    /** Their events get the names that changed, as `attributes`. */
    notes: Note[]
  }): Promise<ProfileOutcome>
  /**
   * Lets a guest expire later, at `expiresAt`; the clean-up looks at it at `dueAt`. An expired guest is active again.
   * `unknown`: the guest has no row, or was merged. `forever`: it never expires. `later`: it expires later already.
   */
  extendGuest(input: {
    anonymousId: string
    expiresAt: number
    dueAt: number
    notes: Note[]
  }): Promise<'extended' | 'unknown' | 'forever' | 'later'>
  /** Gives the guest another label. `ended`: the session that asks has ended. `unknown`: the guest has no row. */
  renameGuest(input: {
    anonymousId: string
    label: string
    session: SessionRef
    notes: Note[]
  }): Promise<'renamed' | 'unknown' | 'ended'>
  /** Records that the guest answered a prompt with "later". False, and nothing written, if the guest has no row. */
  snoozePrompt(input: {
    anonymousId: string
    prompt: string
    until: number
    /** How often the guest said so before, by what the session remembers. Default 0. */
    before?: number
  }): Promise<boolean>
}
