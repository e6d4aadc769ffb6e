// Once for a run on PostgreSQL: the server in DATABASE_URL, or one of our own until the run ends.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { type PostgresServer, startPostgres, unflushed } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** DATABASE_URL, as the run was given it; empty, where it was not. */
    databaseUrl: string
  }
}

const prefix = `guestkey_test_${randomBytes(4).toString('hex')}_`
let own: PostgresServer | undefined
let url: string

export async function setup(project: TestProject): Promise<void> {
  const { databaseUrl } = project.getProvidedContext()
  if (!databaseUrl) own = await startPostgres({ settings: [...unflushed, 'autovacuum=off'] })
  url = own?.url ?? databaseUrl
  project.provide('postgres', { url, prefix })
}

export async function teardown(): Promise<void> {
  if (own) await own.stop()
  else await dropDatabases()
}

async function dropDatabases(): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    prefix,
  ])
  for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  await admin.end()
}
