// The tests of the PostgreSQL project really keep their guests in PostgreSQL, and nowhere else.

import { existsSync, readdirSync } from 'node:fs'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { brokenStore, engine, temporaryDeployment, temporaryFolder } from '../../support/engine.ts'
import { ended, launch, startService } from '../../support/service.ts'

/** Asks the database itself for its version, the number of our connections, and its guests. */
async function askDatabase(url: string) {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  onTestFinished(() => db.end())
  const ask = async (sql: string) => (await db.query({ text: sql, rowMode: 'array' })).rows.flat()
  return {
    version: await ask('SELECT version()'),
    connected: await ask(
      `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'guestkey/%'`,
    ),
    guests: await ask('SELECT anonymous_id FROM guests'),
  }
}

test('an app keeps its guests in its own PostgreSQL database', async () => {
  expect(engine).toBe('postgres')
  const [app, other] = [await startApp(), await startApp()]
  const { guest } = await keptGuest(app)
  const { version, connected, guests } = await askDatabase(app.store)
  expect(version[0]).toMatch(/^PostgreSQL \d+/)
  expect(connected[0]).toBeGreaterThan(0)
  expect(guests).toEqual([guest.sub])
  expect((await askDatabase(other.store)).guests).toEqual([])
})

test('a service keeps its guests in PostgreSQL, and writes no file', async () => {
  const { store, folder, environment } = await temporaryDeployment()
  const service = await startService(environment)
  const { body } = await service.browser().addPasskey(service.device())
  expect((await askDatabase(store)).guests).toEqual([body.sub])
  expect(existsSync(folder) ? readdirSync(folder).filter((name) => name !== 'secret') : []).toEqual([])
})

test('a service without its database says so in one line, and ends', async () => {
  const environment = { GUESTKEY_DATA: temporaryFolder(), DATABASE_URL: brokenStore() }
  const { child, said } = launch(environment)
  expect((await ended(child)).code).toBe(1)
  expect(said.err).toMatch(/^guestkey: .*database "not_there" does not exist\n$/)
})
