// The way in that an operator opened for a guest, as the guest sees it: it can be cancelled in each session. How one is opened
// and used: core/way-in.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { WayInRow } from '../../store/store.ts'
import type { WayIn } from '../../types.ts'
import { hashToken } from '../crypto/secrets.ts'
import { note } from '../events/audit-trail.ts'
import { hasWaysIn } from '../sessions/endings.ts'
import { aboutSession, type Session } from '../sessions/sessions.ts'

export const toWayIn = ({ createdAt, opensAt, expiresAt, needsApproval, approvedBy }: WayInRow): WayIn => ({
  created_at: createdAt,
  opens_at: opensAt,
  expires_at: expiresAt,
  is_approved: !needsApproval || approvedBy !== null,
})

/** What names a way in to operators. It is neither the code nor its hash, and lets nobody in. */
export const wayInName = ({ id }: Pick<WayInRow, 'id'>): string => hashToken(`way in of hash ${id}`)

/** The way in of a guest that has not ended; null if there is none. */
export async function wayInOf(ctx: Context, anonymousId: string): Promise<WayIn | null> {
  if (!hasWaysIn(ctx.config)) return null
  const row = await ctx.store.findWayIn({ anonymousId, now: ctx.now() })
  return row ? toWayIn(row) : null
}

/** Cancels the way in of the guest who is signed in. Any session can. Errors: `not_found` if there is none. */
export async function cancelWayIn(ctx: Context, session: Session): Promise<void> {
  const { anonymousId } = session
  const notes = [note(ctx, 'way_in.cancelled', {}, aboutSession(session))]
  if (!(await ctx.store.cancelWayIn({ anonymousId, now: ctx.now(), notes }))) throw noWayIn()
}

export const noWayIn = () => new GuestError('not_found', { detail: 'There is no way in for this guest.' })
