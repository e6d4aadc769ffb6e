// Background jobs: one node at a time runs each, and another one takes over when that node is gone.

import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { type Job, startJobs } from '../../../../server/core/jobs/jobs.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { makeDue, rowOf } from '../../../support/merging.ts'
import { openStore } from '../../../support/open-store.ts'
import { execute, tables } from '../../../support/tables.ts'

const secret = randomBytes(32).toString('base64')

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

type Chore = { name: string; holder: string; taken_until: number }
/** Who holds which job, sorted by the job's name. */
const chores = async ({ store }: TestApp) =>
  ((await tables(store)).chores ?? [])
    .map((row) => JSON.parse(row) as Chore)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
const sweep = async (app: TestApp) => (await chores(app)).find(({ name }) => name === 'sweep')!
const names = async (app: TestApp) => (await chores(app)).map(({ name }) => name)
const all = [
  ...['close days', 'count guests', 'forget guests', 'resume merges', 'rotate signing keys', 'sweep'],
]

/** A minute passes, and every node looks for jobs that are due. */
const lookForWork = () => vi.advanceTimersByTime(60_000)

test('expired rows are deleted an hour later, and no others', async () => {
  const app = await startApp()
  const browser = app.browser()
  await browser.signIn()
  await browser.addPasskey(app.device())
  await app.browser().addPasskey(app.device()) // this passkey begins a guest, without a sealed session before
  expect(await app.rows()).toMatchObject({ guests: 2, passkeys: 2, sessions: 2, spent: 3 })
  app.clock.forward(60 * 60 + 4 * 60)
  lookForWork()
  await eventually(async () => expect(await names(app)).toEqual(all))
  expect(await app.rows(), 'the challenges were valid for five minutes').toMatchObject({ spent: 3 })
  app.clock.forward(2 * 60)
  lookForWork()
  await eventually(async () => expect(await app.rows()).toMatchObject({ spent: 1 }))
  expect(await app.rows()).toMatchObject({ guests: 2, passkeys: 2, sessions: 2 })
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
})

test('one of three nodes takes a job; if all of them stop, a new node takes it when that minute is over', async () => {
  const store = await storeWithTables()
  const nodes = await Promise.all([1, 2, 3].map(() => startApp({ store, secret })))
  lookForWork()
  await eventually(async () => expect(await names(nodes[0]!)).toEqual(all))
  const taken = await sweep(nodes[0]!)
  const until = taken.taken_until * 1000
  for (const node of nodes) await node.close()

  const late = await startApp({ store, secret, now: () => until - 1 })
  lookForWork()
  await late.close() // waits for its claims
  expect(await sweep(late)).toEqual(taken)
  const next = await startApp({ store, secret, now: () => until })
  lookForWork()
  await eventually(async () => expect(await sweep(next)).not.toEqual(taken))
})

test('one of many nodes that claim a job at once gets it, until its claim ends', async () => {
  const store = openStore(await storeWithTables())
  const take = (holder: string, now: number, again = false) =>
    store.claimJob({ name: 'sweep', holder, now, until: now + 60, again })
  try {
    const holders = Array.from({ length: 20 }, (_, i) => `node ${i}`)
    const taken = await Promise.all(holders.map((holder) => take(holder, 1000)))
    expect(taken.filter(Boolean)).toHaveLength(1)
    const winner = holders[taken.indexOf(true)]!
    expect(await take(winner, 1030), 'the holder has it already').toBe(false)
    expect(await take(winner, 1030, true), 'the holder extends its claim').toBe(true)
    expect(await take('another', 1031, true)).toBe(false)
    expect(await take('another', 1089)).toBe(false)
    expect(await take('another', 1090)).toBe(true)
    expect(await take(winner, 1091)).toBe(false)
  } finally {
    await store.close()
  }
})

test('a job that fails is logged by its name, and the others run', async () => {
  const app = await startApp()
  const { guest } = await keptGuest(app)
  await makeDue(app, guest.sub)
  await execute(app.store, 'ALTER TABLE limits RENAME TO away') // only the sweep needs it
  await app.guests.runChores()
  expect(await rowOf(app, guest)).toMatchObject({ stage: 'expired' })
  expect(app.logs.filter(({ level }) => level === 'warn')).toMatchObject([
    { fields: { job: 'sweep' }, message: 'a background job failed' },
  ])
})

describe('a job of a node', () => {
  const now = 1_700_000_000
  type Claim = { name: string; holder: string; now: number; until: number; again: boolean }

  /** A node whose claims are granted if `free` says so. `did`: the jobs that it worked on. */
  function nodeWith(job: Partial<Job> = {}, { ahead = 0, free = true, mixed = false } = {}) {
    const state = { ahead, measured: 0, free, mixed }
    const claims: Claim[] = []
    const did: string[] = []
    const log: [level: string, fields: object][] = []
    const say = (level: string) => (fields: object) => void log.push([level, fields])
    const ctx = {
      claims: {
        async measure() {
          state.measured = state.ahead
        },
        ahead: () => state.measured,
        now: () => now,
      },
      fleet: { isMixed: async () => state.mixed },
      store: {
        claimJob: async (claim: Claim) => {
          claims.push(claim)
          return state.free
        },
      },
      logger: { warn: say('warn'), error: say('error') },
    } as unknown as Context
    const whole: Job = { name: 'sweep', everySeconds: 50, work: async () => void did.push('sweep'), ...job }
    const last: Job = { name: 'last', everySeconds: 1, work: async () => void did.push('last') }
    return { ...startJobs(ctx, [whole, last]), claims, did, log, state }
  }
  const ofSweep = (claims: Claim[]) => claims.filter(({ name }) => name === 'sweep')

  test('is held for its interval by the database’s clock, and done by the node that gets it', async () => {
    const { run, stop, claims, did, state } = nodeWith()
    await run()
    expect(did.toSorted()).toEqual(['last', 'sweep'])
    const claim = { name: 'sweep', holder: expect.any(String), now, until: now + 50, again: false }
    expect(ofSweep(claims)).toEqual([claim])
    state.free = false
    await run()
    expect(did).toHaveLength(2)
    expect(new Set(claims.map(({ holder }) => holder)).size).toBe(1)
    stop()
  })

  test('is looked for every minute, until the node stops', async () => {
    const { stop, did } = nodeWith()
    const runs = async () => did.filter((name) => name === 'sweep').length
    vi.advanceTimersByTime(59_999)
    expect(await runs()).toBe(0)
    vi.advanceTimersByTime(1)
    await vi.waitFor(async () => expect(await runs()).toBe(1))
    stop()
    vi.advanceTimersByTime(600_000)
    expect(await runs()).toBe(1)
  })

  test('that runs long extends its claim, and stops if another node has the job', async () => {
    const answers: boolean[] = []
    const { run, stop, claims, state } = nodeWith({
      async work(_, goOn) {
        answers.push(await goOn())
        state.free = false
        answers.push(await goOn())
      },
    })
    await run()
    expect(answers).toEqual([true, false])
    expect(ofSweep(claims).map(({ again, until }) => [again, until])).toEqual([
      [false, now + 50],
      [true, now + 50],
      [true, now + 50],
    ])
    stop()
  })

  test('that waits for the fleet is held for three intervals, and not done', async () => {
    const { run, stop, claims, did } = nodeWith({ waitsForFleet: true }, { mixed: true })
    await run()
    expect(did).toEqual(['last'])
    expect(ofSweep(claims)).toMatchObject([{ again: true, until: now + 150 }])
    stop()
  })

  test('that waits for the fleet stops when a node of another version comes', async () => {
    const answers: boolean[] = []
    const { run, stop, state } = nodeWith({
      waitsForFleet: true,
      async work(_, goOn) {
        answers.push(await goOn())
        state.mixed = true
        answers.push(await goOn())
      },
    })
    await run()
    expect(answers).toEqual([true, false])
    stop()
  })

  test.each([
    [3600, ['last', 'sweep'], []],
    [3601, [], [['error', { ahead_seconds: 3601 }]]],
  ])('whose clock is %i seconds ahead does %j', async (ahead, jobs, said) => {
    const { run, stop, did, log, claims } = nodeWith({}, { ahead })
    await run()
    expect(did.toSorted()).toEqual(jobs)
    expect(log).toEqual(said)
    expect(claims).toHaveLength(jobs.length)
    stop()
  })

  test('that fails is logged by its name, and the next one is done', async () => {
    const err = new Error('no space left')
    const { run, stop, did, log } = nodeWith({ work: () => Promise.reject(err) })
    await run()
    expect(did).toEqual(['last'])
    expect(log).toEqual([['warn', { err, job: 'sweep' }]])
    stop()
  })
})
