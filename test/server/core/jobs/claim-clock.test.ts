// A node whose clock is wrong: it holds jobs, webhooks and merges no longer than others do, and is told.

import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type ClaimClock, createClaimClock } from '../../../../server/core/jobs/claim-clock.ts'
import { CLOCK_APART_SECONDS } from '../../../../server/limits.ts'
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

const everyMinute = ['forget guests', 'resume merges', 'sweep']

/** Who holds the jobs that run every minute, and until when. */
const claims = async (app: TestApp) =>
  (await rowsOf(app, 'chores')).filter(({ name }) => everyMinute.includes(name as string))
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
  expect(await rowsOf(app, 'chores')).toHaveLength(6)
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
      merge: {
        async onMerge() {
          for (const { claimed_until } of await rowsOf(app, 'merges')) held.push(Number(claimed_until))
        },
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

describe('the clock by which a node claims work', () => {
  const start = 1_700_000_000

  /** A node whose clock says `start`. The database's is `behind` seconds behind it, and answers after `trip` seconds. */
  function clockOf({ behind = 0, trip = 0 }) {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: start * 1000 })
    const database = { behind, trip, asked: 0, fails: false }
    const said: [level: string, fields: object][] = []
    const say = (level: string) => (fields: object) => void said.push([level, fields])
    const clock: ClaimClock = createClaimClock({
      store: {
        async readClock() {
          database.asked++
          if (database.fails) throw new Error('the database is away')
          vi.advanceTimersByTime((database.trip * 1000) / 2)
          const time = Math.floor(Date.now() / 1000 - database.behind)
          vi.advanceTimersByTime((database.trip * 1000) / 2)
          return time
        },
      },
      logger: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      now: () => Math.floor(Date.now() / 1000),
    })
    return { clock, database, said }
  }
  afterEach(() => void vi.useRealTimers())

  test('is the node’s own until it is measured, then the database’s', async () => {
    const { clock } = clockOf({ behind: 100 })
    expect([clock.now(), clock.ahead()]).toEqual([start, 0])
    await clock.measure()
    expect([clock.now(), clock.ahead()]).toEqual([start - 100, 100])
  })

  test.each([
    [1, 0, 0],
    [-1, 0, 0],
    [2, 0, 2],
    [-2, 0, -2],
    [3, 4, 0], // two seconds each way, and the database says whole seconds
    [4, 4, 4],
    [-3, 4, 0],
    [-4, 4, -4],
  ])('that is %i s ahead, with an answer after %i s, counts as %i s ahead', async (behind, trip, ahead) => {
    const { clock } = clockOf({ behind, trip })
    await clock.measure()
    expect(clock.ahead()).toBe(ahead)
  })

  test('is measured once in 30 seconds, and once by many who ask at the same time', async () => {
    const { clock, database } = clockOf({})
    await Promise.all([clock.measure(), clock.measure()])
    expect(database.asked).toBe(1)
    vi.advanceTimersByTime(29_999)
    await clock.measure()
    expect(database.asked).toBe(1)
    vi.advanceTimersByTime(1)
    await clock.measure()
    expect(database.asked).toBe(2)
  })

  test.each([1, -1])(
    'is measured at once if the machine’s clock is set by more than half a second (%i)',
    async (way) => {
      const { clock, database } = clockOf({})
      await clock.measure()
      vi.setSystemTime(Date.now() + way * 500)
      await clock.measure()
      expect(database.asked).toBe(1)
      vi.setSystemTime(Date.now() + way)
      await clock.measure()
      expect(database.asked).toBe(2)
    },
  )

  test('stays as it was if the database cannot be asked, and is measured at the next call', async () => {
    const { clock, database } = clockOf({ behind: 100 })
    await clock.measure()
    vi.advanceTimersByTime(30_000)
    database.fails = true
    await clock.measure()
    expect(clock.ahead()).toBe(100)
    database.fails = false
    database.behind = 200
    await clock.measure()
    expect([database.asked, clock.ahead()]).toEqual([3, 200])
  })

  test('is told of when it changes by more than CLOCK_APART_SECONDS, and when it is right again', async () => {
    const { clock, database, said } = clockOf({})
    const measureAt = async (behind: number) => {
      database.behind = behind
      vi.advanceTimersByTime(30_000)
      await clock.measure()
    }
    for (const behind of [0, CLOCK_APART_SECONDS, -CLOCK_APART_SECONDS]) await measureAt(behind)
    expect(said).toEqual([])
    for (const behind of [100, 100 + CLOCK_APART_SECONDS, 101 + CLOCK_APART_SECONDS, 0])
      await measureAt(behind)
    expect(said).toEqual([
      ['warn', { ahead_seconds: 100 }],
      ['warn', { ahead_seconds: 101 + CLOCK_APART_SECONDS }],
      ['info', { ahead_seconds: 0 }],
    ])
  })
})
