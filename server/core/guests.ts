// Who a guest is, and how anybody becomes one.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { Client } from '../options.ts'
import type { Guest } from '../types.ts'
import { newLabel } from './labels.ts'
import { labelFor, nameFor } from './pairwise.ts'
import { randomId } from './secrets.ts'
import { issueSealed, renewed } from './session-tokens.ts'
import type { Issued, Session } from './sessions.ts'

/** The guest as everybody sees it; by the name that this client knows, if it has one of its own. */
export function toGuest(session: Session, client?: Client): Guest {
  const sub = client ? nameFor(client, session.anonymousId) : session.anonymousId
  return {
    sub,
    anonymous_id: sub,
    isAnonymous: true,
    isVerified: false,
    recoverability: session.recoverability,
    label: client ? labelFor(client, session) : session.label,
    collection: session.collection,
    expires_at: session.expiresAt,
  }
}

/** The collection that a new guest is to be in. Errors: `unknown_collection`. */
export function collectionFor({ config }: Context, wanted: string | undefined): string {
  if (wanted !== undefined && !config.collections.includes(wanted)) throw new GuestError('unknown_collection')
  return wanted ?? config.collections[0]!
}

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
  const collection = collectionFor(ctx, wanted)
  if (current) {
    if (wanted !== undefined && wanted !== current.collection) throw new GuestError('collection_mismatch')
    const issued = renewed(ctx, current)
    return { session: issued?.session ?? current, ...(issued && { issued }) }
  }
  const issued = issueSealed(ctx, {
    anonymousId: randomId(128),
    label: newLabel(),
    collection,
  })
  ctx.events.emit('guest.signed_in', { guest: toGuest(issued.session), method: 'anonymous' })
  return { session: issued.session, issued }
}
