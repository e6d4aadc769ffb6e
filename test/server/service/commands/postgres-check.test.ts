// `guestkey check` on PostgreSQL: its findings, and that it changes nothing.

import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { checkVersion } from '../../../../server/service/commands/check/postgres.ts'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { guestkey, guestkeyAlone } from '../../../support/command.ts'
import { undoneFrom } from '../../../support/older-store.ts'
import { openStore } from '../../../support/open-store.ts'
import { type PostgresServer, startPostgres } from '../../../support/postgres.ts'
import { tables } from '../../../support/tables.ts'
import { clockAhead } from '../../../support/wrong-clock.ts'

const environment = { GUESTKEY_SECRET: 'a secret of more than 32 characters' }
const check = (url: string) => guestkey(['check'], { ...environment, DATABASE_URL: url })

/** A server with PostgreSQL's default durability, unlike the server that the other tests share. */
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

test('a good database has no warning, and stays as it is', async () => {
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

test.each([
  [600, /^warning {2}clock: (599|600)\.\d s ahead of the database's; let NTP set both/m],
  [-600, /^warning {2}clock: (600|601)\.\d s behind the database's; let NTP set both/m],
  [0, /^ok {7}clock: 0\.\d s (ahead of|behind) the database's$/m],
])('says that the clock is ahead by %i s, and warns of more than three', async (ahead, line) => {
  const url = await withTables(await newDatabase(`clock_${Math.abs(ahead)}_${ahead < 0}`))
  const run = await guestkeyAlone(['check'], { ...environment, ...clockAhead(ahead), DATABASE_URL: url })
  expect(run.out).toMatch(line)
  expect(run.code).toBe(0)
})

test('creates nothing in a new database', async () => {
  const url = await newDatabase('fresh')
  const { out, code } = await check(url)
  expect(out).toMatch(/no guestkey tables; the first start creates them/)
  expect(code).toBe(0)
  expect(await tables(url)).toEqual({})
})

test.each<[string, string, RegExp, number]>([
  ['with an unfinished move', 'CREATE TABLE unfinished_move ()', /^problem {2}.*guestkey migrate/m, 1],
  ['of an older version', undoneFrom(migrations.length - 1).join(';'), /^warning {2}.*older/m, 0],
  [
    'with a guest whom nobody can sign in as, and one not seen for long',
    `INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at) VALUES
      ('half', 'h', '', 'users', 1, 1900000000), ('long-gone', 'l', '', 'users', 1, 1)`,
    /^warning {2}store: 1 guests? .*no session and no way back.*\(half\)/m,
    0,
  ],
  ['of a newer version', 'INSERT INTO schema_steps VALUES (9999)', /^problem {2}.*newer/m, 1],
  [
    'that confirms writes before they are on the disk',
    'ALTER DATABASE of_check SET synchronous_commit = off',
    /^problem {2}server: synchronous_commit is off/m,
    1,
  ],
  [
    'that refuses writes',
    'ALTER DATABASE of_check SET default_transaction_read_only = on',
    /^problem {2}server: refuses writes/m,
    1,
  ],
])('reports a database %s', async (_what, spoil, message, code) => {
  const admin = await connected(server.url)
  await admin.query('DROP DATABASE IF EXISTS of_check WITH (FORCE)')
  const url = await withTables(await newDatabase('of_check'))
  await (await connected(url)).query(spoil).finally(() => {})
  const run = await check(url)
  expect(run.out).toMatch(message)
  expect(run.err).toBe('')
  expect(run.code).toBe(code)
})

test('a database that cannot store every character is a problem', async () => {
  const latin = `TEMPLATE template0 ENCODING LATIN1 LOCALE_PROVIDER libc LOCALE 'C'`
  const { out, code } = await check(await newDatabase('latin', latin))
  expect(out).toMatch(/^problem {2}server: the database has the encoding LATIN1/m)
  expect(code).toBe(1)
})

test('names a database that it cannot reach, without its password', async () => {
  const { out, err, code } = await check('postgres://me:geheim@127.0.0.1:1/guests')
  expect(out).toMatch(
    /^problem {2}store: PostgreSQL cannot be reached at postgres:\/\/me@127\.0\.0\.1:1\/guests/m,
  )
  expect(out + err).not.toContain('geheim')
  expect(code).toBe(1)
})

test.each([
  ['18.1', '2026-11-30', 'ok', /^server: version 18\.1$/],
  ['14.23', '2026-11-12', 'ok', /^server: version 14\.23$/],
  ['14.23', '2026-11-13', 'warning', /gets no more fixes, since 2026-11-12; upgrade to 15 or newer$/],
  ['12.4', '2026-11-13', 'warning', /^server: version 12\.4 gets no more fixes; upgrade to 15 or newer$/],
  ['18.9', '2035-01-01', 'warning', /since 2030-11-14; upgrade to a version that still gets them$/],
  ['25.0', '2035-01-01', 'ok', /^server: version 25\.0$/],
  [undefined, '2026-11-30', 'ok', /^server: version/],
])('server version %s on %s', (version, today, level, text) => {
  expect(checkVersion(version, today)).toEqual({ level, text: expect.stringMatching(text) })
})
