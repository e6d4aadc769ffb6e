// What ends ways in: that of a guest, or those that an operator opened. See verbs, operators and support/ways-in.ts.

import type { EndOfWaysIn } from '../store.ts'
import { noteForEach } from './notes.ts'
import { insertNotes } from './rows.ts'
import { type RowSets, type Statement, sql } from './statement.ts'

export const endWayIn = (anonymousId: string): Statement =>
  sql('DELETE FROM ways_in WHERE anonymous_id = ?', anonymousId)

/**
 * Ends the ways in that this operator opened. Returns the notes about their guests to write; `cancelled` is the model for
 * all of them.
 */
export function* endWaysInOf(
  operatorId: string,
  { now, cancelled }: EndOfWaysIn,
): Generator<Statement[], Statement[], RowSets> {
  const [ended] = yield [
    sql('DELETE FROM ways_in WHERE opened_by = ? AND expires_at > ? RETURNING anonymous_id', operatorId, now),
  ]
  const guests = ended.map((row) => row.anonymous_id as string)
  const events = guests.map((anonymous_id) => ({ anonymous_id }))
  return insertNotes(
    noteForEach(cancelled, events).map(({ audit, deliveries, ...rest }, i) => ({
      ...rest,
      audit: audit && { ...audit, anonymousId: guests[i]! },
      deliveries: deliveries.map((delivery) => ({ ...delivery, anonymousId: guests[i]! })),
    })),
  )
}
