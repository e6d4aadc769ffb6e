// Removing what has expired.

import type { Job } from './jobs.ts'

/** Expired rows are kept this long, so that a clock that is set back brings nothing spent to life again. */
export const CLOCK_MARGIN_SECONDS = 60 * 60
const BATCH_ROWS = 1000

/** In batches, which let the writes of guests in between. */
export const deleteExpiredRows: Job = {
  name: 'sweep',
  everySeconds: 60,
  async work(ctx, goOn) {
    const before = ctx.now() - CLOCK_MARGIN_SECONDS
    const auditBefore = before - ctx.config.auditDays * 24 * 60 * 60
    while (
      (await ctx.store.deleteExpired({ before, auditBefore, limit: BATCH_ROWS })) >= BATCH_ROWS &&
      (await goOn())
    );
    // At once: nothing of a link counts once it is over, and what a device says of itself is not to be kept.
    while (
      (await ctx.store.deleteExpiredDeviceLinks({ now: ctx.now(), limit: BATCH_ROWS })) >= BATCH_ROWS &&
      (await goOn())
    );
  },
}
