// The merge that a ticket names, the two guests of it, and how a ticket is refused.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { GuestRow, MergeRow } from '../../store/store.ts'
import type { PreviousGuest, Recoverability } from '../../types.ts'
import { hashToken } from '../crypto/secrets.ts'
import type { Session } from '../sessions/sessions.ts'

/** The guest who is merged away, as hooks, events and responses name it. */
export const fromGuest = ({ fromId, label, collection, recoverability }: MergeRow): PreviousGuest => ({
  anonymous_id: fromId,
  label,
  collection,
  recoverability: recoverability as Recoverability,
})

/** The target of a merge as hooks name it, if there is no session to take it from. */
export async function intoGuest(
  ctx: Context,
  { anonymousId, label, collection }: GuestRow,
): Promise<PreviousGuest> {
  const recoverability = await ctx.store.findRecoverability({ anonymousId })
  return { anonymous_id: anonymousId, label, collection, recoverability }
}

export const invalidTicket = (reason: string) => new GuestError('merge_ticket_invalid', { reason })

/**
 * The merge that a ticket names, if the ticket was given to this guest.
 * Errors: `merge_ticket_invalid`; `not_found` if it is merged and too late to undo.
 */
export async function mergeOfTicket(
  ctx: Context,
  { anonymousId }: Session,
  ticket: string,
): Promise<MergeRow> {
  const row = await ctx.store.findMerge({ id: hashToken(ticket) })
  if (!row || row.intoId !== anonymousId) throw invalidTicket(row ? 'given to another guest' : 'unknown')
  if (row.expiresAt > ctx.now()) return row
  throw row.status === 'merged'
    ? new GuestError('not_found', { reason: 'too late to undo the merge' })
    : invalidTicket('expired')
}

/** The refusal of a merge whose other guest has a passkey that was not proven lately. */
export const proofNeeded = ({ label }: MergeRow) =>
  new GuestError('insufficient_user_authentication', {
    detail: `${label} has a passkey that must be proven first. Sign in as ${label}, then sign in to your own account again, and use the ticket that this second sign-in gives.`,
  })

/** The refusal of a merge whose other guest got a first way back that is no passkey, so that it must be asked again. */
export const agreementNeeded = ({ label }: MergeRow) =>
  new GuestError('insufficient_user_authentication', {
    detail: `${label} got a device key or recovery codes, and can now come back without this merge. If you still want to merge it, use the same ticket again.`,
  })
