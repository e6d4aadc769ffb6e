// The row in which guests whose grace is over are erased while others sign in: how fast, and what those notice.

import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { openSqlite } from '../../server/store/sqlite.ts'
import { newDirectory, removeDirectory, start } from './contenders.ts'
import { open } from './load.ts'
import type { Columns } from './report.ts'
import { comeBack, newGuests, type Work } from './throughput.ts'

/** Traffic as of a busy site, not as much as the service can take: what it waits for shows in full. */
const LANES = 16
const SIGN_INS_PER_SECOND = 150
const BEFORE_SECONDS = 20
const BESIDE_SECONDS = 40
/** The service looks for what is due once a minute. */
const CHORES_MILLISECONDS = 90_000

/** Guests erased in a second, and the latency of a passkey sign-in before and beside it. */
export async function measureSweep(guests: number): Promise<Columns> {
  const directory = newDirectory('sweep')
  try {
    const file = join(directory, 'guestkey.db')
    await fillWithExpired(file, guests)
    const server = await start('standalone', directory)
    const db = new Database(file, { readonly: true })
    const left = () =>
      db.prepare("SELECT COUNT(*) FROM guests WHERE stage = 'expired'").pluck().get() as number
    try {
      const work = comeBack(server, await newGuests(server, 500), LANES)
      const before = await latencies(server.ports[0]!, work, BEFORE_SECONDS)
      await untilBegun(left, guests)
      const [from, at] = [left(), performance.now()]
      const beside = await latencies(server.ports[0]!, work, BESIDE_SECONDS, () => left() === 0)
      const perSecond = ((from - left()) * 1000) / (performance.now() - at)
      return { before, beside: { ...beside, 'guests/s': perSecond } }
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

async function untilBegun(left: () => number, guests: number): Promise<void> {
  const end = performance.now() + CHORES_MILLISECONDS
  while (left() === guests) {
    if (performance.now() > end) throw new Error('the sweep did not begin')
    await setTimeout(200)
  }
}

/** Sign-ins at a steady rate for so long, or until it is `over`; milliseconds. */
async function latencies(
  port: number,
  work: Work,
  seconds: number,
  over: () => boolean = () => false,
): Promise<Record<string, number>> {
  const connections = await Promise.all(Array.from({ length: LANES }, () => open(port)))
  const found: number[] = []
  const end = performance.now() + seconds * 1000
  const every = (LANES * 1000) / SIGN_INS_PER_SECOND
  let isOver = false
  await Promise.all(
    connections.map(async ({ send }, lane) => {
      await setTimeout((lane * every) / LANES)
      for (let turn = 0; performance.now() < end && !isOver; turn++) {
        const began = performance.now()
        await work(send, lane, turn)
        found.push(performance.now() - began)
        if (lane === 0) isOver = over()
        await setTimeout(Math.max(0, began + every - performance.now()))
      }
    }),
  )
  for (const { close } of connections) close()
  found.sort((a, b) => a - b)
  const quantile = (share: number) => found[Math.floor(found.length * share)]!
  return { 'sign-in p50, ms': quantile(0.5), 'sign-in p99, ms': quantile(0.99) }
}
