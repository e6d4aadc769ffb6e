// Continue as guest.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { randomId } from '../crypto/secrets.ts'
import { collectionFor, toGuest } from '../guests/guest.ts'
import { newLabel } from '../guests/labels.ts'
import { keepSession } from '../life/keep.ts'
import { issueSealed, type NewGuest, renewIfDue } from '../sessions/session-tokens.ts'
import type { Issued, Session } from '../sessions/sessions.ts'

/** A guest to be, whom nobody has seen. Errors: `unknown_collection`. */
export const newGuest = (ctx: Context, collection: string | undefined): NewGuest => ({
  anonymousId: randomId(128),
  label: newLabel(),
  collection: collectionFor(ctx, collection),
})

/** A session that was just made, as it begins: in a row at once where every guest is to have one. */
export async function beginSession(ctx: Context, issued: Issued): Promise<Issued> {
  const isKept = ctx.config.keep === 'always'
  const session = isKept ? await keepSession(ctx, issued.session, { isNew: true }) : issued.session
  ctx.events.emit('guest.signed_in', { guest: toGuest(session), method: 'anonymous' })
  return { ...issued, session }
}

/**
 * Continue as guest: the session that is there, or a new one, which writes nothing unless every guest is to be kept.
 * `issued` where the browser is to carry a new token: that of a new session, or of one that was due for a new date.
 * Errors: `unknown_collection`; `collection_mismatch` where the guest who is there belongs to another one.
 */
export async function signInAnonymously(
  ctx: Context,
  current: Session | undefined,
  wanted?: string,
): Promise<{ session: Session; issued?: Issued }> {
  collectionFor(ctx, wanted)
  if (current) {
    if (wanted !== undefined && wanted !== current.collection) throw new GuestError('collection_mismatch')
    const issued = renewIfDue(ctx, current)
    return { session: issued?.session ?? current, ...(issued && { issued }) }
  }
  const issued = await beginSession(ctx, issueSealed(ctx, newGuest(ctx, wanted)))
  return { session: issued.session, issued }
}
