// The SQL of ways in: what an operator gives a guest who has lost everything.

import { guestOf } from '../../../rules/guest.ts'
import { byPasskeys } from '../../../rules/recoverability.ts'
import type { ApproveOutcome, EnterOutcome, OpenOutcome, WayInRow } from '../../store.ts'
import { isDisabled } from '../disabled.ts'
import { endWayIn, findWayInOf, notesOfWayIn } from '../end-way-in.ts'
import { noteWith } from '../notes.ts'
import { lockOperators } from '../operators/lock.ts'
import { insertNotes, insertPasskey, insertSpent, lockGuest, numberOrNull } from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
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
import { writeSignIn } from '../verbs/complete-sign-in.ts'
import { endByFirst } from '../verbs/first-credential.ts'
import { withdrawOffers } from '../verbs/merges.ts'
import { findSpent, passkeysOf } from '../verbs/passkeys.ts'
import { countCodes, deleteCodes } from '../verbs/recovery-codes.ts'
import { findSessionState } from '../verbs/session-state.ts'

const columns = 'id, anonymous_id, opened_by, needs_approval, approved_by, created_at, opens_at, expires_at'

export const wayInReads = {
  findWayIn: (key) =>
    ask(
      'id' in key ? findById(key.id, key.now) : findOf(key.anonymousId, key.now),
      ([row]) => row && toWayIn(row),
    ),

  listWaysIn: ({ now, limit }) =>
    ask(
      sql(
        `SELECT ${columns} FROM ways_in WHERE expires_at > ? ORDER BY opens_at, anonymous_id LIMIT ?`,
        now,
        limit,
      ),
      (rows) => rows.map(toWayIn),
    ),
} satisfies Partial<Reads>

export const wayInWrites = {
  *openWayIn({ wayIn, since, now, cancelled, notes }): Steps<OpenOutcome> {
    const [operators, [changed], [guest], [earlier]] = yield [
      lockOperators,
      findChangeOfOperators(since),
      lockGuest(wayIn.anonymousId),
      findWayInOf(wayIn.anonymousId),
    ]
    if (changed) return noWrites({ outcome: 'operators_changed' })
    if (!guest || guest.stage === 'merged') return noWrites({ outcome: 'unknown' })
    if (isDisabled(guest, now)) return noWrites({ outcome: 'disabled' })
    // No operator has changed since, and none can until this is committed.
    const needsApproval = operators.some(
      ({ id, role, passkeys }) => id !== wayIn.openedBy && role === 'owner' && Number(passkeys) > 0,
    )
    return {
      statements: [
        endWayIn(wayIn.anonymousId),
        insert('ways_in', {
          id: wayIn.id,
          anonymous_id: wayIn.anonymousId,
          opened_by: wayIn.openedBy,
          needs_approval: Number(needsApproval),
          approved_by: null,
          created_at: wayIn.createdAt,
          opens_at: wayIn.opensAt,
          expires_at: wayIn.expiresAt,
        }),
        ...insertNotes([...notesOfWayIn(cancelled, earlier, now), ...notes]),
      ],
      outcome: () => ({ outcome: 'opened', wayIn: { ...wayIn, needsApproval, approvedBy: null } }),
    }
  },

  *approveWayIn({ id, anonymousId, by, since, now, notes }): Steps<ApproveOutcome> {
    const [, [changed], , [row]] = yield [
      lockOperators,
      findChangeOfOperators(since),
      lockGuest(anonymousId),
      findOf(anonymousId, now),
    ]
    if (changed) return noWrites('operators_changed')
    if (!row) return noWrites('none')
    if (row.id !== id) return noWrites('replaced')
    if (row.opened_by === by) return noWrites('own')
    if (!row.needs_approval || row.approved_by !== null) return noWrites('done')
    return {
      statements: [sql('UPDATE ways_in SET approved_by = ? WHERE id = ?', by, id), ...insertNotes(notes)],
      outcome: () => 'approved',
    }
  },

  *cancelWayIn({ anonymousId, now, notes }): Steps<boolean> {
    const [, [row]] = yield [lockGuest(anonymousId), findOf(anonymousId, now)]
    if (!row) return noWrites(false)
    return { statements: [endWayIn(anonymousId), ...insertNotes(notes)], outcome: () => true }
  },

  *enterByWayIn(input): Steps<EnterOutcome> {
    const { id, passkey, spent, from, to, maxPasskeys, now, retained, merge, notes, restored } = input
    const { anonymousId } = to
    const [[guest], [row], [earlier], [taken], [codes], passkeys = [], left = []] = yield [
      lockGuest(anonymousId),
      findById(id, now),
      findSpent(spent.id),
      sql('SELECT 1 AS taken FROM passkeys WHERE credential_id = ?', passkey.credentialId),
      countCodes(anonymousId),
      passkeysOf(anonymousId),
      from && from.kind !== 'sealed' ? { ...findSessionState(from), lock: true as const } : nothing,
    ]
    if (earlier) return noWrites({ outcome: earlier.result === passkey.credentialId ? 'repeated' : 'spent' })
    if (!guest || row?.anonymous_id !== anonymousId) return noWrites({ outcome: 'refused' })
    const refusal = refusalOf(guest, row, now)
    if (refusal) return noWrites({ outcome: refusal })
    if (taken) return noWrites({ outcome: 'credential_taken' })
    if (passkeys.length >= maxPasskeys) return noWrites({ outcome: 'too_many_passkeys' })
    const { revocation, ending } = input
    const all = { sessions: true, deviceKeys: true }
    const revoked = yield* endByFirst(anonymousId, all, { revocation, ending, sealed: false, now })
    const recoverability = byPasskeys(
      passkey,
      ...passkeys.map((one) => ({ backedUp: Boolean(one.backed_up) })),
    )
    const promised = retainedWith(retained, recoverability, guest.promoted_at)
    const after = {
      label: guest.label as string,
      collection: guest.collection as string,
      guestExpiresAt: promised.expiresAt,
      promotedAt: numberOrNull(guest.promoted_at),
      recoverability,
    }
    const signedIn = { guest: guestOf({ kind: 'stored', anonymousId, ...after }) }
    // A session of this guest is among those that ended: it is told once.
    const isOwn = from?.anonymousId === anonymousId
    const arrival = yield* writeSignIn(guest, {
      ...{ from: isOwn ? undefined : from, found: left, alsoEnded: [], to, merge, ending: input.left },
      notes: notes.map((note) => noteWith(note, signedIn)),
      restored: restored.map((note) => noteWith(note, signedIn)),
    })
    return {
      statements: [
        seeGuest(anonymousId, now, promised),
        insertPasskey(passkey),
        insertSpent(spent, passkey.credentialId),
        withdrawOffers(anonymousId),
        deleteCodes(anonymousId),
        ...insertNotes([
          ...revoked.notes,
          ...(Number(codes!.n) > 0 ? [input.codesRemoved] : []),
          input.used,
          noteWith(input.added, { first: passkeys.length === 0 }),
        ]),
        ...arrival.statements,
      ],
      outcome: () => ({
        outcome: 'entered',
        restored: arrival.restored,
        mergeable: arrival.mergeable,
        ...after,
      }),
      trace: findSpent(spent.id, passkey.credentialId),
      foundEnded: [anonymousId, ...(arrival.foundEnded ? [arrival.foundEnded] : [])],
    }
  },
} satisfies Partial<Writes>

function refusalOf(guest: Row, row: Row, now: number): 'merged' | 'disabled' | 'waiting' | undefined {
  if (guest.stage === 'merged') return 'merged'
  if (isDisabled(guest, now)) return 'disabled'
  const isApproved = !row.needs_approval || row.approved_by !== null
  return isApproved && Number(row.opens_at) <= now ? undefined : 'waiting'
}

/** A line of the audit trail, about no guest, by which who the operators are has changed, or who can sign in as one. */
const findChangeOfOperators = (since: number): Statement =>
  sql(
    `SELECT 1 AS changed FROM audit WHERE anonymous_id = '' AND at >= ? AND action IN
      ('operator.added', 'operator.invited', 'operator.joined', 'operator.passkey_added', 'operator.role_changed',
        'operator.removed') LIMIT 1`,
    since,
  )

const findById = (id: string, now: number): Statement =>
  sql(`SELECT ${columns} FROM ways_in WHERE id = ? AND expires_at > ?`, id, now)

const findOf = (anonymousId: string, now: number): Statement =>
  sql(`SELECT ${columns} FROM ways_in WHERE anonymous_id = ? AND expires_at > ?`, anonymousId, now)

const toWayIn = (row: Row): WayInRow => ({
  id: row.id as string,
  anonymousId: row.anonymous_id as string,
  openedBy: row.opened_by as string,
  needsApproval: Boolean(row.needs_approval),
  approvedBy: row.approved_by as string | null,
  createdAt: Number(row.created_at),
  opensAt: Number(row.opens_at),
  expiresAt: Number(row.expires_at),
})
