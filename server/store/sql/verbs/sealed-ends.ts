// The ends of sealed sessions. Such a session has no row, so the table `spent` remembers that it has ended.

import { bucket } from '../migrations.ts'
import { type Ask, ask, buckets, type Statement, sql } from '../statement.ts'

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

/** The guests whose sealed sessions ended in the last `seconds`, by the database's clock. */
export const findSealedEnds = (seconds: number): Ask<string[]> =>
  ask(
    sql(`SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND ended_at > unix_now() - ?`, seconds),
    (rows) => rows.map(({ id }) => (id as string).slice(sealedSessionId('').length)),
  )
