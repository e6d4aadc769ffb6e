// The checks of `guestkey check` for a store on PostgreSQL.

import { CLOCK_APART_SECONDS } from '../../../limits.ts'
import type { PostgresOptions } from '../../../options/options.ts'
import { otherVersions } from '../../../store/postgres/fleet.ts'
import { qualify } from '../../../store/postgres/qualify.ts'
import { lookAt, obstacleInDatabase, UNFINISHED_MOVE } from '../../../store/postgres/schema.ts'
import { connect, exists, inWords, type PgClient, protectionOf, withoutPassword } from '../postgres-client.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkSchema } from './schema.ts'
import { checkStranded, strandedSql } from './stranded.ts'

/**
 * When each major version of PostgreSQL gets its last fixes (https://www.postgresql.org/support/versioning/). Those before
 * got theirs before 2025-11-13, and a newer one gets its own for five years.
 */
const LAST_FIXES: Record<number, string> = {
  13: '2025-11-13',
  14: '2026-11-12',
  15: '2027-11-11',
  16: '2028-11-09',
  17: '2029-11-08',
  18: '2030-11-14',
}

/** The finding about a version of the server, on this day (such as 2027-01-31). */
export function checkVersion(version: string | undefined, today: string): Finding {
  const major = Number.parseInt(version ?? '', 10)
  const supported = Object.keys(LAST_FIXES)
    .map(Number)
    .filter((one) => LAST_FIXES[one]! >= today)
  const [oldest = Number.POSITIVE_INFINITY] = supported
  const newest = Math.max(...Object.keys(LAST_FIXES).map(Number))
  if (!(major < oldest) || major > newest) return ok(`server: version ${version}`)
  const date = LAST_FIXES[major]
  const upgrade = supported.length > 0 ? `${oldest} or newer` : 'a version that still gets them'
  return warning(
    `server: version ${version} gets no more fixes${date ? `, since ${date}` : ''}; upgrade to ${upgrade}`,
  )
}

const SLOW_MILLISECONDS = 10
const ROUND_TRIPS = 5

export async function* checkStore(
  url: string,
  { idleSeconds, schema, ssl }: { idleSeconds: number } & Pick<PostgresOptions, 'schema' | 'ssl'>,
): AsyncGenerator<Finding> {
  let client: PgClient
  try {
    client = await connect(url, ssl)
  } catch (error) {
    yield problem(`store: ${(error as Error).message} Check DATABASE_URL, and whether the database runs.`)
    return
  }
  try {
    yield ok(`store: PostgreSQL answers at ${withoutPassword(url)}`)
    yield checkProtection(client)
    yield* checkServer(client)
    yield* checkTables(client, idleSeconds, schema)
    yield* checkTime(client)
  } catch (error) {
    yield problem(`store: the database refused a query of this check (${inWords(error)})`)
  } finally {
    await client.end().catch(() => {})
  }
}

function checkProtection(client: PgClient): Finding {
  const protection = protectionOf(client)
  if (protection === 'tls') return ok('connection: encrypted (TLS)')
  if (protection === 'local') return ok('connection: stays on this machine')
  return problem(
    'connection: goes to another machine without encryption; add ?sslmode=verify-full to DATABASE_URL ' +
      '(and &sslrootcert=<file> if your own authority issued the certificate)',
  )
}

async function* checkServer(client: PgClient): AsyncGenerator<Finding> {
  const version = await show(client, 'server_version')
  yield checkVersion(version, new Date().toISOString().slice(0, 10))

  const { rows } = await client.query('SELECT pg_is_in_recovery() AS replica')
  if (rows[0].replica) yield problem('server: is a replica; connect to the primary')
  else if ((await show(client, 'transaction_read_only')) === 'on') {
    yield problem(
      'server: refuses writes (transaction_read_only is on); connect to the primary, or as another user',
    )
  } else yield ok('server: accepts writes')

  const encoding = await show(client, 'server_encoding')
  if (encoding !== undefined && encoding !== 'UTF8') {
    yield problem(`server: the database has the encoding ${encoding}; create one with ENCODING 'UTF8'`)
  }
  const lazy = []
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if ((await show(client, setting)) === 'off') lazy.push(setting)
  }
  yield lazy.length === 0
    ? ok('server: a write is on the disk before the server confirms it')
    : problem(`server: ${lazy.join(', ')} is off, so a crash can lose guests; turn it on`)
}

async function* checkTables(
  client: PgClient,
  idleSeconds: number,
  schema: string | undefined,
): AsyncGenerator<Finding> {
  if (await exists(client, UNFINISHED_MOVE, schema)) {
    yield problem('store: a move into this database is unfinished; run guestkey migrate again')
  }
  const state = await lookAt(client, schema)
  const obstacle = obstacleInDatabase(state)
  if (!state.done && !obstacle) {
    yield ok('store: the database has no guestkey tables; the first start creates them')
    yield* checkRight(client, schema)
    return
  }
  const found = checkSchema('the database', state.done ?? [], obstacle)
  yield found
  if (found.level !== 'ok') return
  const stranded = strandedSql(Math.floor(Date.now() / 1000), idleSeconds)
  const { rows } = await client.query(qualify(stranded, schema))
  yield* checkStranded(rows.map((row) => row.anonymous_id))
  yield* checkFleet(await otherVersions(client, schema))
}

function* checkFleet(others: string[]): Generator<Finding> {
  if (others.length === 0) return
  yield warning(
    `fleet: nodes of other versions use this database now (${others.join('; ')}); until all have the same version, no guest ` +
      'is merged or disabled, expires or is erased by the clean-up: see Upgrading in the README',
  )
}

/** Whether the account may make the tables. */
async function* checkRight(client: PgClient, schema: string | undefined): AsyncGenerator<Finding> {
  const { rows } = await client.query(
    `SELECT COALESCE($1, current_schema()) AS name, (SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace
        WHERE nspname = COALESCE($1, current_schema())) AS may_use,
      has_database_privilege(current_database(), 'CREATE') AS may_make`,
    [schema],
  )
  const { name, may_use: mayUse, may_make: mayMake } = rows[0]
  if (mayUse || (schema && mayUse === null && mayMake)) return
  yield problem(
    `store: this account may not create tables in the schema ${name ?? 'of its search_path, which names none'}; ` +
      `grant it CREATE there, or give it a schema of its own by the option postgres: { schema: 'guestkey' }`,
  )
}

async function* checkTime(client: PgClient): AsyncGenerator<Finding> {
  const trips: { milliseconds: number; ahead: number }[] = []
  for (let i = 0; i < ROUND_TRIPS; i++) {
    const start = performance.now()
    const { rows } = await client.query('SELECT extract(epoch FROM clock_timestamp())::float8 AS there')
    const milliseconds = performance.now() - start
    trips.push({ milliseconds, ahead: rows[0].there - (Date.now() - milliseconds / 2) / 1000 })
  }
  const { milliseconds, ahead } = trips.toSorted((a, b) => a.milliseconds - b.milliseconds)[0]!
  const trip = `connection: a round trip takes ${milliseconds.toFixed(1)} ms`
  yield milliseconds > SLOW_MILLISECONDS
    ? warning(`${trip}, and a sign-in needs several; run the service nearer to its database`)
    : ok(trip)
  const apart = `clock: ${Math.abs(ahead).toFixed(1)} s ${ahead > 0 ? 'behind' : 'ahead of'} the database's`
  yield Math.abs(ahead) > CLOCK_APART_SECONDS
    ? warning(`${apart}; let NTP set both, since what one node makes is over sooner or later at another`)
    : ok(apart)
}

/** The value of a setting; undefined if the server lacks it, as servers that only speak PostgreSQL's protocol may. */
async function show(client: PgClient, setting: string): Promise<string | undefined> {
  const { rows } = await client.query('SELECT current_setting($1, true) AS value', [setting])
  return rows[0].value ?? undefined
}
