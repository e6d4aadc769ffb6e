// The rows of the tables: their columns, how rows are inserted and locked, and how they become the types of the contract.

import type { OperatorAct } from '../../types.ts'
import type {
  AuditRow,
  Delivery,
  GrantRow,
  GuestRow,
  LoginIdRow,
  MergeRow,
  Note,
  PasskeyRow,
  ProfileRow,
  Retained,
  SessionRow,
  SigningKeyRow,
  SnoozeRow,
  Spent,
  Stage,
} from '../store.ts'
import { disabledColumns } from './disabled.ts'
import { alreadyWritten, insert, type Row, type Statement, sql, type Value } from './statement.ts'

// Named one by one, so that a later version can add columns while this one still reads.
export const guestColumns = `anonymous_id, user_handle, label, collection, created_at, last_seen_at, days_seen,
  expires_at, stage, promoted_at`
export const passkeyColumns = `credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports,
  backup_eligible, backed_up, created_at, last_used_at`
export const sessionColumns = `anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id,
  scope, jkt, refreshes, refreshed_at, enrol_until`
export const signingKeyColumns = 'generation, kid, algorithm, public_key, private_key, signs_from, retires_at'

/** Locks the guest's row. Other writers of this guest wait until the verb is done, so what it reads next stays true. */
export const lockGuest = (anonymousId: string): Statement => ({
  ...sql(
    `SELECT label, collection, stage, promoted_at, expires_at AS guest_expires_at, ${disabledColumns}
    FROM guests WHERE anonymous_id = ?`,
    anonymousId,
  ),
  lock: true,
})

export const insertGuest = (guest: GuestRow, { expiresAt, dueAt }: Retained) =>
  insert('guests', {
    anonymous_id: guest.anonymousId,
    user_handle: guest.userHandle,
    label: guest.label,
    collection: guest.collection,
    created_at: guest.createdAt,
    last_seen_at: guest.lastSeenAt,
    days_seen: guest.daysSeen,
    expires_at: expiresAt,
    stage: 'active',
    promoted_at: guest.promotedAt,
    due_at: dueAt,
  })

export const insertPasskey = (passkey: PasskeyRow) =>
  insert('passkeys', {
    credential_id: passkey.credentialId,
    anonymous_id: passkey.anonymousId,
    public_key: passkey.publicKey,
    sign_count: passkey.signCount,
    aaguid: passkey.aaguid,
    name: passkey.name,
    transports: passkey.transports.join(' '),
    backup_eligible: Number(passkey.backupEligible),
    backed_up: Number(passkey.backedUp),
    created_at: passkey.createdAt,
    last_used_at: passkey.lastUsedAt,
  })

export const insertSpent = ({ id, expiresAt }: Spent, result: string | null) =>
  insert('spent', { id, expires_at: expiresAt, result })

export const insertSession = (session: SessionRow) =>
  insert('sessions', {
    anonymous_id: session.anonymousId,
    id: session.id,
    created_at: session.createdAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    ends_at: session.endsAt,
    auth_time: session.authTime,
    client_id: session.grant?.clientId ?? null,
    scope: session.grant?.scope ?? null,
    jkt: session.grant?.jkt ?? null,
    refreshes: session.grant?.refreshes ?? null,
    refreshed_at: session.grant?.refreshedAt ?? null,
    enrol_until: session.enrolUntil,
  })

export const numberOrNull = (value: Value | undefined) =>
  value === null || value === undefined ? null : Number(value)

export const toGuestRow = (row: Row): GuestRow => ({
  anonymousId: row.anonymous_id as string,
  userHandle: row.user_handle as string,
  label: row.label as string,
  collection: row.collection as string,
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  daysSeen: Number(row.days_seen),
  expiresAt: numberOrNull(row.expires_at),
  stage: row.stage as Stage,
  promotedAt: numberOrNull(row.promoted_at),
})

export const toPasskeyRow = (row: Row): PasskeyRow => ({
  credentialId: row.credential_id as string,
  anonymousId: row.anonymous_id as string,
  publicKey: row.public_key as string,
  signCount: Number(row.sign_count),
  aaguid: row.aaguid as string,
  name: row.name as string,
  transports: (row.transports as string).split(' ').filter(Boolean),
  backupEligible: Boolean(row.backup_eligible),
  backedUp: Boolean(row.backed_up),
  createdAt: Number(row.created_at),
  lastUsedAt: numberOrNull(row.last_used_at),
})

export const toSessionRow = (row: Row): SessionRow => ({
  anonymousId: row.anonymous_id as string,
  id: row.id as string,
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  expiresAt: Number(row.expires_at),
  endsAt: Number(row.ends_at),
  authTime: numberOrNull(row.auth_time),
  enrolUntil: numberOrNull(row.enrol_until),
  grant: row.client_id === null ? null : toGrantRow(row),
})

export const toGrantRow = (row: Row): GrantRow => ({
  clientId: row.client_id as string,
  scope: row.scope as string,
  jkt: row.jkt as string | null,
  refreshes: Number(row.refreshes),
  refreshedAt: Number(row.refreshed_at),
})

export const toSigningKeyRow = (row: Row): SigningKeyRow => ({
  generation: Number(row.generation),
  kid: row.kid as string,
  algorithm: row.algorithm as string,
  publicKey: row.public_key as string,
  privateKey: row.private_key as string,
  signsFrom: Number(row.signs_from),
  retiresAt: numberOrNull(row.retires_at),
})

export const profileColumns = 'anonymous_id, version, attributes, updated_at'

export const toProfileRow = (row: Row): ProfileRow => ({
  anonymousId: row.anonymous_id as string,
  version: Number(row.version),
  attributes: JSON.parse(row.attributes as string) as Record<string, unknown>,
  updatedAt: Number(row.updated_at),
})

/** Writes a profile, or replaces the one that is there. */
export const putProfile = ({ anonymousId, version, attributes, updatedAt }: ProfileRow) =>
  insert(
    'profiles',
    { anonymous_id: anonymousId, version, attributes: JSON.stringify(attributes), updated_at: updatedAt },
    `ON CONFLICT (anonymous_id) DO UPDATE SET version = excluded.version, attributes = excluded.attributes,
      updated_at = excluded.updated_at`,
  )

/** Writes the snoozes that a session remembers. For a prompt that has a row already, the larger values win. */
export const joinSnoozes = (anonymousId: string, snoozes: SnoozeRow[] = []): Statement[] =>
  snoozes.map(({ prompt, times, snoozedUntil }) =>
    insert(
      'snoozes',
      { anonymous_id: anonymousId, prompt, times, snoozed_until: snoozedUntil },
      `ON CONFLICT (anonymous_id, prompt) DO UPDATE SET
        times = CASE WHEN snoozes.times > excluded.times THEN snoozes.times ELSE excluded.times END,
        snoozed_until = CASE WHEN snoozes.snoozed_until > excluded.snoozed_until
          THEN snoozes.snoozed_until ELSE excluded.snoozed_until END`,
    ),
  )

export const mergeColumns = `id, from_id, into_id, label, collection, recoverability, confirmed, carried_since, status,
  claimed_until, expires_at, proven_until`

export const insertMerge = (merge: MergeRow) =>
  insert('merges', {
    id: merge.id,
    from_id: merge.fromId,
    into_id: merge.intoId,
    label: merge.label,
    collection: merge.collection,
    recoverability: merge.recoverability,
    confirmed: Number(merge.confirmed),
    carried_since: merge.carriedSince,
    status: merge.status,
    claimed_until: merge.claimedUntil,
    expires_at: merge.expiresAt,
    proven_until: merge.provenUntil,
  })

export const toMergeRow = (row: Row): MergeRow => ({
  id: row.id as string,
  fromId: row.from_id as string,
  intoId: row.into_id as string,
  label: row.label as string,
  collection: row.collection as string,
  recoverability: row.recoverability as string,
  confirmed: Boolean(row.confirmed),
  carriedSince: numberOrNull(row.carried_since),
  status: row.status as MergeRow['status'],
  claimedUntil: Number(row.claimed_until),
  expiresAt: Number(row.expires_at),
  provenUntil: numberOrNull(row.proven_until),
})

export const auditColumns = `anonymous_id, at, id, session_id, action, outcome, operator_id, operator_role,
  operator_reason, operator_case`

export const toAuditRow = (row: Row): AuditRow => ({
  anonymousId: row.anonymous_id as string,
  at: Number(row.at),
  id: row.id as string,
  sessionId: row.session_id as string | null,
  action: row.action as string,
  outcome: row.outcome as string,
  operator:
    row.operator_role === null
      ? undefined
      : {
          by: row.operator_id as string | null,
          role: row.operator_role as OperatorAct['role'],
          reason: row.operator_reason as OperatorAct['reason'],
          case: row.operator_case as string | null,
        },
})

export const deliveryColumns =
  'id, url, event, payload, created_at, attempts, due_at, failure, anonymous_id, other_id'

export const toDelivery = (row: Row): Delivery => ({
  id: row.id as string,
  url: row.url as string,
  event: row.event as string,
  payload: row.payload as string,
  createdAt: Number(row.created_at),
  attempts: Number(row.attempts),
  dueAt: numberOrNull(row.due_at),
  failure: row.failure as string | null,
  anonymousId: row.anonymous_id as string | null,
  otherId: row.other_id as string | null,
})

/** Writes notes: lines of the audit trail, and deliveries in the outbox. Their events are told in this order. */
export function insertNotes(notes: Note[]): Statement[] {
  const rows = notes.flatMap(insertNote)
  const events = notes.flatMap(({ event }) => event ?? [])
  if (events.length === 0) return rows
  const [first = alreadyWritten, ...others] = rows
  return [{ ...first, events }, ...others]
}

const insertNote = ({ audit, deliveries }: Note): Statement[] => [
  ...(audit ? [insertAuditRow(audit)] : []),
  ...deliveries.map(insertDelivery),
]

const insertAuditRow = (audit: AuditRow) =>
  insert('audit', {
    anonymous_id: audit.anonymousId,
    at: audit.at,
    id: audit.id,
    session_id: audit.sessionId,
    action: audit.action,
    outcome: audit.outcome,
    // Lines of guests, which are nearly all, need no more columns.
    ...(audit.operator && {
      operator_id: audit.operator.by,
      operator_role: audit.operator.role,
      operator_reason: audit.operator.reason,
      operator_case: audit.operator.case,
    }),
  })

const insertDelivery = (delivery: Delivery) =>
  insert('outbox', {
    id: delivery.id,
    url: delivery.url,
    event: delivery.event,
    payload: delivery.payload,
    created_at: delivery.createdAt,
    attempts: delivery.attempts,
    due_at: delivery.dueAt,
    failure: delivery.failure,
    anonymous_id: delivery.anonymousId,
    other_id: delivery.otherId,
  })

export const loginIdColumns = 'type, value, anonymous_id, verified_at, is_primary'

export const insertLoginId = ({ type, value, anonymousId, verifiedAt, primary }: LoginIdRow) =>
  insert('login_ids', {
    type,
    value,
    anonymous_id: anonymousId,
    verified_at: verifiedAt,
    is_primary: Number(primary),
  })

export const toLoginIdRow = (row: Row): LoginIdRow => ({
  type: row.type as LoginIdRow['type'],
  value: row.value as string,
  anonymousId: row.anonymous_id as string,
  verifiedAt: Number(row.verified_at),
  primary: Boolean(row.is_primary),
})
