// What is in a store, read past the server: every row of every table.

import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { isPostgres } from '../../server/options.ts'
import { temporaryDatabase } from './database.ts'
import { temporaryFolder } from './engine.ts'
import { openStore } from './open-store.ts'

/** Every row of every table, as JSON texts. */
export async function tables(store: string): Promise<Record<string, string[]>> {
  return isPostgres(store) ? tablesOfDatabase(store) : tablesOfFile(store)
}

/** How many rows each table has. */
export async function countRows(store: string): Promise<Record<string, number>> {
  const rows = Object.entries(await tables(store))
  return Object.fromEntries(rows.map(([name, { length }]) => [name, length]))
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
  const db = await connectionTo(url)
  const names = await namesOfTables(db)
  const found = Object.fromEntries(names.map((name): [string, string[]] => [name, []]))
  if (names.length === 0) return found
  const each = names.map((name) => `SELECT '${name}' AS name, row_to_json(t)::text AS row FROM ${name} t`)
  for (const { name, row } of (await db.query(each.join(' UNION ALL '))).rows) found[name]!.push(row)
  for (const rows of Object.values(found)) rows.sort()
  return found
}

async function namesOfTables(db: pg.Client): Promise<string[]> {
  const { rows } = await db.query('SELECT tablename FROM pg_tables WHERE schemaname = current_schema()')
  return rows.map(({ tablename }) => tablename)
}

const connections = new Map<string, Promise<pg.Client>>()

/** The connection that looks into this database; it is kept until the test ends. */
function connectionTo(url: string): Promise<pg.Client> {
  let connection = connections.get(url)
  if (!connection) {
    connection = connectTo(url)
    connections.set(url, connection)
    onTestFinished(() => void connections.delete(url))
  }
  return connection
}

/** A new connection to a database, past the server; it is closed when the test ends. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

/** All bytes that the engine keeps of a store on disk: what was deleted or overwritten may still be among them. */
export async function bytesOnDisk(store: string): Promise<Buffer> {
  if (!isPostgres(store)) {
    const files = [store, `${store}-wal`].filter((file) => existsSync(file))
    return Buffer.concat(files.map((file) => readFileSync(file)))
  }
  const db = await connectionTo(store)
  await db.query('CHECKPOINT')
  const { rows } = await db.query(
    `SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'i')`,
  )
  return Buffer.concat(rows.map(({ bytes }) => bytes as Buffer))
}

/** A store with the same rows, as somebody makes it who got hold of this one. */
export async function copyOfStore(store: string): Promise<string> {
  if (!isPostgres(store)) {
    const copy = join(temporaryFolder(), 'copy.db')
    for (const end of ['', '-wal']) copyFileSync(`${store}${end}`, `${copy}${end}`)
    return copy
  }
  const copy = await temporaryDatabase()
  const opened = openStore(copy)
  await opened.ready()
  await opened.close()
  const db = await connectionTo(copy)
  await db.query('SET session_replication_role = replica') // foreign keys hold once all tables are there
  for (const [name, rows] of Object.entries(await tables(store))) {
    await db.query(
      `INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1) ON CONFLICT DO NOTHING`,
      [`[${rows.join()}]`],
    )
  }
  return copy
}
