// The SQL of the import: guests of another system are kept with the ids that they had there.

import type { ImportedRow, ImportOutcome, LoginIdRow } from '../../store.ts'
import {
  insertGuest,
  insertLoginId,
  insertNotes,
  insertSession,
  loginIdColumns,
  putProfile,
  toLoginIdRow,
} from '../rows.ts'
import { aboutAll, noWrites, type Row, type Statement, type Steps, sql, type Writes } from '../statement.ts'
import { insertEnd, markOf, removeMark, sealedSessionId } from './sealed-ends.ts'

export const importWrites = {
  *importGuests({ guests, dry }): Steps<ImportOutcome[]> {
    const ids = guests.map(({ guest }) => guest.anonymousId)
    const carried = guests.flatMap(({ session }) => (session ? [sealedSessionId(session.anonymousId)] : []))
    const looks = [
      aboutAll('SELECT anonymous_id AS id FROM guests WHERE anonymous_id IN IDS', ids),
      aboutAll('SELECT id, result, ended_at FROM spent WHERE id IN IDS', carried),
      findLoginIds(guests.flatMap(({ loginIds }) => loginIds)),
    ] as const
    const found = yield looks.flat()
    const [known, ended, owned] = partsOf(found, looks)
    const there = new Set(known.map(({ id }) => id))
    const over = new Map(ended.map((row) => [row.id, row]))
    const owners = new Map(owned.map(toLoginIdRow).map((one) => [nameOf(one), one]))

    const written: Statement[] = []
    const outcomes = guests.map((one): ImportOutcome => {
      const { anonymousId } = one.guest
      const isOthers = (loginId: LoginIdRow) => {
        const owner = owners.get(nameOf(loginId))
        return owner !== undefined && owner.anonymousId !== anonymousId
      }
      const taken = one.loginIds.filter(isOthers).map((loginId) => owners.get(nameOf(loginId))!)
      if (there.has(anonymousId)) return { known: true, taken }
      const own = one.loginIds.filter((loginId) => !isOthers(loginId))
      there.add(anonymousId)
      for (const loginId of own) owners.set(nameOf(loginId), loginId)
      written.push(...insertImported(one, own, over.get(sealedSessionId(anonymousId))))
      return { known: false, taken }
    })
    return dry ? noWrites(outcomes) : { statements: written, outcome: () => outcomes }
  },
} satisfies Partial<Writes>

const nameOf = ({ type, value }: LoginIdRow) => `${type}:${value}`

function findLoginIds(loginIds: LoginIdRow[]): Statement[] {
  const types = new Set(loginIds.map(({ type }) => type))
  return [...types].flatMap((type) =>
    aboutAll(
      `SELECT ${loginIdColumns} FROM login_ids WHERE type = ? AND value IN IDS`,
      loginIds.filter((one) => one.type === type).map(({ value }) => value),
      type,
    ),
  )
}

/** Splits the rows of three lists of statements that ran as one list. */
function partsOf(found: Row[][], lists: readonly [Statement[], Statement[], Statement[]]) {
  const [a, b] = [lists[0].length, lists[0].length + lists[1].length]
  return [found.slice(0, a).flat(), found.slice(a, b).flat(), found.slice(b).flat()] as const
}

function insertImported(
  { guest, retained, profile, session, endedUntil, notes }: ImportedRow,
  loginIds: LoginIdRow[],
  end: Row | undefined,
): Statement[] {
  const { anonymousId } = guest
  const [first] = loginIds
  return [
    first
      ? insertGuest({ ...guest, promotedAt: first.verifiedAt }, { expiresAt: null, dueAt: null })
      : insertGuest(guest, retained),
    ...loginIds.map((one) =>
      insertLoginId({ ...one, anonymousId, primary: one.value === first!.value && one.type === first!.type }),
    ),
    ...(profile ? [putProfile(profile)] : []),
    ...disableAgain(anonymousId, end),
    ...(session && !end ? [insertEnd({ anonymousId, endedUntil }), insertSession(session)] : []),
    ...insertNotes(notes),
  ]
}

/** The guest had no row when it was disabled. It stays disabled: its row says so now, and no longer the mark. */
function disableAgain(anonymousId: string, end: Row | undefined): Statement[] {
  const mark = markOf(end)
  if (!end || !mark) return []
  return [
    sql(
      `UPDATE guests SET disabled_at = ?, disabled_until = ?, disabled_reason = 'other' WHERE anonymous_id = ?`,
      end.ended_at!,
      mark.until,
      anonymousId,
    ),
    removeMark(anonymousId),
  ]
}
