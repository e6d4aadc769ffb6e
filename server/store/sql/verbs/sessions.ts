// The SQL of sessions: how they are used, refreshed and ended, and how none begins while the guest is disabled.

import { mayRefresh } from '../../../rules/refresh.ts'
import type { RefreshOutcome, SessionWithGuest } from '../../store.ts'
import { aboutGuest, toAboutGuest } from '../about-guest.ts'
import { endWayIn } from '../end-way-in.ts'
import { bucket } from '../migrations.ts'
import { notesOfEnds } from '../notes.ts'
import { insertNotes, lockGuest, numberOrNull, sessionColumns, toSessionRow } from '../rows.ts'
import { promiseOf, retainedWith, seeGuest, seeGuestIn } from '../seen.ts'
import {
  type Ask,
  alreadyWritten,
  ask,
  nothing,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { revokeDeviceKeys } from './device-keys.ts'
import { withdrawOffers } from './merges.ts'
import { addMark, findSealedEnd, removeMark, upsertEnd } from './sealed-ends.ts'
import {
  carriedAmong,
  deleteSession,
  deleteSessions,
  endedAmong,
  endedBy,
  endStatements,
  findEndable,
  findRest,
} from './session-state.ts'

/** How many sessions `findSessions` finds at most. */
export const SESSIONS_TOGETHER = 16
const wanted = Array.from({ length: SESSIONS_TOGETHER }, () => '(?, ?)').join(', ')

type SessionKey = { anonymousId: string; id: string }

const toSession = (row: Row): SessionWithGuest => ({ ...toSessionRow(row), ...toAboutGuest(row) })

/**
 * Finds several sessions by one statement, and returns them in the order of the keys. The list is padded, so that the text
 * is always the same and is prepared once.
 */
export const findSessions = (keys: SessionKey[]): Ask<(SessionWithGuest | undefined)[]> =>
  ask(
    sql(
      `SELECT ${sessionColumns}, ${aboutGuest('s.anonymous_id')} FROM sessions s
      WHERE (s.anonymous_id, s.id) IN (VALUES ${wanted})`,
      ...Array.from({ length: SESSIONS_TOGETHER }, (_, i) => [
        keys[i]?.anonymousId ?? null,
        keys[i]?.id ?? null,
      ]).flat(),
    ),
    (rows) =>
      keys.map(({ anonymousId, id }) => {
        const row = rows.find((one) => one.anonymous_id === anonymousId && one.id === id)
        return row && toSession(row)
      }),
  )

export const sessionReads = {
  findSession: ({ anonymousId, id }) =>
    ask(
      sql(
        `SELECT ${sessionColumns}, ${aboutGuest('s.anonymous_id')} FROM sessions s WHERE s.anonymous_id = ? AND s.id = ?`,
        anonymousId,
        id,
      ),
      ([row]) => row && toSession(row),
    ),

  sealedSessionEnded: ({ anonymousId }) => ask(findSealedEnd(anonymousId), (rows) => rows.length > 0),

  findGuestOfSession: ({ id }) =>
    ask(
      // No index begins with the id. Of the index for the clean-up, this reads the bucket of the id: one of 64. The row is read
      // if the id is right.
      sql(`SELECT anonymous_id FROM sessions WHERE ${bucket} = ? AND id = ?`, id.slice(7, 8), id),
      ([row]) => row?.anonymous_id as string | undefined,
    ),

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
    by,
    generation,
    now,
    expiresAt,
    graceSeconds,
    retained,
    ending,
  }): Steps<RefreshOutcome> {
    const [[guest], [row], [wayBack]] = yield [
      lockGuest(anonymousId),
      sql(`SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND id = ?`, anonymousId, id),
      findWayBack(anonymousId),
    ]
    if (!guest || !row) return noWrites({ outcome: 'ended' })
    const session = { ...toSessionRow(row), ...toAboutGuest({ ...guest, ...wayBack }) }
    const { grant } = session
    if (!grant) return noWrites({ outcome: 'ended' })
    if (!mayRefresh(grant, by)) return noWrites({ outcome: 'refused', ...session })
    if (session.expiresAt <= now || generation > grant.refreshes) return noWrites({ outcome: 'unknown' })
    if (generation === grant.refreshes) {
      const moved = { lastSeenAt: now, expiresAt: Math.min(expiresAt, session.endsAt) }
      const next = { ...grant, refreshes: generation + 1, refreshedAt: now }
      const promised = retainedWith(
        promiseOf(retained, session.collection),
        session.recoverability,
        session.promotedAt,
      )
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
      statements: [
        ...endStatements({ kind: 'stored', anonymousId, id }),
        ...insertNotes(notesOfEnds(ending, [{ anonymousId, id }])),
      ],
      outcome: () => ({ outcome: 'reused' }),
    }
  },

  *endSession({ notes = [], ending, ...session }): Steps<boolean> {
    const found = yield endStatements(session)
    const ended = endedBy(session, found)
    const foundEnded =
      session.kind === 'sealed' ? session.anonymousId : carriedAmong(session.anonymousId, ended)
    if (ended.length === 0) return { ...noWrites(false), foundEnded }
    return {
      statements: [alreadyWritten, ...insertNotes([...notesOfEnds(ending, ended), ...notes])],
      outcome: () => true,
      foundEnded,
    }
  },

  *endSessions({
    anonymousId,
    only,
    except,
    unlessLost,
    notes = [],
    revocation,
    ending,
  }): Steps<{ ended: number; keys: string[]; isLost?: true }> {
    // A sign-in by a device key, or a new key, is either done before this, or waits and finds the key or session gone.
    const [[guest], [rest], [there]] = yield [
      lockGuest(anonymousId),
      unlessLost ? findRest(anonymousId, only, unlessLost.now) : nothing,
      unlessLost ? findEndable(anonymousId, only) : nothing,
    ]
    const isRegular = numberOrNull(guest?.promoted_at) !== null
    if (unlessLost && there && !rest && !isRegular) return noWrites({ ended: 0, keys: [], isLost: true })
    const [ended] = yield [only ? deleteSession(anonymousId, only) : deleteSessions(anonymousId, except)]
    if (only && ended.length === 0) return noWrites({ ended: 0, keys: [] })
    const revoked = yield* revokeDeviceKeys(anonymousId, only ? { of: only } : { except }, revocation)
    const ends = notesOfEnds(ending, endedAmong(ended))
    const written = [...ends, ...revoked.notes, ...(ended.length > 0 ? notes : [])]
    return {
      statements: [alreadyWritten, ...(only ? [] : [withdrawOffers(anonymousId)]), ...insertNotes(written)],
      outcome: () => ({ ended: ended.length, keys: revoked.ids }),
      foundEnded: carriedAmong(anonymousId, ended),
    }
  },

  *disableGuest({
    anonymousId,
    now,
    until,
    reason,
    endedUntil,
    ending,
    notes,
  }): Steps<'disabled' | 'unknown'> {
    const [[known], sealedEnd] = yield [lockGuest(anonymousId), findSealedEnd(anonymousId)]
    // Waits for a verb that keeps the guest now, or for an undo that brings it back: then the row is there to be disabled.
    if (!known && endedUntil !== null)
      yield [upsertEnd({ anonymousId, endedUntil }), lockMergesOf(anonymousId)]
    const [[row], rows] = yield [
      sql(
        `UPDATE guests SET disabled_at = ?, disabled_until = ?, disabled_reason = ? WHERE anonymous_id = ?
        RETURNING anonymous_id`,
        now,
        until,
        reason,
        anonymousId,
      ),
      deleteSessions(anonymousId, undefined),
    ]
    if (!row && endedUntil === null) return noWrites('unknown')
    const isSealedAlive = !row && sealedEnd.length === 0
    const ended = isSealedAlive ? [{ anonymousId, id: anonymousId }] : endedAmong(rows)
    return {
      statements: [
        alreadyWritten,
        ...(row ? [] : [addMark(anonymousId, until)]),
        withdrawOffers(anonymousId),
        endWayIn(anonymousId),
        ...insertNotes([...notesOfEnds(ending, ended), ...notes]),
      ],
      outcome: () => 'disabled',
      foundEnded: anonymousId,
    }
  },

  *enableGuest({ anonymousId, now, notes }): Steps<boolean> {
    const found = yield [
      sql(
        `UPDATE guests SET disabled_at = NULL, disabled_until = NULL, disabled_reason = NULL
        WHERE anonymous_id = ? AND disabled_at IS NOT NULL AND (disabled_until IS NULL OR disabled_until > ?)
        RETURNING anonymous_id`,
        anonymousId,
        now,
      ),
      removeMark(anonymousId),
    ]
    if (found.flat().length === 0) return noWrites(false)
    return { statements: [alreadyWritten, ...insertNotes(notes)], outcome: () => true }
  },
} satisfies Partial<Writes>

/** Locks the merges of this guest into others: an undo of one of them is done, or waits. */
const lockMergesOf = (anonymousId: string): Statement => ({
  ...sql('SELECT id FROM merges WHERE from_id = ? ORDER BY id', anonymousId),
  lock: true,
})
