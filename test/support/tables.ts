// Reads and changes the rows of a store directly, past the server.

import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { isPostgres } from '../../server/options/options.ts'
import { databaseWithTables, lookInto } from './database.ts'
import { temporaryFolder } from './engine.ts'

/** Every row of every table, as JSON texts. */
export async function tables(store: string): Promise<Record<string, string[]>> {
  return isPostgres(store) ? tablesOfDatabase(store) : tablesOfFile(store)
}

/** The number of rows of each table. */
export async function countRows(store: string): Promise<Record<string, number>> {
  const names = await namesOfTables(store)
  if (names.length === 0) return {}
  const counts = await query(
    store,
    `SELECT ${names.map((name) => `(SELECT count(*) FROM ${name}) AS ${name}`)}`,
  )
  return Object.fromEntries(Object.entries(counts[0]!).map(([name, count]) => [name, Number(count)]))
}

type Row = Record<string, unknown>

/** The rows of a table. A line of the audit trail that no operator wrote is without the columns about the operator. */
export async function rowsOf(store: string, table: string, where = '1 = 1'): Promise<Row[]> {
  const rows = isPostgres(store)
    ? (await query(store, `SELECT row_to_json(t) AS row FROM ${table} t WHERE ${where}`)).map(
        ({ row }) => row as Row,
      )
    : await query(store, `SELECT * FROM ${table} WHERE ${where}`)
  return rows.map(withoutNoOperator)
}

/** A row without the columns about an operator, if none wrote it. */
export const withoutNoOperator = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).filter(([column, value]) => !column.startsWith('operator_') || value !== null),
  )

/** Changes a store past the server, for example to what an earlier version left. */
export async function execute(store: string, statements: string): Promise<void> {
  if (isPostgres(store)) return void (await lookInto(store).query(statements))
  const db = new Database(store)
  try {
    db.exec(statements)
  } finally {
    db.close()
  }
}

/** The rows of a statement. */
async function query(store: string, text: string): Promise<Row[]> {
  if (isPostgres(store)) return (await lookInto(store).query(text)).rows
  const db = new Database(store, { readonly: true })
  try {
    return db.prepare(text).all() as Row[]
  } finally {
    db.close()
  }
}

const names = {
  sqlite: "SELECT name FROM sqlite_master WHERE type = 'table'",
  postgres: 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
}

const namesOfTables = async (store: string): Promise<string[]> =>
  (await query(store, names[isPostgres(store) ? 'postgres' : 'sqlite'])).map(({ name }) => name as string)

/** The names of all tables, and of the indexes that have a name of ours. */
export const namesOf = async (store: string): Promise<string[]> =>
  (await query(store, objects[isPostgres(store) ? 'postgres' : 'sqlite'])).map(({ name }) => name as string)

const objects = {
  sqlite: "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
  postgres: `SELECT relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relname NOT LIKE '%_pkey'`,
}

function tablesOfFile(file: string): Record<string, string[]> {
  const db = new Database(file, { readonly: true })
  try {
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]
    const rowsOf = (name: string) => db.prepare(`SELECT * FROM ${name}`).all()
    return Object.fromEntries(
      names.map((name) => [
        name,
        rowsOf(name)
          .map((row) => JSON.stringify(row))
          .sort(),
      ]),
    )
  } finally {
    db.close()
  }
}

async function tablesOfDatabase(url: string): Promise<Record<string, string[]>> {
  const names = await namesOfTables(url)
  const found = Object.fromEntries(names.map((name): [string, string[]] => [name, []]))
  if (names.length === 0) return found
  const each = names.map((name) => `SELECT '${name}' AS name, row_to_json(t)::text AS row FROM ${name} t`)
  for (const { name, row } of await query(url, each.join(' UNION ALL ')))
    found[name as string]!.push(row as string)
  for (const rows of Object.values(found)) rows.sort()
  return found
}

/** A new connection to a database, past the server. It closes when the test ends. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** All bytes of a store on the disk. Deleted or overwritten data may still be among them. */
export async function bytesOnDisk(store: string): Promise<Buffer> {
  if (!isPostgres(store)) {
    const files = [store, `${store}-wal`].filter((file) => existsSync(file))
    return Buffer.concat(files.map((file) => readFileSync(file)))
  }
  const db = lookInto(store)
  await db.query('CHECKPOINT')
  const { rows } = await db.query(
    `SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'i')`,
  )
  return Buffer.concat(rows.map(({ bytes }) => bytes as Buffer))
}

/** Copies the rows into another store, as an attacker with a stolen database does. */
export async function copyOfStore(store: string): Promise<string> {
  if (!isPostgres(store)) {
    const copy = join(temporaryFolder(), 'copy.db')
    for (const end of ['', '-wal']) copyFileSync(`${store}${end}`, `${copy}${end}`)
    return copy
  }
  const copy = await databaseWithTables()
  const db = lookInto(copy)
  await db.query('SET session_replication_role = replica') // no foreign key checks: they hold once all tables are filled
  for (const [name, rows] of Object.entries(await tables(store))) {
    await db.query(
      `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1) ON CONFLICT DO NOTHING`,
      [`[${rows.join()}]`],
    )
  }
  return copy
}
