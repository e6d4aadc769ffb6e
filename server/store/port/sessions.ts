// Sessions as the store keeps and ends them.

import type { Recoverability } from '../../types.ts'
import type { RetainedBy } from './retention.ts'
import type { Note } from './trail.ts'

export type SessionRow = {
  anonymousId: string
  /** SHA-256 of the token's secret, base64url. It is the public id of the session too: it opens nothing. */
  id: string
  createdAt: number
  lastSeenAt: number
  /** When it ends unless it is used: the idle limit, never past `endsAt`. */
  expiresAt: number
  /** When it ends whatever happens. */
  endsAt: number
  /** When a passkey was last proven in it, or null. */
  authTime: number | null
  /** Until when a passkey may be added in it without such a proof, or null. */
  enrolUntil: number | null
  /** Where it is an OAuth client's, and goes on by refresh tokens; null where it is a browser's, by cookie. */
  grant: GrantRow | null
}

export type GrantRow = {
  clientId: string
  /** Scope tokens, separated by spaces. */
  scope: string
  /** SHA-256 thumbprint of the key that its tokens are bound to (RFC 9449, 6), or null. */
  jkt: string | null
  /** How often it was refreshed: the refresh token that counts is this one in the row of them. */
  refreshes: number
  refreshedAt: number
}

/** What every request needs to know of its guest. */
export type AboutGuest = {
  label: string
  collection: string
  /** When the guest is forgotten unless seen before; null: never. */
  guestExpiresAt: number | null
  /** Since when the guest is a regular user; null: is not. */
  promotedAt: number | null
  recoverability: Recoverability
}

export type SessionWithGuest = SessionRow & AboutGuest

/** A device key of the guest, and what is written of it where it is revoked. */
export type RevocableKey = { id: string; notes: Note[] }

/** What may happen once, e.g. a challenge: remembered until it would have expired. */
export type Spent = { id: string; expiresAt: number }

/** The session that a proof was made in, and that it replaces. */
export type SessionRef =
  | {
      kind: 'sealed'
      anonymousId: string
      /** How long it must be remembered that it ended: until no copy of it could be alive. */
      endedUntil: number
    }
  | { kind: 'stored'; anonymousId: string; id: string }

export type RefreshOutcome =
  | ({ outcome: 'refreshed' | 'repeated' } & SessionWithGuest)
  /** `reused`: a token that was used before came back, too late for a lost answer; the session was ended. */
  | { outcome: 'reused' | 'unknown' }

export interface SessionReads {
  findSession(key: { anonymousId: string; id: string }): Promise<SessionWithGuest | undefined>
  /** Whether a sealed session of this guest has ended: by being kept, by sign-out or by a switch. */
  sealedSessionEnded(key: { anonymousId: string }): Promise<boolean>
  listSessions(key: { anonymousId: string; now: number }): Promise<SessionRow[]>
}

export interface SessionWrites {
  /** Notes that a session is used, and its guest seen; of one who was kept by id alone, what the session says too. */
  touchSession(input: {
    anonymousId: string
    id: string
    now: number
    expiresAt: number
    retained: RetainedBy
    label: string
    collection: string
  }): Promise<void>
  /**
   * Moves a client's session on by its refresh token of this `generation`, the one that counts; the one before is
   * answered alike until `graceSeconds` after it was used; an older one ends the session.
   */
  refreshSession(input: {
    anonymousId: string
    id: string
    generation: number
    now: number
    expiresAt: number
    graceSeconds: number
    retained: RetainedBy
  }): Promise<RefreshOutcome>
  /** Ends one session; true if there was one. */
  endSession(input: SessionRef & { notes?: Note[] }): Promise<boolean>
  /**
   * Ends all sessions of a guest, `only` one, or all but one, and revokes the device keys where they were; how many
   * sessions, and which keys.
   */
  endSessions(input: {
    anonymousId: string
    only?: string | undefined
    except?: string | undefined
    notes?: Note[]
    keys?: RevocableKey[]
  }): Promise<{ ended: number; keys: string[] }>
}
