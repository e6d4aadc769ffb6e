// Deliveries about merges. They name two guests with their labels, which go when a guest is erased.

import { aboutAll, type Row, type Statement, sql } from './statement.ts'

/** Locks the rows of these guests, in the order of their ids. Whatever else writes about one of them is done, or waits. */
export const lockGuests = (ids: string[]): Statement[] =>
  aboutAll(
    'SELECT anonymous_id FROM guests WHERE anonymous_id IN IDS ORDER BY anonymous_id',
    ids.toSorted(),
  ).map((statement) => ({ ...statement, lock: true as const }))

/** Finds the deliveries that name one of these guests and are not deleted with it. */
export const findNaming = (ids: string[]): Statement[] => [
  ...aboutAll("SELECT id, payload FROM outbox WHERE event = 'guest.merged' AND anonymous_id IN IDS", ids),
  ...aboutAll('SELECT id, payload FROM outbox WHERE other_id IN IDS', ids),
]

/** Takes the labels of these guests out of the deliveries that were found. */
export const removeLabels = (found: Row[], ids: string[]): Statement[] =>
  [...new Map(found.map((row) => [row.id, row])).values()].map(({ id, payload }) =>
    sql('UPDATE outbox SET payload = ? WHERE id = ?', withoutLabels(payload as string, new Set(ids)), id!),
  )

type Named = { anonymous_id: string; label: string }
/** Without guests if another version writes such events otherwise. */
type Payload = { type: string; data?: { from?: Named; into?: Named } }

/** The ids of the two guests. */
export const guestsIn = (payload: string) => {
  const { data: { from, into } = {} } = JSON.parse(payload) as Payload
  return { from: from?.anonymous_id ?? '', into: into?.anonymous_id ?? '' }
}

/**
 * The payload with an empty label for each guest who is gone, so that only the id says who it was. A guest who was merged
 * is gone with its target.
 */
export function withoutLabels(payload: string, gone: ReadonlySet<string>): string {
  const { from, into } = guestsIn(payload)
  const { data, ...rest } = JSON.parse(payload) as Payload
  const isFromGone = gone.has(from) || (gone.has(into) && rest.type === 'guest.merged')
  return JSON.stringify({
    ...rest,
    data: {
      ...data,
      ...(isFromGone && { from: { ...data?.from, label: '' } }),
      ...(gone.has(into) && { into: { ...data?.into, label: '' } }),
    },
  })
}
