// How long a write waits while another process holds the write lock of a SQLite store: counted from when it was asked.

import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openSqlite } from '../../../server/store/sqlite/driver.ts'
import { startApp } from '../../support/app.ts'
import { askToRegister, sendRegistration } from '../../support/ceremonies.ts'
import { storeWithTables } from '../../support/engine.ts'
import { holdLock } from '../../support/lock.ts'
import { aRegistration } from '../../support/store-rows.ts'

const BUSY_MILLISECONDS = 1000
/** A busy machine is late by this much. A write that waited behind another one took twice as long in all. */
const LATE_MILLISECONDS = 600

async function openStore() {
  const file = await storeWithTables()
  const told: string[] = []
  const store = openSqlite(file, {
    busyMilliseconds: BUSY_MILLISECONDS,
    tell: (events) => void told.push(...events.map(({ name }) => name)),
  })
  onTestFinished(() => store.close())
  await store.ready()
  await store.registerPasskey(aRegistration())
  const write = async () => {
    const start = performance.now()
    const outcome = await store.registerPasskey(aRegistration()).then(
      () => 'done',
      (error: { code: string; reason: string }) => `${error.code} ${error.reason}`,
    )
    return { outcome, waited: performance.now() - start }
  }
  return { file, store, told, write }
}

test('a write that waits behind others for the lock gets its 503 as soon as the first one', async () => {
  const { file, write } = await openStore()
  await holdLock(file)
  const writes: ReturnType<typeof write>[] = []
  for (let i = 0; i < 12; i++) {
    writes.push(write())
    await setTimeout(BUSY_MILLISECONDS / 8)
  }
  for (const { outcome, waited } of await Promise.all(writes)) {
    expect(outcome).toBe('unavailable sqlite write: SQLITE_BUSY')
    expect(waited).toBeGreaterThan(BUSY_MILLISECONDS - 50)
    expect(waited).toBeLessThan(BUSY_MILLISECONDS + LATE_MILLISECONDS)
  }
})

test('writes that have not waited long enough when the lock is free are done, each once', async () => {
  const { file, store, write } = await openStore()
  const before = (await store.countDueGuests({ now: 9e12 }))[0]!.guests
  const release = await holdLock(file)
  const early = write()
  await setTimeout(BUSY_MILLISECONDS - 200)
  const late = Array.from({ length: 30 }, write)
  await early
  await release()
  for (const { outcome } of await Promise.all([...late, write()])) expect(outcome).toBe('done')
  expect((await early).outcome).toMatch(/SQLITE_BUSY/)
  expect((await store.countDueGuests({ now: 9e12 }))[0]!.guests).toBe(before + 31)
})

test('a request is answered about five seconds after it came, behind another one too', async () => {
  const app = await startApp()
  const device = app.device()
  const browsers = [app.browser(), app.browser(), app.browser()]
  const proofs = await Promise.all(browsers.map(async (one) => device.create(await askToRegister(one))))
  await holdLock(app.store)
  const answers = browsers.map(async (browser, i) => {
    await setTimeout(i * 500)
    const start = performance.now()
    const { status } = await sendRegistration(browser, proofs[i]!)
    return { status, waited: performance.now() - start }
  })
  for (const { status, waited } of await Promise.all(answers)) {
    expect(status).toBe(503)
    expect(waited).toBeLessThan(7000) // behind another one it took 9 seconds and more
  }
})
