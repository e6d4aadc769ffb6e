// The SQL of guests: how they are kept and renamed, their profiles, and the prompts that they snoozed.

import type { GuestsOf, KeepOutcome, ProfileOutcome, StoreWrites } from '../../store.ts'
import { disabledColumns, isDisabled } from '../disabled.ts'
import { noteWith } from '../notes.ts'
import {
  guestColumns,
  insertGuest,
  insertNotes,
  insertSession,
  insertSpent,
  joinSnoozes,
  lockGuest,
  numberOrNull,
  profileColumns,
  putProfile,
  toGuestRow,
  toProfileRow,
} from '../rows.ts'
import {
  ask,
  insert,
  noWrites,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability, wayBack } from '../way-back.ts'
import { findMark, insertEnd, isMarked, markOf, sealedSessionId } from './sealed-ends.ts'
import { findSessionState, hasEnded } from './session-state.ts'

export const guestReads = {
  findGuest: ({ anonymousId }) =>
    ask(
      sql(`SELECT ${guestColumns} FROM guests WHERE anonymous_id = ?`, anonymousId),
      ([row]) => row && toGuestRow(row),
    ),

  findDisabled: ({ anonymousId, now }) => ({
    statements: [
      sql(`SELECT ${disabledColumns}, disabled_reason FROM guests WHERE anonymous_id = ?`, anonymousId),
      findMark(anonymousId),
    ],
    outcome([row] = [], [mark] = []) {
      if (!row) return mark && isMarked([mark], now) ? disabledByMark(mark) : undefined
      return disabledByRow(row, now)
    },
  }),

  listGuests: ({ of, after, limit, now }) =>
    ask(findGuests(of, after, limit), (rows) =>
      rows.map((row) => ({
        ...toGuestRow(row),
        dueAt: numberOrNull(row.due_at),
        recoverability: toRecoverability(row),
        disabled: disabledByRow(row, now),
      })),
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
      sql('SELECT COUNT(*) AS n FROM recovery_codes WHERE anonymous_id = ? AND confirmed = 1', anonymousId),
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

  *extendGuest({
    anonymousId,
    expiresAt,
    dueAt,
    notes,
  }): Steps<'extended' | 'unknown' | 'forever' | 'later'> {
    const [[guest]] = yield [lockGuest(anonymousId)]
    if (!guest || guest.stage === 'merged') return noWrites('unknown')
    const before = numberOrNull(guest.guest_expires_at)
    if (before === null) return noWrites('forever')
    if (before >= expiresAt) return noWrites('later')
    return {
      statements: [
        sql(
          `UPDATE guests SET expires_at = ?, due_at = ?, stage = 'active' WHERE anonymous_id = ?`,
          expiresAt,
          dueAt,
          anonymousId,
        ),
        ...insertNotes(notes),
      ],
      outcome: () => 'extended',
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

const disabledByRow = (row: Row, now: number) =>
  isDisabled(row, now)
    ? {
        since: numberOrNull(row.disabled_at),
        until: numberOrNull(row.disabled_until),
        reason: row.disabled_reason as string,
      }
    : undefined

/** The rows of some guests, and how each could come back. */
function findGuests(of: GuestsOf, after: string, limit: number): Statement {
  const page = (where: string, ...values: string[]) =>
    sql(
      `SELECT ${guestColumns}, due_at, ${disabledColumns}, disabled_reason, ${wayBack('guests.anonymous_id')}
      FROM guests WHERE ${where} AND anonymous_id > ? ORDER BY anonymous_id LIMIT ?`,
      ...values,
      after,
      limit,
    )
  if (of === 'all') return page('1 = 1')
  if (of === 'disabled') return page('disabled_at IS NOT NULL')
  return 'label' in of ? page('label = ?', of.label) : page('anonymous_id = ?', of.anonymousId)
}

/** A mark holds no reason. */
const disabledByMark = (mark: Row) => ({
  since: numberOrNull(mark.ended_at),
  until: markOf(mark)!.until,
  reason: 'other',
})

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
