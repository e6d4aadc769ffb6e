// Fills a PostgreSQL database with very many guests, each with a passkey, a session and a spent one-time value.

import { createHash } from 'node:crypto'
import type pg from 'pg'
import { now } from './store-rows.ts'

/** Column to SQL expression, which makes the value from the number `n` of the guest. Times are Unix seconds. */
type Columns = Record<string, string>

const digest = (kind: string, n: number, algorithm = 'sha256') =>
  createHash(algorithm).update(`${kind}${n}`).digest('base64url')

/** The ids of the guest with this number. They are as long as real ones, and in random order. */
export const idsOfGuest = (n: number) => ({
  anonymousId: digest('guest', n, 'md5'),
  credentialId: digest('passkey', n),
  sessionId: digest('session', n),
})

/** The same in SQL. It removes the line breaks that encode() adds. */
const base64url = (bytes: string) => `translate(encode(${bytes}, 'base64'), '+/=' || chr(10), '-_')`
const sha256 = (kind: string) => base64url(`sha256(('${kind}' || n)::bytea)`)
const md5 = (kind: string) => base64url(`decode(md5('${kind}' || n), 'hex')`)

const days = (count: number) => count * 24 * 60 * 60

/** The tables in which each guest has a row. One guest came each second, the last one just now. */
const tables = (at: string): Record<string, Columns> => ({
  guests: {
    anonymous_id: md5('guest'),
    user_handle: base64url(`sha512(('handle' || n)::bytea)`),
    label: `'amber-fox-42'`,
    collection: `'users'`,
    created_at: at,
    last_seen_at: at,
    expires_at: `${at} + ${days(365)}`,
    due_at: `${at} + ${days(335)}`,
  },
  passkeys: {
    credential_id: sha256('passkey'),
    anonymous_id: md5('guest'),
    public_key: `repeat('pQECAyYg', 13)`,
    sign_count: '0',
    aaguid: `'ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4'`,
    name: `'Google Password Manager'`,
    transports: `'hybrid internal'`,
    backup_eligible: '1',
    backed_up: '1',
    created_at: at,
    last_used_at: 'NULL',
  },
  sessions: {
    anonymous_id: md5('guest'),
    id: sha256('session'),
    created_at: at,
    last_seen_at: at,
    expires_at: `${at} + ${days(90)}`,
    ends_at: `${at} + ${days(365)}`,
    auth_time: at,
  },
  spent: { id: md5('spent'), expires_at: `${at} + ${days(90)}`, result: sha256('passkey') },
  profiles: { anonymous_id: md5('guest'), version: '1', attributes: `'{"nickname":"Fox"}'`, updated_at: at },
  snoozes: {
    anonymous_id: md5('guest'),
    prompt: `'add_passkey'`,
    times: '1',
    snoozed_until: `${at} + ${days(7)}`,
  },
  merges: {
    id: sha256('ticket'),
    from_id: md5('merged'),
    into_id: md5('guest'),
    label: `'amber-fox-42'`,
    collection: `'users'`,
    recoverability: `'none'`,
    confirmed: '1',
    status: `'merged'`,
    claimed_until: '0',
    expires_at: `${at} + ${days(14)}`,
  },
  audit: {
    anonymous_id: md5('guest'),
    at,
    id: `substr(${md5('audit')}, 1, 8)`,
    action: `'guest.signed_in'`,
    outcome: `'done'`,
  },
  login_ids: {
    type: `'email'`,
    value: `${md5('login')} || '@example.org'`,
    anonymous_id: md5('guest'),
    verified_at: at,
    is_primary: '1',
  },
  device_keys: {
    id: sha256('device'),
    anonymous_id: md5('guest'),
    public_key: `'{"kty":"EC"}'`,
    algorithm: `'ES256'`,
    name: `'Browser'`,
    created_at: at,
    session_id: sha256('session'),
  },
  recovery_codes: { id: sha256('recovery'), anonymous_id: md5('guest'), created_at: at },
  device_links: {
    id: md5('link'),
    locator: md5('locator'),
    code: sha256('short'),
    secret: sha256('secret'),
    tries_left: '5',
    anonymous_id: md5('guest'),
    session_id: sha256('session'),
    label: `'amber-fox-42'`,
    status: `'waiting'`,
    opener: sha256('opener'),
    expires_at: `${now + 1} + n % 600`,
  },
  // The clean-up deletes rows of these two tables soon after they expire.
  codes: {
    id: sha256('transaction'),
    code: sha256('code'),
    tries_left: '5',
    expires_at: `${now + 1} + n % 600`,
  },
  limits: { id: sha256('limit'), used: '1', expires_at: `${now + 1} + n % 3600` },
  outbox: {
    id: `'msg_' || ${md5('delivery')}`,
    url: `'https://example.com/hooks'`,
    event: `'guest.signed_in'`,
    payload: `repeat('{"type":1}', 20)`,
    created_at: at,
    attempts: '1',
    due_at: `${at} + ${days(14)}`,
  },
})

/** Fills the tables of the store anew, and analyses them for the query planner. Needs a superuser. */
export async function fillWithGuests(db: pg.Client, count: number): Promise<void> {
  const all = Object.entries(tables(`${now - count} + n`))
  // It skips the checks of foreign keys, which hold in the end, and builds each index at once, in half the time. If the
  // server's `wal_level` is minimal, it does not log a table that one transaction truncates and fills.
  await db.query(`SET session_replication_role = replica; SET maintenance_work_mem = '256MB'`)
  await db.query(`BEGIN; TRUNCATE ${all.map(([table]) => table)} CASCADE`)
  for (const [table, columns] of all) {
    await db.query(`UPDATE pg_index SET indisready = false WHERE indrelid = '${table}'::regclass`)
    await db.query(
      `INSERT INTO ${table} (${Object.keys(columns)})
      SELECT ${Object.values(columns)} FROM generate_series(1, ${count}) n`,
    )
    await db.query(`REINDEX TABLE ${table}`)
  }
  await db.query('COMMIT; RESET session_replication_role')
  await db.query('VACUUM ANALYZE')
}
