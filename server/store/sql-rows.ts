// The rows of the tables: their columns, how they are inserted, and what they are read as.

import { type Row, type Statement, sql } from './sql.ts'
import type { AboutGuest, GrantRow, GuestRow, PasskeyRow, SessionRow, SigningKeyRow, Spent } from './store.ts'

// Named one by one, so that a later version may add columns while this one reads.
export const guestColumns = 'anonymous_id, user_handle, label, collection, created_at'
export const passkeyColumns = `credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports,
  backup_eligible, backed_up, created_at, last_used_at`
export const sessionColumns = `anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id,
  scope, jkt, refreshes, refreshed_at`
export const signingKeyColumns = 'generation, kid, algorithm, public_key, private_key, signs_from, retires_at'

/** Other writers of this guest wait here until the verb is done: what is found out behind it stays true. */
export const lockGuest = (anonymousId: string): Statement => ({
  ...sql('SELECT label, collection FROM guests WHERE anonymous_id = ?', anonymousId),
  lock: true,
})

/** Sub-selects, which SQLite answers in a fifth of the time of the same join. */
export const aboutGuest = (id: string) =>
  `(SELECT g.label FROM guests g WHERE g.anonymous_id = ${id}) AS label,
  (SELECT g.collection FROM guests g WHERE g.anonymous_id = ${id}) AS collection,
  (SELECT MAX(p.backed_up) FROM passkeys p WHERE p.anonymous_id = ${id}) AS backed_up`

export const insertGuest = (guest: GuestRow) =>
  sql(
    `INSERT INTO guests (${guestColumns}) VALUES (?, ?, ?, ?, ?)`,
    guest.anonymousId,
    guest.userHandle,
    guest.label,
    guest.collection,
    guest.createdAt,
  )

export const insertPasskey = (passkey: PasskeyRow) =>
  sql(
    `INSERT INTO passkeys (${passkeyColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    passkey.credentialId,
    passkey.anonymousId,
    passkey.publicKey,
    passkey.signCount,
    passkey.aaguid,
    passkey.name,
    passkey.transports.join(' '),
    Number(passkey.backupEligible),
    Number(passkey.backedUp),
    passkey.createdAt,
    passkey.lastUsedAt,
  )

export const insertSpent = (spent: Spent, result: string | null) =>
  sql('INSERT INTO spent (id, expires_at, result) VALUES (?, ?, ?)', spent.id, spent.expiresAt, result)

export const insertSession = (session: SessionRow) =>
  sql(
    `INSERT INTO sessions (${sessionColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    session.anonymousId,
    session.id,
    session.createdAt,
    session.lastSeenAt,
    session.expiresAt,
    session.endsAt,
    session.authTime,
    session.grant?.clientId ?? null,
    session.grant?.scope ?? null,
    session.grant?.jkt ?? null,
    session.grant?.refreshes ?? null,
    session.grant?.refreshedAt ?? null,
  )

export const toGuest = (row: Row): GuestRow => ({
  anonymousId: row.anonymous_id as string,
  userHandle: row.user_handle as string,
  label: row.label as string,
  collection: row.collection as string,
  createdAt: Number(row.created_at),
})

export const toAboutGuest = (row: Row): AboutGuest => ({
  label: row.label as string,
  collection: row.collection as string,
  backedUp: row.backed_up === null ? null : Boolean(row.backed_up),
})

export const toPasskey = (row: Row): PasskeyRow => ({
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
  lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
})

export const toSession = (row: Row): SessionRow => ({
  anonymousId: row.anonymous_id as string,
  id: row.id as string,
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  expiresAt: Number(row.expires_at),
  endsAt: Number(row.ends_at),
  authTime: row.auth_time === null ? null : Number(row.auth_time),
  grant: row.client_id === null ? null : toGrant(row),
})

export const toGrant = (row: Row): GrantRow => ({
  clientId: row.client_id as string,
  scope: row.scope as string,
  jkt: row.jkt as string | null,
  refreshes: Number(row.refreshes),
  refreshedAt: Number(row.refreshed_at),
})

export const toSigningKey = (row: Row): SigningKeyRow => ({
  generation: Number(row.generation),
  kid: row.kid as string,
  algorithm: row.algorithm as string,
  publicKey: row.public_key as string,
  privateKey: row.private_key as string,
  signsFrom: Number(row.signs_from),
  retiresAt: row.retires_at === null ? null : Number(row.retires_at),
})
