// Login IDs and the codes that prove them: promotion, sign-in by code, and the way back.

import type { CodeOutcome, CodeSignInOutcome, LoginProof, PromoteOutcome, UsedOutcome } from '../../store.ts'
import {
  findWayBack,
  guestColumns,
  insertMerge,
  insertNotes,
  insertSession,
  insertSpent,
  lockGuest,
  loginIdColumns,
  numberOrNull,
  retainedWith,
  seeGuest,
  toGuest,
  toLoginId,
  toRecoverability,
} from '../rows.ts'
import {
  type Ask,
  ask,
  done,
  nothing,
  only,
  type Reads,
  type Row,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { arrive } from './complete-sign-in.ts'
import { keepGuest } from './guests.ts'
import { countCodes } from './recovery-codes.ts'
import { countSessions, deleteSessions, findSession, hasEnded, revokeKeys } from './sessions.ts'

export const loginIdReads = {
  findLoginId: (key) => ask(findLoginId(key), ([row]) => row && toLoginId(row)),

  listLoginIds: ({ anonymousId }) => ask(loginIdsOf(anonymousId), (rows) => rows.map(toLoginId)),

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
    if (reached.length > 0) return only({ retryAt: Math.max(...reached) })
    return {
      statements: [
        ...limits.map(({ id, until }, i) => {
          const [row] = found[i]!
          // Whoever adds the same one meanwhile has this looked at again.
          if (!row) return sql('INSERT INTO limits (id, used, expires_at) VALUES (?, 1, ?)', id, until)
          const goesOn = Number(row.expires_at) > now
          return sql(
            'UPDATE limits SET used = ?, expires_at = ? WHERE id = ?',
            ...[goesOn ? Number(row.used) + 1 : 1, goesOn ? Number(row.expires_at) : until, id],
          )
        }),
        sql(
          'INSERT INTO codes (id, code, tries_left, expires_at) VALUES (?, ?, ?, ?)',
          ...[code.id, code.code, code.triesLeft, code.expiresAt],
        ),
      ],
      outcome: () => undefined,
    }
  },

  *spendCode({ id, code, now }): Steps<'right' | CodeOutcome> {
    const [[sent]] = yield [findCode(id)]
    const outcome = refuseCode(sent, code, now)
    if (outcome) return { statements: [countTry(id)], outcome: () => outcome }
    return { statements: [spend({ id, code }, null)], outcome: () => 'right' }
  },

  *promote(input): Steps<PromoteOutcome> {
    const { anonymousId, loginId, proof, keep, from, to, offer, maxLoginIds, now, keys = [], notes } = input
    const [[known], [sent], [taken], own, ended, [codes] = []] = yield [
      lockGuest(anonymousId),
      proof ? findProof(proof) : nothing,
      findOwner(loginId),
      loginIdsOf(anonymousId),
      from ? findSession(from) : nothing,
      countCodes(anonymousId),
    ]
    const refusal = proof && refuse(proof, sent, now)
    if (refusal) return refusal
    if (from ? hasEnded(from, ended) : !known) return only({ outcome: 'ended' })
    if (known?.stage === 'merged' || (!known && !keep)) return only({ outcome: 'ended' })
    const spent = proof ? [spend(proof, to?.id ?? null)] : []
    if (taken) {
      const by = taken.anonymous_id as string
      if (by === anonymousId) return { statements: [done, ...spent], outcome: () => ({ outcome: 'known' }) }
      return {
        statements: [done, ...spent, ...(offer ? [insertMerge({ ...offer, intoId: by })] : [])],
        outcome: () => ({ outcome: 'taken', by: toGuest(taken) }),
      }
    }
    if (own.length >= maxLoginIds) return only({ outcome: 'too_many' })
    const first = own.length === 0
    // That of this session too: whoever had a copy of it may have added that key.
    const revoked =
      first && known
        ? yield* revokeKeys(anonymousId, { except: undefined }, keys)
        : { ids: [], statements: [] }
    return {
      statements: [
        ...spent,
        ...(known ? [] : keepGuest(keep!)),
        sql(
          `UPDATE guests SET promoted_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE promoted_at END,
            expires_at = NULL, due_at = NULL, stage = 'active', last_seen_at = ? WHERE anonymous_id = ?`,
          ...[now, now, anonymousId],
        ),
        sql(
          `INSERT INTO login_ids (${loginIdColumns}) VALUES (?, ?, ?, ?, ?)`,
          ...[loginId.type, loginId.value, anonymousId, loginId.verifiedAt, Number(first)],
        ),
        ...(first ? [deleteSessions(anonymousId, undefined)] : []),
        ...(first && to ? [insertSession(to)] : []),
        ...insertNotes(first ? notes.first : notes.further),
        ...revoked.statements,
      ],
      outcome: () => ({
        ...{ outcome: 'promoted', kept: !known, first, revoked: revoked.ids },
        ...(first && Number(codes!.n) > 0 && { codesLeft: Number(codes!.n) }),
      }),
      trace: first && to ? findSession({ kind: 'stored', ...to }) : findLoginId(loginId),
      foundEnded: first && known ? anonymousId : undefined,
    }
  },

  *signInWithCode(input): Steps<CodeSignInOutcome> {
    const { type, value, proof, from, to, maxSessions, now, merge, notes, restored } = input
    const [[guest], [sent], [owner], [others], [wayBack]] = yield [
      lockGuest(to.anonymousId),
      findProof(proof),
      findLoginId({ type, value }),
      countSessions(to, from),
      findWayBack(to.anonymousId),
    ]
    const refusal = refuse(proof, sent, now)
    if (refusal) return refusal
    if (!guest || owner?.anonymous_id !== to.anonymousId) return only({ outcome: 'unknown' })
    if (guest.stage === 'merged') return only({ outcome: 'merged' })
    if (Number(others!.n) >= maxSessions) return only({ outcome: 'too_many_sessions' })
    const arrival = yield* arrive(guest, { from, to, merge, notes, restored })
    return {
      statements: [
        seeGuest(to.anonymousId, now, { expiresAt: null, dueAt: null }),
        spend(proof, to.id),
        ...arrival.statements,
      ],
      outcome: () => ({
        ...{ outcome: 'signed_in', restored: arrival.restored, mergeable: arrival.mergeable },
        ...{ label: guest.label as string, collection: guest.collection as string },
        ...{
          guestExpiresAt: null,
          promotedAt: numberOrNull(guest.promoted_at),
          recoverability: toRecoverability(wayBack),
        },
      }),
      trace: findSession({ kind: 'stored', ...to }),
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
      loginIdsOf(anonymousId),
      findWayBack(anonymousId),
    ]
    const gone = own.find((row) => row.type === type && row.value === value)
    if (!gone) return only('not_found')
    const recoverability = toRecoverability(wayBack)
    const isLast = own.length === 1
    if (isLast && recoverability === 'none' && !force) return only('last')
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
    const [, own] = yield [lockGuest(anonymousId), loginIdsOf(anonymousId)]
    if (!own.some((row) => row.type === type && row.value === value)) return only(false)
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
      loginIdsOf(anonymousId),
      findWayBack(anonymousId),
    ]
    if (!guest || own.length === 0) return only(false)
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

/** The guest who has it, found in one look: another one may let go of it meanwhile. */
const findOwner = ({ type, value }: { type: string; value: string }): Statement =>
  sql(
    `SELECT ${guestColumns} FROM guests
    WHERE anonymous_id = (SELECT anonymous_id FROM login_ids WHERE type = ? AND value = ?)`,
    ...[type, value],
  )

const loginIdsOf = (anonymousId: string): Statement =>
  sql(
    `SELECT ${loginIdColumns} FROM login_ids WHERE anonymous_id = ? ORDER BY is_primary DESC, verified_at, value`,
    anonymousId,
  )

const makePrimary = (type: string, value: string) =>
  sql('UPDATE login_ids SET is_primary = 1 WHERE type = ? AND value = ?', type, value)

const demoted = (anonymousId: string) =>
  sql('UPDATE guests SET promoted_at = NULL WHERE anonymous_id = ?', anonymousId)

const codeText = 'SELECT code, tries_left, expires_at FROM codes WHERE id = ?'

/** Others who try the same code wait: each try counts. */
const findCode = (id: string): Statement => ({ ...sql(codeText, id), lock: true })

const findProof = (proof: LoginProof): Statement =>
  'spent' in proof ? sql('SELECT result FROM spent WHERE id = ?', proof.spent.id) : findCode(proof.id)

const spend = (proof: LoginProof, sessionId: string | null): Statement =>
  'spent' in proof ? insertSpent(proof.spent, sessionId) : sql('DELETE FROM codes WHERE id = ?', proof.id)

function refuseCode(sent: Row | undefined, code: string, now: number): CodeOutcome | undefined {
  if (!sent || Number(sent.expires_at) <= now || Number(sent.tries_left) <= 0) return 'dead_code'
  return sent.code === code ? undefined : 'wrong_code'
}

/** Why a proof is not taken. A wrong code is a try, whatever else is undone. */
function refuse(
  proof: LoginProof,
  found: Row | undefined,
  now: number,
): Ask<{ outcome: CodeOutcome } | UsedOutcome> | undefined {
  if ('spent' in proof) {
    return found && only({ outcome: 'used', sessionId: found.result as string | null })
  }
  const outcome = refuseCode(found, proof.code, now)
  return outcome && { statements: [countTry(proof.id)], outcome: () => ({ outcome }) }
}

const countTry = (id: string) =>
  sql('UPDATE codes SET tries_left = tries_left - 1 WHERE id = ? AND tries_left > 0', id)
