// Global setup for a run on PostgreSQL: uses the server in DATABASE_URL, or starts one until the run ends.

import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openPostgres } from '../../server/store/postgres/driver.ts'
import { type PostgresServer, startPostgres, unflushed } from './postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** DATABASE_URL of this run; empty if it was not set. */
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
  const withTables = `${prefix}tables`
  await makeTables(withTables)
  project.provide('postgres', { url, prefix, withTables })
}

export async function teardown(): Promise<void> {
  if (own) await own.stop()
  else await dropDatabases()
}

/** Creates a database with our tables, as after a first start. */
async function makeTables(name: string): Promise<void> {
  await administer((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE template0`))
  const made = new URL(url)
  made.pathname = `/${name}`
  const store = openPostgres(made.href)
  await store.ready()
  await store.close()
}

const dropDatabases = () =>
  administer(async (admin) => {
    const named = 'SELECT datname FROM pg_database WHERE starts_with(datname, $1)'
    const { rows } = await admin.query(named, [prefix])
    for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`)
  })

async function administer(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}
