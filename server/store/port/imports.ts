// Guests who come from another system, as the store takes them in.

import type { GuestRow, ProfileRow } from './guests.ts'
import type { LoginIdRow } from './login-ids.ts'
import type { Retained } from './retention.ts'
import type { SessionRow } from './sessions.ts'
import type { Note } from './trail.ts'

/** A guest of another system, as it is to be kept. */
export type ImportedRow = {
  guest: GuestRow
  /** What is promised where no login ID is left to it. */
  retained: Retained
  loginIds: LoginIdRow[]
  profile: ProfileRow | undefined
  /** Where the id is one that we could have made: the session that a browser may carry goes on in it. */
  session: SessionRow | undefined
  endedUntil: number
  notes: Note[]
}

/** `taken`: the login IDs that it was not given, because they are those of others. */
export type ImportOutcome = { known: boolean; taken: LoginIdRow[] }

export interface ImportWrites {
  /** Keeps guests of another system; what became of each, in their order. With `dry` nothing is written. */
  importGuests(input: { guests: ImportedRow[]; dry: boolean }): Promise<ImportOutcome[]>
}
