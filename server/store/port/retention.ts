// Until when a guest is remembered, as the store is told.

import type { Recoverability } from '../../types.ts'

/**
 * `active`; `warned`: told of that it will be forgotten; `expired`: a passkey would bring everything back yet;
 * `merged`: folded into another one, which can be undone yet.
 */
export type Stage = 'active' | 'warned' | 'expired' | 'merged'

/** What is promised to a guest who is seen now. */
export type Retained = {
  expiresAt: number | null
  /** When the clean-up looks at the guest next. */
  dueAt: number | null
}

/** The same by how the guest can come back, where that turns out as it is written. */
export type RetainedBy = Record<Recoverability | 'promoted', Retained>
