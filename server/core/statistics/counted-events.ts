// Counts what the store writes about guests. What one write does to a guest is one act, and counts once. The rest is counted
// where it happens: new guests without a row, sign-ins, erasures, refusals.

import type { Context } from '../../context.ts'
import { counterOf, type GuestCounter } from '../../rules/statistics.ts'
import type { CounterName } from './counters.ts'

/** Only the node that wrote something tells it, and once. */
export function countEvents({ events, counters }: Pick<Context, 'events' | 'counters'>): void {
  events.onWritten((written) => {
    const acts = new Map<string, { did: GuestCounter[]; collection: string }>()
    for (const { data, counts } of written) {
      if (!counts) continue
      const { anonymous_id } = data as { anonymous_id: string }
      const before = acts.get(anonymous_id)?.did ?? []
      acts.set(anonymous_id, { did: [...before, counts.as], collection: counts.collection })
    }
    for (const { did, collection } of acts.values()) counters.count(counterOf(did) as CounterName, collection)
  })
}
