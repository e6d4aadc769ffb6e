// The SQL of sessions: how they are used, refreshed and ended. A sealed session, which has no row, ends by a row in
// `spent`.

import type { Note, RefreshOutcome, RevocableKey, SessionRef, SessionRow } from '../../store.ts'
import { bucket } from '../migrations.ts'
import { insertNotes, lockGuest, sessionColumns, toSessionRow } from '../rows.ts'
import { retainedWith, seeGuest, seeGuestIn } from '../seen.ts'
import type { Reads, RowSets, Writes } from '../statement.ts'
import {
  type Ask,
  alreadyWritten,
  ask,
  buckets,
  noWrites,
  type Row,
  type Statement,
  type Steps,
  sql,
} from '../statement.ts'
import { aboutGuest, findWayBack, toAboutGuest, toRecoverability } from '../way-back.ts'

/** The id of a sealed session in the table `spent`. */
export const sealedSessionId = (anonymousId: string) => `sealed:${anonymousId}`

export const sessionReads = {
  findSession: ({ anonymousId, id }) =>
    ask(
      sql(
        `SELECT ${sessionColumns}, ${aboutGuest('s.anonymous_id')} FROM sessions s WHERE s.anonymous_id = ? AND s.id = ?`,
        anonymousId,
        id,
      ),
      ([row]) => row && { ...toSessionRow(row), ...toAboutGuest(row) },
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
      (rows) => rows.map(toSessionRow),
    ),
} satisfies Partial<Reads>

export const sessionWrites = {
  *touchSession({ anonymousId, id, now, expiresAt, retained, label, collection }): Steps<undefined> {
    const [[guest], [wayBack]] = yield [lockGuest(anonymousId), findWayBack(anonymousId)]
    if (!guest) return noWrites(undefined)
    return {
      statements: [
        seeGuestIn(
          anonymousId,
          id,
          now,
          retainedWith(retained, toRecoverability(wayBack), guest.promoted_at),
        ),
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
        sql(
          `UPDATE guests SET label = ?, collection = ? WHERE anonymous_id = ? AND label = ''`,
          label,
          collection,
          anonymousId,
        ),
      ],
      outcome: () => undefined,
    }
  },

  *refreshSession({
    anonymousId,
    id,
    generation,
    now,
    expiresAt,
    graceSeconds,
    retained,
  }): Steps<RefreshOutcome> {
    const [[guest], [row], [wayBack]] = yield [
      lockGuest(anonymousId),
      sql(`SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND id = ?`, anonymousId, id),
      findWayBack(anonymousId),
    ]
    if (!guest || !row) return noWrites({ outcome: 'unknown' })
    const session = { ...toSessionRow(row), ...toAboutGuest({ ...guest, ...wayBack }) }
    const { grant } = session
    if (!grant || session.expiresAt <= now || generation > grant.refreshes)
      return noWrites({ outcome: 'unknown' })
    if (generation === grant.refreshes) {
      const moved = { lastSeenAt: now, expiresAt: Math.min(expiresAt, session.endsAt) }
      const next = { ...grant, refreshes: generation + 1, refreshedAt: now }
      const promised = retainedWith(retained, session.recoverability, session.promotedAt)
      return {
        statements: [
          seeGuest(anonymousId, now, promised),
          sql(
            `UPDATE sessions SET last_seen_at = ?, expires_at = ?, refreshes = ?, refreshed_at = ?
            WHERE anonymous_id = ? AND id = ?`,
            moved.lastSeenAt,
            moved.expiresAt,
            next.refreshes,
            next.refreshedAt,
            anonymousId,
            id,
          ),
        ],
        outcome: () => ({
          outcome: 'refreshed',
          ...session,
          ...moved,
          grant: next,
          guestExpiresAt: promised.expiresAt,
        }),
      }
    }
    // abs(): a clock that was set back must not lengthen the grace.
    const inGrace = generation === grant.refreshes - 1 && Math.abs(now - grant.refreshedAt) <= graceSeconds
    if (inGrace) return noWrites({ outcome: 'repeated', ...session })
    return {
      statements: endStatements({ kind: 'stored', anonymousId, id }),
      outcome: () => ({ outcome: 'reused' }),
    }
  },

  endSession: (session) => (session.kind === 'sealed' ? endCarried(session) : endStored(session)),

  *endSessions({
    anonymousId,
    only,
    except,
    notes = [],
    keys = [],
  }): Steps<{ ended: number; keys: string[] }> {
    // A sign-in by a device key, or a new key, is either done before this, or waits and finds the key or session gone.
    yield [lockGuest(anonymousId)]
    const [ended] = yield [only ? deleteSession(anonymousId, only) : deleteSessions(anonymousId, except)]
    if (only && ended.length === 0) return noWrites({ ended: 0, keys: [] })
    const revoked = yield* revokeDeviceKeys(anonymousId, only ? { of: only } : { except }, keys)
    return {
      statements: [alreadyWritten, ...(ended.length > 0 ? insertNotes(notes) : []), ...revoked.statements],
      outcome: () => ({ ended: ended.length, keys: revoked.ids }),
      foundEnded: carriedAmong(anonymousId, ended),
    }
  },
} satisfies Partial<Writes>

/** Finds a row if the sealed session has ended: its guest was kept, or the session has a row in `spent`. */
export const findSealedEnd = (anonymousId: string) =>
  sql(
    'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
    anonymousId,
    sealedSessionId(anonymousId),
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

export const findSessionState = (session: SessionRef) =>
  session.kind === 'sealed'
    ? findCarriedEnd(session.anonymousId)
    : sql(
        'SELECT 1 AS alive FROM sessions WHERE anonymous_id = ? AND id = ?',
        session.anonymousId,
        session.id,
      )

/** By what `findSessionState` found. Sealed: a row says that it has ended. Stored: a row says that it is alive. */
export const hasEnded = (session: SessionRef, found: Row[]) =>
  (session.kind === 'sealed') === found.length > 0

export const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING id', anonymousId, except ?? '')

/**
 * Removes the device keys of the session `of`, or of all sessions but `except`: a browser that was signed out must not
 * come back by its key on its own. The caller must have locked the guest.
 */
export function* revokeDeviceKeys(
  anonymousId: string,
  where: { of: string } | { except: string | undefined },
  keys: RevocableKey[],
): Generator<Statement[], { ids: string[]; statements: Statement[] }, RowSets> {
  const [revoked] = yield [
    'of' in where
      ? sql(
          'DELETE FROM device_keys WHERE anonymous_id = ? AND session_id = ? RETURNING id',
          anonymousId,
          where.of,
        )
      : sql(
          'DELETE FROM device_keys WHERE anonymous_id = ? AND session_id <> ? RETURNING id',
          anonymousId,
          where.except ?? '',
        ),
  ]
  const ids = revoked.map(({ id }) => id as string)
  const written = keys.filter(({ id }) => ids.includes(id)).flatMap(({ notes }) => notes)
  return { ids, statements: insertNotes(written) }
}

/** Moves a browser's device key to its new session, if that session is the same guest's. */
export const moveDeviceKey = (from: SessionRef | undefined, to: SessionRow): Statement[] =>
  from?.anonymousId === to.anonymousId
    ? [
        sql(
          'UPDATE device_keys SET session_id = ? WHERE anonymous_id = ? AND session_id = ?',
          to.id,
          to.anonymousId,
          sessionIdOf(from),
        ),
      ]
    : []

export const sessionIdOf = (session: SessionRef): string =>
  session.kind === 'stored' ? session.id : session.anonymousId

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

/** Whether a browser carries this session as a sealed one, even if it has a row since its guest was kept. */
export const isCarriedRef = (session: SessionRef): boolean =>
  session.kind === 'sealed' || session.id === session.anonymousId

/** The guest, if a session that its browser carries is among the ended ones: a node may still believe it alive. */
const carriedAmong = (anonymousId: string, ended: Row[]): string | undefined =>
  ended.some(({ id }) => id === anonymousId) ? anonymousId : undefined

const endCarried = (session: SessionRef): Ask<boolean> => ({
  statements: endStatements(session),
  outcome: (...found) => found.some(({ length }) => length > 0),
})

function* endStored({ notes = [], ...session }: SessionRef & { notes?: Note[] }): Steps<boolean> {
  const [ended] = yield endStatements(session)
  if (ended.length === 0) return noWrites(false)
  return {
    statements: [alreadyWritten, ...insertNotes(notes)],
    outcome: () => true,
    foundEnded: carriedAmong(session.anonymousId, ended),
  }
}

/**
 * Ends a session. One of the statements returns a row if it had not ended before. Keeping a guest and ending its sealed
 * session insert the same row in `spent`, so only one of them can be first. If the guest was kept first, the session
 * has a row, which the second statement deletes.
 */
export function endStatements(session: SessionRef): Statement[] {
  const { anonymousId } = session
  if (session.kind === 'stored') return [deleteSession(anonymousId, session.id)]
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
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id = ? RETURNING id', anonymousId, id)

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

/** How many live sessions the guest has, without `to` and the session that it replaces. */
export const countSessions = (to: SessionRow, from: SessionRef | undefined) =>
  sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from?.kind === 'stored' ? from.id : '',
  )
