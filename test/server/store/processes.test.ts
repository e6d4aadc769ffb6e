// One store that several processes have open: another process's lock, a start at the same time, and a killed process.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { copyOf, keptGuest } from '../../support/ceremonies.ts'
import { engine, temporaryStore } from '../../support/engine.ts'
import { holdLock } from '../../support/lock.ts'
import { openStore } from '../../support/open-store.ts'
import { expectRefusal } from '../../support/refusals.ts'
import { aRegistration } from '../../support/store-rows.ts'
import { countRows } from '../../support/tables.ts'

const writer = fileURLToPath(new URL('../../support/store-writer.ts', import.meta.url))

function expectIntact(file: string): void {
  const db = new Database(file)
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(db.pragma('foreign_key_check')).toEqual([])
  db.close()
}

test('a write waits for a lock that is released in time', async () => {
  const name = await temporaryStore()
  const store = openStore(name)
  onTestFinished(() => store.close())
  await store.registerPasskey(aRegistration())
  const release = await holdLock(name)
  const write = store.registerPasskey(aRegistration())
  await setTimeout(100)
  await release()
  expect(await write).toMatchObject({ outcome: 'added', first: true })
})

test('while the store is locked, routes answer 503 with Retry-After, and nobody loses the session', async () => {
  const app = await startApp()
  const { browser, guest } = await keptGuest(app)
  const visitor = copyOf(app, browser)
  const release = await holdLock(app.store)
  const signOut = expectRefusal(app, () => visitor.post('/guest/sign-out'), 503, 'unavailable')
  expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  expect((await app.browser().post('/guest/sign-in')).status).toBe(200)
  const refused = await signOut
  expect(refused.headers['retry-after']).toBe('1')
  expect(refused.headers['set-cookie']).toBeUndefined()
  await release()
  expect((await visitor.post('/guest/sign-out')).status).toBe(204)
})

test('two drivers that open an empty store at once both work', async () => {
  for (let round = 0; round < 20; round++) {
    const name = await temporaryStore()
    const [one, other] = [openStore(name), openStore(name)]
    const asked = [one, other].flatMap((store) => [
      store.registerPasskey(aRegistration()),
      store.ready(),
      store.findGuest(aRegistration().guest),
    ])
    await Promise.all(asked)
    expect(await countRows(name)).toMatchObject({ guests: 2, passkeys: 2, sessions: 2, spent: 2 })
    await Promise.all([one.close(), other.close()])
  }
})

test('processes that start at once on an empty store all write', async () => {
  const store = await temporaryStore()
  const run = () => promisify(execFile)(process.execPath, [writer, store, '50'])
  const said = await Promise.all([run(), run(), run(), run()])
  for (const { stdout } of said) expect(stdout.trim().split('\n')).toHaveLength(50)
  expect(await countRows(store)).toMatchObject({ guests: 200, passkeys: 200, sessions: 200, spent: 200 })
})

test('after kill -9 under load every acknowledged write is there, and every other one is whole or absent', async () => {
  const name = await temporaryStore()
  const acknowledged: string[] = []
  for (const writes of [1, 50, 300, 700, 1500]) {
    const writing = spawn(process.execPath, [writer, name, '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = once(writing, 'exit')
    const enough = acknowledged.length + writes
    for await (const credentialId of createInterface({ input: writing.stdout })) {
      acknowledged.push(credentialId)
      if (acknowledged.length === enough) writing.kill('SIGKILL')
    }
    expect(await gone).toEqual([null, 'SIGKILL'])

    const store = openStore(name)
    for (const credentialId of acknowledged) {
      const found = await store.findPasskey({ credentialId })
      expect(found, `${credentialId} of ${acknowledged.length}`).toMatchObject({ credentialId })
    }
    await store.close()
    if (engine === 'sqlite') expectIntact(name)
    const { guests, ...tables } = await countRows(name)
    expect(guests).toBeGreaterThanOrEqual(acknowledged.length)
    expect(tables).toMatchObject({ passkeys: guests, sessions: guests, spent: guests })
  }
})
