// A node whose clock is wrong: it holds jobs, webhooks and merges no longer than others do, and is told.

import { randomBytes } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'
import { startApp, type TestApp } from '../../../support/app.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { rowsOf } from '../../../support/merging.ts'
import { startReceiver } from '../../../support/receiver.ts'

const minute = 60
const hour = 60 * minute
const machine = Date.now
const seconds = () => Math.floor(machine() / 1000)

/** From now on the clock of this machine is ahead by so many seconds, and the database's is not. */
const aheadBy = (more: number) => vi.spyOn(Date, 'now').mockImplementation(() => machine() + more * 1000)
afterEach(() => void vi.restoreAllMocks())

/** An app by the machine's clock, `later` seconds on. */
async function startNode(options: Parameters<typeof startApp>[0] = {}, later = 0) {
  const secret = randomBytes(32).toString('base64')
  return startApp({
    store: await storeWithTables(),
    secret,
    now: () => Date.now() + later * 1000,
    ...options,
  })
}

/** Who holds the jobs that run every minute, and until when. */
const claims = async (app: TestApp) =>
  (await rowsOf(app, 'chores')).filter(({ name }) => name !== 'rotate signing keys')
const holders = async (app: TestApp) =>
  (await claims(app)).map(({ name, holder }) => `${name} ${holder}`).toSorted()

const warnings = ({ logs }: TestApp) =>
  logs
    .filter(({ message }) => /clock/.test(message))
    .map(({ level, fields, message }) => ({ level, ahead: Number(fields.ahead_seconds), message }))

test.each([
  ['ahead', hour - minute],
  ['behind', -hour],
])('a node whose clock is %s holds its jobs for a minute, and says by how much', async (_, apart) => {
  aheadBy(apart)
  const wrong = await startNode()
  await wrong.guests.runChores()
  const [warning, ...more] = warnings(wrong)
  const message = "this node's clock and the database's are apart: let NTP set both"
  expect(warning).toMatchObject({ level: 'warn', message })
  expect(Math.abs(warning!.ahead - apart), 'the database says whole seconds').toBeLessThanOrEqual(1)
  expect(more).toEqual([])
  for (const { taken_until } of await claims(wrong))
    expect(Math.abs(Number(taken_until) - seconds() - minute)).toBeLessThan(15)
  const taken = await holders(wrong)
  expect(taken).toHaveLength(3)
  await wrong.close()
  vi.restoreAllMocks()

  const soon = await startNode({ store: wrong.store }, 30)
  await soon.guests.runChores()
  expect(await holders(soon)).toEqual(taken)
  const next = await startNode({ store: wrong.store }, 2 * minute)
  await next.guests.runChores()
  for (const holder of await holders(next)) expect(taken).not.toContain(holder)
  expect(warnings(next)).toEqual([])
})

test('a node whose clock is more than an hour ahead leaves the jobs to others, until its clock is set', async () => {
  aheadBy(hour + minute)
  const app = await startNode()
  await app.guests.runChores()
  expect(await rowsOf(app, 'chores')).toEqual([])
  const message = 'this node leaves the background jobs to others until its clock is right'
  expect(warnings(app).at(-1)).toMatchObject({ level: 'error', message })
  vi.restoreAllMocks()
  await app.guests.runChores()
  expect(await rowsOf(app, 'chores')).toHaveLength(4)
  expect(warnings(app).at(-1)).toMatchObject({ level: 'info', ahead: 0 })
})

test('a webhook of a node whose clock is wrong is due at once, and its next attempt when it should be', async () => {
  const receiver = await startReceiver()
  const { url, secret } = receiver
  const webhooks = [{ url, secret, events: ['passkey.added' as const] }]
  for (const apart of [hour - minute, -hour]) {
    receiver.sent.length = 0
    receiver.behaviour = 500
    aheadBy(apart)
    const wrong = await startNode({ webhooks })
    await wrong.browser().addPasskey(wrong.device())
    await wrong.guests.runChores()
    expect(receiver.sent).toHaveLength(1)
    const [{ due_at: dueAt }] = (await rowsOf(wrong, 'outbox')) as [{ due_at: number }]
    expect(Math.abs(Number(dueAt) - seconds() - 5)).toBeLessThan(15)
    await wrong.close()
    vi.restoreAllMocks()
    receiver.behaviour = 204
    const next = await startNode({ store: wrong.store, webhooks }, minute)
    await next.guests.runChores()
    expect(receiver.ids()).toEqual([receiver.ids()[0], receiver.ids()[0]])
  }
})

test('a merge of a node whose clock is wrong is held for a minute', async () => {
  for (const apart of [hour - minute, -hour]) {
    aheadBy(apart)
    const held: number[] = []
    const app: TestApp = await startNode({
      async onMerge() {
        for (const { claimed_until } of await rowsOf(app, 'merges')) held.push(Number(claimed_until))
      },
    })
    await app.guests.runChores() // measures
    const [browser, device] = [app.browser(), app.device()]
    expect((await browser.addPasskey(device)).status).toBe(201)
    const another = app.browser()
    await another.signIn()
    const back = await another.signInWithPasskey(device)
    expect(back.body.merged, back.text).toBe(true)
    await eventually(() => expect(held).toHaveLength(1))
    expect(Math.abs(held[0]! - seconds() - minute)).toBeLessThan(15)
    vi.restoreAllMocks()
  }
})
