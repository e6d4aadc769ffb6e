// Guests as the store keeps them: rows, profiles and what keeping, renaming and erasing answer.

import type { Recoverability } from '../../types.ts'
import type { Retained, Stage } from './retention.ts'
import type { SessionRef, SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** A guest's row: exists only once there is something to keep. Times are Unix seconds throughout. */
export type GuestRow = {
  anonymousId: string
  /** WebAuthn user handle: 64 bytes, base64url, the same for all passkeys of the guest. */
  userHandle: string
  /** Empty, as is the collection, until a guest who was kept by no more than the id is seen. */
  label: string
  collection: string
  createdAt: number
  lastSeenAt: number
  /** On how many days (UTC) the guest was here. */
  daysSeen: number
  /** When the guest is forgotten unless seen before; null: never. */
  expiresAt: number | null
  stage: Stage
  /** Since when the guest is a regular user; null: is not. */
  promotedAt: number | null
}

export type ProfileRow = {
  anonymousId: string
  /** Goes up with every change. */
  version: number
  attributes: Record<string, unknown>
  updatedAt: number
}

/** A guest who said "later": until then. */
export type SnoozeRow = { prompt: string; times: number; snoozedUntil: number }

/** A guest who is taken out, and until when it must be remembered that no session of it lives; null: none could. */
export type Erasure = { anonymousId: string; endedUntil: number | null; notes: Note[] }

/** `unknown`: there was no row. `unproven`: there is a passkey to prove oneself by. */
export type EraseOutcome = 'erased' | 'unknown' | 'ended' | 'unproven' | 'stale'

export type KeepOutcome = 'kept' | 'known' | 'ended'

export type ProfileOutcome =
  /** `kept`: the guest's row was written with it. */
  | { outcome: 'changed'; profile: ProfileRow; changed: string[]; kept: boolean }
  | { outcome: 'unchanged'; profile: ProfileRow }
  | { outcome: 'precondition_failed' | 'too_large' | 'ended' }

export type PromptFacts = {
  createdAt: number
  daysSeen: number
  attributes: string[]
  snoozes: SnoozeRow[]
  hasDeviceKey: boolean
  /** How many are left. */
  recoveryCodes: number
}

export interface GuestReads {
  findGuest(key: { anonymousId: string }): Promise<GuestRow | undefined>
  /** How a kept guest could come back; `none` of one who is not kept. */
  findRecoverability(key: { anonymousId: string }): Promise<Recoverability>
  findProfile(key: { anonymousId: string }): Promise<ProfileRow | undefined>
  /** What prompts go by. */
  findPromptFacts(key: { anonymousId: string }): Promise<PromptFacts | undefined>
}

export interface GuestWrites {
  /**
   * Writes the row of a guest who had none; the session that the browser carries goes on, and lives in the row
   * `session` from now on. `isNew`: nobody has seen this session yet.
   */
  keepGuest(input: {
    guest: GuestRow
    session: SessionRow
    /** What the session remembers. */
    snoozes?: SnoozeRow[]
    retained: Retained
    endedUntil: number
    isNew: boolean
    notes: Note[]
  }): Promise<KeepOutcome>
  /**
   * Removes a guest with everything, and whom it had taken in, and those `alongside`: the guests who are stranded with it
   * (`stale` where they are others by now).
   */
  eraseGuest(
    input: Erasure & {
      alongside?: { now: number; guests: Erasure[] }
      /** The session in which the guest asks for it, and whether a passkey was proven in it; undefined: the host does. */
      by: { session: SessionRef; isProven: boolean } | undefined
    },
  ): Promise<EraseOutcome>
  /**
   * Changes attributes, null removing one, where the profile has this version, or any; and keeps the guest where
   * there is no row yet.
   */
  patchProfile(input: {
    anonymousId: string
    changes: Record<string, unknown>
    ifVersion: number | undefined
    maxBytes: number
    now: number
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    notes: Note[]
  }): Promise<ProfileOutcome>
  /** Gives the guest another label, as that is asked for in this session; `unknown`: there is no row. */
  renameGuest(input: {
    anonymousId: string
    label: string
    session: SessionRef
    notes: Note[]
  }): Promise<'renamed' | 'unknown' | 'ended'>
  /** True where the guest has a row. */
  snoozePrompt(input: {
    anonymousId: string
    prompt: string
    until: number
    /** How often it was done before, as far as the session knows. */
    before?: number
  }): Promise<boolean>
}
