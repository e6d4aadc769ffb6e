// Locks a store as another process would.

import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { isPostgres } from '../../server/options/options.ts'
import { connectTo, tables } from './tables.ts'

/**
 * Blocks all other writers of the store, but not readers, until it is released. With the release, `change` is done: a
 * statement that no other writer is done before.
 */
export async function holdLock(store: string): Promise<(change?: string) => Promise<void>> {
  if (isPostgres(store)) {
    const names = Object.keys(await tables(store))
    const db = await connectTo(store)
    await db.query('BEGIN')
    await db.query(`LOCK TABLE ${names.join()} IN EXCLUSIVE MODE`)
    return async (change = '') => void (await db.query(`${change}; COMMIT`))
  }
  const db = new Database(store)
  onTestFinished(() => void db.close())
  db.exec('BEGIN IMMEDIATE')
  return async (change = '') => void db.exec(`${change}; COMMIT`)
}
