// Arriving as a guest or user who is known: what becomes of the other guest that the browser was until then.

import type { Context } from '../../context.ts'
import type { MergeRow } from '../../store/store.ts'
import type { PreviousGuest } from '../../types.ts'
import type { GuestEvents } from '../events/events.ts'
import { toGuest, toPreviousGuest } from '../guests/guest.ts'
import { completeMerge, newMerge } from '../life/merge.ts'
import { canComeBack, type Issued, type Session } from '../sessions/sessions.ts'

/**
 * `previous` is the other guest whose session was left; `merged` where it was folded in; `ticket` to undo that, or to
 * ask for it. `recovery_codes_left` where one was used.
 */
export type SignedIn = {
  issued: Issued
  previous?: PreviousGuest
  merged?: boolean
  ticket?: string
  recovery_codes_left?: number
}

/** The other guest who is there, and the merge that is offered or decided. */
export type LeftGuest = { previous: Session | undefined; offer: ReturnType<typeof newMerge> | undefined }

/** Who is left by signing in to this guest. Regular users are never merged: what they are known by is theirs. */
export function leftGuest(ctx: Context, session: Session | undefined, anonymousId: string): LeftGuest {
  const previous = session && session.anonymousId !== anonymousId ? session : undefined
  const offer = previous?.promotedAt === null ? newMerge(ctx, previous, anonymousId) : undefined
  return { previous, offer }
}

/** Tells of the sign-in, and folds in whom it was decided to. */
export async function completeSignIn(
  ctx: Context,
  issued: Issued,
  method: GuestEvents['guest.signed_in']['method'],
  { previous, offer }: LeftGuest,
  { restored, mergeable }: { restored: boolean; mergeable: boolean },
): Promise<SignedIn> {
  const { session } = issued
  const guest = toGuest(session)
  const left = previous && toPreviousGuest(previous)
  ctx.events.emit('guest.signed_in', { guest, method, ...(left && { previous: left }) })
  if (restored) ctx.events.emit('guest.restored', { guest })
  if (!left || !offer || !mergeable) return { issued, ...(left && { previous: left }) }
  if (previous && !canComeBack(previous) && offer.row.status === 'offered') {
    const about = { anonymous_id: left.anonymous_id }
    ctx.logger.warn(about, 'a guest who is kept was not merged unasked, for there is no onMerge')
  }
  const merged = offer.row.status === 'pending' && (await isMerged(ctx, offer.row, session))
  return { issued, previous: left, ticket: offer.ticket, ...(merged && { merged }) }
}

/** Whatever comes of the merge, the guest is signed in; what was not done may be asked for by its ticket. */
async function isMerged(ctx: Context, row: MergeRow, into: Session): Promise<boolean> {
  try {
    await completeMerge(ctx, row, toPreviousGuest(into))
    return true
  } catch (err) {
    ctx.logger.warn({ err, ticket: row.id }, 'a guest was not merged at the sign-in')
    return false
  }
}
