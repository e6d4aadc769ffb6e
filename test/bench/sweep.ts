// The row in which guests whose grace time is over are erased while others sign in: the speed, and the others' latency.

import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { openSqlite } from '../../server/store/sqlite/driver.ts'
import { newDirectory, removeDirectory, start } from './contenders.ts'
import { open } from './load.ts'
import type { Columns } from './report.ts'
import { comeBack, newGuests, type Work } from './throughput.ts'

/** The traffic of a busy site, below the limit of the service, so that every wait shows in full. */
export const LANES = 16
const SIGN_INS_PER_SECOND = 150
/** Each round runs without the clean-up and beside it, in turn, so that other load on the machine affects both alike. */
const SECONDS = 25
/** A node that knows as many steps of the schema as any: from one that knows fewer, the service would take the job. */
const HOLDER = 'bench/1000'
/** The service looks for due guests once a minute, and checks several times a minute whether it may continue. */
const CHORES_MILLISECONDS = 90_000

/** Guests erased per second, and the latency of a passkey sign-in before the clean-up and beside it. */
export async function measureSweep(guests: number, rounds: number): Promise<Columns> {
  const directory = newDirectory('sweep')
  try {
    const file = join(directory, 'guestkey.db')
    await fillWithExpired(file, guests)
    const db = new Database(file)
    const hold =
      db.prepare(`INSERT INTO chores (name, holder, taken_until) VALUES ('forget guests', '${HOLDER}', ?)
      ON CONFLICT (name) DO UPDATE SET holder = '${HOLDER}', taken_until = excluded.taken_until`)
    /** Reads the whole table, so never call it while this process measures latencies. */
    const left = () =>
      db.prepare("SELECT COUNT(*) FROM guests WHERE stage = 'expired'").pluck().get() as number
    hold.run(Number.MAX_SAFE_INTEGER) // as another node does
    const server = await start('standalone', directory)
    try {
      const work = comeBack(server, await newGuests(server, 1000), LANES)
      const [before, beside]: number[][] = [[], []]
      let erased = 0
      let milliseconds = 0
      for (let round = 0; round < rounds; round++) {
        before!.push(...(await latencies(server.ports[0]!, work)))
        hold.run(0)
        await until(left, (from, now) => now < from)
        const [from, at] = [left(), performance.now()]
        beside!.push(...(await latencies(server.ports[0]!, work)))
        milliseconds += performance.now() - at
        const rest = left()
        if (rest === 0) throw new Error('there were too few guests to erase')
        erased += from - rest
        hold.run(Number.MAX_SAFE_INTEGER)
        await until(left, (before, now) => now === before)
      }
      return {
        before: quantiles(before!),
        beside: { ...quantiles(beside!), 'guests/s': (erased * 1000) / milliseconds },
      }
    } finally {
      db.close()
      await server.stop()
    }
  } finally {
    removeDirectory(directory)
  }
}

async function fillWithExpired(file: string, guests: number): Promise<void> {
  const store = openSqlite(file)
  await store.ready()
  await store.close()
  const db = new Database(file)
  db.pragma('foreign_keys = OFF')
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${guests})`
  const id = 'substr(hex(randomblob(16)), 1, 22)'
  db.exec(`
    INSERT INTO guests (anonymous_id, user_handle, label, collection, created_at, last_seen_at, stage, expires_at, due_at)
      ${numbers} SELECT ${id}, hex(randomblob(43)), 'amber-fox-42', 'users', 1, 1, 'expired', 1, 2 FROM n;
    INSERT INTO passkeys (credential_id, anonymous_id, public_key, sign_count, aaguid, name, transports,
        backup_eligible, backed_up, created_at)
      SELECT hex(randomblob(16)), anonymous_id, hex(randomblob(50)), 0, '', 'Passkey', 'internal', 1, 1, 1 FROM guests;
  `)
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
}

/** Reads a number every two seconds, until `isSo` holds for two readings in a row. Throws if that takes too long. */
async function until(count: () => number, isSo: (before: number, now: number) => boolean): Promise<void> {
  const end = performance.now() + CHORES_MILLISECONDS
  for (let before = count(), now = before; ; before = now) {
    await setTimeout(2000)
    now = count()
    if (isSo(before, now)) return
    if (performance.now() > end) throw new Error('the clean-up neither began nor ended')
  }
}

/** Signs in at a steady rate for this long. Returns the latencies in milliseconds. */
export async function latencies(port: number, work: Work): Promise<number[]> {
  const connections = await Promise.all(Array.from({ length: LANES }, () => open(port)))
  const found: number[] = []
  const end = performance.now() + SECONDS * 1000
  const every = (LANES * 1000) / SIGN_INS_PER_SECOND
  await Promise.all(
    connections.map(async ({ send }, lane) => {
      await setTimeout((lane * every) / LANES)
      for (let turn = 0; performance.now() < end; turn++) {
        const began = performance.now()
        await work(send, lane, turn)
        found.push(performance.now() - began)
        await setTimeout(Math.max(0, began + every - performance.now()))
      }
    }),
  )
  for (const { close } of connections) close()
  return found
}

export function quantiles(found: number[]): Record<string, number> {
  found.sort((a, b) => a - b)
  const quantile = (share: number) => found[Math.floor(found.length * share)]!
  return { 'sign-in p50, ms': quantile(0.5), 'sign-in p99, ms': quantile(0.99) }
}
