// Undoing a merge: the guest who was merged is there again, with a session if it has no other way back.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Merge } from '../../options/options.ts'
import type { MergeRow } from '../../store/store.ts'
import type { OperatorAct, PreviousGuest } from '../../types.ts'
import { longMac } from '../crypto/secrets.ts'
import { note, noteFailure } from '../events/audit-trail.ts'
import { toPreviousGuest } from '../guests/guest.ts'
import { isId } from '../guests/ids.ts'
import { retained } from '../guests/retention.ts'
import { issueSealed } from '../sessions/sealed-sessions.ts'
import { livingSession } from '../sessions/session-tokens.ts'
import { canComeBack, carriedKey, type Holder, type Issued, type Session } from '../sessions/sessions.ts'
import { issueSealedGrant } from '../tokens/refresh-tokens.ts'
import { keeping } from './keep.ts'
import { fromGuest, intoGuest, invalidTicket, mergeOfTicket } from './merge-ticket.ts'

/** How long an undo can be repeated, in case its response was lost. */
const UNDO_REPEAT_SECONDS = 10 * 60

/**
 * A guest who was brought back. `needsSession`: it has no other way back, so the browser must get a session for it.
 */
export type UndoneMerge = { from: PreviousGuest; needsSession: boolean }

/**
 * Undoes the merge that a ticket names; the caller is the guest who took the other one in. If the other guest has no
 * way back of its own, it takes over this browser or client, in the session that is returned. The caller's session ends
 * then.
 * Errors: `merge_ticket_invalid`; `merge_refused` if the host's hook throws; `guest_disabled` if one of the two guests is
 * disabled; `not_found` if it is too late, or if the session of the guest who was brought back has ended again; `would_lose_account` if the caller's session would end, and
 * the caller cannot come back and is signed in nowhere else, unless `force`.
 */
export async function undoMerge(
  ctx: Context,
  session: Session,
  ticket: string,
  { holder, force = false }: { holder?: Holder | undefined; force?: boolean | undefined } = {},
): Promise<Issued | undefined> {
  const row = await mergeOfTicket(ctx, session, ticket)
  const ends = row.status === 'merged' && undoneMerge(row).needsSession
  if (ends && !force && (await isAllOf(ctx, session))) throw new GuestError('would_lose_account')
  // The response may have been lost, so the client may repeat the request for 10 minutes.
  const { from, needsSession } =
    row.status === 'undone'
      ? undoneMerge(row)
      : await undoRow(ctx, row, toPreviousGuest(session), { here: session })
  if (!needsSession) return undefined
  const { anonymous_id: anonymousId, label, collection } = from
  const guest = { anonymousId, label, collection }
  const span = await ctx.store.findSession(carriedKey(anonymousId))
  const issued = holder
    ? issueSealedGrant(ctx, holder.client, guest, holder.grant, span)
    : issueSealed(ctx, guest, span)
  const living = await livingSession(ctx, issued.session)
  if (!living) throw new GuestError('not_found', { reason: 'its session ended again meanwhile' })
  return { ...issued, session: living }
}

/** Whether a guest has nothing but this session: no way back, and no other session. */
async function isAllOf(ctx: Context, session: Session): Promise<boolean> {
  if (canComeBack(session)) return false
  const { anonymousId, id } = session
  const sessions = await ctx.store.listSessions({ anonymousId, now: ctx.now() })
  return sessions.every((one) => one.id === id)
}

/**
 * Undoes a merge for the host, by the ticket that its hook got.
 * Errors: `merge_ticket_invalid`, also if it is too late; `merge_refused` if the hook throws; `guest_disabled` if one of
 * the two guests is disabled; `not_found` if the target was erased, or if the merge could not be undone any more.
 */
export async function undoMergeByHost(
  ctx: Context,
  id: string,
  operator?: OperatorAct,
): Promise<UndoneMerge> {
  const row = isId(id) ? await ctx.store.findMerge({ id }) : undefined
  if (!row || row.expiresAt <= ctx.now()) throw invalidTicket(row ? 'expired' : 'unknown')
  const guest = await ctx.store.findGuest({ anonymousId: row.intoId })
  if (!guest) throw new GuestError('not_found')
  return undoRow(ctx, row, await intoGuest(ctx, guest), { operator })
}

const undoneMerge = (row: MergeRow): UndoneMerge => ({
  from: fromGuest(row),
  needsSession: row.recoverability === 'none',
})

/**
 * Undoes a merge. `here`: the session that asks for it; it ends if the guest who comes back needs one in its place. `operator`:
 * who asks for it, if that is an operator.
 * Errors: `merge_ticket_invalid`, `merge_refused`, `guest_disabled`, `not_found`.
 */
async function undoRow(
  ctx: Context,
  row: MergeRow,
  into: PreviousGuest,
  { here, operator }: { here?: Session; operator?: OperatorAct | undefined },
): Promise<UndoneMerge> {
  const { id, fromId, label, collection } = row
  if (row.status !== 'merged') throw invalidTicket(row.status)
  const { from, needsSession } = undoneMerge(row)
  const event: Merge = { ticket: id, from, into }
  try {
    await ctx.config.merge.onUndoMerge?.(event)
  } catch (cause) {
    await noteFailure(ctx, 'guest.merge_undone', { anonymousId: row.intoId }, 'merge_refused')
    throw new GuestError('merge_refused', { cause })
  }
  const { guest, session } = keeping(ctx, { anonymousId: fromId, label, collection })
  const undone = ctx.store.undoMerge({
    id,
    now: ctx.now(),
    repeatUntil: ctx.now() + UNDO_REPEAT_SECONDS,
    guest: { ...guest, userHandle: longMac(ctx.keys.userHandle, fromId) },
    // Tokens of the session that was merged work again, older ones do not. If no browser carried it (null), only the
    // token that is issued now works.
    session: needsSession ? { ...session, createdAt: row.carriedSince ?? ctx.now() + 1 } : undefined,
    leaves: needsSession && here ? { anonymousId: here.anonymousId, id: here.id } : undefined,
    retained: retained(ctx, collection, from.recoverability),
    notes: [note(ctx, 'guest.merge_undone', event, { anonymousId: fromId, otherId: row.intoId, operator })],
  })
  const outcome = await undone.catch(async (error: GuestError) => {
    // The session of the operator ended while the hook ran. After any other error, the undo may be done.
    if (error.code === 'session_invalid') await redoHook(ctx, event)
    throw error
  })
  if (outcome !== 'undone') {
    // Another request has undone it, with the same ticket.
    if ((await ctx.store.findMerge({ id }))?.status === 'undone') return { from, needsSession }
    await redoHook(ctx, event)
    throw new GuestError(outcome === 'disabled' ? 'guest_disabled' : 'not_found')
  }
  return { from, needsSession }
}

/** Asks the host to do again what `onUndoMerge` took back, because the merge stands. */
async function redoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.merge.onMerge?.(merge)
  } catch (err) {
    ctx.logger.error(
      { err, ticket: merge.ticket },
      'onMerge failed: the merge stands, but what onUndoMerge took back was not done again',
    )
  }
}
