// After a sign-in to a known guest: the other guest, whose session was left, is merged, or the merge is offered.

import type { Context } from '../../context.ts'
import { mayBeMerged } from '../../rules/merge.ts'
import type { MergeRow } from '../../store/store.ts'
import type { PreviousGuest } from '../../types.ts'
import { toPreviousGuest } from '../guests/guest.ts'
import { completeMerge } from '../life/complete-merge.ts'
import { newMerge } from '../life/merge.ts'
import { canComeBack, type Issued, type Session } from '../sessions/sessions.ts'

/**
 * The new session. `previous` is the other guest whose session was left. `merged` is true if that guest was merged, and
 * `ticket` undoes the merge, or asks for it. `recovery_codes_left` is set if a recovery code was used.
 */
export type SignedIn = {
  issued: Issued
  previous?: PreviousGuest
  merged?: boolean
  ticket?: string
  recovery_codes_left?: number
}

/** The other guest whose session is left, and the merge that is offered or already decided. */
export type LeftGuest = { previous: Session | undefined; offer: ReturnType<typeof newMerge> | undefined }

/** The other guest whom a sign-in to `anonymousId` leaves. A regular user is never merged, and keeps the login IDs. */
export function leftGuest(ctx: Context, session: Session | undefined, anonymousId: string): LeftGuest {
  const previous = session && session.anonymousId !== anonymousId ? session : undefined
  const offer = previous && mayBeMerged(previous) ? newMerge(ctx, previous, anonymousId) : undefined
  return { previous, offer }
}

/**
 * Does the merge if it was decided. A failed merge is only logged. While nodes of other versions use the store, it stays
 * decided, and the job does it afterwards.
 */
export async function completeSignIn(
  ctx: Context,
  issued: Issued,
  { previous, offer }: LeftGuest,
  { mergeable }: { mergeable: boolean },
): Promise<SignedIn> {
  const { session } = issued
  const left = previous && toPreviousGuest(previous)
  if (!left || !offer || !mergeable) return { issued, ...(left && { previous: left }) }
  if (previous && !canComeBack(previous) && offer.row.status === 'offered') {
    const about = { anonymous_id: left.anonymous_id }
    ctx.logger.warn(
      about,
      'a kept guest was not merged automatically, because the options have no merge.onMerge',
    )
  }
  const merged = offer.row.status === 'pending' && (await tryMerge(ctx, offer.row, session))
  return { issued, previous: left, ticket: offer.ticket, ...(merged && { merged }) }
}

/**
 * Tries the merge. True if it was done. If it fails, the guest is signed in all the same, and the ticket can be used to try
 * again.
 */
async function tryMerge(ctx: Context, row: MergeRow, into: Session): Promise<boolean> {
  try {
    if (await ctx.fleet.isMixed()) return false
    await completeMerge(ctx, row, toPreviousGuest(into))
    return true
  } catch (err) {
    ctx.logger.warn({ err, ticket: row.id }, 'the guest who was there before was not merged at the sign-in')
    return false
  }
}
