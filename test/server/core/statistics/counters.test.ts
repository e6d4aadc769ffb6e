// Counters: what a process counts is written together, adds up over all nodes, and is written once.

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createCounters } from '../../../../server/core/statistics/counters.ts'
import { DAY_SECONDS, LEAST_COUNT } from '../../../../server/rules/statistics.ts'
import type { Store } from '../../../../server/store/store.ts'
import { storeWithTables } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { openStore } from '../../../support/open-store.ts'
import { rowsOf } from '../../../support/tables.ts'

const today = 20_000 * DAY_SECONDS

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => void vi.useRealTimers())

/** A store, and nodes that count in it at a time that the test moves. */
async function start() {
  const name = await storeWithTables()
  const clock = { now: today + 100 }
  const log: string[] = []
  const say = (_fields: object, message: string) => void log.push(message)
  const logger = { debug: say, info: say, warn: say, error: say }
  const open = () => {
    const store = openStore(name)
    onTestFinished(() => store.close())
    return store
  }
  const node = (store: Pick<Store, 'addCounts'> = open()) => {
    const counters = createCounters({ store, logger, now: () => clock.now })
    onTestFinished(() => counters.close())
    return counters
  }
  const counted = async () =>
    Object.fromEntries(
      (await rowsOf(name, 'counters')).map(({ day, name, collection, counted }) => [
        `${(Number(day) - today) / DAY_SECONDS} ${name} ${collection}`,
        Number(counted),
      ]),
    )
  return { clock, log, open, node, counted, rows: (table: string) => rowsOf(name, table) }
}

test('nothing is written until a minute is over, and then one row for each counter', async () => {
  const { node, counted, rows } = await start()
  const counters = node()
  for (let i = 0; i < 1000; i++) counters.count('created', 'users')
  counters.count('refused.not_signed_in')
  vi.advanceTimersByTime(59_999)
  expect([await counted(), await rows('counting')]).toEqual([{}, []])
  vi.advanceTimersByTime(1)
  await eventually(async () =>
    expect(await counted()).toEqual({ '0 created users': 1000, '0 refused.not_signed_in ': 1 }),
  )
})

test('a node that counted nothing writes nothing', async () => {
  const { node, rows } = await start()
  await node().flush()
  expect(await rows('counting')).toEqual([])
})

test('the numbers of all nodes and processes add up, also after a restart', async () => {
  const { node, counted } = await start()
  const nodes = [node(), node(), node()]
  for (const one of nodes) one.count('kept', 'users')
  await Promise.all(nodes.map((one) => one.flush()))
  for (const one of nodes) one.count('kept', 'users')
  await Promise.all(nodes.map((one) => one.close()))
  const again = node()
  again.count('kept', 'users')
  await again.close()
  expect(await counted()).toEqual({ '0 kept users': 7 })
})

test('a stop writes what was counted, and also what was counted while a flush was under way', async () => {
  const { node, counted } = await start()
  const counters = node()
  counters.count('kept', 'users')
  const flushed = counters.flush()
  counters.count('kept', 'users')
  await counters.close()
  await flushed
  expect(await counted()).toEqual({ '0 kept users': 2 })
})

describe('a write that failed', () => {
  test('is done again, with all that was counted since', async () => {
    const { open, node, counted, log } = await start()
    const store = open()
    let isThere = false
    const counters = node({
      addCounts: async (input) => {
        if (!isThere) throw new Error('not there')
        return store.addCounts(input)
      },
    })
    counters.count('kept', 'users')
    await counters.flush()
    counters.count('kept', 'users')
    await counters.flush()
    expect(await counted()).toEqual({})
    expect(log).toEqual(Array(2).fill('counts could not be written: they are kept until the next attempt'))
    isThere = true
    await counters.flush()
    expect(await counted()).toEqual({ '0 kept users': 2 })
  })

  test('counts once, if it was done all the same and only the answer was lost', async () => {
    const { open, node, counted } = await start()
    const store = open()
    let lost = 2
    const counters = node({
      addCounts: async (input) => {
        await store.addCounts(input)
        if (lost-- > 0) throw new Error('the answer was lost')
      },
    })
    counters.count('kept', 'users')
    await counters.flush()
    counters.count('kept', 'users')
    await counters.flush()
    await counters.flush()
    expect(await counted()).toEqual({ '0 kept users': 2 })
  })

  test('counts once, if only its answer was lost and the node was then cut off for days', async () => {
    const { clock, open, node, counted } = await start()
    const store = open()
    let isCutOff = false
    const counters = node({
      addCounts: async (input) => {
        if (isCutOff) throw new Error('not there')
        await store.addCounts(input)
        if (input.batch === 1) throw new Error('the answer was lost')
      },
    })
    for (let i = 0; i < LEAST_COUNT; i++) counters.count('kept', 'users')
    await counters.flush()
    isCutOff = true
    for (let n = 0; n < 6; n++) {
      await store.closeDays({ last: today + n * DAY_SECONDS, keptFrom: 0 })
      clock.now += DAY_SECONDS
      await counters.flush()
    }
    isCutOff = false
    await counters.flush()
    expect(await counted()).toEqual({ '0 kept users': LEAST_COUNT })
  })

  test('is given up at a stop, which says so', async () => {
    const { node, log } = await start()
    const counters = node({ addCounts: () => Promise.reject(new Error('not there')) })
    counters.count('kept', 'users')
    await counters.close()
    expect(log.at(-1)).toBe('what was counted since the last write is lost')
  })
})

describe('a day', () => {
  test('ends at midnight, UTC', async () => {
    const { clock, node, counted } = await start()
    const counters = node()
    clock.now = today + DAY_SECONDS - 1
    counters.count('kept', 'users')
    clock.now++
    counters.count('kept', 'users')
    await counters.flush()
    expect(await counted()).toEqual({ '0 kept users': 1, '1 kept users': 1 })
  })

  test('that is closed never changes: what is written late counts for the first open day', async () => {
    const { clock, open, node, counted } = await start()
    const [store, late] = [open(), node()]
    for (let i = 0; i < LEAST_COUNT; i++) late.count('kept', 'users')
    await late.flush()
    late.count('kept', 'users')
    clock.now += 3 * DAY_SECONDS
    await store.closeDays({ last: today + DAY_SECONDS, keptFrom: 0 })
    await store.closeDays({ last: today, keptFrom: 0 }) // a node whose clock is behind
    await late.flush()
    expect(await counted()).toEqual({ '0 kept users': 5, '2 kept users': 1 })
  })

  test('is closed once, however many nodes close it at once while others count', async () => {
    const { open, node, counted } = await start()
    const stores = [open(), open(), open()]
    const nodes = stores.map((store) => node(store))
    for (const one of nodes) for (let i = 0; i < 3; i++) one.count('kept', 'users')
    await nodes[0]!.flush()
    await Promise.all([
      ...stores.map((store) => store.closeDays({ last: today, keptFrom: 0 })),
      ...nodes.map((one) => one.flush()),
    ])
    const after = await counted()
    expect((after['0 kept users'] ?? 0) + (after['1 kept users'] ?? 0)).toBe(9)
    expect(after['0 kept users'] ?? LEAST_COUNT).toBeGreaterThanOrEqual(LEAST_COUNT)
    for (const store of stores) await store.closeDays({ last: today, keptFrom: 0 })
    expect(await counted()).toEqual(after)
  })

  test('is deleted when it is older than what is kept, and a process that is over is forgotten', async () => {
    const { open, node, counted, rows } = await start()
    const [store, counters] = [open(), node()]
    for (let i = 0; i < LEAST_COUNT; i++) counters.count('kept', 'users')
    await counters.close()
    await store.closeDays({ last: today, keptFrom: today })
    expect(await counted()).toEqual({ '0 kept users': 5 })
    expect(await rows('counting')).toHaveLength(2)
    await store.closeDays({ last: today + 7 * DAY_SECONDS, keptFrom: today + DAY_SECONDS })
    expect(await counted()).toEqual({})
    expect(await rows('counting')).toHaveLength(2)
    await store.closeDays({ last: today + 8 * DAY_SECONDS, keptFrom: today + DAY_SECONDS })
    expect((await rows('counting')).map(({ id }) => id)).toEqual(['closed'])
  })
})

test('no row holds anything but a day, a name, a collection and a number', async () => {
  const { node, rows } = await start()
  const counters = node()
  counters.count('came_back.passkey', 'users')
  await counters.flush()
  expect(
    (await rows('counters')).map((row) => ({ ...row, day: Number(row.day), counted: Number(row.counted) })),
  ).toEqual([{ day: today, name: 'came_back.passkey', collection: 'users', counted: 1 }])
  const [row] = (await rows('counting')).filter(({ id }) => id !== 'closed')
  expect({ ...row, day: Number(row!.day) }).toEqual({
    id: expect.stringMatching(/^node\/[\w-]{22}$/),
    day: today,
    value: '1',
  })
})
