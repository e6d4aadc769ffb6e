// The ends of sealed sessions. Such a session has no row, so the table `spent` remembers that it has ended. If its guest is
// disabled and has no row either, the end has a mark.

import { bucket } from '../migrations.ts'
import { type Ask, ask, buckets, type Row, type Statement, sql } from '../statement.ts'

/** The id of a sealed session in the table `spent`. */
export const sealedSessionId = (anonymousId: string) => `sealed:${anonymousId}`

/** Finds a row if the sealed session has ended: its guest was kept, or the session has a row in `spent`. */
export const findSealedEnd = (anonymousId: string) =>
  sql(
    'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
    anonymousId,
    sealedSessionId(anonymousId),
  )

/** Ends a sealed session. Fails as a duplicate if it has ended before, so that the verb starts again. */
export const insertEnd = ({
  anonymousId,
  endedUntil,
}: {
  anonymousId: string
  endedUntil: number
}): Statement => ({
  ...sql(
    'INSERT INTO spent (id, expires_at, result, ended_at) VALUES (?, ?, NULL, unix_now())',
    sealedSessionId(anonymousId),
    endedUntil,
  ),
  ends: anonymousId,
})

/** Ends a sealed session, also one that has ended before. The later of the two dates counts. */
export const upsertEnd = ({
  anonymousId,
  endedUntil,
}: {
  anonymousId: string
  endedUntil: number
}): Statement => ({
  ...sql(
    `INSERT INTO spent (id, expires_at, result, ended_at) VALUES (?, ?, NULL, unix_now())
    ON CONFLICT (id) DO UPDATE SET ended_at = unix_now(), expires_at =
      CASE WHEN spent.expires_at > excluded.expires_at THEN spent.expires_at ELSE excluded.expires_at END`,
    sealedSessionId(anonymousId),
    endedUntil,
  ),
  ends: anonymousId,
})

/** What the mark begins with. The time until when it counts may follow. */
const MARK = 'disabled'

/** Marks the ended sealed session of a guest who has no row. The mark goes with the end of the session. */
export const addMark = (anonymousId: string, until: number | null): Statement =>
  sql(
    'UPDATE spent SET result = ? WHERE id = ?',
    until === null ? MARK : `${MARK}:${until}`,
    sealedSessionId(anonymousId),
  )

export const findMark = (anonymousId: string): Statement =>
  sql(
    `SELECT result, ended_at FROM spent WHERE id = ? AND result LIKE '${MARK}%'`,
    sealedSessionId(anonymousId),
  )

export const removeMark = (anonymousId: string): Statement =>
  sql(
    `UPDATE spent SET result = NULL WHERE id = ? AND result LIKE '${MARK}%' RETURNING id`,
    sealedSessionId(anonymousId),
  )

/** Until when the mark on the end of a sealed session counts (null: no end); undefined if there is no mark. */
export function markOf({ result }: Row = {}): { until: number | null } | undefined {
  if (typeof result !== 'string' || !result.startsWith(MARK)) return undefined
  const [, until] = result.split(':')
  return { until: until === undefined ? null : Number(until) }
}

/** Whether what `findMark` found counts now. */
export function isMarked([row]: Row[], now: number): boolean {
  const mark = markOf(row)
  return mark !== undefined && (mark.until === null || mark.until > now)
}

/** The guests whose sealed sessions ended in the last `seconds`, by the database's clock. */
export const findSealedEnds = (seconds: number): Ask<string[]> =>
  ask(
    sql(`SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND ended_at > unix_now() - ?`, seconds),
    (rows) => rows.map(({ id }) => (id as string).slice(sealedSessionId('').length)),
  )
