// Signing in a guest who is kept by a check of the host's own, such as another system's token.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Session } from '../sessions/sessions.ts'
import { signInByProof } from './by-proof.ts'
import type { SignedIn } from './complete.ts'

/**
 * Signs in the guest with this id, and ends the session that was there. No passkey was proven by it.
 * Errors: `not_found` where nothing is kept of it; `guest_merged`, `too_many_sessions`.
 */
export async function signInByHost(
  ctx: Context,
  session: Session | undefined,
  anonymousId: string,
): Promise<SignedIn> {
  const guest = typeof anonymousId === 'string' ? await ctx.store.findGuest({ anonymousId }) : undefined
  if (!guest) throw new GuestError('not_found', { detail: 'Nothing is kept of this guest: import it first.' })
  return signInByProof(ctx, session, guest, { proof: { by: 'host' }, method: 'host', refused: 'not_found' })
}
