// What SQLite promises beyond the contract of the stores: locks, a broken file, permissions, durability and the log.

import { execFile, spawn } from 'node:child_process'
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openSqlite } from '../../../server/store/sqlite/driver.ts'
import { LOG_BYTES } from '../../../server/store/sqlite/file.ts'
import { temporaryFolder } from '../../support/engine.ts'
import { holdLock } from '../../support/lock.ts'
import { aDelivery, aRegistration } from '../../support/store-rows.ts'

const newFile = () => join(temporaryFolder(), 'guestkey.db')
const support = (name: string) => fileURLToPath(new URL(`../../support/${name}`, import.meta.url))

function openStore(file: string, options?: { busyMilliseconds: number }) {
  const store = openSqlite(file, options)
  onTestFinished(() => store.close())
  return store
}

test('while another process holds the write lock, writes end in a 503 in time, and reads and the event loop go on', async () => {
  const file = newFile()
  const store = openStore(file, { busyMilliseconds: 300 })
  const kept = aRegistration()
  await store.registerPasskey(kept)
  const release = await holdLock(file)
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

  await release()
  expect(await store.findGuest(late.guest)).toBeUndefined()
  expect(await store.registerPasskey(late)).toMatchObject({ outcome: 'added', first: true })
})

test('a file that cannot be opened is unavailable, and works once it can be opened', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'data', 'guestkey.db')
  const store = openStore(file, { busyMilliseconds: 100 })
  const { guest } = aRegistration()
  const unavailable = { code: 'unavailable', status: 503 }
  for (const breakIt of [
    () => {}, // the folder does not exist
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
  expect(await store.registerPasskey(aRegistration({ guest }))).toMatchObject({
    outcome: 'added',
    first: true,
  })
  expect(await store.findGuest(guest)).toEqual(guest)
})

test('what is asked of a store before it is closed is done, its first write too', async () => {
  const store = openStore(newFile())
  const written = store.registerPasskey(aRegistration())
  await store.close()
  expect(await written).toMatchObject({ outcome: 'added' })
})

test('a store that is open is locked against whoever wants the file alone, after another one has opened it too', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.registerPasskey(aRegistration())
  const other = openStore(file)
  await other.ready()
  const alone = `const db = new (require('better-sqlite3'))(process.argv[1], { timeout: 0 })
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')`
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const taken = promisify(execFile)(process.execPath, ['-e', alone, file], { cwd: root })
  await expect(taken).rejects.toMatchObject({ stderr: expect.stringContaining('database is locked') })
})

test('only the owner can read the file and its log', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.registerPasskey(aRegistration())
  for (const end of ['', '-wal', '-shm']) expect(statSync(`${file}${end}`).mode & 0o777).toBe(0o600)
})

test('the writer flushes every commit (WAL, synchronous = FULL), enforces foreign keys, overwrites what it deletes and needs no folder for temporary files', async () => {
  const env = { ...process.env, NODE_OPTIONS: `--import ${pathToFileURL(support('tell-pragmas.ts'))}` }
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [support('store-writer.ts'), newFile(), '1'],
    { env },
  )
  const told = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))
  expect(told).toContainEqual(
    expect.objectContaining({
      ...{ thread: 'writer', journal_mode: 'wal', synchronous: 2, foreign_keys: 1, secure_delete: 1 },
    }),
  )
  const inMemory = 2
  expect(told.map(({ thread, temp_store }) => [thread, temp_store])).toEqual([
    ['writer', inMemory],
    ['main', inMemory],
  ])
})

test('the writer works in a process that is run by `node --watch`', async () => {
  const args = ['--watch', support('store-writer.ts'), newFile(), '1']
  const watching = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void watching.kill())
  const ended = /^(Completed|Failed) running/
  for await (const line of createInterface(watching.stdout)) {
    if (!ended.test(line)) continue
    expect(line).toMatch(/^Completed/)
    return
  }
  throw new Error('it ended without a word')
})

test('the log is moved into the file when nobody writes, and stays small under load', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.ready()
  const db = new Database(file, { readonly: true })
  onTestFinished(() => void db.close())
  /** Pages of the log that are not in the file yet. */
  const waiting = () => {
    const [{ log, checkpointed }] = db.pragma('wal_checkpoint(NOOP)') as [Record<string, number>]
    return log! - checkpointed!
  }
  for (let i = 0; i < 20; i++) await store.registerPasskey(aRegistration())
  await vi.waitFor(() => expect(waiting()).toBeLessThan(100))

  // These writes fill several thousand pages at least.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 200; i++) await store.registerPasskey(aRegistration())
    }),
  )
  expect(statSync(`${file}-wal`).size).toBeLessThan(8_000_000)
  await vi.waitFor(() => expect(waiting()).toBeLessThan(100))
})

test('the log that grew beside a long reader is given back to the disk once the reader is gone', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.ready()
  const reader = new Database(file, { readonly: true })
  onTestFinished(() => void reader.close())
  reader.exec('BEGIN')
  expect(reader.prepare('SELECT * FROM outbox').all()).toEqual([]) // it reads from this moment on
  const size = () => statSync(`${file}-wal`).size
  while (size() < 2 * LOG_BYTES) {
    const deliveries = [aDelivery({ payload: 'x'.repeat(1_000_000) })]
    await store.addNote({ note: { audit: null, deliveries } })
  }
  reader.exec('COMMIT')
  await vi.waitFor(async () => {
    await store.registerPasskey(aRegistration())
    expect(size()).toBeLessThanOrEqual(LOG_BYTES)
  })
  expect(reader.prepare('SELECT COUNT(*) FROM outbox').pluck().get()).toBeGreaterThan(30)
})

test('the log is empty after a stop, though another process has the file open', async () => {
  const file = newFile()
  const store = openStore(file)
  await store.registerPasskey(aRegistration())
  const other = new Database(file, { readonly: true })
  onTestFinished(() => void other.close())
  other.prepare('SELECT COUNT(*) FROM guests').get()
  expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
  await store.close()
  expect(statSync(`${file}-wal`).size).toBe(0)
})

test('the thread of a closed store writes for the next one, unless it has died, and each open store has its own', async () => {
  const threads: Worker[] = []
  const note = (thread: Worker) => void threads.push(thread)
  process.on('worker', note)
  onTestFinished(() => void process.removeListener('worker', note))
  const write = async () => {
    const store = openStore(newFile())
    const kept = aRegistration()
    await store.registerPasskey(kept)
    expect(await store.findGuest(kept.guest)).toEqual(kept.guest)
    return store
  }
  const open = [await write(), await write(), await write()]
  expect(threads.length, 'a spare thread may have been there').toBeGreaterThanOrEqual(2)
  for (const store of open) await store.close()
  const before = threads.length
  const next = await write()
  expect(threads.length).toBe(before)
  const beside = await write()
  expect(threads.length).toBe(before + 1)
  await beside.close()
  await threads.at(-1)!.terminate()
  await write()
  expect(threads.length).toBe(before + 2)
  await next.close()
})
