// The SQL that reads operators, their passkeys, sessions and invitations.

import { numberOrNull } from '../rows.ts'
import { ask, type Reads, sql } from '../statement.ts'
import {
  operatorColumns,
  passkeyColumns,
  sessionColumns,
  toOperatorRow,
  toPasskeyRow,
  toSessionRow,
} from './rows.ts'

export const operatorReads = {
  listOperators: ({ now }) =>
    ask(
      sql(
        `SELECT ${operatorColumns},
          (SELECT COUNT(*) FROM operator_passkeys p WHERE p.operator_id = o.id) AS passkeys,
          (SELECT MAX(i.expires_at) FROM operator_invitations i WHERE i.operator_id = o.id AND i.expires_at > ?)
            AS invited_until
        FROM operators o ORDER BY o.created_at, o.id`,
        now,
      ),
      (rows) =>
        rows.map((row) => ({
          ...toOperatorRow(row),
          passkeys: Number(row.passkeys),
          invitedUntil: numberOrNull(row.invited_until),
        })),
    ),

  findOperatorSession: ({ id, now }) =>
    ask(
      sql(
        `SELECT ${sessionColumns}, ${operatorColumns} FROM operator_sessions s
        JOIN operators o ON o.id = s.operator_id WHERE s.id = ? AND s.expires_at > ?`,
        id,
        now,
      ),
      ([row]) => row && { ...toSessionRow(row), operator: toOperatorRow(row) },
    ),

  listOperatorSessions: ({ operatorId, now }) =>
    ask(
      sql(
        `SELECT ${sessionColumns} FROM operator_sessions s WHERE s.operator_id = ? AND s.expires_at > ?
        ORDER BY s.last_seen_at DESC, s.id`,
        operatorId,
        now,
      ),
      (rows) => rows.map(toSessionRow),
    ),

  findOperatorPasskey: ({ credentialId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns}, ${operatorColumns} FROM operator_passkeys p
        JOIN operators o ON o.id = p.operator_id WHERE p.credential_id = ?`,
        credentialId,
      ),
      ([row]) => row && { ...toPasskeyRow(row), operator: toOperatorRow(row) },
    ),

  listOperatorPasskeys: ({ operatorId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns} FROM operator_passkeys p WHERE p.operator_id = ?
        ORDER BY p.created_at, p.credential_id`,
        operatorId,
      ),
      (rows) => rows.map(toPasskeyRow),
    ),

  findInvitation: ({ id, now }) =>
    ask(
      sql(
        `SELECT ${operatorColumns} FROM operator_invitations i
        JOIN operators o ON o.id = i.operator_id WHERE i.id = ? AND i.expires_at > ?`,
        id,
        now,
      ),
      ([row]) => row && toOperatorRow(row),
    ),
} satisfies Partial<Reads>
