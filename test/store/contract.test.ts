// The store's contract on SQLite, and what SQLite has to promise beyond it.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../server/store/sqlite.ts'
import { countRows, startApp, temporaryFolder } from '../support/app.ts'
import { copyOf, keptGuest } from '../support/ceremonies.ts'
import { holdLock } from '../support/lock.ts'
import { expectRefusal } from '../support/refusals.ts'
import { storeContract } from '../support/store-contract.ts'
import { aRegistration } from '../support/store-rows.ts'

const newFile = () => join(temporaryFolder(), 'guestkey.db')
const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url))

function openStore(file: string, options?: { busyMilliseconds: number }) {
  const store = openSqlite(file, options)
  onTestFinished(() => store.close())
  return store
}

storeContract('SQLite', async () => openSqlite(newFile()))

test('while another process holds the write lock, writes end in a bounded 503, reads go on and nothing stands still', async () => {
  const file = newFile()
  const store = openStore(file, { busyMilliseconds: 300 })
  const kept = aRegistration()
  await store.registerPasskey(kept)
  const release = holdLock(file)
  let turns = 0
  const turning = setInterval(() => turns++, 10)
  onTestFinished(() => clearInterval(turning))

  const start = performance.now()
  const late = aRegistration()
  let settled = 0
  const writes = Promise.allSettled(
    [late, ...Array.from({ length: 20 }, () => aRegistration())].map((registration) =>
      store.registerPasskey(registration).finally(() => settled++),
    ),
  )
  expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
  expect(settled).toBe(0)
  for (const outcome of await writes) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'unavailable', status: 503, headers: { 'Retry-After': '1' } },
    })
  }
  expect(performance.now() - start).toBeLessThan(5000)
  expect(turns).toBeGreaterThan(5)

  release()
  expect(await store.findGuest(late.guest)).toBeUndefined()
  expect(await store.registerPasskey(late)).toEqual({ outcome: 'added', first: true })
})

test('a lock that is released in time is waited for', async () => {
  const file = newFile()
  const store = openStore(file, { busyMilliseconds: 5000 })
  await store.registerPasskey(aRegistration())
  const release = holdLock(file)
  const write = store.registerPasskey(aRegistration())
  await setTimeout(100)
  release()
  expect(await write).toEqual({ outcome: 'added', first: true })
})

test('a locked file is a 503 with Retry-After at the doors, costs nobody the session, and passes', async () => {
  const app = await startApp()
  const { browser, guest } = await keptGuest(app)
  const visitor = copyOf(app, browser)
  const release = holdLock(app.storeFile)
  const signOut = expectRefusal(app, () => visitor.post('/guest/sign-out'), 503, 'unavailable')
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  expect((await app.browser().post('/guest/sign-in')).status).toBe(200)
  const refused = await signOut
  expect(refused.headers['retry-after']).toBe('1')
  expect(refused.headers['set-cookie']).toBeUndefined()
  release()
  expect((await visitor.post('/guest/sign-out')).status).toBe(204)
})

test('a file that cannot be opened is unavailable, and works as soon as it can', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'data', 'guestkey.db')
  const store = openStore(file, { busyMilliseconds: 100 })
  const { guest } = aRegistration()
  const unavailable = { code: 'unavailable', status: 503 }
  for (const breakIt of [
    () => {}, // there is no folder
    () => mkdirSync(file, { recursive: true }),
    () => {
      rmSync(file, { recursive: true })
      writeFileSync(file, 'This is no database, and long enough that SQLite looks at its header. '.repeat(20))
    },
  ]) {
    breakIt()
    await expect(store.ready()).rejects.toMatchObject(unavailable)
    await expect(store.findGuest(guest)).rejects.toMatchObject(unavailable)
    await expect(store.registerPasskey(aRegistration({ guest }))).rejects.toMatchObject(unavailable)
  }
  rmSync(file)
  await store.ready()
  expect(await store.registerPasskey(aRegistration({ guest }))).toEqual({ outcome: 'added', first: true })
  expect(await store.findGuest(guest)).toEqual(guest)
})

test('the file and its log are readable by their owner alone', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.registerPasskey(aRegistration())
  for (const end of ['', '-wal', '-shm']) expect(statSync(`${file}${end}`).mode & 0o777).toBe(0o600)
})

test('two stores that open a new file at once both work', async () => {
  for (let round = 0; round < 20; round++) {
    const file = newFile()
    const [one, other] = [openSqlite(file), openSqlite(file)]
    const asked = [one, other].flatMap((store) => [
      store.registerPasskey(aRegistration()),
      store.ready(),
      store.findGuest(aRegistration().guest),
    ])
    await Promise.all(asked)
    expect(countRows(file)).toMatchObject({ guests: 2, passkeys: 2, sessions: 2, spent: 2 })
    await Promise.all([one.close(), other.close()])
  }
})

test('processes that start at once on a new file all write', async () => {
  const file = newFile()
  const run = () => promisify(execFile)(process.execPath, [support('store-writer.ts'), file, '50'])
  const said = await Promise.all([run(), run(), run(), run()])
  for (const { stdout } of said) expect(stdout.trim().split('\n')).toHaveLength(50)
  expect(countRows(file)).toMatchObject({ guests: 200, passkeys: 200, sessions: 200, spent: 200 })
})

test('the writer flushes every commit (WAL, synchronous = FULL) and holds to foreign keys', async () => {
  const env = { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(support('tell-pragmas.ts'))}` }
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [support('store-writer.ts'), newFile(), '1'],
    { env },
  )
  const told = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  expect(told).toContainEqual({ thread: 'writer', journal_mode: 'wal', synchronous: 2, foreign_keys: 1 })
})

test('after kill -9 under load every acknowledged write is there, and the others are whole or not at all', async () => {
  const file = newFile()
  const acknowledged: string[] = []
  for (const writes of [1, 50, 300, 700, 1500]) {
    const writer = spawn(process.execPath, [support('store-writer.ts'), file, '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = once(writer, 'exit')
    const enough = acknowledged.length + writes
    for await (const credentialId of createInterface({ input: writer.stdout })) {
      acknowledged.push(credentialId)
      if (acknowledged.length === enough) writer.kill('SIGKILL')
    }
    expect(await gone).toEqual([null, 'SIGKILL'])

    const store = openSqlite(file)
    for (const credentialId of acknowledged) {
      const found = await store.findPasskey({ credentialId })
      expect(found, `${credentialId} of ${acknowledged.length}`).toMatchObject({ credentialId })
    }
    await store.close()
    const db = new Database(file)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    expect(db.pragma('foreign_key_check')).toEqual([])
    db.close()
    const { guests, ...tables } = countRows(file)
    expect(guests).toBeGreaterThanOrEqual(acknowledged.length)
    expect(tables).toMatchObject({ passkeys: guests, sessions: guests, spent: guests })
  }
}, 60_000)
