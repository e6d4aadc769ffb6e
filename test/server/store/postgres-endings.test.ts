// What a node believes about sealed sessions without asking PostgreSQL: never that one is alive whose end was
// acknowledged.

import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { openPostgres } from '../../../server/store/postgres/driver.ts'
import { createEndings } from '../../../server/store/postgres/endings.ts'
import type { Store } from '../../../server/store/store.ts'
import { databaseWithTables } from '../../support/database.ts'
import { eventually } from '../../support/eventually.ts'
import { aGuest, aRegistration, now } from '../../support/store-rows.ts'

async function twoNodes(): Promise<[Store, Store]> {
  const url = await databaseWithTables()
  const nodes = [openPostgres(url), openPostgres(url)] as [Store, Store]
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))))
  return nodes
}

const sealed = ({ anonymousId }: { anonymousId: string }) =>
  ({ kind: 'sealed', anonymousId, endedUntil: now + 1000 }) as const

/** Asks for 200 ms, so that the node then answers from what it knows. */
async function known(node: Store, guest: { anonymousId: string }): Promise<void> {
  for (let i = 0; i < 20; i++) {
    expect(await node.sealedSessionEnded(guest)).toBe(false)
    await setTimeout(10)
  }
}

test('once one node has acknowledged the end of a session, the other node no longer believes it alive', async () => {
  const [one, other] = await twoNodes()
  for (let round = 0; round < 30; round++) {
    const guest = aGuest()
    await known(other, guest)
    const end =
      round % 2
        ? one.endSession(sealed(guest))
        : one.registerPasskey(aRegistration({ guest, from: sealed(guest) }))
    let acknowledged = false
    let askedOn = 0
    const asking = (async () => {
      while (!acknowledged) {
        await other.sealedSessionEnded(guest)
        askedOn++
      }
    })()
    await end
    acknowledged = true
    expect(await other.sealedSessionEnded(guest), `round ${round}`).toBe(true)
    expect(await one.sealedSessionEnded(guest)).toBe(true)
    await asking
    expect(askedOn).toBeGreaterThan(0)
  }
})

/** A node's knowledge with a database and a clock that the test controls. */
function playedNode() {
  const ended = new Set<string>()
  const database = { reachable: true, looks: 0, asks: 0, now: 0 }
  const endings = createEndings(
    async () => {
      database.looks++
      if (!database.reachable) throw new Error('unreachable')
      return [...ended]
    },
    () => database.now,
  )
  onTestFinished(() => endings.close())
  const hasEnded = (id: string, answer = async () => ended.has(id)) =>
    endings.hasEnded(id, async () => {
      database.asks++
      return answer()
    })
  /** Asks until the node knows that the session is alive. */
  async function learn(id: string): Promise<void> {
    await eventually(async () => {
      const before = database.asks
      expect(await hasEnded(id)).toBe(false)
      expect(database.asks).toBe(before)
    })
  }
  return { ended, database, hasEnded, learn }
}

test('asks the database once, and not again while its looks succeed', async () => {
  const { database, hasEnded, learn } = playedNode()
  await learn('a')
  const { asks } = database
  expect(asks).toBeLessThanOrEqual(2)
  for (let i = 0; i < 100; i++) expect(await hasEnded('a')).toBe(false)
  expect(database.asks).toBe(asks)
})

test('finds out by a look that a session ended', async () => {
  const { ended, database, hasEnded, learn } = playedNode()
  await learn('a')
  ended.add('a')
  const { looks } = database
  await eventually(() => expect(database.looks).toBeGreaterThan(looks + 1))
  expect(await hasEnded('a')).toBe(true)
})

test('does not trust what it knows once its looks fail', async () => {
  const { database, hasEnded, learn } = playedNode()
  await learn('a')
  database.reachable = false
  database.now += 100
  const refused = new Error('unreachable')
  await eventually(() => expect(hasEnded('a', () => Promise.reject(refused))).rejects.toBe(refused))
})

test('does not believe a session alive that ends during the question', async () => {
  const { ended, database, hasEnded, learn } = playedNode()
  await learn('warm')
  const answer = hasEnded('a', async () => {
    const { looks } = database
    ended.add('a') // after the database has read its answer, before the answer arrives
    await eventually(() => expect(database.looks).toBeGreaterThan(looks + 1))
    return false
  })
  expect(await answer).toBe(false)
  expect(await hasEnded('a')).toBe(true)
})

test.each([
  ['a pause between looks that may have missed an end', 11],
  ['a minute, whatever the looks found', 61],
])('asks the database again after %s', async (_, seconds) => {
  const { database, hasEnded, learn } = playedNode()
  await learn('a')
  const { asks } = database
  database.now += seconds * 1000
  const { looks } = database
  void hasEnded('b')
  await eventually(() => expect(database.looks).toBeGreaterThan(looks + 1))
  await hasEnded('a')
  expect(database.asks).toBe(asks + 2)
})

test('stops looking when nobody asks', async () => {
  const { database, learn } = playedNode()
  await learn('a')
  database.now += 5000
  await setTimeout(100)
  const { looks } = database
  await setTimeout(200)
  expect(database.looks).toBe(looks)
})
