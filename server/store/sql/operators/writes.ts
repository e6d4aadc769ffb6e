// The SQL that changes operators. A verb about who is an operator, and with which role, locks all of them: see lock.ts.

import type { OperatorChange } from '../../store.ts'
import { endWaysInOf } from '../end-way-in.ts'
import { insertNotes, insertSpent } from '../rows.ts'
import { ask, noWrites, type Row, type Statement, type Steps, sql, type Writes } from '../statement.ts'
import { lockOperators } from './lock.ts'
import { insertInvitation, insertOperator, insertPasskey, insertSession } from './rows.ts'

export const operatorWrites = {
  *addOperator({ operator, invitation, notes }): Steps<'added' | 'taken'> {
    // If another node inserts the name first, this fails as a duplicate and the verb starts again.
    const [, [namesake]] = yield [
      lockOperators,
      sql('SELECT id FROM operators WHERE name = ?', operator.name),
    ]
    if (namesake) return noWrites('taken')
    return {
      statements: [insertOperator(operator), insertInvitation(invitation), ...insertNotes(notes)],
      outcome: () => 'added',
    }
  },

  *inviteOperator({ invitation, notes }): Steps<boolean> {
    const [operators] = yield [lockOperators]
    if (!operators.some(({ id }) => id === invitation.operatorId)) return noWrites(false)
    return {
      statements: [
        deleteInvitations(invitation.operatorId),
        insertInvitation(invitation),
        ...insertNotes(notes),
      ],
      outcome: () => true,
    }
  },

  *redeemInvitation({
    invitationId,
    now,
    passkey,
    session,
    from,
    spent,
    notes,
  }): Steps<'done' | 'unknown' | 'spent' | 'taken'> {
    const { operatorId, credentialId } = passkey
    const [[operator], [invitation], [used], [same]] = yield [
      lockOperator(operatorId),
      sql(
        'SELECT id FROM operator_invitations WHERE id = ? AND operator_id = ? AND expires_at > ?',
        invitationId,
        operatorId,
        now,
      ),
      findSpent(spent.id),
      findCredential(credentialId),
    ]
    if (!operator || !invitation) return noWrites('unknown')
    if (used) return noWrites('spent')
    if (same && same.operator_id !== operatorId) return noWrites('taken')
    return {
      statements: [
        deleteInvitations(operatorId),
        sql('DELETE FROM operator_passkeys WHERE operator_id = ?', operatorId),
        sql('DELETE FROM operator_sessions WHERE operator_id = ?', operatorId),
        ...endFrom(from),
        insertSpent(spent, session.id),
        insertPasskey(passkey),
        insertSession(session),
        ...insertNotes(notes),
      ],
      outcome: () => 'done',
      trace: findSpentBy(spent.id, session.id),
    }
  },

  *addOperatorPasskey({
    passkey,
    spent,
    max,
    notes,
  }): Steps<'done' | 'unknown' | 'spent' | 'taken' | 'too_many'> {
    const { operatorId, credentialId } = passkey
    const [[operator], [used], [same], [count]] = yield [
      lockOperator(operatorId),
      findSpent(spent.id),
      findCredential(credentialId),
      countPasskeys(operatorId),
    ]
    if (!operator) return noWrites('unknown')
    if (used) return noWrites('spent')
    if (same) return noWrites('taken')
    if (Number(count!.n) >= max) return noWrites('too_many')
    return {
      statements: [insertSpent(spent, credentialId), insertPasskey(passkey), ...insertNotes(notes)],
      outcome: () => 'done',
      trace: findSpentBy(spent.id, credentialId),
    }
  },

  *removeOperatorPasskey({ operatorId, credentialId, sessionId, notes }): Steps<'done' | 'unknown' | 'last'> {
    const [, [passkey], [count]] = yield [
      lockOperator(operatorId),
      findCredential(credentialId),
      countPasskeys(operatorId),
    ]
    if (passkey?.operator_id !== operatorId) return noWrites('unknown')
    if (Number(count!.n) === 1) return noWrites('last')
    return {
      statements: [
        sql('DELETE FROM operator_passkeys WHERE credential_id = ?', credentialId),
        sql('DELETE FROM operator_sessions WHERE operator_id = ? AND id <> ?', operatorId, sessionId),
        withdrawInvitations(operatorId),
        ...insertNotes(notes),
      ],
      outcome: () => 'done',
    }
  },

  *signInOperator({
    credentialId,
    signCount,
    backedUp,
    spent,
    session,
    from,
    maxSessions,
    now,
    notes,
    regressed,
  }): Steps<'done' | 'unknown' | 'spent' | 'counter_regressed'> {
    const { operatorId } = session
    const [[operator], [passkey], [used], alive] = yield [
      lockOperator(operatorId),
      sql('SELECT operator_id, sign_count FROM operator_passkeys WHERE credential_id = ?', credentialId),
      findSpent(spent.id),
      sql(
        `SELECT id FROM operator_sessions WHERE operator_id = ? AND expires_at > ?
        ORDER BY last_seen_at DESC, id`,
        operatorId,
        now,
      ),
    ]
    if (!operator || passkey?.operator_id !== operatorId) return noWrites('unknown')
    const others = alive.map(({ id }) => id as string).filter((id) => id !== from)
    if (used) return noWrites('spent')
    // WebAuthn Level 3, 7.2: both are 0 if the authenticator has no counter.
    const before = Number(passkey.sign_count)
    if ((signCount > 0 || before > 0) && signCount <= before)
      return { statements: insertNotes(regressed), outcome: () => 'counter_regressed' }
    const crowded = others.slice(Math.max(0, maxSessions - 1))
    return {
      statements: [
        sql(
          'UPDATE operator_passkeys SET sign_count = ?, backed_up = ?, last_used_at = ? WHERE credential_id = ?',
          signCount,
          Number(backedUp),
          now,
          credentialId,
        ),
        ...endFrom(from),
        ...crowded.map(deleteSession),
        insertSpent(spent, session.id),
        insertSession(session),
        ...insertNotes(notes),
      ],
      outcome: () => 'done',
      trace: findSpentBy(spent.id, session.id),
    }
  },

  touchOperatorSession: ({ id, now, expiresAt }) =>
    ask(
      sql(
        `UPDATE operator_sessions SET last_seen_at = ?, expires_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END
        WHERE id = ? AND last_seen_at < ?`,
        now,
        expiresAt,
        expiresAt,
        id,
        now,
      ),
      () => undefined,
    ),

  *endOperatorSessions({ operatorId, id, notes }): Steps<number> {
    const [, ended, withdrawn = []] = yield [
      lockOperator(operatorId),
      ...(id === undefined
        ? [
            sql('DELETE FROM operator_sessions WHERE operator_id = ? RETURNING id', operatorId),
            withdrawInvitations(operatorId),
          ]
        : [
            sql(
              'DELETE FROM operator_sessions WHERE operator_id = ? AND id = ? RETURNING id',
              operatorId,
              id,
            ),
          ]),
    ]
    if (ended.length + withdrawn.length === 0) return noWrites(0)
    return { statements: [sql('SELECT 1 AS done'), ...insertNotes(notes)], outcome: () => ended.length }
  },

  *setOperatorRole({ id, role, waysIn, notes }): Steps<OperatorChange> {
    const [operators] = yield [lockOperators]
    const isLast = role !== 'owner' && lastOwner(operators, id)
    if (!operators.some((one) => one.id === id)) return noWrites('unknown')
    if (isLast) return noWrites('last_owner')
    const cancelled = role === 'owner' ? [] : yield* endWaysInOf(id, waysIn)
    return {
      statements: [
        sql('UPDATE operators SET role = ? WHERE id = ?', role, id),
        sql('DELETE FROM operator_sessions WHERE operator_id = ?', id),
        withdrawInvitations(id),
        ...cancelled,
        ...insertNotes(notes),
      ],
      outcome: () => 'done',
    }
  },

  *removeOperator({ id, waysIn, notes }): Steps<OperatorChange> {
    const [operators] = yield [lockOperators]
    if (!operators.some((one) => one.id === id)) return noWrites('unknown')
    if (lastOwner(operators, id)) return noWrites('last_owner')
    const cancelled = yield* endWaysInOf(id, waysIn)
    return {
      statements: [sql('DELETE FROM operators WHERE id = ?', id), ...cancelled, ...insertNotes(notes)],
      outcome: () => 'done',
    }
  },
} satisfies Partial<Writes>

/** Whether this is the only owner with a passkey. One who has none yet cannot sign in, so does not count. */
function lastOwner(operators: Row[], id: string): boolean {
  const owners = operators.filter(({ role, passkeys }) => role === 'owner' && Number(passkeys) > 0)
  return owners.length === 1 && owners[0]!.id === id
}

const lockOperator = (id: string): Statement => ({
  ...sql('SELECT id FROM operators WHERE id = ?', id),
  lock: true,
})

const findSpent = (id: string): Statement => sql('SELECT 1 AS there FROM spent WHERE id = ?', id)

const findSpentBy = (id: string, result: string): Statement =>
  sql('SELECT 1 AS there FROM spent WHERE id = ? AND result = ?', id, result)

const findCredential = (credentialId: string): Statement =>
  sql('SELECT operator_id FROM operator_passkeys WHERE credential_id = ?', credentialId)

const countPasskeys = (operatorId: string): Statement =>
  sql('SELECT COUNT(*) AS n FROM operator_passkeys WHERE operator_id = ?', operatorId)

const deleteSession = (id: string): Statement => sql('DELETE FROM operator_sessions WHERE id = ?', id)

/** Ends the session that this browser had. It can be another operator's. */
const endFrom = (from: string | undefined): Statement[] => (from === undefined ? [] : [deleteSession(from)])

const deleteInvitations = (operatorId: string): Statement =>
  sql('DELETE FROM operator_invitations WHERE operator_id = ?', operatorId)

/**
 * What ends a thief ends the link that the thief made too. Whoever has no passkey keeps the link: it is the only way to come
 * in.
 */
const withdrawInvitations = (operatorId: string): Statement =>
  sql(
    `DELETE FROM operator_invitations WHERE operator_id = ? AND EXISTS
      (SELECT 1 FROM operator_passkeys p WHERE p.operator_id = operator_invitations.operator_id) RETURNING id`,
    operatorId,
  )
