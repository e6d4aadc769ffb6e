// Prepares what the store writes together with an action: its event, a line of the audit trail, and deliveries to
// webhooks; or tells listeners of an event that is not written. How long lines stay: core/jobs/expired-rows.ts. What is
// left of an erased guest: store/sql/verbs/erasure.ts.

import type { Context } from '../../context.ts'
import type { AuditRow, Delivery, Note, NotedEvent } from '../../store/store.ts'
import type { OperatorAct } from '../../types.ts'
import { randomId } from '../crypto/secrets.ts'
import type { GuestEvents } from './events.ts'

/**
 * `anonymousId`: null if it is about no guest. `otherId`: the other guest whom the event names with the label. `operator`:
 * who did it and why, if that was an operator or a machine.
 */
type About = {
  anonymousId: string | null
  sessionId?: string | null
  otherId?: string
  operator?: OperatorAct | undefined
}

/** A line of the audit trail: who, when, in which session, what, the outcome, and which operator. It holds nothing else. */
const auditRow = (
  ctx: Context,
  action: string,
  { anonymousId, sessionId = null, operator = undefined }: About,
  outcome: string,
): AuditRow => ({
  anonymousId: anonymousId ?? '',
  at: ctx.now(),
  id: randomId(128).slice(0, 8),
  sessionId,
  action,
  outcome,
  operator,
})

/** The fields of an event, but for `anonymous_id`, which is that of its guest. */
type Fields<K extends keyof GuestEvents> = Omit<GuestEvents[K], 'anonymous_id'> & { anonymous_id?: never }

/** The event with the `anonymous_id` of its guest. If it is about no guest, it has none. */
const dataOf = (fields: object, { anonymousId }: About): object =>
  anonymousId === null ? fields : { anonymous_id: anonymousId, ...fields }

/**
 * An event that the store writes: an audit line (unless `audited` is false), and a delivery to each webhook. Listeners
 * hear of it once it is written, and only then. `counts`: what it counts as; with the other notes of the same write about
 * the same guest, it is one act.
 */
export function note<K extends keyof GuestEvents>(
  ctx: Context,
  event: K,
  fields: Fields<K>,
  about: About,
  { audited = true, counts }: { audited?: boolean; counts?: NotedEvent['counts'] } = {},
): Note {
  const data = dataOf(fields, about)
  const receivers = ctx.config.webhooks.filter(({ events }) => (events as readonly string[]).includes(event))
  return {
    audit: audited ? auditRow(ctx, event, about, 'done') : null,
    deliveries: receivers.map(({ url }) => delivery(ctx, url, event, data, about)),
    event: { name: event, data, counts },
  }
}

/** Tells listeners of an event of which nothing is written. */
export const tellUnwritten = <K extends keyof GuestEvents>(
  ctx: Context,
  event: K,
  fields: Fields<K>,
  about: About,
): void => ctx.events.emit(event, dataOf(fields, about) as GuestEvents[K])

/** The payload has the form of Standard Webhooks: `type`, `timestamp` and `data`. */
export function delivery(
  ctx: Context,
  url: string,
  event: string,
  data: object,
  { anonymousId, otherId = undefined }: About,
): Delivery {
  const now = ctx.now()
  const payload = JSON.stringify({ type: event, timestamp: new Date(now * 1000).toISOString(), data })
  return {
    id: `msg_${randomId(128)}`,
    url,
    event,
    payload,
    createdAt: now,
    attempts: 0,
    dueAt: 0,
    failure: null,
    anonymousId: anonymousId ?? '',
    otherId: otherId ?? null,
  }
}

/** What the store writes for an action that is no event: an audit line. `outcome`: default `done`. */
export const auditNote = (ctx: Context, action: string, about: About, outcome = 'done'): Note => ({
  audit: auditRow(ctx, action, about, outcome),
  deliveries: [],
})

/** What the store writes for an action that was refused; `outcome` says why. */
export const failureNote = (ctx: Context, action: string, about: About, outcome: string): Note => ({
  audit: auditRow(ctx, action, about, outcome),
  deliveries: [],
})

/** Writes that an action was refused, in a transaction of its own: the action was undone. A failure is only logged. */
export async function noteFailure(
  ctx: Context,
  action: keyof GuestEvents,
  about: About,
  outcome: string,
): Promise<void> {
  try {
    await ctx.store.addNote({ note: failureNote(ctx, action, about, outcome) })
  } catch (error) {
    ctx.logger.warn({ err: error, action, outcome }, 'a refusal could not be written to the audit trail')
  }
}
