// A guest as one asker sees it: a pairwise client gets its own names for it. Also the guest whom the host names by id,
// and the collection of a new guest.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { type GuestFacts, guestOf } from '../../rules/guest.ts'
import type { GuestRow } from '../../store/store.ts'
import type { Guest, PreviousGuest } from '../../types.ts'
import { isId } from './ids.ts'
import { labelFor, nameFor } from './pairwise.ts'

/** The guest as rules/guest.ts describes it. A pairwise `client` gets its own `sub` and label for the guest. */
export function toGuest(guest: GuestFacts, client?: Client): Guest {
  const whole = guestOf(guest)
  if (!client) return whole
  const sub = nameFor(client, guest.anonymousId)
  return { ...whole, sub, anonymous_id: sub, label: labelFor(client, guest) }
}

/** Only the fields that tell one guest from another. */
export const toPreviousGuest = (guest: GuestFacts): PreviousGuest => {
  const { anonymous_id, label, collection, recoverability } = toGuest(guest)
  return { anonymous_id, label, collection, recoverability }
}

/** The row of the guest whom the host names by id; undefined if the guest is not kept, or if the id is nobody's. */
export const findGuestById = async (
  { store }: Context,
  anonymousId: string,
): Promise<GuestRow | undefined> => (isId(anonymousId) ? store.findGuest({ anonymousId }) : undefined)

/** The collection of a new guest: the wanted one, or the default. Errors: `collection_unknown`. */
export function collectionFor({ config }: Context, wanted: string | undefined): string {
  if (wanted !== undefined && !Object.hasOwn(config.collections, wanted))
    throw new GuestError('collection_unknown')
  return wanted ?? config.defaultCollection
}
