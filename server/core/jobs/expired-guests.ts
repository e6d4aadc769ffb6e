// The job that forgets guests who were not seen for the promised time: they are warned, then expire, then are erased. It
// also erases guests who were merged, once that cannot be undone. What an erasure deletes is in
// store/sql/verbs/erasure.ts.

import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import type { DueGuest, Retained, Stage } from '../../store/store.ts'
import type { DueGuests, PreviousGuest } from '../../types.ts'
import { note, noteFailure } from '../events/audit-trail.ts'
import { isOurs } from '../guests/ids.ts'
import { forEver, retained, rulesOf, warningOf } from '../guests/retention.ts'
import { ending } from '../sessions/endings.ts'
import { longestIdle } from '../sessions/sessions.ts'
import { CLOCK_MARGIN_SECONDS } from './expired-rows.ts'
import type { Job } from './jobs.ts'

/** If the host wants the guest to stay, it is asked again after a day. */
const VETO_SECONDS = 24 * 60 * 60
/**
 * A batch takes about 2 ms, then the job pauses 2 or 30 times as long (`PAUSE_FACTORS`). A guest's write waits for one
 * batch at most, and the job slows down when the store is busy.
 */
const BATCH_GUESTS = 8
/** How many times as long as the batch the pause lasts. It is shorter if somebody waits for the result. */
const PAUSE_FACTORS = { unasked: 30, asked: 2 }
const LONGEST_PAUSE_MILLISECONDS = 200

export const expireGuests: Job = {
  name: 'forget guests',
  everySeconds: 60,
  waitsForFleet: true,
  async work(ctx, goOn) {
    await expireDueGuests(ctx, { goOn, pause: PAUSE_FACTORS.unasked })
  },
}

/**
 * Does all that is due, in batches, so that the writes of guests come in between. Asks `goOn` every ten seconds, and
 * stops if that says false. Returns how many guests were warned, expired and erased.
 */
export async function expireDueGuests(
  ctx: Context,
  {
    goOn = async () => true,
    onProgress = () => {},
    pause = PAUSE_FACTORS.asked,
  }: { goOn?: () => Promise<boolean>; onProgress?: (guests: number) => void; pause?: number } = {},
): Promise<DueGuests> {
  const total: DueGuests = { warned: 0, expired: 0, erased: 0 }
  let askedAt = performance.now()
  for (;;) {
    // Looks an hour back: a node whose clock is an hour ahead must erase nobody early.
    const due = await ctx.store.listDueGuests({ now: ctx.now() - CLOCK_MARGIN_SECONDS, limit: BATCH_GUESTS })
    if (due.length === 0) return total
    const began = performance.now()
    const done = await expireBatch(ctx, due)
    for (const key of ['warned', 'expired', 'erased'] as const) total[key] += done[key]
    onProgress(due.length)
    if (done.touched === 0) return total // another node is doing them
    await setTimeout(Math.min((performance.now() - began) * pause, LONGEST_PAUSE_MILLISECONDS))
    if (performance.now() - askedAt > 10_000) {
      if (!(await goOn())) return total
      askedAt = performance.now()
    }
  }
}

/** How many guests would be warned, expired and erased now, if the host vetoes none. */
export async function countDueGuests(ctx: Context): Promise<DueGuests> {
  const due = await ctx.store.countDueGuests({ now: ctx.now() - CLOCK_MARGIN_SECONDS })
  const count = (...stages: Stage[]) =>
    due.reduce((sum, { stage, guests }) => sum + (stages.includes(stage) ? guests : 0), 0)
  return { warned: count('active'), expired: count('warned'), erased: count('expired', 'merged') }
}

type Step = { guest: DueGuest; to: Stage; retained: Retained }

async function expireBatch(ctx: Context, due: DueGuest[]): Promise<DueGuests & { touched: number }> {
  const isOver = ({ stage, promotedAt }: DueGuest) =>
    promotedAt === null && (stage === 'expired' || stage === 'merged')
  const steps: Step[] = []
  for (const guest of due.filter((one) => !isOver(one))) steps.push(await nextStep(ctx, guest))
  const moved = new Set(steps.length > 0 ? await moveBatch(ctx, steps) : [])
  const erased = await eraseBatch(ctx, due.filter(isOver))
  const count = (stage: Stage) =>
    steps.filter(({ guest, to }) => guest.stage !== to && to === stage && moved.has(guest.anonymousId)).length
  return {
    warned: count('warned'),
    expired: count('expired'),
    erased: erased.length,
    touched: moved.size + erased.length,
  }
}

const previousGuestOf = (guest: DueGuest): PreviousGuest => ({
  anonymous_id: guest.anonymousId,
  label: guest.label,
  collection: guest.collection,
  recoverability: guest.recoverability,
})

async function nextStep(ctx: Context, guest: DueGuest): Promise<Step> {
  const now = ctx.now()
  const { collection, expiresAt, stage, recoverability, promotedAt } = guest
  // An older version, which knows no regular users, may have given one an expiry, or even moved it to a later stage.
  if (promotedAt !== null) return { guest, to: 'active', retained: forEver }
  const period = rulesOf(ctx, collection).retention[recoverability]
  // A guest from before there were promises gets one now. A period of `false` (for ever) counts for guests who had a date, too.
  if (expiresAt === null || period === false)
    return { guest, to: 'active', retained: retained(ctx, collection, recoverability) }
  // If the rules give more time by now, that counts for guests who were seen before, too.
  const longer = retained(ctx, collection, recoverability, guest.lastSeenAt)
  if (longer.expiresAt !== null && longer.expiresAt > expiresAt)
    return { guest, to: 'active', retained: longer }
  if (stage === 'active') {
    // After the warning, the guest always has at least `warning` seconds, however late the job runs.
    const warning = warningOf(ctx, collection, period)
    const end = Math.max(expiresAt, now + warning)
    return { guest, to: 'warned', retained: { expiresAt: end, dueAt: end } }
  }
  if (!(await mayExpire(ctx, guest))) {
    const again = now + VETO_SECONDS
    return { guest, to: 'warned', retained: { expiresAt: again, dueAt: again } }
  }
  // Nothing could bring back a guest of recoverability `none`, so it gets no grace. The job looks
  // CLOCK_MARGIN_SECONDS back, so a date that far back is due at once.
  const { graceSeconds } = rulesOf(ctx, collection).retention
  const dueAt = recoverability === 'none' ? now - CLOCK_MARGIN_SECONDS : now + graceSeconds
  return { guest, to: 'expired', retained: { expiresAt, dueAt } }
}

/** Asks the host. If the host fails to answer, the guest stays. */
async function mayExpire({ config, logger }: Context, guest: DueGuest): Promise<boolean> {
  try {
    return (await config.beforeExpire?.(previousGuestOf(guest))) !== false
  } catch (err) {
    logger.warn(
      { err, anonymous_id: guest.anonymousId },
      'beforeExpire failed: the guest does not expire now',
    )
    return false
  }
}

async function moveBatch(ctx: Context, steps: Step[]): Promise<string[]> {
  const withEvents = steps.map((step) => ({ ...step, event: expiryEvent(step) }))
  const moved = await ctx.store.moveGuests({
    ending: ending(ctx, 'expired'),
    guests: withEvents.map(({ guest: { anonymousId, dueAt, stage }, to, retained, event }) => ({
      anonymousId,
      dueAt,
      stage,
      to,
      retained,
      notes: event
        ? [
            'erased_at' in event
              ? note(
                  ctx,
                  'guest.expired',
                  event,
                  { anonymousId },
                  { counts: { as: 'expired', collection: event.collection } },
                )
              : note(ctx, 'guest.expiring', event, { anonymousId }),
          ]
        : [],
    })),
  })
  const isMoved = new Set(moved)
  // Without an event, the guest is still `warned`: the host vetoed.
  const vetoed = withEvents.filter(
    ({ guest, to, event }) => to !== 'active' && !event && isMoved.has(guest.anonymousId),
  )
  for (const { guest } of vetoed)
    await noteFailure(ctx, 'guest.expired', { anonymousId: guest.anonymousId }, 'refused_by_host')
  return moved
}

function expiryEvent({ guest, to, retained }: Step) {
  const { collection, recoverability } = guest
  const about = { collection, recoverability }
  if (to === guest.stage || to === 'active') return undefined
  return to === 'expired'
    ? { ...about, erased_at: retained.dueAt! }
    : { ...about, expires_at: retained.expiresAt! }
}

async function eraseBatch(ctx: Context, guests: DueGuest[]): Promise<string[]> {
  if (guests.length === 0) return []
  const now = ctx.now()
  const erasures = guests.map(({ anonymousId, stage, lastSeenAt }) => {
    const reason = stage === 'merged' ? ('merged' as const) : ('expired' as const)
    const endedUntil = lastSeenAt + longestIdle(ctx)
    return {
      anonymousId,
      endedUntil: isOurs(anonymousId) && endedUntil > now ? endedUntil : null,
      notes: [note(ctx, 'guest.erased', { reason }, { anonymousId })],
    }
  })
  // They count as expired, or as signed in with a merge: if they counted again, a difference would tell who left.
  return ctx.store.eraseGuests({
    now: now - CLOCK_MARGIN_SECONDS,
    guests: erasures,
    ending: ending(ctx, 'erased'),
  })
}
