// How long the store remembers a guest: the dates that core/ passes to it. Times are Unix seconds.

import type { Recoverability } from '../../types.ts'

/**
 * `active`: in use. `warned`: the host was told that the guest will soon be forgotten. `expired`: signed out, but a way
 * back still restores the guest. `merged`: merged into another guest, which can still be undone.
 */
export type Stage = 'active' | 'warned' | 'expired' | 'merged'

/** What a guest who is seen now is promised. */
export type Retained = {
  /** Until when the guest is remembered if not seen again; null: for ever. */
  expiresAt: number | null
  /** When the clean-up looks at the guest next; null: never. */
  dueAt: number | null
}

/** What a guest is promised, for each way to come back: which one applies is known only during the write. */
export type RetainedBy = Record<Recoverability | 'promoted', Retained>

/** The same for each collection, because the collection is known only during the write. `otherwise`: for any other one. */
export type RetainedIn = { collections: Record<string, RetainedBy>; otherwise: RetainedBy }
