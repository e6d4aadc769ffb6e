// `guestkey check` on PostgreSQL: what it finds, and that it leaves everything as it is.

import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { guestkey } from '../../../support/command.ts'
import { openStore } from '../../../support/open-store.ts'
import { type PostgresServer, startPostgres } from '../../../support/postgres.ts'
import { tables } from '../../../support/tables.ts'

const environment = { GUESTKEY_SECRET: 'a secret of more than 32 characters' }
const check = (url: string) => guestkey(['check'], { ...environment, DATABASE_URL: url })

/** As durable as PostgreSQL is out of the box, unlike the one that other tests share. */
let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

async function newDatabase(name: string, more = ''): Promise<string> {
  const admin = await connected(server.url)
  await admin.query(`CREATE DATABASE ${name} ${more}`)
  return `postgres://guestkey:geheim@127.0.0.1:${server.port}/${name}`
}

async function connected(url: string): Promise<pg.Client> {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  onTestFinished(() => db.end())
  return db
}

async function withTables(url: string): Promise<string> {
  const store = openStore(url)
  await store.ready()
  await store.close()
  return url
}

test('a database that is well is found so, and is not touched', async () => {
  const url = await withTables(await newDatabase('well'))
  const before = await tables(url)
  const { out, err, code } = await check(url)
  expect(out).not.toMatch(/^(warning|problem)/m)
  expect(out).toMatch(/^ok {7}store: PostgreSQL answers at postgres:\/\/guestkey@127\.0\.0\.1:\d+\/well$/m)
  expect(out).toMatch(/^ok {7}store: its tables are those of this version$/m)
  expect(out).toMatch(/^ok {7}connection: a round trip takes \d+\.\d ms$/m)
  expect(out).not.toContain('geheim')
  expect({ err, code }).toEqual({ err: '', code: 0 })
  expect(await tables(url)).toEqual(before)
})

test('in one that is new nothing is made', async () => {
  const url = await newDatabase('fresh')
  const { out, code } = await check(url)
  expect(out).toMatch(/no tables of guestkey; the first start makes them/)
  expect(code).toBe(0)
  expect(await tables(url)).toEqual({})
})

test.each<[string, string, RegExp, number]>([
  [
    'with a move that was not finished',
    'CREATE TABLE unfinished_move ()',
    /^problem {2}.*guestkey migrate/m,
    1,
  ],
  ['of an older version', 'DELETE FROM schema_steps WHERE step > 0', /^warning {2}.*older/m, 0],
  [
    'with a guest whom nothing reaches, and one who is not seen any more',
    `INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at) VALUES
      ('half', 'h', '', 'users', 1, 1900000000), ('long-gone', 'l', '', 'users', 1, 1)`,
    /^warning {2}store: 1 guests? .*no session and no way back.*\(half\)/m,
    0,
  ],
  ['of a newer version', 'INSERT INTO schema_steps VALUES (9999)', /^problem {2}.*newer/m, 1],
  [
    'that answers before it has written',
    'ALTER DATABASE of_check SET synchronous_commit = off',
    /^problem {2}server: synchronous_commit is off/m,
    1,
  ],
  [
    'that takes no writes',
    'ALTER DATABASE of_check SET default_transaction_read_only = on',
    /^problem {2}server: it takes no writes/m,
    1,
  ],
])('a database %s', async (_what, spoil, message, code) => {
  const admin = await connected(server.url)
  await admin.query('DROP DATABASE IF EXISTS of_check WITH (FORCE)')
  const url = await withTables(await newDatabase('of_check'))
  await (await connected(url)).query(spoil).finally(() => {})
  const run = await check(url)
  expect(run.out).toMatch(message)
  expect(run.err).toBe('')
  expect(run.code).toBe(code)
})

test('a database that cannot keep every letter', async () => {
  const latin = `TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'`
  const { out, code } = await check(await newDatabase('latin', latin))
  expect(out).toMatch(/^problem {2}server: the database has the encoding LATIN1/m)
  expect(code).toBe(1)
})

test('one that cannot be reached is named, without its password', async () => {
  const { out, err, code } = await check('postgres://me:geheim@127.0.0.1:1/guests')
  expect(out).toMatch(
    /^problem {2}store: PostgreSQL cannot be reached at postgres:\/\/me@127\.0\.0\.1:1\/guests/m,
  )
  expect(out + err).not.toContain('geheim')
  expect(code).toBe(1)
})
