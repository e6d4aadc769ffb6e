// Signing in a kept guest after the host's own check, for example of another system's token.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { findGuestById } from '../guests/guest.ts'
import type { Session } from '../sessions/sessions.ts'
import { refusedAs, signInByProof } from './by-proof.ts'
import type { SignedIn } from './complete.ts'

/**
 * Signs in the guest with this id, and ends the previous session. The new session does not count as proven by passkey.
 * Errors: `not_found` if the guest is not kept; `guest_merged`, `guest_disabled`, `too_many_sessions`.
 */
export async function signInByHost(
  ctx: Context,
  session: Session | undefined,
  anonymousId: string,
): Promise<SignedIn> {
  const guest = typeof anonymousId === 'string' ? await findGuestById(ctx, anonymousId) : undefined
  if (!guest)
    throw new GuestError('not_found', { detail: 'This guest is not kept: keep or import it first.' })
  return signInByProof(ctx, session, guest, { proof: { by: 'host' }, refused: refusedAs('not_found') })
}
