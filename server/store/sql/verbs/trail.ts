// The SQL of the audit trail and of the outbox, which holds the deliveries to webhooks.

import type { AuditPlace, AuditRow } from '../../store.ts'
import { guestsIn, lockGuests, withoutLabels } from '../merge-deliveries.ts'
import { bucket, guestBucket, guestBucketOthers } from '../migrations.ts'
import { auditColumns, deliveryColumns, insertNotes, toAuditRow, toDelivery } from '../rows.ts'
import {
  type Ask,
  ask,
  bucketNames,
  buckets,
  noWrites,
  type Reads,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'

export const trailReads = {
  listAudit: ({ anonymousId, since, limit }) =>
    anonymousId === null
      ? auditOfAll(since, limit)
      : ask(
          sql(
            `SELECT ${auditColumns} FROM audit WHERE anonymous_id = ? AND at >= ? ORDER BY at DESC, id LIMIT ?`,
            anonymousId,
            since,
            limit,
          ),
          (rows) => rows.map(toAuditRow),
        ),

  pageAudit: ({ anonymousId, operatorId, after, limit }) => {
    const named = Object.entries({ anonymous_id: anonymousId, operator_id: operatorId }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    )
    const ofNamed = named.map(([column]) => `${column} = ?`).join(' AND ')
    // Each bucket by itself, so that its index gives the latest lines, and none is read that is on no page. Lines of the same
    // second are in the order of their buckets, and then in that of the database, whatever its collation is.
    const places = named.length > 0 ? [ofNamed] : [...bucketNames.map(inBucket), guestBucketOthers]
    const statements = places.map((which, place) =>
      sql(
        `SELECT ${auditColumns} FROM audit WHERE ${which} AND at <= ? AND (at < ? OR id > ?)
        ORDER BY at DESC, id LIMIT ?`,
        ...named.map(([, id]) => id),
        ...boundsOf(place, after),
        limit + 1,
      ),
    )
    return {
      statements,
      outcome(...found) {
        const lines = found
          .flatMap((rows, place) => rows.map((row) => ({ row: toAuditRow(row), place })))
          .sort((a, b) => b.row.at - a.row.at) // stable: in the order of the buckets
        const last = lines.length > limit ? lines[limit - 1] : undefined
        return {
          rows: lines.slice(0, limit).map(({ row }) => row),
          next: last ? { at: last.row.at, place: last.place, id: last.row.id } : null,
        }
      },
    }
  },

  countDeliveries: ({ now, most }) => ({
    statements: [
      sql(`SELECT id FROM outbox WHERE ${bucket} IN ${buckets} AND due_at <= ? LIMIT ?`, now, most),
      sql(`SELECT id FROM outbox WHERE ${bucket} IN ${buckets} AND due_at IS NULL LIMIT ?`, most),
    ],
    outcome: (due, dead) => ({ due: due.length, dead: dead.length }),
  }),

  listDeadDeliveries: ({ limit }) =>
    ask(
      sql(
        `SELECT ${deliveryColumns} FROM outbox WHERE ${bucket} IN ${buckets} AND due_at IS NULL
        ORDER BY created_at, id LIMIT ?`,
        limit,
      ),
      (rows) => rows.map(toDelivery),
    ),
} satisfies Partial<Reads>

export const trailWrites = {
  addNote: ({ note }) => ({ statements: insertNotes([note]), outcome: () => undefined }),

  claimDeliveries: ({ url, now, until, limit }) =>
    ask(
      sql(
        `UPDATE outbox SET due_at = ?, attempts = attempts + 1 WHERE due_at <= ? AND id IN
          (SELECT id FROM outbox WHERE ${bucket} IN ${buckets} AND due_at <= ? AND url = ? LIMIT ?)
          RETURNING ${deliveryColumns}`,
        until,
        now,
        now,
        url,
        limit,
      ),
      (rows) => rows.map(toDelivery),
    ),

  *completeDeliveries({ limit }): Steps<number> {
    const [found] = yield [
      sql(
        `SELECT id, anonymous_id, payload FROM outbox WHERE ${bucket} IN ${buckets}
          AND event IN ('guest.merged', 'guest.merge_undone') AND other_id IS NULL LIMIT ?`,
        limit,
      ),
    ]
    if (found.length === 0) return noWrites(0)
    const ids = new Set(found.flatMap(({ payload }) => Object.values(guestsIn(payload as string))))
    const there = yield lockGuests([...ids])
    for (const { anonymous_id } of there.flat()) ids.delete(anonymous_id as string)
    return {
      statements: found.map((row) => {
        const { from, into } = guestsIn(row.payload as string)
        return sql(
          'UPDATE outbox SET other_id = ?, payload = ? WHERE id = ?',
          row.anonymous_id === into ? from : into,
          withoutLabels(row.payload as string, ids),
          row.id!,
        )
      }),
      outcome: () => found.length,
    }
  },

  settleDelivery: ({ id }) => ask(sql('DELETE FROM outbox WHERE id = ?', id), () => undefined),

  failDelivery: ({ id, failure, dueAt }) =>
    ask(sql('UPDATE outbox SET failure = ?, due_at = ? WHERE id = ?', failure, dueAt, id), () => undefined),

  releaseDelivery: ({ id, until }) =>
    ask(
      sql('UPDATE outbox SET due_at = 0, attempts = attempts - 1 WHERE id = ? AND due_at = ?', id, until),
      () => undefined,
    ),

  retryDeliveries: ({ id, now, notes = [] }) => ({
    statements: [
      id === null
        ? sql(
            `UPDATE outbox SET due_at = ?, attempts = 0 WHERE ${bucket} IN ${buckets} AND due_at IS NULL RETURNING id`,
            now,
          )
        : sql(
            'UPDATE outbox SET due_at = ?, attempts = 0 WHERE id = ? AND due_at IS NULL RETURNING id',
            now,
            id,
          ),
      ...insertNotes(notes),
    ],
    outcome: (retried) => retried!.length,
  }),
} satisfies Partial<Writes>

const inBucket = (name: string): string => `${guestBucket} = '${name}'`

/** At most at, before, and beyond which id: what follows `after` in the lines of this place. */
function boundsOf(place: number, after: AuditPlace | null): [number, number, string] {
  if (!after) return [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, '']
  const { at } = after
  if (place < after.place) return [at - 1, at, '']
  return place > after.place ? [at, at + 1, ''] : [at, at, after.id]
}

const auditOfAll = (since: number, limit: number): Ask<AuditRow[]> => ({
  statements: [
    sql(
      `SELECT ${auditColumns} FROM audit WHERE ${guestBucket} IN ${buckets} AND at >= ?
      ORDER BY at DESC, id LIMIT ?`,
      since,
      limit,
    ),
    sql(
      `SELECT ${auditColumns} FROM audit WHERE ${guestBucketOthers} AND at >= ? ORDER BY at DESC, id LIMIT ?`,
      since,
      limit,
    ),
  ],
  outcome: (...found) => found.flat().map(toAuditRow).sort(latestFirst).slice(0, limit),
})

const latestFirst = (a: AuditRow, b: AuditRow): number => b.at - a.at || (a.id < b.id ? -1 : 1)
