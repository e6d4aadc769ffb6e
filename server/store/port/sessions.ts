// The store's contract for sessions: found, used, refreshed and ended, sealed sessions included.

import type { Recoverability } from '../../types.ts'
import type { RetainedBy, RetainedIn } from './retention.ts'
import type { Note } from './trail.ts'

/** A stored session. Times are Unix seconds. */
export type SessionRow = {
  anonymousId: string
  /**
   * The public id: SHA-256 of the token's secret (base64url). It opens nothing. If a browser still carries the session
   * as a sealed one, it is the guest's id instead.
   */
  id: string
  createdAt: number
  lastSeenAt: number
  /** When the session ends unless it is used: the idle limit, at most `endsAt`. */
  expiresAt: number
  /** When the session ends even if it is used. */
  endsAt: number
  /** When a passkey was last proven in this session, or null. */
  authTime: number | null
  /** Until when the guest may add a passkey or a device key without such a proof, or null. */
  enrolUntil: number | null
  /** For an OAuth client's session, which goes on by refresh tokens; null for a browser's, which goes on by cookie. */
  grant: GrantRow | null
}

/** What an OAuth client was granted. */
export type GrantRow = {
  clientId: string
  /** Scope tokens, separated by spaces. */
  scope: string
  /** SHA-256 thumbprint of the key to which the tokens are bound (RFC 9449, 6), or null. */
  jkt: string | null
  /** How often the session was refreshed. Only the refresh token of this generation (0, 1, 2, …) is valid. */
  refreshes: number
  refreshedAt: number
}

/** What every request needs to know about its guest. */
export type AboutGuest = {
  label: string
  collection: string
  /** When the guest is forgotten, unless seen before then; null: never. */
  guestExpiresAt: number | null
  /** Since when the guest is a regular user; null: the guest is no regular user. */
  promotedAt: number | null
  recoverability: Recoverability
}

export type SessionWithGuest = SessionRow & AboutGuest

/** What may be used only once, such as a challenge. The store remembers it until it would have expired. */
export type Spent = { id: string; expiresAt: number }

/**
 * The session in which a request was made. `sealed`: the browser carries it; if the guest was kept since, it has a row
 * under the guest's id. `carried`: the browser carries it, and it has that row. `stored`: it has a row of its own id.
 */
export type SessionRef =
  | {
      kind: 'sealed'
      anonymousId: string
      /** Until when the store must remember that the session ended: no copy of it can be alive after that. */
      endedUntil: number
    }
  | { kind: 'carried'; anonymousId: string }
  | { kind: 'stored'; anonymousId: string; id: string }

/** Who refreshes: the client, the key that it proved to hold (a thumbprint, or null), and the scope that it asks for. */
export type Refresher = { clientId: string; jkt: string | null; scope: string[] }

export type RefreshOutcome =
  /**
   * `repeated`: the previous refresh token came again within the grace. `refused`: the session is of another client, bound
   * to another key, or has less scope. Nothing is written then.
   */
  | ({ outcome: 'refreshed' | 'repeated' | 'refused' } & SessionWithGuest)
  /**
   * `reused`: an old refresh token came after the grace, so it may be stolen; the session was ended. `ended`: there is no
   * such session. `unknown`: it has expired, or there is no such token yet.
   */
  | { outcome: 'reused' | 'ended' | 'unknown' }

export interface SessionReads {
  findSession(key: { anonymousId: string; id: string }): Promise<SessionWithGuest | undefined>
  /**
   * Whether the guest's sealed session has ended: the guest was kept or erased, signed out, or signed in as another
   * guest.
   */
  sealedSessionEnded(key: { anonymousId: string }): Promise<boolean>
  /** Whose session this is, alive or not: the id of the guest. */
  findGuestOfSession(key: { id: string }): Promise<string | undefined>
  /** The guest's live sessions, the last used first. */
  listSessions(key: { anonymousId: string; now: number }): Promise<SessionRow[]>
}

export interface SessionWrites {
  /**
   * Records that a session was used and its guest seen. `label` and `collection` are written only if the host kept the
   * guest by id alone and the row has none yet.
   */
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
   * Renews a client's session by its refresh token of this `generation`. The previous token gets the same answer for
   * `graceSeconds` after its use, in case the first answer was lost. After that, and for any older token, the session
   * ends. Nobody but its client, with its key and within its scope, refreshes or ends it.
   */
  refreshSession(input: {
    anonymousId: string
    id: string
    by: Refresher
    generation: number
    now: number
    expiresAt: number
    graceSeconds: number
    retained: RetainedIn
    /** Written once for each session that ends, whose ids become those of the event. */
    ending?: Note
  }): Promise<RefreshOutcome>
  /** Ends one session. False if it had ended before; otherwise `ending` is written with its ids in the event. */
  endSession(input: SessionRef & { notes?: Note[]; ending?: Note }): Promise<boolean>
  /**
   * Ends the session `only`, all sessions but `except`, or all sessions of a guest. Also removes the device keys of those
   * sessions and, without `only`, the offers to merge the guest. Resolves to the number of sessions that ended and the ids
   * of the removed keys. `isLost`: there is something to end, but nothing was ended, because of `unlessLost`.
   */
  endSessions(input: {
    anonymousId: string
    only?: string | undefined
    except?: string | undefined
    /** If given, nothing ends that leaves the guest without another session that is alive, and without a way back. */
    unlessLost?: { now: number } | undefined
    notes?: Note[]
    /** Written once for each removed key, whose id becomes the `device_key_id` of the event. */
    revocation?: Note
    /** Written once for each session that ends, whose ids become those of the event. */
    ending?: Note
  }): Promise<{ ended: number; keys: string[]; isLost?: true }>
  /**
   * Disables a guest: ends all its sessions, withdraws the offers to merge it, and lets nobody in as this guest until
   * `until`, or until it is enabled (null). What it can come back by stays. A guest without a row is disabled by a mark
   * until `endedUntil`, when no copy of its sealed session can be alive; null: there never was one, and such a guest is
   * `unknown`.
   */
  disableGuest(input: {
    anonymousId: string
    now: number
    until: number | null
    reason: string
    endedUntil: number | null
    /** Written once for each session that ends, whose ids become those of the event. */
    ending?: Note
    notes: Note[]
  }): Promise<'disabled' | 'unknown'>
  /** Lets a disabled guest in again. False, and nothing written, if it was not disabled. */
  enableGuest(input: { anonymousId: string; now: number; notes: Note[] }): Promise<boolean>
}
