// A guest as clients, hosts and pages see it, and the collection that a new guest joins.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Guest, PreviousGuest, Recoverability } from '../../types.ts'
import { labelFor, nameFor } from './pairwise.ts'

/** The facts about a guest that `toGuest` needs. Every session has them about its own guest. */
export type GuestFacts = {
  /** `sealed`: the guest has no row, and is remembered as long as the session lives. `stored`: the guest is kept. */
  kind: 'sealed' | 'stored'
  anonymousId: string
  label: string
  collection: string
  recoverability: Recoverability
  expiresAt: number
  guestExpiresAt: number | null
  promotedAt: number | null
}

/** The guest as everybody sees it. A pairwise `client` gets its own `sub` and label for the guest. */
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

/** Only the fields that tell one guest from another. */
export const toPreviousGuest = (session: GuestFacts): PreviousGuest => {
  const { anonymous_id, label, collection, recoverability } = toGuest(session)
  return { anonymous_id, label, collection, recoverability }
}

/** The collection of a new guest: the wanted one, or the default. Errors: `unknown_collection`. */
export function collectionFor({ config }: Context, wanted: string | undefined): string {
  if (wanted !== undefined && !Object.hasOwn(config.collections, wanted))
    throw new GuestError('unknown_collection')
  return wanted ?? config.defaultCollection
}
