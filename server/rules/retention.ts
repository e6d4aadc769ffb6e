// How long a guest is promised to be remembered.

import type { Recoverability } from '../types.ts'

/** Which of these promises is a guest's: a regular user's, or the one for how the guest could come back. */
export const promisedTo = <P>(
  promises: Record<Recoverability | 'promoted', P>,
  recoverability: Recoverability,
  promotedAt: number | null,
): P => promises[promotedAt === null ? recoverability : 'promoted']
