// Renaming: a guest chooses its own label.

import type { Context } from '../../context.ts'
import type { Client } from '../../options/options.ts'
import { note, tellUnwritten } from '../events/audit-trail.ts'
import { aboutSession, type Issued, type Session, sessionEnded, sessionRef } from '../sessions/sessions.ts'
import { reissueFor } from '../tokens/refresh-tokens.ts'

/**
 * Gives the guest this label. If the guest has no row, the session's token carries the label, and the holder must use
 * the token in `issued` from now on.
 * Errors: `session_invalid` if the session ended meanwhile; `insufficient_scope` if the token must change and the
 * asking client does not hold the session.
 */
export async function renameGuest(
  ctx: Context,
  session: Session,
  { label, client }: { label: string; client?: Client | undefined },
): Promise<{ session: Session; issued?: Issued }> {
  if (label === session.label) return { session }
  const { anonymousId, kind } = session
  const next = { ...session, label }
  const outcome = await ctx.store.renameGuest({
    anonymousId,
    label,
    session: sessionRef(ctx, session),
    notes: [note(ctx, 'guest.renamed', {}, aboutSession(session))],
  })
  if (outcome === 'ended' || (outcome === 'unknown' && kind === 'stored'))
    throw sessionEnded('before it was renamed')
  if (outcome === 'renamed') return { session: next }
  const renamed = reissueFor(ctx, next, client)
  tellUnwritten(ctx, 'guest.renamed', {}, aboutSession(session)) // a guest without a row
  return renamed
}
