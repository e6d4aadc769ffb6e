// A guest as clients, hosts and pages see it, and the collection that a new guest joins.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Guest, PreviousGuest, Recoverability } from '../../types.ts'
import { labelFor, nameFor } from './pairwise.ts'

/** The facts about a guest that `toGuest` needs. Every session has them about its own guest. */
export type GuestFacts = {
  anonymousId: string
  label: string
  collection: string
  recoverability: Recoverability
  promotedAt: number | null
} & (
  | {
      /** The guest has no row, and is remembered as long as the session lives. */
      kind: 'sealed'
      expiresAt: number
    }
  | {
      /** The guest is kept. */
      kind: 'stored'
      guestExpiresAt: number | null
    }
)

/** The guest as everybody sees it. A pairwise `client` gets its own `sub` and label for the guest. */
export function toGuest(guest: GuestFacts, client?: Client): Guest {
  const sub = client ? nameFor(client, guest.anonymousId) : guest.anonymousId
  return {
    sub,
    anonymous_id: sub,
    isAnonymous: guest.promotedAt === null,
    isVerified: guest.promotedAt !== null,
    recoverability: guest.recoverability,
    label: client ? labelFor(client, guest) : guest.label,
    collection: guest.collection,
    expires_at: guest.kind === 'sealed' ? guest.expiresAt : guest.guestExpiresAt,
  }
}

/** Only the fields that tell one guest from another. */
export const toPreviousGuest = (guest: GuestFacts): PreviousGuest => {
  const { anonymous_id, label, collection, recoverability } = toGuest(guest)
  return { anonymous_id, label, collection, recoverability }
}

/** The collection of a new guest: the wanted one, or the default. Errors: `unknown_collection`. */
export function collectionFor({ config }: Context, wanted: string | undefined): string {
  if (wanted !== undefined && !Object.hasOwn(config.collections, wanted))
    throw new GuestError('unknown_collection')
  return wanted ?? config.defaultCollection
}
