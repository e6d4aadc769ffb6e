// A service whose SQLite store takes no writes says so, goes on reading, and is ready again by itself.

import { closeSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { storeWithGuests } from '../../support/command.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { type Service, startService } from '../../support/service.ts'
import { fillDisk, hasSmallDisks, onSmallDisk } from '../../support/small-disk.ts'

const isReady = async (service: Service) => (await service.ask('/readyz')).status === 200

/** Why the service was not ready, once for each time. */
const reasons = ({ said }: Service): string[] =>
  said.out
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
    .filter(({ msg }) => msg === 'not ready')
    .map(({ reason }) => reason)

const statusOfWrite = async (service: Service) =>
  (await service.browser().addPasskey(service.device())).status

test.skipIf(!hasSmallDisks)(
  'when the disk is full it is not ready, says what to do, reads on, and is ready once there is room',
  async () => {
    const folder = temporaryFolder()
    const service = await startService({ GUESTKEY_DATA: folder }, onSmallDisk(folder, 4096))
    const [browser, device] = [service.browser(), service.device()]
    const { sub } = (await browser.addPasskey(device)).body
    expect(await isReady(service)).toBe(true)
    const free = fillDisk(service.child.pid!, folder, 12)
    while ((await statusOfWrite(service)) === 201);
    await expect.poll(() => isReady(service)).toBe(false)
    for (let i = 0; i < 5; i++) {
      expect(await statusOfWrite(service)).toBe(503)
      expect(await isReady(service)).toBe(false)
    }
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(sub)
    expect((await browser.get('/guest/passkeys')).status).toBe(200)
    expect((await service.browser().post('/guest/sign-in')).status).toBe(200)
    expect(reasons(service).at(-1)).toMatch(/^sqlite write: SQLITE_FULL: .* free some space/)
    free()
    await expect.poll(() => isReady(service)).toBe(true)
    expect(await statusOfWrite(service)).toBe(201)
    expect((await service.browser().signInWithPasskey(device)).body.sub).toBe(sub)
    await expect.poll(() => service.said.out).toContain('ready again')
  },
)

/** Overwrites the first page of the table. Nobody may have the file open. */
function damage(file: string, table: string): void {
  const db = new Database(file)
  const page = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number
  const size = db.pragma('page_size', { simple: true }) as number
  db.close()
  const opened = openSync(file, 'r+')
  writeSync(opened, Buffer.alloc(size, 0xa5), 0, size, (page - 1) * size)
  closeSync(opened)
}

test('when a table is damaged it is not ready once a write failed, though others would pass', async () => {
  const file = await storeWithGuests(100)
  damage(file, 'passkeys')
  const service = await startService({ GUESTKEY_DATA: dirname(file) })
  expect(await isReady(service)).toBe(true)
  expect(await statusOfWrite(service)).toBe(503)
  for (let i = 0; i < 3; i++) expect(await isReady(service)).toBe(false)
  expect((await service.browser().post('/guest/sign-in')).status).toBe(200)
  const answer = await service.ask('/readyz')
  expect(await answer.text()).toBe('not ready\n')
  expect(reasons(service)).toEqual([
    expect.stringMatching(/^sqlite write: SQLITE_CORRUPT: .* guestkey restore/),
  ])
})
