// What ends ways in: that of a guest, or those that an operator opened. See verbs, operators and support/ways-in.ts.

import type { EndOfWaysIn, Note } from '../store.ts'
import { noteForEach } from './notes.ts'
import { insertNotes } from './rows.ts'
import { type Row, type RowSets, type Statement, sql } from './statement.ts'

/** Returns a row if there was one. It may have expired: see `notesOfWayIn`. */
export const endWayIn = (anonymousId: string): Statement =>
  sql('DELETE FROM ways_in WHERE anonymous_id = ? RETURNING expires_at', anonymousId)

/** The same row. */
export const findWayInOf = (anonymousId: string): Statement =>
  sql('SELECT expires_at FROM ways_in WHERE anonymous_id = ?', anonymousId)

/** What to write about the way in of this row, which was ended by something else than its use. */
export const notesOfWayIn = (cancelled: Note | undefined, ended: Row | undefined, now: number): Note[] =>
  cancelled && ended && Number(ended.expires_at) > now ? [cancelled] : []

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
