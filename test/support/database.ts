// PostgreSQL databases for tests: empty, or with our tables and no rows.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { whenOver } from './when-over.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * The server to create databases on, the prefix of the names of databases that the run drops at its end, and the
     * template database with our tables.
     */
    postgres: { url: string; prefix: string; withTables: string }
  }
}

type Kind = 'empty' | 'withTables'

/** Databases that a test of this file left as new, for reuse: to create one costs much more than to empty it. */
const left: Record<Kind, string[]> = { empty: [], withTables: [] }

/** Creates an empty database for the test. Returns its URL. */
export const temporaryDatabase = (): Promise<string> => lend('empty')

/** The same with our tables in it, as a first start leaves it. */
export const databaseWithTables = (): Promise<string> => lend('withTables')

async function lend(kind: Kind): Promise<string> {
  const name = left[kind].pop() ?? (await createDatabase(kind))
  whenOver(async () => {
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
  // Nobody ever connects to template0. To copy its few files is faster than to write them through the log.
  const from = {
    empty: 'TEMPLATE template0 STRATEGY file_copy',
    withTables: `TEMPLATE ${withTables} STRATEGY wal_log`,
  }
  await lookInto(url).query(`CREATE DATABASE ${name} ${from[kind]}`)
  if (kind === 'withTables') shapeAsMade ??= (await lookInto(databaseUrl(name)).query(shape)).rows[0].shape
  return name
}

/** The tables that have had rows. */
const usedTables = `SELECT string_agg(oid::regclass::text, ',') AS used FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'schema_steps'
    AND pg_relation_size(oid) > 0`

/** Everything but the rows: columns, triggers, functions, and the schema steps. */
const shape = `SELECT md5(string_agg(line, ' ' ORDER BY line COLLATE "C")) AS shape FROM (
  SELECT concat_ws(' ', c.relname, c.relkind, a.attname, a.atttypid, a.attnotnull) AS line
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT step::text FROM schema_steps) lines`

let shapeAsMade: string | undefined

/** Undoes what a test did. Returns false if the tables themselves have changed. */
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

/** The one connection with which all tests of a file read this database directly, past the server. */
export function lookInto(url: string): pg.Pool {
  let connection = connections.get(url)
  if (!connection) {
    // It keeps no process alive. If it was cut off, the next query makes a new one.
    const kept = { max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }
    connection = new pg.Pool({ connectionString: url, ...kept }).on('error', () => {})
    connections.set(url, connection)
  }
  return connection
}
