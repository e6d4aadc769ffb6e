// Every verb of the store as the statements that it asks for, so that one SQL text serves a driver that runs them at
// once (SQLite) and one that sends them and waits (PostgreSQL).

import { bucket } from './migrations.ts'
import type {
  AboutGuest,
  GrantRow,
  GuestRow,
  PasskeyRow,
  RefreshOutcome,
  RegistrationOutcome,
  SessionRef,
  SessionRow,
  SignInOutcome,
  SigningKeyRow,
  Spent,
  StoreReads,
  StoreWrites,
} from './store.ts'

type SealedRef = Extract<SessionRef, { kind: 'sealed' }>
export type Value = string | number | null
export type Row = Record<string, Value>
/** `unix_now()` in the text is the database's own clock, in seconds. */
export type Statement = {
  sql: string
  values: Value[]
  /** The rows that it finds are locked until the verb is done, where several write at once. */
  lock?: true
  /** The guest whose sealed session it ends. */
  ends?: string
}

/** Statements to run together, and what their rows come to. */
export type Ask<R> = {
  statements: Statement[]
  outcome: (...rows: Row[][]) => R
  /** Finds a row if and only if this was committed: for a driver that loses the answer to its commit. */
  trace?: Statement
  /** The guest whose sealed session another one has ended: found out here, perhaps before it is known everywhere. */
  foundEnded?: string | undefined
}

/** The rows of what was yielded, in its order; a verb yields five statements at most. */
export type Answers = [Row[], Row[], Row[], Row[], Row[]]

/** A verb that looks first: yields statements to run together, is sent their rows, and ends with what it writes. */
export type Steps<R> = Generator<Statement[], Ask<R>, Answers>

type Input<F> = F extends (input: infer A) => unknown ? A : never
type Output<F> = F extends (input: never) => Promise<infer R> ? R : never
type Reads = { [K in keyof StoreReads]: (input: Input<StoreReads[K]>) => Ask<Output<StoreReads[K]>> }
type Writes = {
  [K in keyof StoreWrites]: (
    input: Input<StoreWrites[K]>,
  ) => Ask<Output<StoreWrites[K]>> | Steps<Output<StoreWrites[K]>>
}

/** Runs a verb to its end with a driver that answers at once. */
export function drive<R>(verb: Ask<R> | Steps<R>, execute: (statement: Statement) => Row[]): R {
  const { statements, outcome } = 'next' in verb ? lookFirst(verb, execute) : verb
  return outcome(...statements.map(execute))
}

function lookFirst<R>(steps: Steps<R>, execute: (statement: Statement) => Row[]): Ask<R> {
  let step = steps.next()
  while (!step.done) step = steps.next(step.value.map(execute) as Answers)
  return step.value
}

const sql = (text: string, ...values: Value[]): Statement => ({ sql: text, values })

const ask = <R>(statement: Statement, outcome: (rows: Row[]) => R): Ask<R> => ({
  statements: [statement],
  outcome,
})

const nothing = sql('SELECT 1 WHERE 1 = 0')

/** The end of a verb that writes nothing. */
const only = <R>(outcome: R): Ask<R> => ({ statements: [], outcome: () => outcome })

/** Other writers of this guest wait here until the verb is done: what is found out behind it stays true. */
const lockGuest = (anonymousId: string): Statement => ({
  ...sql('SELECT label, collection FROM guests WHERE anonymous_id = ?', anonymousId),
  lock: true,
})

/** How a session that lives in no row is named among what was spent. */
const sealedSession = (anonymousId: string) => `sealed:${anonymousId}`

// Named one by one, so that a later version may add columns while this one reads.
const guestColumns = 'anonymous_id, user_handle, label, collection, created_at'
const passkeyColumns = `credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports,
  backup_eligible, backed_up, created_at, last_used_at`
const sessionColumns = `anonymous_id, id, created_at, last_seen_at, expires_at, ends_at, auth_time, client_id,
  scope, jkt, refreshes, refreshed_at`
const signingKeyColumns = 'generation, kid, algorithm, public_key, private_key, signs_from, retires_at'

/** All of base64url: what sweeps goes through every bucket. */
const buckets = `('${[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].join("', '")}')`

/** Sub-selects, which SQLite answers in a fifth of the time of the same join. */
const aboutGuest = (id: string) =>
  `(SELECT g.label FROM guests g WHERE g.anonymous_id = ${id}) AS label,
  (SELECT g.collection FROM guests g WHERE g.anonymous_id = ${id}) AS collection,
  (SELECT MAX(p.backed_up) FROM passkeys p WHERE p.anonymous_id = ${id}) AS backed_up`

export const reads: Reads = {
  findSession: ({ anonymousId, id }) =>
    ask(
      sql(
        `SELECT ${sessionColumns}, ${aboutGuest('s.anonymous_id')} FROM sessions s WHERE s.anonymous_id = ? AND s.id = ?`,
        anonymousId,
        id,
      ),
      ([row]) => row && { ...toSession(row), ...toAboutGuest(row) },
    ),

  sealedSessionEnded: ({ anonymousId }) => ask(findSealedEnd(anonymousId), (rows) => rows.length > 0),

  listSessions: ({ anonymousId, now }) =>
    ask(
      sql(
        `SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND expires_at > ?
        ORDER BY last_seen_at DESC, id`,
        anonymousId,
        now,
      ),
      (rows) => rows.map(toSession),
    ),

  findGuest: ({ anonymousId }) =>
    ask(
      sql(`SELECT ${guestColumns} FROM guests WHERE anonymous_id = ?`, anonymousId),
      ([row]) => row && toGuest(row),
    ),

  listPasskeys: ({ anonymousId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns} FROM passkeys WHERE anonymous_id = ? ORDER BY created_at, credential_id`,
        anonymousId,
      ),
      (rows) => rows.map(toPasskey),
    ),

  listSigningKeys: () =>
    ask(sql(`SELECT ${signingKeyColumns} FROM signing_keys ORDER BY generation`), (rows) =>
      rows.map(toSigningKey),
    ),

  findPasskey: ({ credentialId }) =>
    ask(
      sql(
        `SELECT ${passkeyColumns}, (SELECT g.user_handle FROM guests g WHERE g.anonymous_id = p.anonymous_id) AS user_handle
        FROM passkeys p WHERE p.credential_id = ?`,
        credentialId,
      ),
      ([row]) => row && { ...toPasskey(row), userHandle: row.user_handle as string },
    ),
}

export const writes: Writes = {
  *registerPasskey({ guest, passkey, from, to, spent, maxPasskeys }): Steps<RegistrationOutcome> {
    // There may be no guest to lock yet: what another node writes meanwhile is seen by what was looked at last. So
    // that a repeated registration is known as such, what refuses it is looked at before what says that it was done.
    const [[known], [taken], found, [earlier], passkeys] = yield [
      lockGuest(guest.anonymousId),
      sql('SELECT 1 AS taken FROM passkeys WHERE credential_id = ?', passkey.credentialId),
      from ? findSession(from) : nothing,
      findSpent(spent.id),
      passkeysOf(guest.anonymousId),
    ]
    const foundEnded = from?.kind === 'sealed' ? from.anonymousId : undefined
    if (earlier) {
      const mine = passkeys.some(({ credential_id }) => credential_id === earlier.result)
      return mine
        ? { ...only({ outcome: 'repeated', credentialId: earlier.result as string }), foundEnded }
        : only({ outcome: 'spent' })
    }
    if (from && hasEnded(from, found)) return { ...only({ outcome: 'session_ended' }), foundEnded }
    if (taken) return only({ outcome: 'credential_taken' })
    if (passkeys.length >= maxPasskeys) return only({ outcome: 'too_many_passkeys' })
    const keep = from?.kind !== 'stored'
    // A guest to be who is known already was kept by another tab first.
    if (keep && known) return only({ outcome: 'session_ended' })
    const first = passkeys.length === 0
    return {
      statements: [
        ...(keep ? [insertGuest(guest)] : []),
        ...(from?.kind === 'sealed' ? [insertEnd(from)] : []),
        insertPasskey(passkey),
        insertSpent(spent, passkey.credentialId),
        ...(first ? [deleteSessions(guest.anonymousId, undefined), insertSession(to)] : []),
      ],
      outcome: () => ({ outcome: 'added', first }),
      trace: findSpent(spent.id, passkey.credentialId),
    }
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
    const [[guest], [earlier], passkeys, [others]] = yield [
      lockGuest(to.anonymousId),
      findSpent(spent.id),
      passkeysOf(to.anonymousId),
      countSessions(to, from),
    ]
    if (earlier) return only({ outcome: 'spent' })
    if (Number(others!.n) >= maxSessions) return only({ outcome: 'too_many_sessions' })
    const passkey = passkeys.find(({ credential_id }) => credential_id === credentialId)
    if (!guest || !passkey) return only({ outcome: 'unknown_credential' })
    // WebAuthn Level 3, 7.2: where either count is not zero, the new one must be greater.
    const count = Number(passkey.sign_count)
    if ((count !== 0 || signCount !== 0) && signCount <= count) return only({ outcome: 'counter_regressed' })
    const about = {
      label: guest.label as string,
      collection: guest.collection as string,
      backedUp: passkeys.some((one) => (one === passkey ? backedUp : Boolean(one.backed_up))),
    }
    return {
      statements: [
        sql(
          'UPDATE passkeys SET sign_count = ?, backed_up = ?, last_used_at = ? WHERE credential_id = ?',
          signCount,
          Number(backedUp),
          now,
          credentialId,
        ),
        insertSpent(spent, to.id),
        ...(from ? [endSession(from)] : []),
        insertSession(to),
      ],
      outcome: () => ({ outcome: 'signed_in', ...about }),
      trace: findSpent(spent.id, to.id),
    }
  },

  renamePasskey: ({ anonymousId, credentialId, name }) =>
    ask(
      sql(
        'UPDATE passkeys SET name = ? WHERE credential_id = ? AND anonymous_id = ? RETURNING credential_id',
        name,
        credentialId,
        anonymousId,
      ),
      (rows) => rows.length > 0,
    ),

  *removePasskey({ anonymousId, credentialId, force }): Steps<'removed' | 'last' | 'not_found'> {
    const [, passkeys] = yield [lockGuest(anonymousId), passkeysOf(anonymousId)]
    if (!passkeys.some(({ credential_id }) => credential_id === credentialId)) return only('not_found')
    if (passkeys.length === 1 && !force) return only('last')
    return {
      statements: [sql('DELETE FROM passkeys WHERE credential_id = ?', credentialId)],
      outcome: () => 'removed',
    }
  },

  touchSession: ({ anonymousId, id, now, expiresAt }) =>
    ask(
      sql(
        `UPDATE sessions SET last_seen_at = ?, expires_at = CASE WHEN ends_at < ? THEN ends_at ELSE ? END
        WHERE anonymous_id = ? AND id = ? AND last_seen_at < ?`,
        now,
        expiresAt,
        expiresAt,
        anonymousId,
        id,
        now,
      ),
      () => undefined,
    ),

  *refreshSession({ anonymousId, id, generation, now, expiresAt, graceSeconds }): Steps<RefreshOutcome> {
    const [[guest], [row], [passkeys]] = yield [
      lockGuest(anonymousId),
      sql(`SELECT ${sessionColumns} FROM sessions WHERE anonymous_id = ? AND id = ?`, anonymousId, id),
      sql('SELECT MAX(backed_up) AS backed_up FROM passkeys WHERE anonymous_id = ?', anonymousId),
    ]
    if (!guest || !row) return only({ outcome: 'unknown' })
    const session = { ...toSession(row), ...toAboutGuest({ ...guest, ...passkeys }) }
    const { grant } = session
    if (!grant || session.expiresAt <= now || generation > grant.refreshes)
      return only({ outcome: 'unknown' })
    if (generation === grant.refreshes) {
      const moved = { lastSeenAt: now, expiresAt: Math.min(expiresAt, session.endsAt) }
      const next = { ...grant, refreshes: generation + 1, refreshedAt: now }
      return {
        statements: [
          sql(
            `UPDATE sessions SET last_seen_at = ?, expires_at = ?, refreshes = ?, refreshed_at = ?
            WHERE anonymous_id = ? AND id = ?`,
            ...[moved.lastSeenAt, moved.expiresAt, next.refreshes, next.refreshedAt],
            ...[anonymousId, id],
          ),
        ],
        outcome: () => ({ outcome: 'refreshed', ...session, ...moved, grant: next }),
      }
    }
    // Either way: a clock that was set back makes the grace no longer.
    const inGrace = generation === grant.refreshes - 1 && Math.abs(now - grant.refreshedAt) <= graceSeconds
    if (inGrace) return only({ outcome: 'repeated', ...session })
    return {
      statements: [endSession({ kind: 'stored', anonymousId, id })],
      outcome: () => ({ outcome: 'reused' }),
    }
  },

  endSession: (session) => ask(endSession(session), (rows) => rows.length > 0),

  endSessions: ({ anonymousId, except }) => ask(deleteSessions(anonymousId, except), (rows) => rows.length),

  sweep: ({ before, limit }) => ({
    statements: [
      sql(
        `DELETE FROM spent WHERE expires_at < ? AND id IN
          (SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?) RETURNING id`,
        ...[before, before, limit],
      ),
      sql(
        `DELETE FROM sessions WHERE expires_at < ? AND (anonymous_id, id) IN
          (SELECT anonymous_id, id FROM sessions WHERE ${bucket} IN ${buckets} AND expires_at < ? LIMIT ?)
          RETURNING id`,
        ...[before, before, limit],
      ),
      sql('DELETE FROM signing_keys WHERE retires_at < ? RETURNING generation', before),
    ],
    outcome: (...swept) => swept.reduce((count, { length }) => count + length, 0),
  }),

  *addSigningKey({ key, previousRetiresAt }): Steps<boolean> {
    const [[there]] = yield [sql('SELECT 1 AS there FROM signing_keys WHERE generation = ?', key.generation)]
    if (there) return only(false)
    return {
      statements: [
        sql(
          `INSERT INTO signing_keys (${signingKeyColumns}) VALUES (?, ?, ?, ?, ?, ?, NULL)`,
          ...[key.generation, key.kid, key.algorithm, key.publicKey, key.privateKey, key.signsFrom],
        ),
        ...(previousRetiresAt === null
          ? []
          : [
              sql(
                'UPDATE signing_keys SET retires_at = ? WHERE generation < ? AND retires_at IS NULL',
                previousRetiresAt,
                key.generation,
              ),
            ]),
      ],
      outcome: () => true,
    }
  },

  reencryptSigningKey: ({ generation, privateKey }) =>
    ask(
      sql('UPDATE signing_keys SET private_key = ? WHERE generation = ?', privateKey, generation),
      () => undefined,
    ),

  takeChore: ({ name, holder, now, until, again }) =>
    ask(
      sql(
        `INSERT INTO chores (name, holder, taken_until) VALUES (?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, taken_until = excluded.taken_until
        WHERE chores.taken_until <= ? OR chores.holder = ? RETURNING name`,
        name,
        holder,
        until,
        now,
        again ? holder : '',
      ),
      (rows) => rows.length > 0,
    ),
}

const findSpent = (id: string, result?: string): Statement =>
  result === undefined
    ? sql('SELECT result FROM spent WHERE id = ?', id)
    : sql('SELECT result FROM spent WHERE id = ? AND result = ?', id, result)

const passkeysOf = (anonymousId: string) =>
  sql('SELECT credential_id, sign_count, backed_up FROM passkeys WHERE anonymous_id = ?', anonymousId)

/** A row where it has ended: by being kept, or by what was spent. */
const findSealedEnd = (anonymousId: string) =>
  sql(
    'SELECT 1 AS ended FROM guests WHERE anonymous_id = ? UNION ALL SELECT 1 FROM spent WHERE id = ?',
    anonymousId,
    sealedSession(anonymousId),
  )

const findSession = (session: SessionRef) =>
  session.kind === 'sealed'
    ? findSealedEnd(session.anonymousId)
    : sql(
        'SELECT 1 AS alive FROM sessions WHERE anonymous_id = ? AND id = ?',
        session.anonymousId,
        session.id,
      )

const hasEnded = (session: SessionRef, found: Row[]) => (session.kind === 'sealed') === found.length > 0

const insertGuest = (guest: GuestRow) =>
  sql(
    `INSERT INTO guests (${guestColumns}) VALUES (?, ?, ?, ?, ?)`,
    guest.anonymousId,
    guest.userHandle,
    guest.label,
    guest.collection,
    guest.createdAt,
  )

const insertPasskey = (passkey: PasskeyRow) =>
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

const insertSpent = (spent: Spent, result: string | null) =>
  sql('INSERT INTO spent (id, expires_at, result) VALUES (?, ?, ?)', spent.id, spent.expiresAt, result)

const insertSession = (session: SessionRow) =>
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

const deleteSessions = (anonymousId: string, except: string | undefined) =>
  sql('DELETE FROM sessions WHERE anonymous_id = ? AND id <> ? RETURNING id', anonymousId, except ?? '')

/** Refused where it has ended before. */
const insertEnd = ({ anonymousId, endedUntil }: SealedRef): Statement => ({
  ...sql(
    'INSERT INTO spent (id, expires_at, result, ended_at) VALUES (?, ?, NULL, unix_now())',
    sealedSession(anonymousId),
    endedUntil,
  ),
  ends: anonymousId,
})

/**
 * Gives a row where it had not ended before. A sealed session of a guest who was kept has: what keeps a guest and
 * this insert the same row, so that only one of them can be first.
 */
function endSession(session: SessionRef): Statement {
  if (session.kind === 'stored') {
    return sql(
      'DELETE FROM sessions WHERE anonymous_id = ? AND id = ? RETURNING id',
      session.anonymousId,
      session.id,
    )
  }
  return {
    ...sql(
      `INSERT INTO spent (id, expires_at, result, ended_at) SELECT ?, ?, NULL, unix_now()
      WHERE NOT EXISTS (SELECT 1 FROM guests WHERE anonymous_id = ?) ON CONFLICT DO NOTHING RETURNING id`,
      sealedSession(session.anonymousId),
      session.endedUntil,
      session.anonymousId,
    ),
    ends: session.anonymousId,
  }
}

/** The guests whose sealed sessions ended in these last seconds. */
export const sealedEnds = (seconds: number): Ask<string[]> =>
  ask(
    sql(`SELECT id FROM spent WHERE ${bucket} IN ${buckets} AND ended_at > unix_now() - ?`, seconds),
    (rows) => rows.map(({ id }) => (id as string).slice(sealedSession('').length)),
  )

/** How many live sessions the guest has beside `to` and the one that it replaces. */
const countSessions = (to: SessionRow, from: SessionRef | undefined) =>
  sql(
    'SELECT COUNT(*) AS n FROM sessions WHERE anonymous_id = ? AND expires_at > ? AND id <> ?',
    to.anonymousId,
    to.createdAt,
    from?.kind === 'stored' ? from.id : '',
  )

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
  grant: row.client_id === null ? null : toGrant(row),
})

const toGrant = (row: Row): GrantRow => ({
  clientId: row.client_id as string,
  scope: row.scope as string,
  jkt: row.jkt as string | null,
  refreshes: Number(row.refreshes),
  refreshedAt: Number(row.refreshed_at),
})

const toSigningKey = (row: Row): SigningKeyRow => ({
  generation: Number(row.generation),
  kid: row.kid as string,
  algorithm: row.algorithm as string,
  publicKey: row.public_key as string,
  privateKey: row.private_key as string,
  signsFrom: Number(row.signs_from),
  retiresAt: row.retires_at === null ? null : Number(row.retires_at),
})
