// Who a guest is, as everybody sees it.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Guest, PreviousGuest, Recoverability } from '../../types.ts'
import { labelFor, nameFor } from './pairwise.ts'

/** What makes a guest; every session says it of its own. */
export type GuestFacts = {
  /** `sealed`: the browser carries the session whole, and the guest is remembered as long as it lives. */
  kind: 'sealed' | 'stored'
  anonymousId: string
  label: string
  collection: string
  recoverability: Recoverability
  expiresAt: number
  guestExpiresAt: number | null
  promotedAt: number | null
}

/** The guest as everybody sees it; by the name that this client knows, if it has one of its own. */
export function toGuest(session: GuestFacts, client?: Client): Guest {
  const sub = client ? nameFor(client, session.anonymousId) : session.anonymousId
  return {
    sub,
    anonymous_id: sub,
    isAnonymous: session.promotedAt === null,
    isVerified: session.promotedAt !== null,
    recoverability: session.recoverability,
    label: client ? labelFor(client, session) : session.label,
    collection: session.collection,
    expires_at: session.kind === 'sealed' ? session.expiresAt : session.guestExpiresAt,
  }
}

/** No more than tells one guest from another. */
export const toPreviousGuest = (session: GuestFacts): PreviousGuest => {
  const { anonymous_id, label, collection, recoverability } = toGuest(session)
  return { anonymous_id, label, collection, recoverability }
}

/** The collection that a new guest is to be in. Errors: `unknown_collection`. */
export function collectionFor({ config }: Context, wanted: string | undefined): string {
  if (wanted !== undefined && !Object.hasOwn(config.collections, wanted))
    throw new GuestError('unknown_collection')
  return wanted ?? config.defaultCollection
}
