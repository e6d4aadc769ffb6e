// Sessions and how they end, those without a row included.

import { bucket } from './migrations.ts'
import type { Reads, Writes } from './sql.ts'
import { type Ask, ask, buckets, only, type Row, type Statement, type Steps, sql } from './sql.ts'
import { aboutGuest, lockGuest, sessionColumns, toAboutGuest, toSession } from './sql-rows.ts'
import type { RefreshOutcome, SessionRef, SessionRow } from './store.ts'

type SealedRef = Extract<SessionRef, { kind: 'sealed' }>

/** How a session that lives in no row is named among what was spent. */
const sealedSession = (anonymousId: string) => `sealed:${anonymousId}`

export const sessionReads = {
  findSession: ({ anonymousId, id }) =>
    ask(
      sql(
        `SELECT ${sessionColumns}, ${aboutGuest('s.anonymous_id')} FROM sessions s WHERE s.anonymous_id = ? AND s.id = ?`,
        anonymousId,
        id,
      ),
      ([row]) => row && { ...toSession(row), ...toAboutGuest(row) },
    ),

  sealedSessionEnded: ({ anonymousId }) => ask(findSealedEnd(anonymousId), (rows) => rows.length > 0),

  listSessions: ({ anonymousId, now }) =>
    ask(
      sql(
        `SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND expires_at > ?
        ORDER BY last_seen_at DESC, id`,
        anonymousId,
        now,
      ),
      (rows) => rows.map(toSession),
    ),
} satisfies Partial<Reads>

export const sessionWrites = {
  touchSession: ({ anonymousId, id, now, expiresAt }) =>
    ask(
      sql(
        `UPDATE sessions SET last_seen_at = ?, expires_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END
        WHERE anonymous_id = ? AND id = ? AND last_seen_at < ?`,
        now,
        expiresAt,
        expiresAt,
        anonymousId,
        id,
        now,
      ),
      () => undefined,
    ),

  *refreshSession({ anonymousId, id, generation, now, expiresAt, graceSeconds }): Steps<RefreshOutcome> {
    const [[guest], [row], [passkeys]] = yield [
      lockGuest(anonymousId),
      sql(`SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND id = ?`, anonymousId, id),
      sql('SELECT MAX(backed_up) AS backed_up FROM passkeys WHERE anonymous_id = ?', anonymousId),
    ]
    if (!guest || !row) return only({ outcome: 'unknown' })
    const session = { ...toSession(row), ...toAboutGuest({ ...guest, ...passkeys }) }
    const { grant } = session
    if (!grant || session.expiresAt <= now || generation > grant.refreshes)
      return only({ outcome: 'unknown' })
    if (generation === grant.refreshes) {
      const moved = { lastSeenAt: now, expiresAt: Math.min(expiresAt, session.endsAt) }
      const next = { ...grant, refreshes: generation + 1, refreshedAt: now }
      return {
        statements: [
          sql(
            `UPDATE sessions SET last_seen_at = ?, expires_at = ?, refreshes = ?, refreshed_at = ?
            WHERE anonymous_id = ? AND id = ?`,
            ...[moved.lastSeenAt, moved.expiresAt, next.refreshes, next.refreshedAt],
            ...[anonymousId, id],
          ),
        ],
        outcome: () => ({ outcome: 'refreshed', ...session, ...moved, grant: next }),
      }
    }
    // Either way: a clock that was set back makes the grace no longer.
    const inGrace = generation === grant.refreshes - 1 && Math.abs(now - grant.refreshedAt) <= graceSeconds
    if (inGrace) return only({ outcome: 'repeated', ...session })
    return {
      statements: [endSession({ kind: 'stored', anonymousId, id })],
      outcome: () => ({ outcome: 'reused' }),
    }
  },

  endSession: (session) => ask(endSession(session), (rows) => rows.length > 0),

  endSessions: ({ anonymousId, except }) => ask(deleteSessions(anonymousId, except), (rows) => rows.length),
} satisfies Partial<Writes>

/** A row where it has ended: by being kept, or by what was spent. */
export const findSealedEnd = (anonymousId: string) =>
  sql(
    'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
    anonymousId,
    sealedSession(anonymousId),
  )

export const findSession = (session: SessionRef) =>
  session.kind === 'sealed'
    ? findSealedEnd(session.anonymousId)
    : sql(
        'SELECT 1 AS alive FROM sessions WHERE anonymous_id = ? AND id = ?',
        session.anonymousId,
        session.id,
      )

export const hasEnded = (session: SessionRef, found: Row[]) =>
  (session.kind === 'sealed') === found.length > 0

export const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING id', anonymousId, except ?? '')

/** Refused where it has ended before. */
export const insertEnd = ({ anonymousId, endedUntil }: SealedRef): Statement => ({
  ...sql(
    'INSERT INTO spent (id, expires_at, result, ended_at) VALUES (?, ?, NULL, unix_now())',
    sealedSession(anonymousId),
    endedUntil,
  ),
  ends: anonymousId,
})

/**
 * Gives a row where it had not ended before. A sealed session of a guest who was kept has: what keeps a guest and
 * this insert the same row, so that only one of them can be first.
 */
export function endSession(session: SessionRef): Statement {
  if (session.kind === 'stored') {
    return sql(
      'DELETE FROM sessions WHERE anonymous_id = ? AND id = ? RETURNING id',
      session.anonymousId,
      session.id,
    )
  }
  return {
    ...sql(
      `INSERT INTO spent (id, expires_at, result, ended_at) SELECT ?, ?, NULL, unix_now()
      WHERE NOT EXISTS (SELECT 1 FROM guests WHERE anonymous_id = ?) ON CONFLICT DO NOTHING RETURNING id`,
      sealedSession(session.anonymousId),
      session.endedUntil,
      session.anonymousId,
    ),
    ends: session.anonymousId,
  }
}

/** The guests whose sealed sessions ended in these last seconds. */
export const sealedEnds = (seconds: number): Ask<string[]> =>
  ask(
    sql(`SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND ended_at > unix_now() - ?`, seconds),
    (rows) => rows.map(({ id }) => (id as string).slice(sealedSession('').length)),
  )

/** How many live sessions the guest has beside `to` and the one that it replaces. */
export const countSessions = (to: SessionRow, from: SessionRef | undefined) =>
  sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from?.kind === 'stored' ? from.id : '',
  )
