// The SQL of merges: offered, claimed, done and undone.

import { decideMerge, unmergedAttributes } from '../../../rules/merge.ts'
import type { Recoverability } from '../../../types.ts'
import type { MergeOutcome, MergeRow, UndoOutcome } from '../../store.ts'
import { disabledColumns, isDisabled } from '../disabled.ts'
import { bucket } from '../migrations.ts'
import { notesOfEnds } from '../notes.ts'
import {
  insertGuest,
  insertNotes,
  insertSession,
  mergeColumns,
  numberOrNull,
  putProfile,
  toMergeRow,
  toProfileRow,
} from '../rows.ts'
import {
  alreadyWritten,
  ask,
  buckets,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { findStranded, strandedAmong } from './erasure.ts'
import { findProfile } from './guests.ts'
import { findMark, findSealedEnd, insertEnd, isMarked } from './sealed-ends.ts'
import { endedAmong, PUT_ASIDE } from './session-state.ts'

export const mergeReads = {
  findMerge: ({ id }) => ask(findMerge(id), ([row]) => row && toMergeRow(row)),

  listMerges: ({ anonymousId }) =>
    ask(sql(`SELECT ${mergeColumns} FROM merges WHERE into_id = ? ORDER BY id`, anonymousId), (rows) =>
      rows.map(toMergeRow),
    ),

  listMergesOf: ({ anonymousId }) =>
    ask(sql(`SELECT ${mergeColumns} FROM merges WHERE from_id = ? ORDER BY id`, anonymousId), (rows) =>
      rows.map(toMergeRow),
    ),

  listStranded: ({ anonymousId, now }) => ask(findStranded(anonymousId, now), strandedAmong),

  wasMerged: ({ anonymousId, sessionId, now }) =>
    ask(
      sessionId === undefined
        ? sql(
            `SELECT 1 AS merged FROM merges WHERE from_id = ? AND status = 'merged' AND expires_at > ?`,
            anonymousId,
            now,
          )
        : sql(
            'SELECT 1 AS merged FROM sessions WHERE anonymous_id = ? AND id = ?',
            anonymousId,
            PUT_ASIDE + sessionId,
          ),
      (rows) => rows.length > 0,
    ),

  listPendingMerges: ({ now, limit }) =>
    ask(
      sql(
        `SELECT ${mergeColumns} FROM merges WHERE ${bucket} IN ${buckets} AND expires_at > ?
          AND status = 'pending' AND claimed_until <= ? LIMIT ?`,
        now,
        now,
        limit,
      ),
      (rows) => rows.map(toMergeRow),
    ),
} satisfies Partial<Reads>

export const mergeWrites = {
  claimMerge: ({ id, now, until, provenAt = now, expiresAt, recoverability = null }) =>
    ask(
      sql(
        `UPDATE merges SET claimed_until = ?, expires_at = CASE WHEN status = 'offered' THEN ? ELSE expires_at END,
          offered_until = CASE WHEN status = 'offered' THEN expires_at ELSE offered_until END,
          recoverability = COALESCE(?, recoverability), status = 'pending'
        WHERE id = ? AND claimed_until <= ? AND (status = 'pending' OR
          (status = 'offered' AND (proven_until IS NULL OR proven_until >= ?))) RETURNING id`,
        until,
        expiresAt,
        recoverability,
        id,
        now,
        provenAt,
      ),
      (rows) => rows.length > 0,
    ),

  *releaseMerge({ id, claimedUntil, note }): Steps<undefined> {
    const [[merge]] = yield [
      sql(
        `UPDATE merges SET status = 'offered', claimed_until = 0, expires_at = COALESCE(offered_until, expires_at),
          refusals = refusals + 1
        WHERE id = ? AND status = 'pending' AND claimed_until = ? RETURNING refusals`,
        id,
        claimedUntil,
      ),
    ]
    // Only the first refusal is written, and none if the account is erased: its merges go with it.
    const isNews = Number(merge?.refusals) === 1
    return { statements: [alreadyWritten, ...(isNews ? insertNotes([note]) : [])], outcome: () => undefined }
  },

  *finishMerge(input): Steps<MergeOutcome> {
    const { id, fromId, intoId, claimedUntil, profile, now, undoUntil, endedUntil, ending, notes } = input
    const [guests, [merge], [from], [into], [wayBack], sealedEnd, sessions, mark] = yield [
      lockBoth(fromId, intoId),
      findMerge(id),
      findProfile(fromId),
      findProfile(intoId),
      findWayBack(fromId),
      findSealedEnd(fromId),
      sql('SELECT anonymous_id, id FROM sessions WHERE anonymous_id = ?', fromId),
      findMark(fromId),
    ]
    const recoverability = toRecoverability(wayBack)
    const decision = decideMerge({
      merge: merge && {
        status: merge.status as MergeRow['status'],
        claimedUntil: Number(merge.claimed_until),
        recoverability: merge.recoverability as Recoverability,
      },
      claimedUntil,
      from: standingOf(guests, fromId),
      into: standingOf(guests, intoId),
      isDisabled: isAnyDisabled(guests, mark!, now),
      recoverability,
      profiles: { from: versionOf(from), into: versionOf(into) },
      joined: profile && { from: profile.fromVersion, into: profile.intoVersion },
    })
    if (decision.outcome === 'recoverable') {
      return {
        statements: [
          sql(
            'UPDATE merges SET recoverability = ?, confirmed = ? WHERE id = ?',
            recoverability,
            Number(!decision.mustProve),
            id,
          ),
        ],
        outcome: () => 'recoverable',
      }
    }
    if (decision.outcome !== 'merged') return noWrites(decision.outcome)
    // If the merge was accepted in another session, the guest's sealed session is still alive.
    const isSealedAlive = sealedEnd!.length === 0
    const ended = [...endedAmong(sessions!), ...(isSealedAlive ? [{ anonymousId: fromId, id: fromId }] : [])]
    const before = into
      ? toProfileRow(into)
      : { anonymousId: intoId, version: 0, attributes: {}, updatedAt: now }
    return {
      statements: [
        sql(
          `UPDATE guests SET stage = 'merged', merged_into = ?, expires_at = ?, due_at = ? WHERE anonymous_id = ?`,
          intoId,
          undoUntil,
          undoUntil,
          fromId,
        ),
        sql('UPDATE sessions SET id = ? || id WHERE anonymous_id = ?', PUT_ASIDE, fromId),
        // Fails if the guest is kept at the same moment: then the verb starts again, and looks at how it can come back.
        ...(isSealedAlive ? [insertEnd({ anonymousId: fromId, endedUntil })] : []),
        ...(profile
          ? [
              putProfile({
                ...before,
                version: before.version + 1,
                attributes: profile.attributes,
                updatedAt: now,
              }),
            ]
          : []),
        sql(
          `UPDATE merges SET status = 'merged', recoverability = ?, claimed_until = 0, expires_at = ?, replaced = ?
          WHERE id = ?`,
          recoverability,
          undoUntil,
          profile ? JSON.stringify({ before: before.attributes, after: profile.attributes }) : null,
          id,
        ),
        ...insertNotes([...notesOfEnds(ending, ended), ...notes]),
      ],
      outcome: () => 'merged',
    }
  },

  *undoMerge({ id, guest, session, retained, now, repeatUntil, leaves, notes }): Steps<UndoOutcome> {
    const [[row]] = yield [sql(`SELECT ${mergeColumns}, replaced FROM merges WHERE id = ?`, id)]
    const merge = row && toMergeRow(row)
    if (!merge) return noWrites('gone')
    const [guests, [again], [into], mark] = yield [
      lockBoth(merge.fromId, merge.intoId),
      { ...findMerge(id), lock: true as const },
      findProfile(merge.intoId),
      findMark(merge.fromId),
    ]
    if (again?.status !== 'merged' || merge.expiresAt <= now) return noWrites('gone')
    if (isAnyDisabled(guests, mark, now)) return noWrites('disabled')
    const source = rowOf(guests, merge.fromId)
    const replaced = row.replaced as string | null
    return {
      statements: [
        source
          ? sql(
              `UPDATE guests SET stage = 'active', merged_into = NULL, last_seen_at = ?,
                expires_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE NULL END,
                due_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE NULL END
              WHERE anonymous_id = ?`,
              now,
              retained.expiresAt,
              retained.dueAt,
              merge.fromId,
            )
          : insertGuest(guest, retained),
        ...(session
          ? [
              sql(
                'DELETE FROM sessions WHERE anonymous_id = ? AND id = ?',
                merge.fromId,
                PUT_ASIDE + session.id,
              ),
              insertSession(session),
            ]
          : []),
        sql(
          `UPDATE sessions SET id = substr(id, ${PUT_ASIDE.length + 1})
          WHERE anonymous_id = ? AND substr(id, 1, ${PUT_ASIDE.length}) = ?`,
          merge.fromId,
          PUT_ASIDE,
        ),
        ...(leaves
          ? [
              sql(
                `UPDATE sessions SET replaced_at = ?, expires_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END,
                  ends_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END WHERE anonymous_id = ? AND id = ?`,
                now,
                repeatUntil,
                repeatUntil,
                repeatUntil,
                repeatUntil,
                leaves.anonymousId,
                leaves.id,
              ),
            ]
          : []),
        ...(into && replaced ? [putProfile(unmergedProfile(into, JSON.parse(replaced), now))] : []),
        sql(
          `UPDATE merges SET status = 'undone', replaced = NULL, expires_at = ? WHERE id = ?`,
          repeatUntil,
          id,
        ),
        ...insertNotes(notes),
      ],
      outcome: () => 'undone',
    }
  },
} satisfies Partial<Writes>

/** Ends the offers to merge this guest: whoever made one may have had a copy of a session. */
export const withdrawOffers = (anonymousId: string): Statement =>
  sql("DELETE FROM merges WHERE from_id = ? AND status = 'offered'", anonymousId)

const findMerge = (id: string): Statement => sql(`SELECT ${mergeColumns} FROM merges WHERE id = ?`, id)

/** Locks both guests in the order of their ids, so that two merges never deadlock. */
const lockBoth = (one: string, another: string): Statement => ({
  ...sql(
    `SELECT anonymous_id, stage, promoted_at, ${disabledColumns} FROM guests
    WHERE anonymous_id IN (?, ?) ORDER BY anonymous_id`,
    one,
    another,
  ),
  lock: true,
})

/** Whether one of two guests is disabled. `mark`: that of the one who may have no row. */
const isAnyDisabled = (guests: Row[], mark: Row[], now: number): boolean =>
  guests.some((row) => isDisabled(row, now)) || isMarked(mark, now)

const rowOf = (guests: Row[], id: string) => guests.find(({ anonymous_id }) => anonymous_id === id)

/** What the rules need to know about a guest; undefined: it has no row. */
function standingOf(guests: Row[], id: string) {
  const row = rowOf(guests, id)
  return row && { isMerged: row.stage === 'merged', promotedAt: numberOrNull(row.promoted_at) }
}

const versionOf = (profile: Row | undefined) => (profile ? Number(profile.version) : 0)

function unmergedProfile(into: Row, replaced: Parameters<typeof unmergedAttributes>[1], at: number) {
  const { attributes, ...profile } = toProfileRow(into)
  const before = unmergedAttributes(attributes, replaced)
  return { ...profile, version: profile.version + 1, attributes: before, updatedAt: at }
}
