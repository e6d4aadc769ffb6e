// The SQL of the audit trail and of the outbox, which holds the deliveries to webhooks.

import type { AuditRow } from '../../store.ts'
import { guestsIn, lockGuests, withoutLabels } from '../merge-deliveries.ts'
import { bucket, guestBucket, guestBucketOthers } from '../migrations.ts'
import { auditColumns, deliveryColumns, insertNotes, toAuditRow, toDelivery } from '../rows.ts'
import { type Ask, ask, buckets, noWrites, type Reads, type Steps, sql, type Writes } from '../statement.ts'

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

  retryDeliveries: ({ id, now }) =>
    ask(
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
      (rows) => rows.length,
    ),
} satisfies Partial<Writes>

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
  outcome: (...found) =>
    found
      .flat()
      .map(toAuditRow)
      .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1))
      .slice(0, limit),
})
