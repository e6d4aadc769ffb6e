// The SQL of login IDs and the codes that prove them: promotion, sign-in by code, and demotion.

import type { CodeOutcome, CodeSignInOutcome, LoginProof, PromoteOutcome, UsedOutcome } from '../../store.ts'
import {
  guestColumns,
  insertLoginId,
  insertMerge,
  insertNotes,
  insertSession,
  insertSpent,
  lockGuest,
  loginIdColumns,
  numberOrNull,
  toGuestRow,
  toLoginIdRow,
} from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
  type Ask,
  alreadyWritten,
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
import { findWayBack, toRecoverability } from '../way-back.ts'
import { writeSignIn } from './complete-sign-in.ts'
import { insertKept } from './guests.ts'
import { countCodes } from './recovery-codes.ts'
import { countSessions, deleteSessions, findSessionState, hasEnded, revokeDeviceKeys } from './sessions.ts'

export const loginIdReads = {
  findLoginId: (key) => ask(findLoginId(key), ([row]) => row && toLoginIdRow(row)),

  listLoginIds: ({ anonymousId }) => ask(findLoginIdsOf(anonymousId), (rows) => rows.map(toLoginIdRow)),

  isRightCode: ({ id, code, now }) => ask(sql(codeText, id), ([sent]) => !refuseCode(sent, code, now)),
} satisfies Partial<Reads>

export const loginIdWrites = {
  *addCode({ code, limits, now }): Steps<{ retryAt: number } | undefined> {
    const found = yield limits.map(({ id }) => ({
      ...sql('SELECT used, expires_at FROM limits WHERE id = ?', id),
      lock: true as const,
    }))
    const reached = limits.flatMap(({ most }, i) => {
      const [row] = found[i]!
      return row && Number(row.expires_at) > now && Number(row.used) >= most ? [Number(row.expires_at)] : []
    })
    if (reached.length > 0) return noWrites({ retryAt: Math.max(...reached) })
    return {
      statements: [
        ...limits.map(({ id, until }, i) => {
          const [row] = found[i]!
          // If another process inserts the same row first, this fails as a duplicate and the verb starts again.
          if (!row) return insert('limits', { id, used: 1, expires_at: until })
          const goesOn = Number(row.expires_at) > now
          return sql(
            'UPDATE limits SET used = ?, expires_at = ? WHERE id = ?',
            goesOn ? Number(row.used) + 1 : 1,
            goesOn ? Number(row.expires_at) : until,
            id,
          )
        }),
        insert('codes', {
          id: code.id,
          code: code.code,
          tries_left: code.triesLeft,
          expires_at: code.expiresAt,
        }),
      ],
      outcome: () => undefined,
    }
  },

  *spendCode({ id, code, now }): Steps<'right' | CodeOutcome> {
    const [[sent]] = yield [findCode(id)]
    const outcome = refuseCode(sent, code, now)
    if (outcome) return { statements: [countAttempt(id)], outcome: () => outcome }
    return { statements: [useProof({ id, code }, null)], outcome: () => 'right' }
  },

  *promote(input): Steps<PromoteOutcome> {
    const { anonymousId, loginId, proof, keep, from, to, offer, maxLoginIds, now, keys = [], notes } = input
    const [[known], [sent], [taken], own, ended, [codes] = []] = yield [
      lockGuest(anonymousId),
      proof ? findProof(proof) : nothing,
      findOwner(loginId),
      findLoginIdsOf(anonymousId),
      from ? findSessionState(from) : nothing,
      countCodes(anonymousId),
    ]
    const refusal = proof && refuseProof(proof, sent, now)
    if (refusal) return refusal
    if (from ? hasEnded(from, ended) : !known) return noWrites({ outcome: 'ended' })
    if (known?.stage === 'merged' || (!known && !keep)) return noWrites({ outcome: 'ended' })
    const spent = proof ? [useProof(proof, to?.id ?? null)] : []
    if (taken) {
      const by = taken.anonymous_id as string
      if (by === anonymousId)
        return { statements: [alreadyWritten, ...spent], outcome: () => ({ outcome: 'known' }) }
      return {
        statements: [alreadyWritten, ...spent, ...(offer ? [insertMerge({ ...offer, intoId: by })] : [])],
        outcome: () => ({ outcome: 'taken', by: toGuestRow(taken) }),
      }
    }
    if (own.length >= maxLoginIds) return noWrites({ outcome: 'too_many' })
    const first = own.length === 0
    // That of this session too: whoever had a copy of it may have added that key.
    const revoked =
      first && known
        ? yield* revokeDeviceKeys(anonymousId, { except: undefined }, keys)
        : { ids: [], statements: [] }
    return {
      statements: [
        ...spent,
        ...(known ? [] : insertKept(keep!)),
        sql(
          `UPDATE guests SET promoted_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE promoted_at END,
            expires_at = NULL, due_at = NULL, stage = 'active', last_seen_at = ? WHERE anonymous_id = ?`,
          now,
          now,
          anonymousId,
        ),
        insertLoginId({ ...loginId, anonymousId, primary: first }),
        ...(first ? [deleteSessions(anonymousId, undefined)] : []),
        ...(first && to ? [insertSession(to)] : []),
        ...insertNotes(first ? notes.first : notes.further),
        ...revoked.statements,
      ],
      outcome: () => ({
        outcome: 'promoted',
        kept: !known,
        first,
        revoked: revoked.ids,
        ...(first && Number(codes!.n) > 0 && { codesLeft: Number(codes!.n) }),
      }),
      trace: first && to ? findSessionState({ kind: 'stored', ...to }) : findLoginId(loginId),
      foundEnded: first && known ? anonymousId : undefined,
    }
  },

  *signInByCode(input): Steps<CodeSignInOutcome> {
    const { type, value, proof, from, to, maxSessions, now, merge, notes, restored } = input
    const [[guest], [sent], [owner], [others], [wayBack]] = yield [
      lockGuest(to.anonymousId),
      findProof(proof),
      findLoginId({ type, value }),
      countSessions(to, from),
      findWayBack(to.anonymousId),
    ]
    const refusal = refuseProof(proof, sent, now)
    if (refusal) return refusal
    if (!guest || owner?.anonymous_id !== to.anonymousId) return noWrites({ outcome: 'unknown' })
    if (guest.stage === 'merged') return noWrites({ outcome: 'merged' })
    if (Number(others!.n) >= maxSessions) return noWrites({ outcome: 'too_many_sessions' })
    const arrival = yield* writeSignIn(guest, { from, to, merge, notes, restored })
    return {
      statements: [
        seeGuest(to.anonymousId, now, { expiresAt: null, dueAt: null }),
        useProof(proof, to.id),
        ...arrival.statements,
      ],
      outcome: () => ({
        outcome: 'signed_in',
        restored: arrival.restored,
        mergeable: arrival.mergeable,
        label: guest.label as string,
        collection: guest.collection as string,
        guestExpiresAt: null,
        promotedAt: numberOrNull(guest.promoted_at),
        recoverability: toRecoverability(wayBack),
      }),
      trace: findSessionState({ kind: 'stored', ...to }),
      foundEnded: arrival.foundEnded,
    }
  },

  *removeLoginId({
    anonymousId,
    type,
    value,
    force,
    now,
    retained,
    notes,
  }): Steps<'removed' | 'last' | 'not_found'> {
    const [, own, [wayBack]] = yield [
      lockGuest(anonymousId),
      findLoginIdsOf(anonymousId),
      findWayBack(anonymousId),
    ]
    const gone = own.find((row) => row.type === type && row.value === value)
    if (!gone) return noWrites('not_found')
    const recoverability = toRecoverability(wayBack)
    const isLast = own.length === 1
    if (isLast && recoverability === 'none' && !force) return noWrites('last')
    const next = own.find((row) => row !== gone)
    return {
      statements: [
        sql('DELETE FROM login_ids WHERE type = ? AND value = ?', type, value),
        ...(gone.is_primary && next ? [makePrimary(next.type as string, next.value as string)] : []),
        ...(isLast
          ? [demoted(anonymousId), seeGuest(anonymousId, now, retainedWith(retained, recoverability))]
          : []),
        ...insertNotes(notes),
      ],
      outcome: () => 'removed',
    }
  },

  *setPrimaryLoginId({ anonymousId, type, value }): Steps<boolean> {
    const [, own] = yield [lockGuest(anonymousId), findLoginIdsOf(anonymousId)]
    if (!own.some((row) => row.type === type && row.value === value)) return noWrites(false)
    return {
      statements: [
        sql('UPDATE login_ids SET is_primary = 0 WHERE anonymous_id = ?', anonymousId),
        makePrimary(type, value),
      ],
      outcome: () => true,
    }
  },

  *demote({ anonymousId, now, retained, notes }): Steps<boolean> {
    const [[guest], own, [wayBack]] = yield [
      lockGuest(anonymousId),
      findLoginIdsOf(anonymousId),
      findWayBack(anonymousId),
    ]
    if (!guest || own.length === 0) return noWrites(false)
    return {
      statements: [
        sql('DELETE FROM login_ids WHERE anonymous_id = ?', anonymousId),
        sql('DELETE FROM profiles WHERE anonymous_id = ?', anonymousId),
        demoted(anonymousId),
        seeGuest(anonymousId, now, retainedWith(retained, toRecoverability(wayBack))),
        ...insertNotes(notes),
      ],
      outcome: () => true,
    }
  },
} satisfies Partial<Writes>

const findLoginId = ({ type, value }: { type: string; value: string }): Statement =>
  sql(`SELECT ${loginIdColumns} FROM login_ids WHERE type = ? AND value = ?`, type, value)

/** The guest who has this login ID, in one statement: between two, that guest could give it up. */
const findOwner = ({ type, value }: { type: string; value: string }): Statement =>
  sql(
    `SELECT ${guestColumns} FROM guests
    WHERE anonymous_id = (SELECT anonymous_id FROM login_ids WHERE type = ? AND value = ?)`,
    type,
    value,
  )

const findLoginIdsOf = (anonymousId: string): Statement =>
  sql(
    `SELECT ${loginIdColumns} FROM login_ids WHERE anonymous_id = ? ORDER BY is_primary DESC, verified_at, value`,
    anonymousId,
  )

const makePrimary = (type: string, value: string) =>
  sql('UPDATE login_ids SET is_primary = 1 WHERE type = ? AND value = ?', type, value)

const demoted = (anonymousId: string) =>
  sql('UPDATE guests SET promoted_at = NULL WHERE anonymous_id = ?', anonymousId)

const codeText = 'SELECT code, tries_left, expires_at FROM codes WHERE id = ?'

/** Locks the code, so that attempts at once wait for each other and each one counts. */
const findCode = (id: string): Statement => ({ ...sql(codeText, id), lock: true })

const findProof = (proof: LoginProof): Statement =>
  'spent' in proof ? sql('SELECT result FROM spent WHERE id = ?', proof.spent.id) : findCode(proof.id)

const useProof = (proof: LoginProof, sessionId: string | null): Statement =>
  'spent' in proof ? insertSpent(proof.spent, sessionId) : sql('DELETE FROM codes WHERE id = ?', proof.id)

function refuseCode(sent: Row | undefined, code: string, now: number): CodeOutcome | undefined {
  if (!sent || Number(sent.expires_at) <= now || Number(sent.tries_left) <= 0) return 'dead_code'
  return sent.code === code ? undefined : 'wrong_code'
}

/** Refuses an invalid proof; undefined if it is valid. A wrong code counts as an attempt, which is committed. */
function refuseProof(
  proof: LoginProof,
  found: Row | undefined,
  now: number,
): Ask<{ outcome: CodeOutcome } | UsedOutcome> | undefined {
  if ('spent' in proof) {
    return found && noWrites({ outcome: 'used', sessionId: found.result as string | null })
  }
  const outcome = refuseCode(found, proof.code, now)
  return outcome && { statements: [countAttempt(proof.id)], outcome: () => ({ outcome }) }
}

const countAttempt = (id: string) =>
  sql('UPDATE codes SET tries_left = tries_left - 1 WHERE id = ? AND tries_left > 0', id)
