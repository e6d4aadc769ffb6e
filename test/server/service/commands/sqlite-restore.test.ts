// `guestkey restore`: a backup in the place of the store, whole or not at all; and a log that is not of its file.

import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSqlite } from '../../../../server/store/sqlite/driver.ts'
import { change, guestkey, guestkeyAlone, keepWriting, storeWithGuests } from '../../../support/command.ts'
import { digest } from '../../../support/digest.ts'
import { temporaryFolder } from '../../../support/engine.ts'
import { launch, startService } from '../../../support/service.ts'
import { aRegistration } from '../../../support/store-rows.ts'
import { tables } from '../../../support/tables.ts'

const dataOf = (file: string) => ({ GUESTKEY_DATA: dirname(file) })
const restore = (file: string, backup: string) => guestkey(['restore', backup], dataOf(file))

/** The digests of all files in the folder but those that SQLite makes of a log by itself. */
const contents = (file: string) =>
  Object.fromEntries(
    readdirSync(dirname(file))
      .filter((name) => !name.endsWith('-shm') && name !== 'secret')
      .map((name) => [name, digest(join(dirname(file), name))]),
  )

/** A store whose service was killed, with its log, and a backup from before. */
async function killedStore() {
  const file = await storeWithGuests(500)
  const backup = join(temporaryFolder(), 'backup.db')
  expect((await guestkey(['backup', backup], dataOf(file))).code).toBe(0)
  await leaveLog(file)
  return { file, backup }
}

/** Lets a store write, and leaves its file and its log as they are then, which is how kill -9 leaves them. */
async function leaveLog(file: string): Promise<void> {
  const running = join(temporaryFolder(), 'guestkey.db')
  copyFileSync(file, running)
  const store = openSqlite(running)
  for (let i = 0; i < 30; i++) await store.registerPasskey(aRegistration())
  for (const end of ['', '-wal']) copyFileSync(running + end, file + end)
  await store.close()
  expect(framesInLog(file)).toBeGreaterThan(0)
}

/** Lets another process write, and kills it when its log has a transaction: between two logs it has none. */
async function killWriter(file: string, least: number): Promise<void> {
  do {
    const writer = await keepWriting(file)
    await expect.poll(() => writer.acknowledged().length).toBeGreaterThan(least)
    await writer.stop('SIGKILL')
  } while (framesInLog(file) === 0)
}

/** How many frames SQLite takes from the log. It looks into copies, because to look changes the files. */
function framesInLog(file: string): number {
  const copy = join(temporaryFolder(), 'copy.db')
  for (const end of ['', '-wal']) copyFileSync(file + end, copy + end)
  const db = new Database(copy)
  const [{ log }] = db.pragma('wal_checkpoint(PASSIVE)') as [{ log: number }]
  db.close()
  return log
}

const rowsOf = async (file: string) => (await tables(file)).passkeys

function expectIntact(file: string): void {
  const db = new Database(file, { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.pragma('foreign_key_check')).toEqual([])
  db.close()
}

/** The service does not start, no command works on it, and all is left as it is. */
async function expectRefused(file: string, message: RegExp): Promise<void> {
  const before = contents(file)
  const service = launch(dataOf(file))
  await expect.poll(() => service.child.exitCode).toBe(1)
  await expect.poll(() => service.said.err).toMatch(message)
  const check = await guestkey(['check'], dataOf(file))
  expect(check.code).toBe(1)
  expect(check.out).toMatch(message)
  expect((await guestkey(['backup', join(temporaryFolder(), 'copy.db')], dataOf(file))).code).toBe(1)
  expect(contents(file)).toEqual(before)
}

const foreign =
  /guestkey\.db-wal is the log of another database than .*guestkey\.db.*guestkey restore <backup>/

test('a backup that was copied beside the log of a killed service is refused, and restored by the command', async () => {
  const { file, backup } = await killedStore()
  const log = digest(`${file}-wal`)
  copyFileSync(backup, file)
  await expectRefused(file, foreign)
  const { out, err, code } = await guestkeyAlone(['restore', backup], dataOf(file))
  expect({ err, code }).toEqual({ err: '', code: 0 })
  expect(out).toMatch(/^What happened after the backup was made is undone: sessions and keys that ended/m)
  const aside = /^What was there is kept as (\S+);/m.exec(out)![1]!
  expect(digest(aside)).toBe(digest(backup))
  expect(digest(`${aside}-wal`)).toBe(log)
  expectIntact(file)
  expect(await rowsOf(file)).toEqual(await rowsOf(backup))
  expect((await startService(dataOf(file))).child.exitCode).toBeNull()
})

test('so is a copy of the file itself, in WAL mode, from before the log began', async () => {
  const file = await storeWithGuests(10)
  const copy = join(temporaryFolder(), 'copy.db')
  copyFileSync(file, copy)
  for (let i = 0; i < 2; i++) {
    const store = openSqlite(file)
    await store.registerPasskey(aRegistration())
    await store.close() // moves the log into the file
  }
  await killWriter(file, 10)
  const killed = join(temporaryFolder(), 'killed.db')
  for (const end of ['', '-wal']) copyFileSync(file + end, killed + end)
  copyFileSync(copy, file)
  await expectRefused(file, foreign)
  for (const end of ['', '-wal']) copyFileSync(killed + end, file + end)
  expectIntact(file)
  expect((await guestkey(['check'], dataOf(file))).code, 'the log is of this file').toBe(0)
})

test('a log whose file is gone stops the start, which would make an empty store', async () => {
  const { file } = await killedStore()
  for (const lose of [() => renameSync(file, `${file}.away`), () => writeFileSync(file, '')]) {
    lose()
    await expectRefused(file, /guestkey\.db is missing, and its log .*guestkey\.db-wal is there/)
    rmSync(file, { force: true })
  }
})

test('a log that ends within its first transaction is none', async () => {
  const { file } = await killedStore()
  change(file, 'PRAGMA wal_checkpoint(TRUNCATE)') // the connection closes and removes the log
  const writer = await keepWriting(file)
  await writer.stop('SIGKILL')
  truncateSync(`${file}-wal`, 32 + 1000)
  expect((await guestkey(['check'], dataOf(file))).out).toMatch(/^ok.*undamaged/m)
})

test('while a process has the store, nothing is changed, and it goes on', async () => {
  const file = await storeWithGuests(50)
  const backup = join(temporaryFolder(), 'backup.db')
  await guestkey(['backup', backup], dataOf(file))
  const writer = await keepWriting(file)
  const { err, code } = await restore(file, backup)
  expect(err).toMatch(/^guestkey: a process has .*guestkey\.db open: stop the service, then restore\n$/)
  expect(code).toBe(1)
  const names = readdirSync(dirname(file))
  expect(names.filter((name) => /restor|unfinished/.test(name))).toEqual([])
  const before = writer.acknowledged().length
  await expect.poll(() => writer.acknowledged().length).toBeGreaterThan(before)
  await writer.stop('SIGKILL')
  const kept = (await rowsOf(file))!.map((row) => JSON.parse(row).credential_id)
  expect(writer.acknowledged().filter((id) => !kept.includes(id))).toEqual([])
})

test.each<[string, (backup: string, file: string) => string, RegExp]>([
  ['that is missing', (backup) => `${backup}.not`, /There is no SQLite store at/],
  ['that is the store itself', (_, file) => file, /is the store itself/],
  [
    'that is damaged',
    (backup) => {
      const bytes = readFileSync(backup)
      writeFileSync(backup, bytes.fill(7, bytes.length / 2, bytes.length / 2 + 16_384))
      return backup
    },
    /damaged|malformed/,
  ],
  [
    'of a newer version',
    (backup) => {
      change(backup, 'INSERT INTO schema_steps VALUES (9999)')
      return backup
    },
    /newer version of guestkey/,
  ],
])('a backup %s is refused, and nothing is changed', async (_, spoil, message) => {
  const file = await storeWithGuests(2000)
  const backup = join(temporaryFolder(), 'backup.db')
  await guestkey(['backup', backup], dataOf(file))
  const before = contents(file)
  const { err, code } = await restore(file, spoil(backup, file))
  expect(err).toMatch(message)
  expect(code).toBe(1)
  expect(contents(file)).toEqual(before)
})

test('a restore that was killed in between keeps the service out, and is finished when it is run again', async () => {
  const { file, backup } = await killedStore()
  const before = [digest(file), digest(`${file}-wal`)]
  const aside = `${file}.before-restore-2026-01-31T12-00-00`
  writeFileSync(`${file}.restoring`, aside)
  for (const step of [
    () => {},
    () => renameSync(file, aside),
    () => renameSync(`${file}-wal`, `${aside}-wal`),
    () => copyFileSync(backup, file),
  ]) {
    step()
    await expectRefused(
      file,
      /a restore of .*guestkey\.db was not finished: run guestkey restore <backup> again/,
    )
  }
  expect((await restore(file, backup)).code).toBe(0)
  expect([digest(aside), digest(`${aside}-wal`)]).toEqual(before)
  expect(existsSync(`${file}.restoring`)).toBe(false)
  expectIntact(file)
  expect(await rowsOf(file)).toEqual(await rowsOf(backup))
})

test.each<[string, (store: string) => string]>([
  ['a path out of the folder', (store) => `${store}.before-restore-x/../../elsewhere`],
  ['a path that begins with a time', (store) => `${store}.before-restore-2026-01-31/../../elsewhere`],
  ['a time and more', (store) => `${store}.before-restore-2026-01-31T12-00-00.db`],
  ['nothing', () => ''],
])('a marker of a restore that says %s is refused, and nothing is changed', async (_, says) => {
  const { file, backup } = await killedStore()
  writeFileSync(`${file}.restoring`, says(file))
  const before = contents(file)
  const { err, code } = await restore(file, backup)
  expect(err).toMatch(
    /guestkey\.db\.restoring is not what a restore leaves, a file that says .*before-restore-<time>: remove it\n$/,
  )
  expect(code).toBe(1)
  expect(contents(file)).toEqual(before)
})

test('a link in the place of that marker is not followed, whether its file is there or not', async () => {
  const { file, backup } = await killedStore()
  const victim = join(temporaryFolder(), 'victim')
  symlinkSync(victim, `${file}.restoring`)
  expect((await restore(file, backup)).err).toMatch(/\.restoring is not what a restore leaves/)
  expect(existsSync(victim)).toBe(false)
  writeFileSync(victim, `${file}.before-restore-2026-01-31T12-00-00`)
  expect((await restore(file, backup)).err).toMatch(/\.restoring is not what a restore leaves/)
  rmSync(`${file}.restoring`)
  expect((await restore(file, backup)).code).toBe(0)
})

const nobody = 65534

/** What root restores into: the folder of another account with a killed store, and a backup for root's eyes only. */
async function storeOfAnotherAccount() {
  const { file, backup } = await killedStore()
  chownSync(dirname(file), nobody, nobody)
  for (const name of readdirSync(dirname(file))) chownSync(join(dirname(file), name), nobody, nobody)
  chmodSync(dirname(backup), 0o700)
  chmodSync(backup, 0o600)
  return { file, backup }
}

const ownersIn = (folder: string) =>
  readdirSync(folder).map((name) => [
    name,
    statSync(join(folder, name)).uid,
    statSync(join(folder, name)).gid,
  ])

test('root restores a backup that only root can read, and all belongs to the owner of the folder', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root can become another account')
  const { file, backup } = await storeOfAnotherAccount()
  const { err, code } = await restore(file, backup)
  expect({ err, code }).toEqual({ err: '', code: 0 })
  for (const owner of ownersIn(dirname(file))) expect(owner.slice(1)).toEqual([nobody, nobody])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await rowsOf(file)).toEqual(await rowsOf(backup))
  expect(ownersIn(dirname(backup)), 'of the backup nothing changed').toEqual([['backup.db', 0, 0]])
})

test('root becomes the owner of the folder above a data folder that is missing', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root can become another account')
  const { backup } = await killedStore()
  const above = temporaryFolder()
  chownSync(above, nobody, nobody)
  const file = join(above, 'data', 'guestkey.db')
  expect((await restore(file, backup)).code).toBe(0)
  expect(ownersIn(above)).toEqual([['data', nobody, nobody]])
  expect(ownersIn(dirname(file))).toEqual([['guestkey.db', nobody, nobody]])
})

test('root gives nothing away for a link that the account puts in the place of the unfinished copy', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root can become another account')
  const { file, backup } = await storeOfAnotherAccount()
  const victim = join(temporaryFolder(), 'victim')
  writeFileSync(victim, '', { mode: 0o600 }) // empty: SQLite takes it for a new database
  const planted = watch(dirname(file), (_, name) => {
    if (!name || !/unfinished-[0-9a-f]{8}$/.test(name)) return
    planted.close()
    rmSync(join(dirname(file), name), { force: true })
    symlinkSync(victim, join(dirname(file), name))
  })
  await restore(file, backup)
  const { uid, size } = statSync(victim)
  expect({ uid, size }).toEqual({ uid: 0, size: 0 })
})

test('root makes no file outside of the folder for a link that the account left in it', async (context) => {
  if (process.getuid?.() !== 0) return context.skip('only root can become another account')
  const { file, backup } = await storeOfAnotherAccount()
  const outside = join(temporaryFolder(), 'outside')
  mkdirSync(outside, { mode: 0o700 })
  for (const end of ['.restoring', '.restoring-lock', '.restoring-lock-journal', '-journal'])
    symlinkSync(join(outside, end), file + end)
  await restore(file, backup)
  expect(readdirSync(outside)).toEqual([])
})

test('a store that is replaced while it is opened is opened anew, so that it reads what is there now', async () => {
  const [file, other] = [await storeWithGuests(1), await storeWithGuests(1)]
  const registration = aRegistration()
  const before = openSqlite(other)
  await before.registerPasskey(registration)
  await before.close()
  const { pragma } = Database.prototype
  const opening = vi.spyOn(Database.prototype, 'pragma').mockImplementationOnce(function (
    this: Database.Database,
    ...given
  ) {
    renameSync(other, file) // SQLite has the file open
    return pragma.apply(this, given)
  })
  onTestFinished(() => opening.mockRestore())
  const store = openSqlite(file)
  const { anonymousId } = registration.guest
  expect(await store.findGuest({ anonymousId })).toMatchObject({ anonymousId })
  expect(existsSync(other)).toBe(false)
  await store.close()
})

test('it makes a store where there is none, and replaces one that is no database any more', async () => {
  const { file: other, backup } = await killedStore()
  const file = join(temporaryFolder(), 'data', 'guestkey.db')
  expect((await restore(file, backup)).out).not.toMatch(/What was there/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await rowsOf(file)).toEqual(await rowsOf(backup))
  rmSync(`${other}-wal`)
  writeFileSync(other, 'no database '.repeat(999))
  expect((await restore(other, backup)).code).toBe(0)
  expectIntact(other)
})

test('a store on PostgreSQL is not its business', async () => {
  const environment = { DATABASE_URL: 'postgres://127.0.0.1:1/guests', GUESTKEY_SECRET: 'x'.repeat(44) }
  const { err, code } = await guestkey(['restore', 'backup.db'], environment)
  expect(err).toMatch(/on PostgreSQL \(DATABASE_URL\)\. Restore it with pg_restore/)
  expect(code).toBe(1)
})
