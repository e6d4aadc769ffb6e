// The rows of operators: their columns, and how they become the types of the contract.

import type { OperatorRole } from '../../../types.ts'
import type { InvitationRow, OperatorPasskeyRow, OperatorRow, OperatorSessionRow } from '../../store.ts'
import { numberOrNull } from '../rows.ts'
import { insert, type Row, type Statement, sql } from '../statement.ts'

/** The operator `o`, beside columns of other tables. */
export const operatorColumns = `o.id AS operator_id, o.name AS operator_name, o.role AS operator_role,
  o.user_handle AS operator_handle, o.created_at AS operator_since`

export const toOperatorRow = (row: Row): OperatorRow => ({
  id: row.operator_id as string,
  name: row.operator_name as string,
  role: row.operator_role as OperatorRole,
  userHandle: row.operator_handle as string,
  createdAt: Number(row.operator_since),
})

export const passkeyColumns = `p.credential_id, p.operator_id, p.public_key, p.sign_count, p.aaguid, p.transports,
  p.backup_eligible, p.backed_up, p.created_at, p.last_used_at`

export const toPasskeyRow = (row: Row): OperatorPasskeyRow => ({
  credentialId: row.credential_id as string,
  operatorId: row.operator_id as string,
  publicKey: row.public_key as string,
  signCount: Number(row.sign_count),
  aaguid: row.aaguid as string,
  transports: (row.transports as string).split(' ').filter(Boolean),
  backupEligible: Boolean(row.backup_eligible),
  backedUp: Boolean(row.backed_up),
  createdAt: Number(row.created_at),
  lastUsedAt: numberOrNull(row.last_used_at),
})

export const sessionColumns = 's.id, s.operator_id, s.created_at, s.last_seen_at, s.expires_at, s.ends_at'

export const toSessionRow = (row: Row): OperatorSessionRow => ({
  id: row.id as string,
  operatorId: row.operator_id as string,
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  expiresAt: Number(row.expires_at),
  endsAt: Number(row.ends_at),
})

export const insertOperator = (operator: OperatorRow): Statement =>
  insert('operators', {
    id: operator.id,
    name: operator.name,
    role: operator.role,
    user_handle: operator.userHandle,
    created_at: operator.createdAt,
  })

export const insertPasskey = (passkey: OperatorPasskeyRow): Statement =>
  insert('operator_passkeys', {
    credential_id: passkey.credentialId,
    operator_id: passkey.operatorId,
    public_key: passkey.publicKey,
    sign_count: passkey.signCount,
    aaguid: passkey.aaguid,
    transports: passkey.transports.join(' '),
    backup_eligible: Number(passkey.backupEligible),
    backed_up: Number(passkey.backedUp),
    created_at: passkey.createdAt,
    last_used_at: passkey.lastUsedAt,
  })

export const insertSession = (session: OperatorSessionRow): Statement =>
  insert('operator_sessions', {
    id: session.id,
    operator_id: session.operatorId,
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    ends_at: session.endsAt,
  })

export const insertInvitation = (invitation: InvitationRow): Statement =>
  insert('operator_invitations', {
    id: invitation.id,
    operator_id: invitation.operatorId,
    created_at: invitation.createdAt,
    expires_at: invitation.expiresAt,
  })

export const findLiveSession = (id: string, operatorId: string, now: number): Statement =>
  sql(
    'SELECT id FROM operator_sessions WHERE id = ? AND operator_id = ? AND expires_at > ?',
    id,
    operatorId,
    now,
  )
