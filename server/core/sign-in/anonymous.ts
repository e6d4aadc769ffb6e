// Continue as guest in a browser: a new guest writes no row, unless the option `keep` is `always`.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { randomId } from '../crypto/secrets.ts'
import { note, tellUnwritten } from '../events/audit-trail.ts'
import { collectionFor, toGuest } from '../guests/guest.ts'
import { newLabel } from '../guests/labels.ts'
import { keepNewSession } from '../life/keep.ts'
import { renewIfDue } from '../sessions/renewal.ts'
import { type IssuedSealed, issueSealed, type NewGuest } from '../sessions/sealed-sessions.ts'
import { aboutSession, type Issued, type Session } from '../sessions/sessions.ts'

/**
 * A new guest, with a random id and label.
 * Errors: `collection_unknown`; `guest_sign_in_off` if the setting `guestSignIn` is false for the collection.
 */
export async function newGuest(ctx: Context, wanted: string | undefined): Promise<NewGuest> {
  const collection = collectionFor(ctx, wanted)
  await requireGuestSignIn(ctx, collection)
  return { anonymousId: randomId(128), label: newLabel(), collection }
}

/** Refuses a new guest if the collection lets none in. Errors: `guest_sign_in_off`. */
export async function requireGuestSignIn({ settings }: Context, collection: string): Promise<void> {
  if (!(await settings.value(`guestSignIn.${collection}`))) throw new GuestError('guest_sign_in_off')
}

/** Begins a session that was just issued: keeps its guest if `keep` is `always`, and emits `guest.signed_in`. */
export async function beginSession(ctx: Context, issued: IssuedSealed): Promise<Issued> {
  if (ctx.config.keep === 'always') {
    const session = await keepNewSession(ctx, issued.session, (kept) =>
      note(ctx, 'guest.signed_in', begunIn(kept), aboutSession(kept), {
        audited: false,
        counts: { as: 'created', collection: kept.collection },
      }),
    )
    return { ...issued, session }
  }
  const { session } = issued
  ctx.counters.count('created', session.collection)
  tellUnwritten(ctx, 'guest.signed_in', begunIn(session), aboutSession(session))
  return issued
}

const begunIn = (session: Session) =>
  ({ guest: toGuest(session), session_id: session.id, method: 'anonymous' }) as const

/**
 * Continues as guest: with the current session, or with a new one. `wanted` is the collection; default: the current
 * guest's, or the default collection. `issued` is set if the browser must store a new token: the session is new, or its
 * token was due for renewal.
 * Errors: `collection_unknown`; `collection_mismatch` if the current guest belongs to another collection;
 * `guest_sign_in_off` if nobody is signed in, and the collection lets no new guests in.
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
  const issued = await beginSession(ctx, issueSealed(ctx, await newGuest(ctx, wanted)))
  return { session: issued.session, issued }
}
