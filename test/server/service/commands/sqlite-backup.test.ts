// `guestkey backup` makes a complete copy, or none.

import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { guestkey, guestkeyAlone, keepWriting, storeWithGuests } from '../../../support/command.ts'
import { temporaryFolder } from '../../../support/engine.ts'
import { tables } from '../../../support/tables.ts'

const origin = 'http://localhost:3000'
const secret = 'a secret of more than 32 characters'

const backup = (file: string, target: string) =>
  guestkey(['backup', target], { GUESTKEY_DATA: dirname(file) })

test('a guest signs in on a copy that was made while others wrote', async () => {
  const file = await storeWithGuests(5000)
  const app = await startApp({ store: file, origin, secret })
  const { device, guest } = await keptGuest(app)
  const writer = await keepWriting(file)
  await expect.poll(() => writer.acknowledged().length).toBeGreaterThan(100)
  const before = writer.acknowledged()
  const target = join(temporaryFolder(), 'copy.db')
  const { out, err, code } = await backup(file, target)
  expect(err).toBe('')
  expect(code).toBe(0)
  const after = writer.acknowledged()
  expect(after.length, 'it went on').toBeGreaterThan(before.length)
  await writer.stop()

  expect(readdirSync(dirname(target))).toEqual(['copy.db'])
  expect(statSync(target).mode & 0o777).toBe(0o600)
  const { passkeys, guests } = await tables(target)
  const ids = new Set(passkeys!.map((row) => JSON.parse(row).credential_id))
  expect(before.filter((id) => !ids.has(id))).toEqual([])
  expect(out).toMatch(new RegExp(`^ {2}guests +${guests!.length.toLocaleString('en')}$`, 'm'))
  const restored = await startApp({ store: target, origin, secret })
  expect((await restored.browser().signInWithPasskey(device)).body.sub).toBe(guest.sub)
})

test('prints a line of progress every 10 percent', async () => {
  const { out } = await backup(await storeWithGuests(30_000), join(temporaryFolder(), 'copy.db'))
  const lines = out.split('\n').filter((line) => line.startsWith('copying'))
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.length).toBeLessThanOrEqual(10)
  expect(lines.at(-1)).toBe('copying: 100 %')
})

test('does not overwrite a file', async () => {
  const file = await storeWithGuests(10)
  const target = join(temporaryFolder(), 'copy.db')
  writeFileSync(target, 'precious')
  const { err, code } = await backup(file, target)
  expect(err).toMatch(/copy\.db exists already; a backup overwrites nothing\.$/m)
  expect(code).toBe(1)
  expect(readFileSync(target, 'utf8')).toBe('precious')
  expect((await backup(file, file)).code, 'onto itself').toBe(1)
  expect((await backup(file, dirname(target))).err, 'onto a folder').toMatch(/exists already/)
})

test('creates neither a missing store nor a missing folder', async () => {
  const [data, target] = [temporaryFolder(), temporaryFolder()]
  const missing = await backup(join(data, 'guestkey.db'), join(target, 'copy.db'))
  expect(missing.err).toMatch(/^guestkey: There is no SQLite store at .*guestkey\.db\.\n$/)
  expect(missing.code).toBe(1)
  mkdirSync(join(data, 'guestkey.db'))
  expect((await backup(join(data, 'guestkey.db'), join(target, 'copy.db'))).err).toMatch(/is not a file/)
  const folder = await backup(await storeWithGuests(1), join(target, 'missing', 'copy.db'))
  expect(folder.err).toMatch(/^guestkey: There is no folder .*missing\.\n$/)
  expect(folder.code).toBe(1)
  expect([readdirSync(data), readdirSync(target)]).toEqual([['guestkey.db'], []])
})

test('leaves no copy of a damaged store', async () => {
  const file = await storeWithGuests(2000)
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(16_384, 7), 0, 16_384, readFileSync(file).length / 2)
  closeSync(handle)
  const target = join(temporaryFolder(), 'copy.db')
  const { err, code } = await backup(file, target)
  expect(err).toMatch(/^guestkey: .*(damaged|malformed).*\n$/)
  expect(code).toBe(1)
  expect(readdirSync(dirname(target))).toEqual([])
})

test('leaves no file if a signal stops it', async () => {
  const file = await storeWithGuests(40_000)
  const target = join(temporaryFolder(), 'copy.db')
  const { code } = await guestkeyAlone(['backup', target], { GUESTKEY_DATA: dirname(file) }, (_out, kill) =>
    kill('SIGTERM'),
  )
  expect(code).toBe(143)
  expect(readdirSync(dirname(target))).toEqual([])
})
