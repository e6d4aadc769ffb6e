// `guestkey check` on a SQLite store: its findings, and that it changes nothing.

import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../../../server/store/sql/migrations.ts'
import { change, guestkey, guestkeyAlone, keepWriting, storeWithGuests } from '../../../support/command.ts'
import { digest } from '../../../support/digest.ts'
import { undoneFrom } from '../../../support/older-store.ts'

const check = (file: string) => guestkey(['check'], { GUESTKEY_DATA: dirname(file) })

/** The digest of every file in the folder. */
const contents = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, digest(join(folder, name))]))

test('a good store has no warning, and stays as it is', async () => {
  const file = await storeWithGuests(100)
  writeFileSync(join(dirname(file), 'secret'), 'x'.repeat(44), { mode: 0o600 })
  const before = contents(dirname(file))
  const { out, err, code } = await check(file)
  expect(out).not.toMatch(/^(warning|problem)/m)
  expect(out).toMatch(/^ok {7}store: .*guestkey\.db can be read; 100 guests/m)
  expect(out).toMatch(/undamaged/)
  expect(out).not.toContain('x'.repeat(44))
  expect({ err, code }).toEqual({ err: '', code: 0 })
  expect(contents(dirname(file))).toEqual(before)
})

test('a store with a writer has no warning, and stays as it is', async () => {
  const file = await storeWithGuests(100)
  const writer = await keepWriting(file)
  const { out, code } = await check(file)
  expect(out).not.toMatch(/^(warning|problem)/m)
  expect(code).toBe(0)
  const before = writer.acknowledged().length
  await expect.poll(() => writer.acknowledged().length).toBeGreaterThan(before)
})

test('a store whose log has grown for long has a warning', async () => {
  const file = await storeWithGuests(10)
  await (await keepWriting(file)).stop('SIGKILL')
  truncateSync(`${file}-wal`, 70_000_000) // SQLite ignores what is behind its last page
  const { out, code } = await check(file)
  expect(out).toMatch(
    /^warning {2}store: its log \(.*guestkey\.db-wal\) has 70\.0 MB, because another process/m,
  )
  expect(code).toBe(0)
})

test('a store whose service was killed has no warning, and keeps its write-ahead log', async () => {
  const file = await storeWithGuests(100)
  await (await keepWriting(file)).stop('SIGKILL')
  const before = contents(dirname(file))
  expect((await check(file)).code).toBe(0)
  const { 'guestkey.db-shm': _, ...after } = contents(dirname(file))
  expect(before).toMatchObject(after)
})

/** Overwrites the middle of the file. */
function damage(file: string): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(16_384, 7), 0, 16_384, readFileSync(file).length / 2)
  closeSync(handle)
}

test.each<[string, (file: string) => void, RegExp, number]>([
  ['that everybody may read', (file) => chmodSync(file, 0o644), /^problem {2}store: .*0644.*chmod 600/m, 1],
  ['that its group may read', (file) => chmodSync(file, 0o640), /^warning {2}store: .*0640.*chmod 600/m, 0],
  ['that is damaged', damage, /^problem {2}store: .*backup in its place/m, 1],
  [
    'that is a text file',
    (file) => writeFileSync(file, 'text '.repeat(999)),
    /^problem {2}store: .*not a database/m,
    1,
  ],
  ['of another program', (file) => change(file, 'DROP TABLE schema_steps'), /no guestkey tables/, 1],
  [
    'of an older version',
    (file) => change(file, ...undoneFrom(migrations.length - 1)),
    /^warning {2}store: .*older/m,
    0,
  ],
  [
    'of a newer version',
    (file) => change(file, 'INSERT INTO schema_steps VALUES (9999)'),
    /^problem {2}store: .*newer/m,
    1,
  ],
  [
    'with a guest whom nobody can sign in as, and one who signed out',
    (file) =>
      change(
        file,
        `INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at) VALUES
          ('half', 'h', '', 'users', 1, 1900000000), ('signed-out', 's', '', 'users', 1, 1900000000),
          ('long-gone', 'l', '', 'users', 1, 1)`,
        `INSERT INTO audit (anonymous_id, at, id, action, outcome) VALUES ('signed-out', 1, 'a', 'guest.signed_out', 'done')`,
      ),
    /^warning {2}store: 1 guests? .*no session and no way back.*\(half\)/m,
    0,
  ],
  [
    'without WAL, as a backup is',
    (file) => change(file, 'PRAGMA journal_mode = DELETE'),
    /^warning {2}store: journal mode delete/m,
    0,
  ],
  [
    'with rows that belong to nobody',
    (file) => change(file, 'PRAGMA foreign_keys = OFF; DELETE FROM guests WHERE rowid = 1'),
    /^problem {2}store: damaged \(a row of (passkeys|sessions|profiles|snoozes|device_keys|recovery_codes) belongs to no row of guests\)/m,
    1,
  ],
  [
    'with a secret that everybody may read',
    (file) => {
      writeFileSync(join(dirname(file), 'secret'), 'x'.repeat(44))
      chmodSync(join(dirname(file), 'secret'), 0o644)
    },
    /^problem {2}secret: .*0644.*chmod 600/m,
    1,
  ],
  [
    'with half a secret',
    (file) => writeFileSync(join(dirname(file), 'secret'), 'short', { mode: 0o600 }),
    /^problem {2}secret: .*incomplete/m,
    1,
  ],
])('reports a store %s', async (_what, spoil, message, code) => {
  const file = await storeWithGuests(2000)
  spoil(file)
  const run = await check(file)
  expect(run.out).toMatch(message)
  expect(run.err).toBe('')
  expect(run.code).toBe(code)
})

test('a store that cannot be written is a problem, and the trial file is removed', async () => {
  const file = await storeWithGuests(1)
  const before = digest(file)
  const withoutRoom = ['sh', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$0" "$@"']
  const { out, code } = await guestkeyAlone(
    ['check'],
    { GUESTKEY_DATA: dirname(file) },
    undefined,
    withoutRoom,
  )
  expect(out).toMatch(
    /^problem {2}store: cannot be written \(EFBIG.*; the service must be able to write to .*guestkey\.db/m,
  )
  expect(code).toBe(1)
  expect(readdirSync(dirname(file)).filter((name) => name.includes('check'))).toEqual([])
  expect(digest(file)).toBe(before)
})

test('a store that another process has locked is a problem', async () => {
  const file = await storeWithGuests(1)
  const db = new Database(file)
  onTestFinished(() => void db.close())
  db.pragma('locking_mode = EXCLUSIVE')
  db.exec('BEGIN EXCLUSIVE')
  const { out, code } = await check(file)
  expect(out).toMatch(/^problem {2}store: .*locked/m)
  expect(code).toBe(1)
})
