// The job that deletes expired rows: an hour after their expiry (and tells of sessions then), audit lines after `auditSeconds`,
// device links at once. It also completes deliveries that older versions wrote.

import { ending } from '../sessions/endings.ts'
import type { Job } from './jobs.ts'

/** Expired rows are kept for another hour, so that a clock that is set back makes nothing valid again. */
export const CLOCK_MARGIN_SECONDS = 60 * 60
const BATCH_ROWS = 1000
const BATCH_DELIVERIES = 100

/** Deletes in batches, so that the writes of guests come in between. */
export const deleteExpiredRows: Job = {
  name: 'sweep',
  everySeconds: 60,
  async work(ctx, goOn) {
    const before = ctx.now() - CLOCK_MARGIN_SECONDS
    const auditBefore = before - ctx.config.auditSeconds
    const ends = { ending: ending(ctx, 'expired'), replaced: ending(ctx, 'replaced') }
    const batch = { before, auditBefore, limit: BATCH_ROWS, ...ends }
    while ((await ctx.store.deleteExpired(batch)) >= BATCH_ROWS && (await goOn()));
    // At once: nobody needs an expired link, and what a device said about itself must not be kept.
    while (
      (await ctx.store.deleteExpiredDeviceLinks({ now: ctx.now(), limit: BATCH_ROWS })) >= BATCH_ROWS &&
      (await goOn())
    );
    while (
      (await ctx.store.completeDeliveries({ limit: BATCH_DELIVERIES })) >= BATCH_DELIVERIES &&
      (await goOn())
    );
  },
}
