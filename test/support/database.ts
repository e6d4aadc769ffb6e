// PostgreSQL databases for tests: with nothing in them, or with our tables and no rows.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * What databases are made on, what the names of those begin with that the end of the run drops, and which of them
     * has our tables, to be copied.
     */
    postgres: { url: string; prefix: string; withTables: string }
  }
}

type Kind = 'empty' | 'withTables'

/** Those that a test of this file has left as they were made: making one costs much more than emptying it. */
const left: Record<Kind, string[]> = { empty: [], withTables: [] }

/** A database of the test's own with nothing in it; its URL. */
export const temporaryDatabase = (): Promise<string> => lend('empty')

/** The same with our tables in it, as a first start leaves it. */
export const databaseWithTables = (): Promise<string> => lend('withTables')

async function lend(kind: Kind): Promise<string> {
  const name = left[kind].pop() ?? (await createDatabase(kind))
  onTestFinished(async () => {
    if (await clear(name, kind)) left[kind].push(name)
  })
  return databaseUrl(name)
}

export function databaseUrl(name: string): string {
  const url = new URL(inject('postgres').url)
  url.pathname = `/${name}`
  return url.href
}

async function createDatabase(kind: Kind): Promise<string> {
  const { url, prefix, withTables } = inject('postgres')
  const name = prefix + randomBytes(8).toString('hex')
  // Nobody is ever connected to template0, and its few files are copied quicker than written through the log.
  const from = {
    empty: 'TEMPLATE template0 STRATEGY file_copy',
    withTables: `TEMPLATE ${withTables} STRATEGY wal_log`,
  }
  await lookInto(url).query(`CREATE DATABASE ${name} ${from[kind]}`)
  if (kind === 'withTables') shapeAsMade ??= (await lookInto(databaseUrl(name)).query(shape)).rows[0].shape
  return name
}

/** Tables that have had rows. */
const usedTables = `SELECT string_agg(oid::regclass::text, ',') AS used FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_steps'
    AND pg_relation_size(oid) > 0`

/** All that there is but rows: columns, triggers, functions, and the steps of the migrations. */
const shape = `SELECT md5(string_agg(line, ' ' ORDER BY line COLLATE "C")) AS shape FROM (
  SELECT concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT step::text FROM schema_steps) lines`

let shapeAsMade: string | undefined

/** Undoes what a test did; false where the tables are no longer what they were. */
async function clear(name: string, kind: Kind): Promise<boolean> {
  const db = lookInto(databaseUrl(name))
  await db.query('DISCARD ALL')
  await db.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  await db.query(`ALTER DATABASE ${name} RESET ALL`)
  if (kind === 'empty') {
    await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    return true
  }
  const { rows } = await db.query(`SELECT * FROM (${usedTables}) u, (${shape}) s`)
  if (rows[0].shape !== shapeAsMade) return false
  if (rows[0].used) await db.query(`TRUNCATE ${rows[0].used} CASCADE`)
  return true
}

const connections = new Map<string, pg.Pool>()

/** The one connection by which all tests of a file look into this database, past the server. */
export function lookInto(url: string): pg.Pool {
  let connection = connections.get(url)
  if (!connection) {
    // It keeps no process alive, and where it was cut off the next look makes another one.
    const kept = { max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }
    connection = new pg.Pool({ connectionString: url, ...kept }).on('error', () => {})
    connections.set(url, connection)
  }
  return connection
}
