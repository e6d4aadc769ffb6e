// The SQL of erasure: what is deleted with a guest, and which other guests are erased with it.
//
// Every row about the guest is deleted, and those of each guest who was merged into it. Four things stay: the notes of
// the erasure, which are all that the audit trail has of the guest then; deliveries of guest.merged without the label; those
// of guest.merge_undone about another guest, without the label of the erased one; and a row in `spent`, so that an old
// sealed session of the guest stays ended.

import type { EraseOutcome, Erasure, Note } from '../../store.ts'
import { findNaming, lockGuests, removeLabels } from '../merge-deliveries.ts'
import { type EndedSession, notesOfEnds } from '../notes.ts'
import { insertNotes, lockGuest } from '../rows.ts'
import {
  aboutAll,
  nothing,
  noWrites,
  type Row,
  type RowSets,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { toRecoverability, wayBack } from '../way-back.ts'
import { findSealedEnd, upsertEnd } from './sealed-ends.ts'
import { endedAmong, findSessionState, hasEnded } from './session-state.ts'

export const erasureWrites = {
  *eraseGuest({ by, alongside, ending, ...erasure }): Steps<EraseOutcome> {
    const { anonymousId } = erasure
    const others = alongside?.guests ?? []
    const [[known], found, [passkey], stranded, sealedEnd, ...taken] = yield [
      lockGuest(anonymousId),
      by ? findSessionState(by.session) : nothing,
      sql('SELECT credential_id FROM passkeys WHERE anonymous_id = ? LIMIT 1', anonymousId),
      alongside ? { ...findStranded(anonymousId, alongside.now), lock: true as const } : nothing,
      findSealedEnd(anonymousId),
      ...findTakenIn([anonymousId, ...others.map((other) => other.anonymousId)]),
    ]
    if (by && hasEnded(by.session, found)) return noWrites('ended')
    if (by && passkey && !by.isProven) return noWrites('unproven')
    const ids = new Set(strandedAmong(stranded))
    const listed = [...others.map((other) => other.anonymousId), ...(alongside?.spared ?? [])]
    if (ids.size !== listed.length || !listed.every((id) => ids.has(id))) return noWrites('stale')
    // The session of a guest without a row, unless it has ended before.
    const isSealedAlive = sealedEnd.length === 0 && erasure.endedUntil !== null
    const sealed = isSealedAlive ? [{ anonymousId, id: anonymousId }] : []
    return {
      ...(yield* eraseAll([erasure, ...others], taken.flat(), { ending, sealed })),
      outcome: () => (known ? 'erased' : 'unknown'),
    }
  },

  *eraseGuests({ now, guests, ending }): Steps<string[]> {
    const found = yield aboutAll(
      `SELECT anonymous_id FROM guests WHERE due_at <= ? AND stage IN ('expired', 'merged') AND promoted_at IS NULL
        AND anonymous_id IN IDS ORDER BY anonymous_id`,
      guests.map(({ anonymousId }) => anonymousId),
      now,
    ).map((statement) => ({ ...statement, lock: true as const }))
    const ids = new Set(found.flat().map(({ anonymous_id }) => anonymous_id))
    const over = guests.filter(({ anonymousId }) => ids.has(anonymousId))
    if (over.length === 0) return noWrites([])
    const taken = yield findTakenIn([...ids] as string[])
    return {
      ...(yield* eraseAll(over, taken.flat(), { ending, sealed: [] })),
      outcome: () => over.map(({ anonymousId }) => anonymousId),
    }
  },
} satisfies Partial<Writes>

/**
 * The guests who may be stranded: those with a pending or refused merge into this one, and whether they have a session or
 * a way back. strandedAmong() picks those whom only the merge still reaches. A merge that is only offered is left out:
 * nobody decided to give that guest up, and the host may hold data for it.
 */
export const findStranded = (anonymousId: string, now: number): Statement =>
  sql(
    `SELECT g.anonymous_id, g.promoted_at, ${wayBack('g.anonymous_id')},
      (SELECT 1 FROM sessions s WHERE s.anonymous_id = g.anonymous_id AND s.expires_at > ? LIMIT 1) AS alive,
      (SELECT 1 FROM recovery_codes r WHERE r.anonymous_id = g.anonymous_id LIMIT 1) AS code
    FROM guests g WHERE g.stage <> 'merged' AND g.anonymous_id IN
      (SELECT from_id FROM merges WHERE into_id = ? AND (status = 'pending' OR (status = 'offered' AND refusals > 0)))
    ORDER BY g.anonymous_id`,
    now,
    anonymousId,
  )

/**
 * The ids of those who are stranded: no regular users, without a live session, a way back or a recovery code. A code that
 * is not confirmed signs in too, so its guest may still come.
 */
export const strandedAmong = (rows: Row[]): string[] =>
  rows
    .filter((row) => !row.alive && !row.code && row.promoted_at === null && toRecoverability(row) === 'none')
    .map((row) => row.anonymous_id as string)

/**
 * The guests who were merged into these guests, directly or through others. Regular users are left out: only a node of
 * an older version could have merged one, and a regular user is not erased with another guest.
 */
const findTakenIn = (ids: string[]): Statement[] =>
  aboutAll(
    `WITH RECURSIVE taken (id, taken_by) AS (
      SELECT from_id, into_id FROM merges WHERE into_id IN IDS AND status = 'merged'
      UNION SELECT m.from_id, t.taken_by FROM merges m JOIN taken t ON m.into_id = t.id WHERE m.status = 'merged'
    ) SELECT id, taken_by FROM taken
    WHERE (SELECT g.promoted_at FROM guests g WHERE g.anonymous_id = taken.id) IS NULL`,
    ids,
  )

/**
 * Deletes all rows of these guests, and of the guests who were merged into them. What stays is listed at the head of this
 * file. Rows of tables that reference `guests` (passkeys, device keys, profiles, …) go by ON DELETE CASCADE. Sessions are
 * deleted before, because each that is alive is told. `sealed`: the sessions without a row that end.
 */
function* eraseAll(
  erasures: Erasure[],
  taken: Row[],
  { ending, sealed }: { ending: Note | undefined; sealed: EndedSession[] },
): Generator<Statement[], { statements: Statement[]; foundEnded: string[] }, RowSets> {
  const erased = new Map(erasures.map((erasure) => [erasure.anonymousId, erasure]))
  const ends = [...erasures]
  for (const { id, taken_by } of taken) {
    const by = erased.get(taken_by as string)
    // The guest that it was merged into was seen later, so that guest's `endedUntil` is late enough for both.
    if (by) ends.push({ anonymousId: id as string, endedUntil: by.endedUntil, notes: [] })
  }
  const ids = [...new Set(ends.map(({ anonymousId }) => anonymousId))]
  const sealedEnds = ends.flatMap(({ anonymousId, endedUntil }) =>
    endedUntil === null ? [] : [upsertEnd({ anonymousId, endedUntil })],
  )
  // These wait for verbs that are under way, so that the sessions that they write are there to be deleted and told.
  const waits = [
    // For whatever writes about one of these guests.
    ...lockGuests(ids),
    // For a verb that keeps one of them now.
    ...sealedEnds,
    // For an undo that brings one of them back who had no row.
    ...aboutAll('DELETE FROM merges WHERE from_id IN IDS', ids),
  ]
  const sessions = aboutAll('DELETE FROM sessions WHERE anonymous_id IN IDS RETURNING anonymous_id, id', ids)
  const found = (yield [...waits, ...sessions, ...findNaming(ids)]).slice(waits.length)
  const ended = [...sealed, ...endedAmong(found.slice(0, sessions.length).flat())]
  const naming = found.slice(sessions.length).flat()
  return {
    statements: [
      ...aboutAll('DELETE FROM guests WHERE anonymous_id IN IDS', ids),
      ...aboutAll('DELETE FROM device_links WHERE anonymous_id IN IDS', ids),
      // A second time: a sign-in that left one of them may have added a merge meanwhile.
      ...aboutAll('DELETE FROM merges WHERE from_id IN IDS', ids),
      ...aboutAll('DELETE FROM audit WHERE anonymous_id IN IDS', ids),
      // No receiver hears of an erased guest later, except where its data went: guest.merged stays.
      ...aboutAll("DELETE FROM outbox WHERE event <> 'guest.merged' AND anonymous_id IN IDS", ids),
      ...removeLabels(naming, ids),
      ...insertNotes([...notesOfEnds(ending, ended), ...erasures.flatMap(({ notes }) => notes)]),
    ],
    foundEnded: sealedEnds.flatMap(({ ends }) => ends ?? []),
  }
}
