// Who a guest is, and how anybody becomes one.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { Guest } from '../types.ts'
import { newLabel } from './labels.ts'
import { randomId } from './secrets.ts'
import { type Issued, issueSealed, renewed, type Session } from './sessions.ts'

export const toGuest = (session: Session): Guest => ({
  sub: session.anonymousId,
  anonymous_id: session.anonymousId,
  isAnonymous: true,
  isVerified: false,
  recoverability: session.recoverability,
  label: session.label,
  collection: session.collection,
  expires_at: session.expiresAt,
})

/**
 * Continue as guest: the session that is there, or a new sealed one, which writes nothing. `issued` where the browser
 * is to carry a new token: that of a new session, or of one that was due for a new date.
 * Errors: `unknown_collection`; `collection_mismatch` where the guest who is there belongs to another one.
 */
export function signInAnonymously(
  ctx: Context,
  current: Session | undefined,
  wanted?: string,
): { session: Session; issued?: Issued } {
  if (wanted !== undefined && !ctx.config.collections.includes(wanted))
    throw new GuestError('unknown_collection')
  if (current) {
    if (wanted !== undefined && wanted !== current.collection) throw new GuestError('collection_mismatch')
    const issued = renewed(ctx, current)
    return { session: issued?.session ?? current, ...(issued && { issued }) }
  }
  const issued = issueSealed(ctx, {
    anonymousId: randomId(128),
    label: newLabel(),
    collection: wanted ?? ctx.config.collections[0]!,
  })
  ctx.events.emit('guest.signed_in', { guest: toGuest(issued.session), method: 'anonymous' })
  return { session: issued.session, issued }
}
