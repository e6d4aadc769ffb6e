// Every verb of the store as one generator: it yields statements and is sent their rows, so that one SQL text
// serves a driver that runs them at once (SQLite) and one that awaits them (PostgreSQL).

import type {
  AboutGuest,
  GuestRow,
  PasskeyRow,
  RegistrationOutcome,
  SessionRef,
  SessionRow,
  SignInOutcome,
  StoreReads,
  StoreWrites,
} from './store.ts'

type Value = string | number | null
export type Row = Record<string, Value>
export type Statement = { sql: string; values: Value[] }
/** A verb at work: yields a statement, receives its rows, returns the outcome. */
export type Steps<R> = Generator<Statement, R, Row[]>

/** Runs a verb to its end with a driver that answers at once. */
export function drive<R>(steps: Steps<R>, execute: (statement: Statement) => Row[]): R {
  let next = steps.next()
  while (!next.done) next = steps.next(execute(next.value))
  return next.value
}

type Verbs<Port> = {
  [K in keyof Port]: Port[K] extends (input: infer A) => Promise<infer R> ? (input: A) => Steps<R> : never
}

const sql = (text: string, ...values: Value[]): Statement => ({ sql: text, values })

/** How a session that lives in no row is named among what was spent. */
const sealedSession = (anonymousId: string) => `sealed:${anonymousId}`

/** Sub-selects, which SQLite answers in a fifth of the time of the same join. */
const aboutGuest = (id: string) =>
  `(SELECT g.label FROM guests g WHERE g.anonymous_id = ${id}) AS label,
  (SELECT g.collection FROM guests g WHERE g.anonymous_id = ${id}) AS collection,
  (SELECT MAX(p.backed_up) FROM passkeys p WHERE p.anonymous_id = ${id}) AS backed_up`

export const reads: Verbs<StoreReads> = {
  *findSession({ anonymousId, id }) {
    const [row] = yield sql(
      `SELECT s.*, ${aboutGuest('s.anonymous_id')} FROM sessions s WHERE s.anonymous_id = ? AND s.id = ?`,
      anonymousId,
      id,
    )
    return row && { ...toSession(row), ...toAboutGuest(row) }
  },

  *sealedSessionEnded({ anonymousId }) {
    const rows = yield sql(
      'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
      anonymousId,
      sealedSession(anonymousId),
    )
    return rows.length > 0
  },

  *listSessions({ anonymousId, now }) {
    const rows = yield sql(
      'SELECT * FROM sessions WHERE anonymous_id = ? AND expires_at > ? ORDER BY last_seen_at DESC, id',
      anonymousId,
      now,
    )
    return rows.map(toSession)
  },

  *findGuest({ anonymousId }) {
    const [row] = yield sql('SELECT * FROM guests WHERE anonymous_id = ?', anonymousId)
    return row && toGuest(row)
  },

  *listPasskeys({ anonymousId }) {
    return (yield sql(
      'SELECT * FROM passkeys WHERE anonymous_id = ? ORDER BY created_at, credential_id',
      anonymousId,
    )).map(toPasskey)
  },

  *findPasskey({ credentialId }) {
    const [row] = yield sql(
      `SELECT p.*, (SELECT g.user_handle FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS user_handle
      FROM passkeys p WHERE p.credential_id = ?`,
      credentialId,
    )
    return row && { ...toPasskey(row), userHandle: row.user_handle as string }
  },
}

export const writes: Verbs<StoreWrites> = {
  *registerPasskey({ guest, passkey, from, to, spent, maxPasskeys }): Steps<RegistrationOutcome> {
    const [earlier] = yield sql('SELECT result FROM spent WHERE id = ?', spent.id)
    if (earlier) {
      const [mine] = yield sql(
        'SELECT 1 AS mine FROM passkeys WHERE credential_id = ? AND anonymous_id = ?',
        earlier.result ?? '',
        guest.anonymousId,
      )
      return mine ? { outcome: 'repeated', credentialId: earlier.result as string } : { outcome: 'spent' }
    }
    if (from && !(yield* sessionIsAlive(from))) return { outcome: 'session_ended' }
    const [taken] = yield sql('SELECT 1 AS taken FROM passkeys WHERE credential_id = ?', passkey.credentialId)
    if (taken) return { outcome: 'credential_taken' }
    const [has] = yield sql('SELECT COUNT(*) AS n FROM passkeys WHERE anonymous_id = ?', guest.anonymousId)
    const first = Number(has!.n) === 0
    if (Number(has!.n) >= maxPasskeys) return { outcome: 'too_many_passkeys' }

    if (from?.kind !== 'stored') {
      // A conflict means that this new guest's id is in use already: by another tab that kept it first.
      const kept = yield sql(
        `INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING RETURNING anonymous_id`,
        guest.anonymousId,
        guest.userHandle,
        guest.label,
        guest.collection,
        guest.createdAt,
      )
      if (kept.length === 0) return { outcome: 'session_ended' }
    }
    yield sql(
      `INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports,
        backup_eligible, backed_up, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      passkey.credentialId,
      guest.anonymousId,
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
    yield insertSpent(spent, passkey.credentialId)
    if (first) {
      yield deleteSessions(guest.anonymousId, undefined)
      yield insertSession(to)
    }
    return { outcome: 'added', first }
  },

  *signInWithPasskey({
    credentialId,
    signCount,
    backedUp,
    from,
    to,
    spent,
    maxSessions,
    now,
  }): Steps<SignInOutcome> {
    const [earlier] = yield sql('SELECT 1 AS earlier FROM spent WHERE id = ?', spent.id)
    if (earlier) return { outcome: 'spent' }
    if (yield* tooManySessions(to, from, maxSessions)) return { outcome: 'too_many_sessions' }
    // WebAuthn Level 3, 7.2: where either count is not zero, the new one must be greater.
    const counted = yield sql(
      `UPDATE passkeys SET sign_count = ?, backed_up = ?, last_used_at = ?
      WHERE credential_id = ? AND anonymous_id = ? AND ((sign_count = 0 AND ? = 0) OR sign_count < ?)
      RETURNING credential_id`,
      signCount,
      Number(backedUp),
      now,
      credentialId,
      to.anonymousId,
      signCount,
      signCount,
    )
    if (counted.length === 0) {
      const [known] = yield sql('SELECT 1 AS known FROM passkeys WHERE credential_id = ?', credentialId)
      return { outcome: known ? 'counter_regressed' : 'unknown_credential' }
    }
    yield insertSpent(spent, null)
    if (from) yield* endSession(from)
    yield insertSession(to)
    const [about] = yield sql(`SELECT ${aboutGuest('s.id')} FROM (SELECT ? AS id) s`, to.anonymousId)
    return { outcome: 'signed_in', ...toAboutGuest(about!) }
  },

  *renamePasskey({ anonymousId, credentialId, name }) {
    const rows = yield sql(
      'UPDATE passkeys SET name = ? WHERE credential_id = ? AND anonymous_id = ? RETURNING credential_id',
      name,
      credentialId,
      anonymousId,
    )
    return rows.length > 0
  },

  *removePasskey({ anonymousId, credentialId, force }) {
    const ids = (yield sql('SELECT credential_id FROM passkeys WHERE anonymous_id = ?', anonymousId)).map(
      (row) => row.credential_id,
    )
    if (!ids.includes(credentialId)) return 'not_found'
    if (ids.length === 1 && !force) return 'last'
    yield sql('DELETE FROM passkeys WHERE credential_id = ? AND anonymous_id = ?', credentialId, anonymousId)
    return 'removed'
  },

  *touchSession({ anonymousId, id, now, expiresAt }) {
    yield sql(
      `UPDATE sessions SET last_seen_at = ?, expires_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END
      WHERE anonymous_id = ? AND id = ? AND last_seen_at < ?`,
      now,
      expiresAt,
      expiresAt,
      anonymousId,
      id,
      now,
    )
  },

  *endSession(session) {
    return yield* endSession(session)
  },

  *endSessions({ anonymousId, except }) {
    return (yield deleteSessions(anonymousId, except)).length
  },

  *sweep({ before, limit }) {
    const spent = yield sql(
      'DELETE FROM spent WHERE id IN (SELECT id FROM spent WHERE expires_at < ? LIMIT ?) RETURNING id',
      before,
      limit,
    )
    const sessions = yield sql(
      `DELETE FROM sessions WHERE (anonymous_id, id) IN
        (SELECT anonymous_id, id FROM sessions WHERE expires_at < ? LIMIT ?) RETURNING id`,
      before,
      limit,
    )
    return spent.length + sessions.length
  },
}

const insertSpent = (spent: { id: string; expiresAt: number }, result: string | null) =>
  sql(
    'INSERT INTO spent (id, expires_at, result) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING id',
    spent.id,
    spent.expiresAt,
    result,
  )

const insertSession = (session: SessionRow) =>
  sql(
    `INSERT INTO sessions (anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time)
    VALUES (?, ?, ?, ?, ?, ?, ?)`,
    session.anonymousId,
    session.id,
    session.createdAt,
    session.lastSeenAt,
    session.expiresAt,
    session.endsAt,
    session.authTime,
  )

const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING id', anonymousId, except ?? '')

function* sessionIsAlive(session: SessionRef): Steps<boolean> {
  if (session.kind === 'sealed') return !(yield* reads.sealedSessionEnded(session))
  const rows = yield sql(
    'SELECT 1 AS alive FROM sessions WHERE anonymous_id = ? AND id = ?',
    session.anonymousId,
    session.id,
  )
  return rows.length > 0
}

function* endSession(session: SessionRef): Steps<boolean> {
  if (session.kind === 'sealed') {
    // Where the guest was kept meanwhile, this session has ended already, and another one lives.
    if (!(yield* sessionIsAlive(session))) return false
    yield insertSpent({ id: sealedSession(session.anonymousId), expiresAt: session.endedUntil }, null)
    return true
  }
  const ended = yield sql(
    'DELETE FROM sessions WHERE anonymous_id = ? AND id = ? RETURNING id',
    session.anonymousId,
    session.id,
  )
  return ended.length > 0
}

/** Whether the guest would have more than `max` live sessions once `to` has replaced `from`. */
function* tooManySessions(to: SessionRow, from: SessionRef | undefined, max: number): Steps<boolean> {
  const [row] = yield sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from?.kind === 'stored' ? from.id : '',
  )
  return Number(row!.n) >= max
}

const toGuest = (row: Row): GuestRow => ({
  anonymousId: row.anonymous_id as string,
  userHandle: row.user_handle as string,
  label: row.label as string,
  collection: row.collection as string,
  createdAt: Number(row.created_at),
})

const toAboutGuest = (row: Row): AboutGuest => ({
  label: row.label as string,
  collection: row.collection as string,
  backedUp: row.backed_up === null ? null : Boolean(row.backed_up),
})

const toPasskey = (row: Row): PasskeyRow => ({
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

const toSession = (row: Row): SessionRow => ({
  anonymousId: row.anonymous_id as string,
  id: row.id as string,
  createdAt: Number(row.created_at),
  lastSeenAt: Number(row.last_seen_at),
  expiresAt: Number(row.expires_at),
  endsAt: Number(row.ends_at),
  authTime: row.auth_time === null ? null : Number(row.auth_time),
})
