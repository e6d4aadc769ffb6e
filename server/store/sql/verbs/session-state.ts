// Whether a session is alive, and the statements that end it. A session is sealed, carried or stored: see `SessionRef`.

import type { SessionRef, SessionRow } from '../../store.ts'
import type { EndedSession } from '../notes.ts'
import { type Row, type Statement, sql, type Value } from '../statement.ts'
import { sealedSessionId } from './sealed-ends.ts'

export const findSessionState = (session: SessionRef) =>
  session.kind === 'sealed'
    ? findCarriedEnd(session.anonymousId)
    : sql(
        'SELECT 1 AS alive FROM sessions WHERE anonymous_id = ? AND id = ?',
        session.anonymousId,
        sessionIdOf(session),
      )

/** Like `findSealedEnd`, but a session that goes on in a row under its guest's id counts as alive. */
const findCarriedEnd = (anonymousId: string) =>
  sql(
    `SELECT 1 AS ended WHERE (EXISTS (SELECT 1 FROM guests WHERE anonymous_id = ?)
        OR EXISTS (SELECT 1 FROM spent WHERE id = ?))
      AND NOT EXISTS (SELECT 1 FROM sessions WHERE anonymous_id = ? AND id = ?)`,
    anonymousId,
    sealedSessionId(anonymousId),
    anonymousId,
    anonymousId,
  )

/** By what `findSessionState` found. Sealed: a row says that it has ended. Otherwise: a row says that it is alive. */
export const hasEnded = (session: SessionRef, found: Row[]) =>
  (session.kind === 'sealed') === found.length > 0

export const sessionIdOf = (session: SessionRef): string =>
  session.kind === 'stored' ? session.id : session.anonymousId

/** The guest, if a session that its browser carries is among the ended ones: a node may still believe it alive. */
export const carriedAmong = (anonymousId: string, ended: { id?: Value }[]): string | undefined =>
  ended.some(({ id }) => id === anonymousId) ? anonymousId : undefined

/** The session, if one of the rows that its `endStatements` found says that it had not ended before. */
export const endedBy = (session: SessionRef, found: Row[][]): EndedSession[] =>
  found.some(({ length }) => length > 0)
    ? [{ anonymousId: session.anonymousId, id: sessionIdOf(session) }]
    : []

/**
 * Put before the ids of a merged guest's sessions: no token finds them, and an undo brings them back. They ended with the
 * merge.
 */
export const PUT_ASIDE = 'merged:'

/** The sessions that these deleted rows were. Those that were put aside had ended before. */
export const endedAmong = (deleted: Row[]): EndedSession[] =>
  deleted
    .map((row) => ({ anonymousId: row.anonymous_id as string, id: row.id as string }))
    .filter(({ id }) => !id.startsWith(PUT_ASIDE))

/**
 * Ends a session. One of the statements returns a row if it had not ended before. Keeping a guest and ending its sealed
 * session insert the same row in `spent`, so only one of them can be first. If the guest was kept first, the session
 * has a row, which the second statement deletes.
 */
export function endStatements(session: SessionRef): Statement[] {
  const { anonymousId } = session
  if (session.kind !== 'sealed') return [deleteSession(anonymousId, sessionIdOf(session))]
  return [
    {
      ...sql(
        `INSERT INTO spent (id, expires_at, result, ended_at) SELECT ?, ?, NULL, unix_now()
        WHERE NOT EXISTS (SELECT 1 FROM guests WHERE anonymous_id = ?) ON CONFLICT DO NOTHING RETURNING id`,
        sealedSessionId(anonymousId),
        session.endedUntil,
        anonymousId,
      ),
      ends: anonymousId,
    },
    deleteSession(anonymousId, anonymousId),
  ]
}

export const deleteSession = (anonymousId: string, id: string) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id = ? RETURNING anonymous_id, id', anonymousId, id)

export const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql(
    'DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING anonymous_id, id',
    anonymousId,
    except ?? '',
  )

/** How many live sessions the guest has, without `to` and the session that it replaces. */
export const countSessions = (to: SessionRow, from: SessionRef | undefined) =>
  sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from && from.kind !== 'sealed' ? sessionIdOf(from) : '',
  )

/** Whether there is the session `only`; without it, whether there is any session or device key of the guest. */
export const findEndable = (anonymousId: string, only: string | undefined): Statement =>
  only === undefined
    ? sql(
        `SELECT 1 AS there WHERE EXISTS (SELECT 1 FROM sessions WHERE anonymous_id = ?)
          OR EXISTS (SELECT 1 FROM device_keys WHERE anonymous_id = ?)`,
        anonymousId,
        anonymousId,
      )
    : sql('SELECT 1 AS there FROM sessions WHERE anonymous_id = ? AND id = ?', anonymousId, only)

/**
 * Whether something brings the guest back, or keeps it signed in, once the session `only` or all sessions have ended, with
 * their device keys.
 */
export const findRest = (anonymousId: string, only: string | undefined, now: number): Statement =>
  only === undefined
    ? sql(
        `SELECT 1 AS rest WHERE EXISTS (SELECT 1 FROM passkeys WHERE anonymous_id = ?)
          OR EXISTS (SELECT 1 FROM recovery_codes WHERE anonymous_id = ? AND confirmed = 1)`,
        anonymousId,
        anonymousId,
      )
    : sql(
        `SELECT 1 AS rest WHERE EXISTS (SELECT 1 FROM passkeys WHERE anonymous_id = ?)
          OR EXISTS (SELECT 1 FROM recovery_codes WHERE anonymous_id = ? AND confirmed = 1)
          OR EXISTS (SELECT 1 FROM device_keys WHERE anonymous_id = ? AND session_id <> ?)
          OR EXISTS (SELECT 1 FROM sessions WHERE anonymous_id = ? AND id <> ? AND expires_at > ?)`,
        ...[anonymousId, anonymousId, anonymousId, only],
        ...[anonymousId, only, now],
      )
