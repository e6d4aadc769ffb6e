// The target of a move: an empty PostgreSQL database, or one with an unfinished move in it.

import type { PostgresOptions } from '../../../options/options.ts'
import { createConnections } from '../../../store/postgres/pool.ts'
import { makeSchema, migratePostgres, UNFINISHED_MOVE } from '../../../store/postgres/schema.ts'
import { exists, type PgClient } from '../postgres-client.ts'
import type { Table, TextRow } from './source.ts'

/** The number of the advisory lock that lets only one move at a time into a database. Any constant would do. */
const LOCK = 7_204_551
const LOCK_TRIES = 10
const LOCK_MILLISECONDS = 500
const FETCH_ROWS = 5000

/** Where to move: the URL, and the options of `postgres` that count for a move. */
type Target = { url: string } & Pick<PostgresOptions, 'schema' | 'ssl'>

/** A table with the types that PostgreSQL gave its columns. */
export type TargetTable = Table & { types: string[] }

/** Locks out other moves until the connection ends. Waits up to 5 seconds for a move that was just killed. */
export async function lockTarget(client: PgClient): Promise<void> {
  await client.query(`SELECT set_config('statement_timeout', '0', false),
    set_config('idle_in_transaction_session_timeout', '0', false)`)
  for (let tried = 1; ; tried++) {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS locked', [LOCK])
    if (rows[0].locked) return
    if (tried === LOCK_TRIES) throw new Error('another move into this database is under way')
    await new Promise((resolve) => setTimeout(resolve, LOCK_MILLISECONDS))
  }
}

/**
 * Creates the tables. The table `unfinished_move` comes first: it keeps the service out until the move is verified.
 * Returns whether the database has an unfinished move to continue. Throws if the database is not empty.
 */
export async function prepareTarget(
  client: PgClient,
  { url, ...options }: Target,
  tables: Table[],
): Promise<boolean> {
  const { schema } = options
  if (schema) {
    await makeSchema(client, schema)
    await client.query(`SET search_path TO "${schema}"`) // the connection is this command's own
  }
  const resumed = await exists(client, UNFINISHED_MOVE)
  if (!resumed) {
    await refuseUnlessEmpty(client, tables)
    await client.query(`CREATE TABLE ${UNFINISHED_MOVE} AS
      SELECT CAST(extract(epoch FROM now()) AS BIGINT) AS began_at`)
  }
  await createTables(url, options)
  return resumed
}

/** Ends the move: from now on the service starts on this database. */
export const finish = (client: PgClient) => client.query(`DROP TABLE ${UNFINISHED_MOVE}`)

async function refuseUnlessEmpty(client: PgClient, tables: Table[]): Promise<void> {
  const ours = await exists(client, 'schema_steps')
  for (const { name } of tables) {
    if (!(await exists(client, name))) continue
    if (!ours) {
      throw new Error(
        `the database has a table ${name} of another program; give guestkey a --schema or a database of its own`,
      )
    }
    const { rows } = await client.query(`SELECT EXISTS (SELECT 1 FROM "${name}") AS filled`)
    if (rows[0].filled) {
      throw new Error(`a move needs an empty database, but this one has rows in ${name}; nothing was changed`)
    }
  }
}

/** Creates the missing tables with the migrations that the service itself runs. */
async function createTables(url: string, options: Omit<Target, 'url'>): Promise<void> {
  const connections = await createConnections(url, { ...options, poolSize: 1 })
  try {
    await migratePostgres(connections)
  } finally {
    await connections.pool.end()
  }
}

/** The table with the column types of the target. Throws if its columns differ from those of the source. */
export async function describeTarget(client: PgClient, table: Table): Promise<TargetTable> {
  const { rows } = await client.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [table.name],
  )
  const types = new Map(rows.map(({ name, type }) => [name, type]))
  const others = [
    ...table.columns.filter((column) => !types.has(column)),
    ...[...types.keys()].filter((column) => !table.columns.includes(column)),
  ]
  if (others.length > 0) {
    throw new Error(`the table ${table.name} has different columns on the two sides: ${others.join(', ')}`)
  }
  return { ...table, types: table.columns.map((column) => types.get(column)!) }
}

/** The number of rows in all these tables together. */
export async function countTarget(client: PgClient, tables: Table[]): Promise<number> {
  let all = 0
  for (const { name } of tables) {
    all += Number((await client.query(`SELECT COUNT(*) AS n FROM "${name}"`)).rows[0].n)
  }
  return all
}

/** Inserts these rows. A row with the same key in the target stays as it is. */
export async function insertRows(client: PgClient, table: TargetTable, rows: TextRow[]): Promise<void> {
  await client.query({
    name: `move ${table.name}`,
    text: `INSERT INTO "${table.name}" (${quoted(table.columns)})
      SELECT * FROM unnest(${arrays(table.types)}) ON CONFLICT DO NOTHING`,
    values: table.columns.map((_, i) => rows.map((row) => row[i])),
  })
}

/** Deletes the rows with these keys. */
export async function remove(client: PgClient, table: TargetTable, keys: TextRow[]): Promise<void> {
  const types = table.key.map((column) => table.types[table.columns.indexOf(column)]!)
  await client.query(
    `DELETE FROM "${table.name}" WHERE (${quoted(table.key)}) IN (SELECT * FROM unnest(${arrays(types)}))`,
    table.key.map((_, i) => keys.map((key) => key[i])),
  )
}

const quoted = (columns: string[]) => columns.map((column) => `"${column}"`).join(', ')
const arrays = (types: string[]) => types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')

/** Reads all rows as they are at one moment, in pages of 5,000, with every value as text. */
export async function eachPage(
  client: PgClient,
  table: TargetTable,
  look: (rows: TextRow[]) => Promise<void> | void,
): Promise<void> {
  await inTransaction(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ', async () => {
    await client.query(
      `DECLARE page NO SCROLL CURSOR FOR SELECT ${quoted(table.columns)} FROM "${table.name}"`,
    )
    for (;;) {
      const { rows } = await client.query<TextRow>({
        text: `FETCH ${FETCH_ROWS} FROM page`,
        rowMode: 'array',
        types: { getTypeParser: () => (text: string) => text },
      })
      if (rows.length === 0) break
      await look(rows)
    }
  })
}

async function inTransaction(client: PgClient, begin: string, work: () => Promise<void>): Promise<void> {
  await client.query(begin)
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {}) // the error to report is the first one, not that of ROLLBACK
    throw error
  }
}
