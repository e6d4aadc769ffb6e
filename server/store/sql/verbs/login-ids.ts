// The SQL of login IDs: promotion and demotion, and when one may be removed. A sign-in by code is in sign-in.ts.

import { decidePromotion } from '../../../rules/promotion.ts'
import { hasPasskey } from '../../../rules/recoverability.ts'
import type { PromoteOutcome } from '../../store.ts'
import { isDisabled } from '../disabled.ts'
import {
  guestColumns,
  insertLoginId,
  insertMerge,
  insertNotes,
  lockGuest,
  loginIdColumns,
  toGuestRow,
  toLoginIdRow,
} from '../rows.ts'
import { retainedWith, seeGuest } from '../seen.ts'
import {
  alreadyWritten,
  ask,
  nothing,
  noWrites,
  type Reads,
  type Statement,
  type Steps,
  sql,
  type Writes,
} from '../statement.ts'
import { findWayBack, toRecoverability } from '../way-back.ts'
import { findLoginProof, loginProofFacts, refuseWith, useLoginProof } from './codes.ts'
import { endByFirst, replaceSessions } from './first-credential.ts'
import { insertKept } from './guests.ts'
import { countCodes } from './recovery-codes.ts'
import { findSessionState, hasEnded } from './session-state.ts'

export const loginIdReads = {
  findLoginId: (key) => ask(findLoginId(key), ([row]) => row && toLoginIdRow(row)),

  listLoginIds: ({ anonymousId }) => ask(findLoginIdsOf(anonymousId), (rows) => rows.map(toLoginIdRow)),
} satisfies Partial<Reads>

export const loginIdWrites = {
  *promote(input): Steps<PromoteOutcome> {
    const {
      anonymousId,
      loginId,
      proof,
      isProven = true,
      keep,
      from,
      to,
      offer,
      maxLoginIds,
      now,
      revocation,
      ending,
      wayInEnded,
      notes,
    } = input
    const [[known], [sent], [taken], own, ended, [codes] = [], [wayBack] = []] = yield [
      lockGuest(anonymousId),
      proof ? findLoginProof(proof) : nothing,
      findOwner(loginId),
      findLoginIdsOf(anonymousId),
      from ? findSessionState(from) : nothing,
      countCodes(anonymousId),
      isProven ? nothing : findWayBack(anonymousId),
    ]
    const by = taken?.anonymous_id
    const decision = decidePromotion({
      proof: proof && loginProofFacts(proof, sent, now),
      session: from && { hasEnded: hasEnded(from, ended) },
      guest: known && { isMerged: known.stage === 'merged', isDisabled: isDisabled(known, now) },
      mayKeep: keep !== undefined,
      mustProve: !isProven && hasPasskey(toRecoverability(wayBack)),
      owner: by === undefined ? 'nobody' : by === anonymousId ? 'guest' : 'another',
      loginIds: own.length,
      maxLoginIds,
    })
    const spent = proof ? [useLoginProof(proof, to?.id ?? null)] : []
    if (decision.outcome === 'known')
      return { statements: [alreadyWritten, ...spent], outcome: () => ({ outcome: 'known' }) }
    if (decision.outcome === 'taken')
      return {
        statements: [
          alreadyWritten,
          ...spent,
          ...(offer ? [insertMerge({ ...offer, intoId: by as string })] : []),
        ],
        outcome: () => ({ outcome: 'taken', by: toGuestRow(taken!) }),
      }
    if (decision.outcome !== 'promoted') return refuseWith(proof, decision)
    const { first, keeps, ends } = decision
    const revoked = yield* endByFirst(anonymousId, ends, {
      revocation,
      ending,
      wayInEnded,
      sealed: keeps,
      now,
    })
    return {
      statements: [
        ...spent,
        ...(keeps ? insertKept(keep!) : []),
        sql(
          `UPDATE guests SET promoted_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE promoted_at END,
            expires_at = NULL, due_at = NULL, stage = 'active', last_seen_at = ? WHERE anonymous_id = ?`,
          now,
          now,
          anonymousId,
        ),
        insertLoginId({ ...loginId, anonymousId, primary: first }),
        ...replaceSessions(anonymousId, ends, to),
        ...insertNotes([...revoked.notes, ...(first ? notes.first : notes.further)]),
      ],
      outcome: () => ({
        outcome: 'promoted',
        kept: keeps,
        first,
        revoked: revoked.ids,
        ...(first && Number(codes!.n) > 0 && { codesLeft: Number(codes!.n) }),
      }),
      trace: first && to ? findSessionState({ kind: 'stored', ...to }) : findLoginId(loginId),
      foundEnded: ends.sessions && !keeps ? anonymousId : undefined,
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

export const findLoginId = ({ type, value }: { type: string; value: string }): Statement =>
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
