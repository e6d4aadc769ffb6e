// How long a guest is promised to be remembered: which of the periods applies. The periods are in
// core/guests/retention.ts, and when a guest expires is decided in core/jobs/expired-guests.ts.

import type { Recoverability } from '../types.ts'

/** A regular user gets `promoted`; any other guest gets the promise of its recoverability. */
export const promisedTo = <P>(
  promises: Record<Recoverability | 'promoted', P>,
  recoverability: Recoverability,
  promotedAt: number | null,
): P => promises[promotedAt === null ? recoverability : 'promoted']
