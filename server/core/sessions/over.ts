// Whether a session is over, for a connection that stays open while it may end.

import type { Context } from '../../context.ts'
import { livingSession } from './session-tokens.ts'
import type { Session } from './sessions.ts'

/** Whether the session was ended or has expired, on whichever node. Asks the store each time. */
export async function isOver(ctx: Context, session: Session): Promise<boolean> {
  if (session.endsAt <= ctx.now()) return true
  if (session.kind === 'sealed') return (await livingSession(ctx, session)) === undefined
  const { anonymousId, id } = session
  const row = await ctx.store.findSession({ anonymousId, id })
  return !row || row.expiresAt <= ctx.now()
}
