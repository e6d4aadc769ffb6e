// The SQL of guests: how they are kept, renamed and erased, their profiles, and the prompts that they snoozed.

import type { EraseOutcome, Erasure, KeepOutcome, ProfileOutcome, StoreWrites } from '../../store.ts'
import { noteWith } from '../notes.ts'
import {
  guestColumns,
  insertGuest,
  insertNotes,
  insertSession,
  insertSpent,
  joinSnoozes,
  lockGuest,
  profileColumns,
  putProfile,
  toGuestRow,
  toProfileRow,
} from '../rows.ts'
import {
  aboutAll,
  ask,
  insert,
  nothing,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability, wayBack } from '../way-back.ts'
import { insertEnd, sealedSessionId, upsertEnd } from './sealed-ends.ts'
import { findSessionState, hasEnded } from './session-state.ts'

export const guestReads = {
  findGuest: ({ anonymousId }) =>
    ask(
      sql(`SELECT ${guestColumns} FROM guests WHERE anonymous_id = ?`, anonymousId),
      ([row]) => row && toGuestRow(row),
    ),

  findRecoverability: ({ anonymousId }) => ask(findWayBack(anonymousId), ([row]) => toRecoverability(row)),

  findProfile: ({ anonymousId }) => ask(findProfile(anonymousId), ([row]) => row && toProfileRow(row)),

  findPromptFacts: ({ anonymousId }) => ({
    statements: [
      sql(
        `SELECT created_at, days_seen,
          (SELECT 1 FROM device_keys d WHERE d.anonymous_id = guests.anonymous_id LIMIT 1) AS device_key
        FROM guests WHERE anonymous_id = ?`,
        anonymousId,
      ),
      findProfile(anonymousId),
      sql('SELECT prompt, times, snoozed_until FROM snoozes WHERE anonymous_id = ?', anonymousId),
      sql('SELECT COUNT(*) AS n FROM recovery_codes WHERE anonymous_id = ?', anonymousId),
    ],
    outcome: ([guest] = [], [profile] = [], snoozes = [], [codes] = []) =>
      guest && {
        createdAt: Number(guest.created_at),
        daysSeen: Number(guest.days_seen),
        hasDeviceKey: Boolean(guest.device_key),
        attributes: profile ? Object.keys(toProfileRow(profile).attributes) : [],
        snoozes: snoozes.map((row) => ({
          prompt: row.prompt as string,
          times: Number(row.times),
          snoozedUntil: Number(row.snoozed_until),
        })),
        recoveryCodes: Number(codes?.n),
      },
  }),
} satisfies Partial<Reads>

export const guestWrites = {
  *keepGuest(input): Steps<KeepOutcome> {
    const { anonymousId } = input.guest
    const [[ended], [known]] = yield [findEnd(anonymousId), lockGuest(anonymousId)]
    if (known) return noWrites('known')
    if (ended) return noWrites('ended')
    return { statements: insertKept(input), outcome: () => 'kept' }
  },

  *eraseGuest({ by, alongside, ...erasure }): Steps<EraseOutcome> {
    const { anonymousId } = erasure
    const others = alongside?.guests ?? []
    const [[known], found, [passkey], stranded, ...taken] = yield [
      lockGuest(anonymousId),
      by ? findSessionState(by.session) : nothing,
      sql('SELECT credential_id FROM passkeys WHERE anonymous_id = ? LIMIT 1', anonymousId),
      alongside ? { ...findStranded(anonymousId, alongside.now), lock: true as const } : nothing,
      ...findTakenIn([anonymousId, ...others.map((other) => other.anonymousId)]),
    ]
    if (by && hasEnded(by.session, found)) return noWrites('ended')
    if (by && passkey && !by.isProven) return noWrites('unproven')
    const ids = new Set(strandedAmong(stranded))
    const listed = [...others.map((other) => other.anonymousId), ...(alongside?.spared ?? [])]
    if (ids.size !== listed.length || !listed.every((id) => ids.has(id))) return noWrites('stale')
    return {
      statements: eraseStatements([erasure, ...others], taken.flat()),
      outcome: () => (known ? 'erased' : 'unknown'),
    }
  },

  *patchProfile({ anonymousId, changes, ifVersion, maxBytes, now, keep, notes }): Steps<ProfileOutcome> {
    const [[ended], [known], [row]] = yield [
      findEnd(anonymousId),
      lockGuest(anonymousId),
      findProfile(anonymousId),
    ]
    if (known ? known.stage === 'merged' : ended || !keep) return noWrites({ outcome: 'ended' })
    const before = row ? toProfileRow(row) : { anonymousId, version: 0, attributes: {}, updatedAt: now }
    if (ifVersion !== undefined && ifVersion !== before.version)
      return noWrites({ outcome: 'precondition_failed' })
    const attributes = { ...before.attributes }
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) delete attributes[name]
      else attributes[name] = value
    }
    const isSame = (name: string) =>
      JSON.stringify(attributes[name]) === JSON.stringify(before.attributes[name])
    const changed = Object.keys(changes).filter((name) => !isSame(name))
    if (changed.length === 0) return noWrites({ outcome: 'unchanged', profile: before })
    const [size, sizeBefore] = [attributes, before.attributes].map((one) =>
      Buffer.byteLength(JSON.stringify(one)),
    )
    if (size! > maxBytes && size! > sizeBefore!) return noWrites({ outcome: 'too_large' })
    const profile = { anonymousId, version: before.version + 1, attributes, updatedAt: now }
    const written = notes.map((note) => noteWith(note, { attributes: changed }))
    return {
      statements: [
        ...(known ? [] : insertKept({ ...keep!, notes: [] })),
        putProfile(profile),
        // In the order in which hosts hear of them.
        ...insertNotes(known ? written : [...written, ...keep!.notes]),
      ],
      outcome: () => ({ outcome: 'changed', profile, changed, kept: !known }),
    }
  },

  *renameGuest({ anonymousId, label, session, notes }): Steps<'renamed' | 'unknown' | 'ended'> {
    const [[known], found] = yield [lockGuest(anonymousId), findSessionState(session)]
    if (hasEnded(session, found)) return noWrites('ended')
    if (!known) return noWrites('unknown')
    return {
      statements: [
        sql('UPDATE guests SET label = ? WHERE anonymous_id = ?', label, anonymousId),
        ...insertNotes(notes),
      ],
      outcome: () => 'renamed',
    }
  },

  *snoozePrompt({ anonymousId, prompt, until, before = 0 }): Steps<boolean> {
    const [[known]] = yield [lockGuest(anonymousId)]
    if (!known) return noWrites(false)
    return {
      statements: [
        insert(
          'snoozes',
          { anonymous_id: anonymousId, prompt, times: before + 1, snoozed_until: until },
          `ON CONFLICT (anonymous_id, prompt) DO UPDATE SET snoozed_until = excluded.snoozed_until, times =
            CASE WHEN snoozes.times < excluded.times THEN excluded.times ELSE snoozes.times + 1 END`,
        ),
      ],
      outcome: () => true,
    }
  },
} satisfies Partial<Writes>

export const findProfile = (anonymousId: string): Statement =>
  sql(`SELECT ${profileColumns} FROM profiles WHERE anonymous_id = ?`, anonymousId)

/**
 * Finds the end of the sealed session. Read it before the guest's row: if another verb keeps the guest in between, the
 * row is found, and the end is not mistaken for a sign-out.
 */
const findEnd = (anonymousId: string) =>
  sql('SELECT result FROM spent WHERE id = ?', sealedSessionId(anonymousId))

type Keep = Parameters<StoreWrites['keepGuest']>[0]

/** Keeps a guest. `isNew`: no node can believe the sealed session alive, so no node has to learn that it ended. */
export function insertKept({
  guest,
  session,
  snoozes,
  retained,
  endedUntil,
  isNew,
  notes,
}: Keep): Statement[] {
  const { anonymousId } = guest
  return [
    insertGuest(guest, retained),
    isNew
      ? insertSpent({ id: sealedSessionId(anonymousId), expiresAt: endedUntil }, null)
      : insertEnd({ anonymousId, endedUntil }),
    insertSession(session),
    ...joinSnoozes(anonymousId, snoozes),
    ...insertNotes(notes),
  ]
}

/**
 * The guests with a pending or refused merge into this one, and whatever else reaches them: see strandedAmong. A merge
 * that is only offered is left out: nobody decided to give that guest up, and the host may hold data for it.
 */
export const findStranded = (anonymousId: string, now: number): Statement =>
  sql(
    `SELECT g.anonymous_id, g.promoted_at, ${wayBack('g.anonymous_id')},
      (SELECT 1 FROM sessions s WHERE s.anonymous_id = g.anonymous_id AND s.expires_at > ? LIMIT 1) AS alive
    FROM guests g WHERE g.stage <> 'merged' AND g.anonymous_id IN
      (SELECT from_id FROM merges WHERE into_id = ? AND (status = 'pending' OR (status = 'offered' AND refusals > 0)))
    ORDER BY g.anonymous_id`,
    now,
    anonymousId,
  )

export const strandedAmong = (rows: Row[]): string[] =>
  rows
    .filter((row) => !row.alive && row.promoted_at === null && toRecoverability(row) === 'none')
    .map((row) => row.anonymous_id as string)

/**
 * The guests who were merged into these guests, directly or through others. Regular users are left out: only a node of
 * an older version could have merged one, and a regular user is not erased with another guest.
 */
export const findTakenIn = (ids: string[]): Statement[] =>
  aboutAll(
    `WITH RECURSIVE taken (id, taken_by) AS (
      SELECT from_id, into_id FROM merges WHERE into_id IN IDS AND status = 'merged'
      UNION SELECT m.from_id, t.taken_by FROM merges m JOIN taken t ON m.into_id = t.id WHERE m.status = 'merged'
    ) SELECT id, taken_by FROM taken
    WHERE (SELECT g.promoted_at FROM guests g WHERE g.anonymous_id = taken.id) IS NULL`,
    ids,
  )

/**
 * Deletes all rows of these guests, and of the guests who were merged into them. Only the notes of the erasure remain.
 * Rows of tables that reference `guests` (sessions, passkeys, device keys, profiles, …) go by ON DELETE CASCADE.
 */
export function eraseStatements(erasures: Erasure[], taken: Row[]): Statement[] {
  const erased = new Map(erasures.map((erasure) => [erasure.anonymousId, erasure]))
  const ends = [...erasures]
  for (const { id, taken_by } of taken) {
    const by = erased.get(taken_by as string)
    // A merged guest was last seen before the guest that it was merged into, so that guest's date is late enough.
    if (by) ends.push({ anonymousId: id as string, endedUntil: by.endedUntil, notes: [] })
  }
  const ids = [...new Set(ends.map(({ anonymousId }) => anonymousId))]
  return [
    // First: this waits for a verb that keeps one of these guests now, so that its row is there to be deleted.
    ...ends.flatMap(({ anonymousId, endedUntil }) =>
      endedUntil === null ? [] : [upsertEnd({ anonymousId, endedUntil })],
    ),
    // Before the guests: this waits for an undo that brings one of them back, so that its row is there to be deleted.
    ...aboutAll('DELETE FROM merges WHERE from_id IN IDS', ids),
    ...aboutAll('DELETE FROM guests WHERE anonymous_id IN IDS', ids),
    ...aboutAll('DELETE FROM device_links WHERE anonymous_id IN IDS', ids),
    // Again after the guests: their deletion waited for a sign-in that left one of them, which may have added a merge.
    ...aboutAll('DELETE FROM merges WHERE from_id IN IDS', ids),
    ...aboutAll('DELETE FROM audit WHERE anonymous_id IN IDS', ids),
    // No receiver hears of an erased guest later, except where its data went: guest.merged stays.
    ...aboutAll("DELETE FROM outbox WHERE event <> 'guest.merged' AND anonymous_id IN IDS", ids),
    ...erasures.flatMap(({ notes }) => insertNotes(notes)),
  ]
}
