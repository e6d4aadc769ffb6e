// Moves the rows of one table, from the beginning or from where an earlier run stopped, and compares both sides.

import { hash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { PgClient } from '../postgres-client.ts'
import { finderOf, pagesOf, type TextRow } from './source.ts'
import { eachPage, insertRows, remove, type TargetTable } from './target.ts'

const COPY_BATCH_ROWS = 2000

/** The rowids of the source that the target has already. Each takes one bit, so a hundred million fit into memory. */
export type Present = { add: (rowid: number) => void; has: (rowid: number) => boolean }

const CHUNK_BITS = 2 ** 20

function createPresent(): Present {
  const chunks = new Map<number, Uint8Array>()
  return {
    add(rowid) {
      const at = Math.floor(rowid / CHUNK_BITS)
      const bit = rowid % CHUNK_BITS
      const chunk = chunks.get(at) ?? new Uint8Array(CHUNK_BITS / 8)
      chunks.set(at, chunk)
      chunk[bit >> 3]! |= 1 << (bit & 7)
    },
    has(rowid) {
      const bit = rowid % CHUNK_BITS
      const byte = chunks.get(Math.floor(rowid / CHUNK_BITS))?.[bit >> 3] ?? 0
      return (byte & (1 << (bit & 7))) !== 0
    },
  }
}

/**
 * Removes rows from the target that the source does not have, or that have changed there since. Returns the rows that
 * stay: they need not be sent again.
 */
export async function removeStale(
  source: Database.Database,
  client: PgClient,
  table: TargetTable,
  progress: (rows: number) => void,
): Promise<Present> {
  const present = createPresent()
  const find = finderOf(source, table)
  const keyIndexes = table.key.map((column) => table.columns.indexOf(column))
  await eachPage(client, table, async (rows) => {
    const stale: TextRow[] = []
    for (const row of rows) {
      const key = keyIndexes.map((i) => row[i]!)
      const found = find(key)
      if (found && row.every((value, i) => value === found[i + 1])) present.add(found[0])
      else stale.push(key)
    }
    if (stale.length > 0) await remove(client, table, stale)
    progress(rows.length)
  })
  return present
}

/** Sends the missing rows in batches of 2,000. It reads the next batch while the database inserts the last one. */
export async function insertMissing(
  source: Database.Database,
  client: PgClient,
  table: TargetTable,
  present: Present | undefined,
  progress: (rows: number) => void,
): Promise<void> {
  let sending = Promise.resolve()
  for (const page of pagesOf(source, table, COPY_BATCH_ROWS)) {
    const missing = present ? page.filter(([rowid]) => !present.has(rowid)) : page
    const rows = missing.map(([, ...row]) => row)
    await sending
    progress(page.length)
    sending = rows.length > 0 ? insertRows(client, table, rows) : sending
    sending.catch(() => {}) // an error is thrown by the `await sending` after the next batch is read
  }
  await sending
}

/** The number of rows of a table, and a checksum of them that does not depend on their order. */
export type Sum = { rows: number; checksum: string }

const MODULUS = 2 ** 48

/** Adds up the SHA-256 of all rows (the first 96 bits). A row that is missing, extra, doubled or changed changes it. */
function createSum(): { add: (row: TextRow) => void; sum: () => Sum } {
  let rows = 0
  let high = 0
  let low = 0
  return {
    add(row) {
      const digest = hash('sha256', JSON.stringify(row), 'buffer')
      high = (high + digest.readUIntBE(0, 6)) % MODULUS
      low = (low + digest.readUIntBE(6, 6)) % MODULUS
      rows++
    },
    sum: () => ({ rows, checksum: [high, low].map((n) => n.toString(16).padStart(12, '0')).join('') }),
  }
}

export async function sumOfSource(
  source: Database.Database,
  table: TargetTable,
  progress: (rows: number) => void,
): Promise<Sum> {
  const { add, sum } = createSum()
  for (const page of pagesOf(source, table, COPY_BATCH_ROWS)) {
    for (const [, ...row] of page) add(row)
    progress(page.length)
    await new Promise(setImmediate) // lets Node handle Ctrl-C
  }
  return sum()
}

export async function sumOfTarget(
  client: PgClient,
  table: TargetTable,
  progress: (rows: number) => void,
): Promise<Sum> {
  const { add, sum } = createSum()
  await eachPage(client, table, (rows) => {
    for (const row of rows) add(row)
    progress(rows.length)
  })
  return sum()
}
