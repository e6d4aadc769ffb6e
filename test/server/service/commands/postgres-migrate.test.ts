// `guestkey migrate`: every row arrives, whatever interrupts the move, and the source stays as it is.

import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import {
  change,
  guestkey,
  guestkeyAlone,
  keepWriting,
  type Run,
  storeWithGuests,
} from '../../../support/command.ts'
import { temporaryDatabase } from '../../../support/database.ts'
import { digest } from '../../../support/digest.ts'
import { temporaryFolder } from '../../../support/engine.ts'
import { openStore } from '../../../support/open-store.ts'
import { tables } from '../../../support/tables.ts'

const origin = 'http://localhost:3000'
const secret = 'a secret of more than 32 characters'

type OnOut = Parameters<typeof guestkeyAlone>[2]

/** With `onOut`, it runs in a process of its own. */
const migrate = (from: string, to: string, onOut?: OnOut): Promise<Run> => {
  const args = ['migrate', '--from', from, '--to', to]
  return onOut ? guestkeyAlone(args, {}, onOut) : guestkey(args)
}

/** All rows about guests, without the tables that are not moved. */
async function guestsOf(store: string): Promise<Record<string, string[]>> {
  const { schema_steps: _steps, chores: _chores, unfinished_move: _move, ...rest } = await tables(store)
  return rest
}

/** Calls `stop` when 30 percent of the rows or more have arrived. */
const whenHalf =
  (stop: (kill: (signal: NodeJS.Signals) => void) => unknown): OnOut =>
  (out, kill) =>
    void (/^copying: [3-9]\d %/m.test(out) && stop(kill))

async function connected(url: string): Promise<pg.Client> {
  const db = new pg.Client({ connectionString: url })
  db.on('error', () => {})
  await db.connect()
  onTestFinished(() => db.end())
  return db
}

/** Expects that a service refuses the database because a move into it is unfinished. */
async function expectUnfinished(url: string): Promise<void> {
  const store = openStore(url)
  onTestFinished(() => store.close())
  await expect(store.ready()).rejects.toMatchObject({ cause: { message: expect.stringMatching(/move/) } })
  expect(Object.keys(await tables(url))).toContain('unfinished_move')
}

async function expectMoved(file: string, url: string, run: Run): Promise<void> {
  expect(run.err).toBe('')
  expect(run.code).toBe(0)
  expect(run.out).toMatch(/^Everything was moved, and both sides are the same\. Next:$/m)
  expect(await guestsOf(url)).toEqual(await guestsOf(file))
  expect(Object.keys(await tables(url))).not.toContain('unfinished_move')
}

test('a guest of SQLite is still signed in on PostgreSQL, and signs in with the same passkey', async () => {
  const file = join(temporaryFolder(), 'guestkey.db')
  const house = await startApp({ store: file, origin, secret })
  const { browser, device, guest } = await keptGuest(house)
  const visitor = house.browser()
  const visiting = await visitor.signIn()
  await house.close()
  const url = await temporaryDatabase()
  await expectMoved(file, url, await migrate(file, url))

  const moved = await startApp({ store: url, origin, secret })
  expect((await copyOf(moved, browser).get('/guest/userinfo')).body.sub).toBe(guest.sub)
  expect((await copyOf(moved, visitor).get('/guest/userinfo')).body.sub).toBe(visiting.sub)
  expect((await moved.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test.each([
  ['--schema', 'argued', ['--schema', 'argued'], {}],
  ['GUESTKEY_OPTIONS', 'optional', [], { GUESTKEY_OPTIONS: '{"postgres":{"schema":"optional"}}' }],
])('the tables are made in the schema that %s names', async (_, schema, more, env) => {
  const file = join(temporaryFolder(), 'guestkey.db')
  const house = await startApp({ store: file, origin, secret })
  const { browser, guest } = await keptGuest(house)
  await house.close()
  const url = await temporaryDatabase()
  const { code, err, out } = await guestkey(['migrate', '--from', file, '--to', url, ...more], env)
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`"schema":"${schema}"`)

  const moved = await startApp({ store: url, origin, secret, postgres: { schema } })
  const { body } = await copyOf(moved, browser).get('/guest/userinfo')
  expect(body.sub).toBe(guest.sub)
})

test('every table arrives complete, and the source stays the same byte for byte', async () => {
  const file = await storeWithGuests(1000)
  const folder = dirname(file)
  writeFileSync(join(folder, 'secret'), secret)
  const bytes = () => readdirSync(folder).map((name) => [name, digest(join(folder, name))])
  const before = bytes()
  const url = await temporaryDatabase()
  const run = await migrate(file, url)
  expect(bytes()).toEqual(before)
  const moved = [
    'guests',
    'passkeys',
    'sessions',
    'spent',
    'profiles',
    'snoozes',
    'merges',
    'audit',
    'outbox',
    'login_ids',
    'codes',
    'limits',
    'device_keys',
    'recovery_codes',
    'device_links',
  ]
  for (const table of moved) {
    expect(run.out).toMatch(new RegExp(`^ {2}${table} +1,000 rows {2}[0-9a-f]{24} on both sides$`, 'm'))
  }
  expect(run.out).toMatch(/^copying: 5\d %, [\d,]+ of 15,000 rows, [\d,]+ rows\/s, \d+ s left$/m)
  expect(run.out, 'where the secret is').toContain(`GUESTKEY_SECRET to the content of ${folder}/secret`)
  expect(run.out).not.toContain(secret)
  await expectMoved(file, url, run)
})

test('a store whose service was killed is moved with its write-ahead log, which stays as it is', async () => {
  const file = await storeWithGuests(10)
  await (await keepWriting(file)).stop('SIGKILL')
  const bytes = () => ['', '-wal'].map((end) => digest(file + end))
  const before = bytes()
  const url = await temporaryDatabase()
  const run = await migrate(file, url)
  expect(bytes()).toEqual(before)
  await expectMoved(file, url, run)
})

test('after kill -9 the service stays out, and another run continues, with what has changed since', async () => {
  const file = await storeWithGuests(3000)
  const url = await temporaryDatabase()
  const killed = await migrate(
    file,
    url,
    whenHalf((kill) => kill('SIGKILL')),
  )
  expect(killed.code).toBe('SIGKILL')
  await expectUnfinished(url)
  const arrived = (await guestsOf(url)).guests!.length
  expect(arrived).toBeGreaterThan(0)
  // Some of these guests had arrived, with or without their passkeys.
  change(
    file,
    'DELETE FROM guests WHERE rowid % 100 = 1',
    "UPDATE guests SET label = 'plain-owl-7' WHERE rowid % 100 = 2",
    'UPDATE passkeys SET sign_count = sign_count + 1 WHERE rowid % 100 = 3',
    'DELETE FROM sessions WHERE rowid % 100 = 4',
    'UPDATE passkeys SET anonymous_id = (SELECT MAX(anonymous_id) FROM guests) WHERE rowid % 100 = 5',
  )
  const run = await migrate(file, url)
  expect(run.out).toMatch(/^going on with the move/)
  await expectMoved(file, url, run)
})

test('another run moves changes in rows that had arrived, and in the rows they belong to', async () => {
  const file = await storeWithGuests(500)
  const url = await temporaryDatabase()
  expect((await migrate(file, url)).code).toBe(0)
  await (await connected(url)).query('CREATE TABLE unfinished_move ()') // as if the move had stopped just before its end
  change(
    file,
    "UPDATE guests SET label = 'plain-owl-7' WHERE rowid % 10 = 1",
    'DELETE FROM guests WHERE rowid % 10 = 2',
    'UPDATE passkeys SET anonymous_id = (SELECT MAX(anonymous_id) FROM guests) WHERE rowid % 10 = 3',
  )
  await expectMoved(file, url, await migrate(file, url))
})

test('Ctrl-C prints how to continue', async () => {
  const file = await storeWithGuests(3000)
  const url = await temporaryDatabase()
  const { err, code } = await migrate(
    file,
    url,
    whenHalf((kill) => kill('SIGINT')),
  )
  expect(err).toMatch(
    /^guestkey: Stopped\. The rows copied so far stay there\. To continue, run the same command again.*\n$/,
  )
  expect(code).toBe(130)
  await expectUnfinished(url)
  await expectMoved(file, url, await migrate(file, url))
})

test('a lost connection prints how to continue', async () => {
  const file = await storeWithGuests(3000)
  const url = await temporaryDatabase()
  const db = await connected(url)
  const cut = () =>
    db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'guestkey/%'`,
    )
  const { err, code } = await migrate(file, url, whenHalf(cut))
  expect(err).toMatch(/^guestkey: .*connection to PostgreSQL was lost\. .*run the same command again.*\n$/)
  expect(code).toBe(1)
  await expectMoved(file, url, await migrate(file, url))
})

test('a row that changes on the way is found, and the move ends once it is right', async () => {
  const file = await storeWithGuests(1000)
  const url = await temporaryDatabase()
  const store = openStore(url)
  await store.ready()
  await store.close()
  const db = await connected(url)
  await db.query(`CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NEW.created_at = 1800000500 THEN NEW.sign_count := NEW.sign_count + 1; END IF; RETURN NEW; END $$`)
  await db.query('CREATE TRIGGER tamper BEFORE INSERT ON passkeys FOR EACH ROW EXECUTE FUNCTION tamper()')
  const { out, err, code } = await migrate(file, url)
  expect(out).toMatch(/^ {2}guests +1,000 rows {2}\w+ on both sides$/m)
  expect(out).toMatch(/^ {2}passkeys +1,000 rows {2}\w+ in SQLite\n +1,000 rows {2}\w+ in PostgreSQL$/m)
  expect(err).toMatch(
    /^guestkey: .*passkeys is not the same on both sides\. .*run the same command again\.\n$/,
  )
  expect(code).toBe(1)
  await expectUnfinished(url)
  await db.query('DROP TRIGGER tamper ON passkeys')
  await expectMoved(file, url, await migrate(file, url))
})

test('reports that the source was written to meanwhile, and moves the rest once its service has stopped', async () => {
  const file = await storeWithGuests(1000)
  const url = await temporaryDatabase()
  const writer = await keepWriting(file)
  const { out, err, code } = await migrate(file, url)
  expect(out).toMatch(/^ {2}spent +\S+ rows {2}\w+ on both sides$/m)
  expect(err).toMatch(
    /^guestkey: .*written to meanwhile\. Stop the service .*run the same command again.*\n$/,
  )
  expect(code).toBe(1)
  await expectUnfinished(url)
  await writer.stop('SIGKILL')
  await expectMoved(file, url, await migrate(file, url))
  expect((await guestsOf(url)).guests!.length).toBeGreaterThan(1000)
})

test('a name with U+0000, which PostgreSQL cannot store, does not stop the move', async () => {
  const file = await storeWithGuests(3)
  change(file, "UPDATE passkeys SET name = 'a' || char(0) || 'b' WHERE rowid = 2")
  const url = await temporaryDatabase()
  expect((await migrate(file, url)).code).toBe(0)
  const names = (await guestsOf(url)).passkeys!.map((row) => JSON.parse(row).name)
  expect(names).toContain('a\uFFFDb')
})

test('refuses a database with guests in it, and does not change it', async () => {
  const [file, other] = [await storeWithGuests(10), await storeWithGuests(5)]
  const url = await temporaryDatabase()
  expect((await migrate(other, url)).code).toBe(0)
  const before = await tables(url)
  const { err, code } = await migrate(file, url)
  expect(err).toMatch(/needs an empty database, but this one has rows in audit; nothing was changed\.\n$/)
  expect(code).toBe(1)
  expect(await tables(url)).toEqual(before)
})

test('refuses the database of another program, and does not change it', async () => {
  const url = await temporaryDatabase()
  const db = await connected(url)
  await db.query('CREATE TABLE sessions (sid TEXT)')
  const { err, code } = await migrate(await storeWithGuests(1), url)
  expect(err).toMatch(/a table sessions of another program/)
  expect(code).toBe(1)
  expect(await tables(url)).toEqual({ sessions: [] })
})

test('accepts a database on which a service has started but that has no guests yet', async () => {
  const url = await temporaryDatabase()
  const store = openStore(url)
  await store.claimJob({ name: 'sweep', holder: 'a', now: 1, until: 2, again: false })
  await store.close()
  const file = await storeWithGuests(10)
  await expectMoved(file, url, await migrate(file, url))
})

test('the second of two moves into one database waits, and then gives up with a reason', async () => {
  const url = await temporaryDatabase()
  const [file, other] = [await storeWithGuests(3000), await storeWithGuests(1)]
  let second: Promise<Run> | undefined
  const first = await migrate(
    file,
    url,
    whenHalf((kill) => {
      if (second) return
      kill('SIGSTOP')
      second = migrate(other, url).finally(() => kill('SIGCONT'))
    }),
  )
  const { err, code } = await second!
  expect(err).toMatch(/another move into this database is under way\.\n$/)
  expect(code).toBe(1)
  await expectMoved(file, url, first)
})

test.each<[string, string, RegExp]>([
  ['of an older version', 'DELETE FROM schema_steps WHERE step > 0', /older guestkey\. Start this version/],
  ['of a newer version', 'INSERT INTO schema_steps VALUES (9999)', /newer guestkey/],
])('does not move a source %s', async (_what, spoil, message) => {
  const file = await storeWithGuests(1)
  change(file, spoil)
  const url = await temporaryDatabase()
  const { err, code } = await migrate(file, url)
  expect(err).toMatch(message)
  expect(code).toBe(1)
  expect(await tables(url)).toEqual({})
})

test('names a database that it cannot reach, without its password', async () => {
  const file = await storeWithGuests(1)
  for (const host of ['127.0.0.1', 'localhost']) {
    const { err, code } = await migrate(file, `postgres://me:geheim@${host}:1/guests`)
    expect(err).toMatch(/cannot be reached at postgres:\/\/me@(127\.0\.0\.1|localhost):1\/guests: .*REFUSED/)
    expect(err).not.toContain('geheim')
    expect(code).toBe(1)
  }
  expect((await migrate(file, 'mysql://me:geheim@db/x')).err).toMatch(/must be a URL like postgres:/)
})

test('moves to DATABASE_URL if --to is missing', async () => {
  const file = await storeWithGuests(3)
  const url = await temporaryDatabase()
  await expectMoved(file, url, await guestkey(['migrate', '--from', file], { DATABASE_URL: url }))
})
