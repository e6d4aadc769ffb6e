// The row about many guests on PostgreSQL: whether a million guests slow down the store's work for one of them.

import { createHash, randomBytes, randomInt } from 'node:crypto'
import pg from 'pg'
import { openPostgres } from '../../server/store/postgres/driver.ts'
import type { Store } from '../../server/store/store.ts'
import { fillWithGuests, idsOfGuest } from '../support/many-guests.ts'
import { quietly } from '../support/store-rows.ts'
import { absent, newDirectory, removeDirectory, startDatabase } from './contenders.ts'
import { type Columns, median } from './report.ts'
import type { Effort } from './throughput.ts'

/** How many verbs are under way at once: fewer than the connections of a store. */
const LANES = 4

/** Whether the verb did its work. */
type Verb = (store: Store, ids: ReturnType<typeof idsOfGuest>) => Promise<boolean>
type Size = { store: Store; count: number; close: () => Promise<void> }

const verbs: Record<string, Verb> = {
  'transaction of a passkey sign-in': async (store, { anonymousId, credentialId }) => {
    const now = Math.floor(Date.now() / 1000)
    const id = createHash('sha256').update(randomBytes(32)).digest('base64url')
    const { outcome } = await store.signInByProof({
      ...quietly,
      ...{ from: undefined, maxSessions: 100, now },
      proof: {
        ...{ by: 'passkey', credentialId, signCount: 0, backedUp: true },
        spent: { id: randomBytes(16).toString('base64url'), expiresAt: now + 300 },
      },
      to: {
        ...{ anonymousId, id, createdAt: now, lastSeenAt: now, authTime: now, enrolUntil: null, grant: null },
        ...{ expiresAt: now + 90 * 86_400, endsAt: now + 365 * 86_400 },
      },
    })
    return outcome === 'signed_in'
  },
  'read of userinfo': async (store, { anonymousId, sessionId }) =>
    (await store.findSession({ anonymousId, id: sessionId })) !== undefined,
}

/** The latencies of both verbs for random guests, at both sizes in turn. */
export async function measurePostgresScale(
  counts: { small: number; large: number },
  { rounds, seconds }: Effort,
): Promise<Columns> {
  if (absent.postgres) return {}
  const sizes: [name: string, size: Size][] = []
  try {
    for (const [name, count] of Object.entries(counts)) sizes.push([name, await openFilled(name, count)])
    const columns: Columns = Object.fromEntries(sizes.map(([name]) => [name, {}]))
    for (const [title, verb] of Object.entries(verbs)) {
      const results = new Map(sizes.map(([name]) => [name, [] as { p50: number; p99: number }[]]))
      for (const [, size] of sizes) await measure(size, verb, Math.min(seconds, 2))
      for (let round = 0; round < rounds; round++) {
        for (const [name, size] of sizes) results.get(name)!.push(await measure(size, verb, seconds))
        sizes.reverse()
      }
      for (const [name, measured] of results) {
        columns[name]![`${title} p50, ms`] = median(measured.map(({ p50 }) => p50))
        columns[name]![`${title} p99, ms`] = median(measured.map(({ p99 }) => p99))
      }
    }
    return columns
  } finally {
    for (const [, { close }] of sizes) await close()
  }
}

/** A store with this many guests, on its own PostgreSQL. */
async function openFilled(name: string, count: number): Promise<Size> {
  const directory = newDirectory(name)
  const { url, stop } = await startDatabase(directory)
  const store = openPostgres(url)
  const close = async () => {
    await store.close()
    await stop()
    removeDirectory(directory)
  }
  try {
    await store.ready()
    const db = new pg.Client({ connectionString: url })
    await db.connect()
    await fillWithGuests(db, count)
    await db.query('CHECKPOINT') // else the first round would pay for it
    await db.end()
    return { store, count, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function measure({ store, count }: Size, verb: Verb, seconds: number) {
  const latencies: number[] = []
  const end = performance.now() + seconds * 1000
  const lane = async () => {
    for (let now = performance.now(); now < end; ) {
      const began = now
      if (!(await verb(store, idsOfGuest(randomInt(count) + 1)))) throw new Error('a guest is not there')
      now = performance.now()
      latencies.push(now - began)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  latencies.sort((a, b) => a - b)
  return {
    p50: latencies[Math.floor(latencies.length * 0.5)]!,
    p99: latencies[Math.floor(latencies.length * 0.99)]!,
  }
}
