// Signing in a guest who is kept by a check of the host's own, such as another system's token.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import { arrive, leftBy, type SignedIn } from './arrival.ts'
import { toGuest } from './guests.ts'
import { retainedBy } from './retention.ts'
import { newStoredSession } from './session-tokens.ts'
import { type Session, sessionRef, storedSession } from './sessions.ts'
import { note } from './trail.ts'

/**
 * Signs in the guest with this id, and ends the session that was there. No passkey was proven by it.
 * Errors: `not_found` where nothing is kept of it; `guest_merged`, `too_many_sessions`.
 */
export async function signInAs(
  ctx: Context,
  session: Session | undefined,
  anonymousId: string,
): Promise<SignedIn> {
  const guest = typeof anonymousId === 'string' ? await ctx.store.findGuest({ anonymousId }) : undefined
  if (!guest) throw unknown()
  const { row, token } = newStoredSession(ctx, anonymousId)
  const to = { ...row, authTime: null } // the host's check is no passkey
  const left = leftBy(ctx, session, anonymousId)
  const { label, collection, promotedAt } = guest
  const passkeys = await ctx.store.listPasskeys({ anonymousId })
  const backedUp = passkeys.length === 0 ? null : passkeys.some((one) => one.backedUp)
  const event = {
    guest: toGuest(storedSession({ ...to, label, collection, promotedAt, guestExpiresAt: null, backedUp })),
  }
  const about = { anonymousId, sessionId: to.id }
  const result = await ctx.store.signInByHost({
    ...{ from: session && sessionRef(ctx, session), to, now: ctx.now() },
    maxSessions: ctx.config.maxSessions,
    retained: retainedBy(ctx, collection),
    merge: left.offer?.row,
    notes: [note(ctx, 'guest.signed_in', { ...event, method: 'host' }, about)],
    restored: [note(ctx, 'guest.restored', event, about)],
  })
  switch (result.outcome) {
    case 'signed_in':
      return arrive(ctx, { session: storedSession({ ...to, ...result }), token }, 'host', left, result)
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    case 'unknown':
      throw unknown()
  }
}

const unknown = () =>
  new GuestError('not_found', { detail: 'Nothing is kept of this guest: import it first.' })
