// The store's contract for the import of guests from another system.

import type { GuestRow, ProfileRow } from './guests.ts'
import type { LoginIdRow } from './login-ids.ts'
import type { Retained } from './retention.ts'
import type { SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** A guest of another system, as the import keeps it. */
export type ImportedRow = {
  guest: GuestRow
  /** What the guest is promised if it gets no login ID. */
  retained: Retained
  loginIds: LoginIdRow[]
  profile: ProfileRow | undefined
  /**
   * Only if the id looks like one of ours: a browser may then carry a sealed session of this guest, which goes on as
   * this stored one.
   */
  session: SessionRow | undefined
  /** Until when the store remembers that the session is no longer a sealed one. */
  endedUntil: number
  notes: Note[]
}

/**
 * `known`: the guest had a row already, and nothing is written. `taken`: the login IDs that the guest does not get
 * because another guest has them.
 */
export type ImportOutcome = { known: boolean; taken: LoginIdRow[] }

export interface ImportWrites {
  /** Keeps guests of another system. Resolves to one outcome a guest, in the same order. `dry`: writes nothing. */
  importGuests(input: { guests: ImportedRow[]; dry: boolean }): Promise<ImportOutcome[]>
}
