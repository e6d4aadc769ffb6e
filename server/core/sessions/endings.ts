// The events about a session that ends, whatever ends it, and about a way in that something else than its use ends.

import type { Context } from '../../context.ts'
import type { Note } from '../../store/store.ts'
import { failureNote, note } from '../events/audit-trail.ts'
import type { SessionEnd } from '../events/events.ts'

/**
 * What to write about each session that a verb of the store ends. Only the store knows which these are: it fills in the
 * ids. It makes no line in the audit trail, because the line about what ended the sessions is there, except for a replayed
 * code, of which nothing else tells.
 */
export function ending(ctx: Context, reason: SessionEnd): Note {
  const about = { anonymousId: '', sessionId: '' }
  const event = { session_id: '', reason }
  const model = note(ctx, 'session.ended', event, about, { audited: false })
  return reason === 'code_reused'
    ? { ...model, audit: failureNote(ctx, 'session.ended', about, reason).audit }
    : model
}

/** Whether this deployment has ways in. */
export const hasWaysIn = ({ operators }: Context['config']): boolean =>
  operators !== false && operators.wayIn !== false

/** What to write if the guest has a way in, which this ends. Undefined if this deployment has none. */
export const endingOfWayIn = (
  ctx: Context,
  about: { anonymousId: string; sessionId: string | null },
): Note | undefined => (hasWaysIn(ctx.config) ? note(ctx, 'way_in.cancelled', {}, about) : undefined)
