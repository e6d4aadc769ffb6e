// Sessions and how they end, those without a row included.

import type { Note, RefreshOutcome, RevocableKey, SessionRef, SessionRow } from '../../store.ts'
import { bucket } from '../migrations.ts'
import {
  aboutGuest,
  findWayBack,
  insertNotes,
  lockGuest,
  retainedWith,
  seeGuest,
  seeGuestIn,
  sessionColumns,
  toAboutGuest,
  toRecoverability,
  toSessionRow,
} from '../rows.ts'
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

/** How a session that lives in no row is named among what was spent. */
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
    // Either way: a clock that was set back makes the grace no longer.
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
    only: one,
    except,
    notes = [],
    keys = [],
  }): Steps<{ ended: number; keys: string[] }> {
    // Whoever is signed in by a key, or adds one, meanwhile is done before or finds it gone.
    yield [lockGuest(anonymousId)]
    const [ended] = yield [one ? deleteSession(anonymousId, one) : deleteSessions(anonymousId, except)]
    if (one && ended.length === 0) return noWrites({ ended: 0, keys: [] })
    const revoked = yield* revokeDeviceKeys(anonymousId, one ? { of: one } : { except }, keys)
    return {
      statements: [alreadyWritten, ...(ended.length > 0 ? insertNotes(notes) : []), ...revoked.statements],
      outcome: () => ({ ended: ended.length, keys: revoked.ids }),
      foundEnded: carriedAmong(anonymousId, ended),
    }
  },
} satisfies Partial<Writes>

/** A row where it has ended: by being kept, or by what was spent. */
export const findSealedEnd = (anonymousId: string) =>
  sql(
    'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
    anonymousId,
    sealedSessionId(anonymousId),
  )

/** The same, but for one that lives on in a row of its own. */
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

export const hasEnded = (session: SessionRef, found: Row[]) =>
  (session.kind === 'sealed') === found.length > 0

export const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING id', anonymousId, except ?? '')

/**
 * A device that is signed out must not come back by its key, unasked: removes the key that is where one session was, or
 * all but that one. Wants the guest to be locked.
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

/** The key of a device whose session is followed by another one of the same guest. */
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

/** Refused where it has ended before. */
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

/** Whether a browser carries it, with a row or without. */
export const isCarriedRef = (session: SessionRef): boolean =>
  session.kind === 'sealed' || session.id === session.anonymousId

/** The guest, where the session that its browser carries was ended: it may be believed alive without a row yet. */
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
 * One of these gives a row where it had not ended before. What keeps a guest and the end of a sealed session insert
 * the same row, so that only one of them can be first; where the guest was kept, the session lives in a row of its own.
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

/** However often it has ended: it must not come back before then. */
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

/** The guests whose sealed sessions ended in these last seconds. */
export const findSealedEnds = (seconds: number): Ask<string[]> =>
  ask(
    sql(`SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND ended_at > unix_now() - ?`, seconds),
    (rows) => rows.map(({ id }) => (id as string).slice(sealedSessionId('').length)),
  )

/** How many live sessions the guest has beside `to` and the one that it replaces. */
export const countSessions = (to: SessionRow, from: SessionRef | undefined) =>
  sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from?.kind === 'stored' ? from.id : '',
  )
