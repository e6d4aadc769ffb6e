// `guestkey vacuum` leaves nothing in the file that was deleted, and loses nobody.

import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../../../server/store/sqlite/driver.ts'
import { openFile } from '../../../../server/store/sqlite/file.ts'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { change, guestkey, storeWithGuests } from '../../../support/command.ts'
import { temporaryFolder } from '../../../support/engine.ts'
import { aRegistration } from '../../../support/store-rows.ts'
import { tables } from '../../../support/tables.ts'

const vacuum = (file: string) => guestkey(['vacuum'], { GUESTKEY_DATA: dirname(file) })
const advice = async (file: string) =>
  (await guestkey(['check'], { GUESTKEY_DATA: dirname(file) })).out
    .split('\n')
    .filter((line) => line.includes('guestkey vacuum'))

/** A store from which an earlier version erased most guests, and what it knew about some of them. */
async function storeWithLeftovers() {
  const file = await storeWithGuests(2000)
  const db = new Database(file, { readonly: true })
  const rows = db.prepare('SELECT anonymous_id, user_handle FROM guests LIMIT 50').raw().all() as string[][]
  db.close()
  const tables = ['guests', 'audit', 'device_links']
  change(file, ...tables.map((table) => `DELETE FROM ${table} WHERE rowid <= 1500`))
  return { file, deleted: rows.flat() }
}

/** How many of the texts are in the file or its log. */
const found = (file: string, texts: string[]) => {
  const bytes = ['', '-wal'].map((end) => (existsSync(file + end) ? readFileSync(file + end, 'latin1') : ''))
  return texts.filter((text) => bytes.some((one) => one.includes(text))).length
}

test('check advises it for a file in which an earlier version left what it deleted, and it writes that file anew', async () => {
  const { file, deleted } = await storeWithLeftovers()
  expect(found(file, deleted)).toBeGreaterThan(50)
  expect(await advice(file)).toEqual([
    expect.stringMatching(
      /^warning {2}store: [\d,]+ free pages of the file hold what earlier versions deleted, erased guests too; run guestkey vacuum$/,
    ),
  ])
  const [rows, size] = [await tables(file), statSync(file).size]
  const { out, err, code } = await vacuum(file)
  expect([err, code]).toEqual(['', 0])
  expect(out).toMatch(/guestkey\.db was written anew: [\d.]+ MB before, [\d.]+ (k|M)B now\.$/m)
  expect(found(file, deleted)).toBe(0)
  expect(statSync(file).size).toBeLessThan(size / 2)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(await tables(file)).toEqual(rows)
  expect(await advice(file)).toEqual([])
})

test('a backup of such a file holds nothing that was deleted, and neither does a restored one', async () => {
  const { file, deleted } = await storeWithLeftovers()
  const copy = join(temporaryFolder(), 'copy.db')
  const made = await guestkey(['backup', copy], { GUESTKEY_DATA: dirname(file) })
  expect([made.err, made.code]).toEqual(['', 0])
  expect(found(copy, deleted)).toBe(0)
  expect(await tables(copy)).toEqual(await tables(file))
  const folder = temporaryFolder()
  const restored = await guestkey(['restore', file], { GUESTKEY_DATA: folder })
  expect([restored.err, restored.code]).toEqual(['', 0])
  expect(found(join(folder, 'guestkey.db'), deleted)).toBe(0)
})

test('the service goes on while it runs, and after it', async () => {
  const { file, deleted } = await storeWithLeftovers()
  const app = await startApp({ store: file })
  const { device, guest } = await keptGuest(app)
  const [{ err, code }, during] = await Promise.all([vacuum(file), keptGuest(app)])
  expect([err, code]).toEqual(['', 0])
  expect(found(file, deleted)).toBe(0)
  for (const one of [{ device, guest }, during])
    expect((await app.browser().signInWithPasskey(one.device)).body.sub).toBe(one.guest.sub)
  await app.close()
  expect(existsSync(`${file}-wal`)).toBe(false)
  const again = await startApp({ store: file, origin: app.origin, now: app.clock.now })
  expect((await again.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test('a log of afterwards is not taken for one of a copy of the file from before', async () => {
  const { file } = await storeWithLeftovers()
  const first = openSqlite(file)
  await first.registerPasskey(aRegistration())
  await first.close()
  const copy = join(temporaryFolder(), 'guestkey.db')
  copyFileSync(file, copy)
  expect((await vacuum(file)).code).toBe(0)
  const second = openSqlite(file)
  onTestFinished(() => second.close())
  await second.registerPasskey(aRegistration())
  copyFileSync(`${file}-wal`, `${copy}-wal`) // as if the copy was put in the place of a killed service's file
  expect(() => openFile(copy, 0)).toThrow(/-wal is the log of another database/)
})

test('says so if a process reads from the log, which then keeps what was deleted', async () => {
  const { file } = await storeWithLeftovers()
  const app = await startApp({ store: file })
  await keptGuest(app)
  const reader = new Database(file, { readonly: true })
  onTestFinished(() => void reader.close())
  reader.exec('BEGIN; SELECT * FROM guests')
  const { err, code } = await vacuum(file)
  expect(err).toMatch(
    /What was deleted is still in .*guestkey\.db-wal, because another process reads from it\. Run this again/,
  )
  expect(code).toBe(1)
})

test('changes nothing where there is no store of ours', async () => {
  const file = join(temporaryFolder(), 'guestkey.db')
  expect((await vacuum(file)).err).toMatch(/^guestkey: There is no SQLite store at /)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, 'no database, but a text that is long enough to be read as one by SQLite. '.repeat(100))
  const { err, code } = await vacuum(file)
  expect(err).toMatch(/cannot be read as a store: file is not a database/)
  expect(code).toBe(1)
  const posted = await guestkey(['vacuum'], { DATABASE_URL: 'postgres://nobody@localhost:1/nothing' })
  expect(posted.err).toMatch(/autovacuum frees the room.*VACUUM FULL/)
  expect(posted.code).toBe(1)
})
