// Counts what events tell. The rest is counted where it happens: new guests, first passkeys, sign-ins, erasures, refusals.

import type { Context } from '../../context.ts'

/** Only the node that wrote an event tells it, and once. */
export function countEvents({ events, counters }: Pick<Context, 'events' | 'counters'>): void {
  events.on('guest.kept', ({ guest }) => counters.count('kept', guest.collection))
  events.on('guest.promoted', ({ guest }) => counters.count('promoted', guest.collection))
  events.on('guest.expired', ({ collection }) => counters.count('expired', collection))
}
