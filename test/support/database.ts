// Empty PostgreSQL databases for tests.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject, onTestFinished } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** What databases are made on, and what the names of those begin with that the end of the run drops. */
    postgres: { url: string; prefix: string }
  }
}

/** Those that a test of this file has left empty again: making one costs much more than emptying it. */
const empty: string[] = []

/** A database of the test's own with nothing in it; its URL. */
export async function temporaryDatabase(): Promise<string> {
  const name = empty.pop() ?? (await createDatabase())
  onTestFinished(async () => {
    await emptyDatabase(name)
    empty.push(name)
  })
  return databaseUrl(name)
}

export function databaseUrl(name: string): string {
  const url = new URL(inject('postgres').url)
  url.pathname = `/${name}`
  return url.href
}

async function createDatabase(): Promise<string> {
  const name = inject('postgres').prefix + randomBytes(8).toString('hex')
  // template0, for nobody is ever connected to it; its files are copied, not written through the log.
  await administrator().query(`CREATE DATABASE ${name} TEMPLATE template0 STRATEGY file_copy`)
  return name
}

async function emptyDatabase(name: string): Promise<void> {
  const others = 'SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1'
  await administrator().query(others, [name])
  await administrator().query(`ALTER DATABASE ${name} RESET ALL`)
  const db = new pg.Client({ connectionString: databaseUrl(name) })
  await db.connect()
  await db.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  await db.end()
}

let administrators: pg.Pool | undefined

/** One connection for all tests of a file; it keeps no process alive. */
function administrator(): pg.Pool {
  administrators ??= new pg.Pool({
    ...{ connectionString: inject('postgres').url, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true },
  })
  return administrators
}
