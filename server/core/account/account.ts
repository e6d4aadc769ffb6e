// Leaving: the erasure of the guest. The erasure of guests who stay away: core/jobs/expired-guests.ts.

import type { Context } from '../../context.ts'
import type { EraseOutcome, SessionRef } from '../../store/store.ts'
import type { OperatorAct } from '../../types.ts'
import { note, tellUnwritten } from '../events/audit-trail.ts'
import type { GuestEvents } from '../events/events.ts'
import { isId, isOurs } from '../guests/ids.ts'
import { ending } from '../sessions/endings.ts'
import { longestIdle, type Session, sessionEnded, sessionRef } from '../sessions/sessions.ts'
import { isFresh, requireProof, requireRecentPasskey } from '../sessions/step-up.ts'

/**
 * Erases the guest who is signed in, with everything.
 * Errors: `insufficient_user_authentication` if the guest has a passkey and did not prove one recently;
 * `session_invalid` if the session ended meanwhile.
 */
export async function eraseAccount(ctx: Context, session: Session): Promise<void> {
  const isProven = isFresh(ctx, session)
  requireProof(ctx, session)
  const outcome = await erase(ctx, session.anonymousId, 'left', {
    by: { session: sessionRef(ctx, session), isProven },
    isKept: session.kind === 'stored',
    collection: session.collection,
  })
  if (outcome === 'ended') throw sessionEnded('before the guest was erased')
  if (outcome === 'unproven') requireRecentPasskey(ctx, session)
}

/** Erases a guest for the host; false if the guest had no row. Either way, all sessions of the guest end. */
export const eraseGuestByHost = async (
  ctx: Context,
  anonymousId: string,
  operator?: OperatorAct,
): Promise<boolean> =>
  isId(anonymousId) &&
  (await erase(ctx, anonymousId, 'host', { by: undefined, isKept: true, operator })) === 'erased'

/**
 * If the guest is not kept, the store writes only that its session ended. Guests whose merge into this one is under way
 * or was refused, and who have no other way back, are erased too: none of them could come back. Imported ones stay: the
 * host may sign them in by their ids in the other system.
 */
async function erase(
  ctx: Context,
  anonymousId: string,
  reason: GuestEvents['guest.erased']['reason'],
  {
    by,
    isKept,
    collection,
    operator,
  }: {
    by: { session: SessionRef; isProven: boolean } | undefined
    isKept: boolean
    /** Of a guest without a row. */
    collection?: string
    operator?: OperatorAct | undefined
  },
): Promise<EraseOutcome> {
  const erasureOf = (id: string) => ({
    anonymousId: id,
    // An imported guest never had a session without a row.
    endedUntil: isOurs(id) ? ctx.now() + longestIdle(ctx) : null,
    notes: isKept ? [note(ctx, 'guest.erased', { reason }, { anonymousId: id, operator })] : [],
  })
  for (;;) {
    const now = ctx.now()
    const stranded = isKept ? await ctx.store.listStranded({ anonymousId, now }) : []
    const alongside = stranded.filter(isOurs)
    const spared = stranded.filter((id) => !isOurs(id))
    const row = isKept ? await ctx.store.findGuest({ anonymousId }) : undefined
    const outcome = await ctx.store.eraseGuest({
      ...erasureOf(anonymousId),
      by,
      ending: ending(ctx, 'erased'),
      alongside: { now, guests: alongside.map(erasureOf), spared },
    })
    if (outcome === 'stale') continue
    // One act counts once: not the guests alongside, and no guest who counted as expired.
    if (outcome === 'erased' && row && row.stage !== 'expired') ctx.counters.count('erased', row.collection)
    // Nothing is written about a guest without a row.
    if (!isKept && (outcome === 'erased' || outcome === 'unknown')) {
      ctx.counters.count('erased', collection)
      tellUnwritten(ctx, 'guest.erased', { reason }, { anonymousId })
    }
    return outcome
  }
}
