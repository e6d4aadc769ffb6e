// Work in the background: on one node at a time, and on another one when that is gone.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startApp, type TestApp } from '../../../support/app.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { openStore } from '../../../support/open-store.ts'
import { tables } from '../../../support/tables.ts'

const secret = randomBytes(32).toString('base64')

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

type Chore = { name: string; holder: string; taken_until: number }
/** Who has which chore, by its name. */
const chores = async ({ store }: TestApp) =>
  ((await tables(store)).chores ?? [])
    .map((row) => JSON.parse(row) as Chore)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
const sweep = async (app: TestApp) => (await chores(app)).find(({ name }) => name === 'sweep')!
const names = async (app: TestApp) => (await chores(app)).map(({ name }) => name)
const all = ['forget guests', 'resume merges', 'rotate signing keys', 'sweep']

/** Every node's minute is over: each looks for what is due. */
const lookForWork = () => vi.advanceTimersByTime(60_000)

test('what has expired is removed an hour later, and nothing that lives', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  await browser.addPasskey(app.device())
  await app.browser().addPasskey(app.device()) // a guest by it, with no sealed session before
  expect(await app.rows()).toMatchObject({ guests: 2, passkeys: 2, sessions: 2, spent: 3 })
  app.clock.forward(60 * 60 + 4 * 60)
  lookForWork()
  await eventually(async () => expect(await names(app)).toEqual(all))
  expect(await app.rows(), 'the challenges were good for five minutes').toMatchObject({ spent: 3 })
  app.clock.forward(2 * 60)
  lookForWork()
  await eventually(async () => expect(await app.rows()).toMatchObject({ spent: 1 }))
  expect(await app.rows()).toMatchObject({ guests: 2, passkeys: 2, sessions: 2 })
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
})

test('one of three nodes takes it; when all of them are gone, a new one does once their minute is over', async () => {
  const store = await storeWithTables()
  const nodes = await Promise.all([1, 2, 3].map(() => startApp({ store, secret })))
  lookForWork()
  await eventually(async () => expect(await names(nodes[0]!)).toEqual(all))
  const taken = await sweep(nodes[0]!)
  const until = taken.taken_until * 1000
  for (const node of nodes) await node.close()

  const late = await startApp({ store, secret, now: () => until - 1 })
  lookForWork()
  await late.close() // waits for what it asked for
  expect(await sweep(late)).toEqual(taken)
  const next = await startApp({ store, secret, now: () => until })
  lookForWork()
  await eventually(async () => expect(await sweep(next)).not.toEqual(taken))
})

test('of many that want it at once one gets it, until it lets go of it by time', async () => {
  const store = openStore(await storeWithTables())
  const take = (holder: string, now: number, again = false) =>
    store.claimJob({ name: 'sweep', holder, now, until: now + 60, again })
  try {
    const holders = Array.from({ length: 20 }, (_, i) => `node ${i}`)
    const taken = await Promise.all(holders.map((holder) => take(holder, 1000)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    const winner = holders[taken.indexOf(true)]!
    expect(await take(winner, 1030), 'is at it').toBe(false)
    expect(await take(winner, 1030, true), 'goes on').toBe(true)
    expect(await take('another', 1031, true)).toBe(false)
    expect(await take('another', 1089)).toBe(false)
    expect(await take('another', 1090)).toBe(true)
    expect(await take(winner, 1091)).toBe(false)
  } finally {
    await store.close()
  }
})
