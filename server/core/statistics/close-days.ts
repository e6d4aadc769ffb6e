// The job that closes days, an hour after their end: their numbers are shown from then on, and do not change any more. What is
// counted for such a day later, because the store was out of reach, counts for the first day that is still open.

import { HOUR_SECONDS } from '../../limits.ts'
import { DAY_SECONDS, startOfDay } from '../../rules/statistics.ts'
import type { Job } from '../jobs/jobs.ts'

/** How long numbers are kept: so long that two years can be compared. */
const KEPT_DAYS = 800

export const closeCountedDays: Job = {
  name: 'close days',
  everySeconds: 10 * 60,
  async work({ store, claims }) {
    const last = startOfDay(claims.now() - HOUR_SECONDS) - DAY_SECONDS
    await store.closeDays({ last, keptFrom: last - KEPT_DAYS * DAY_SECONDS })
  },
}
