// The SQLite driver: reads on this thread (a WAL reader waits for nobody), writes through the writer thread.

import type Database from 'better-sqlite3'
import { drive, type Row, reads, type Statement, writes } from './sql-store.ts'
import { createExecute, openFile } from './sqlite-file.ts'
import { createWriter } from './sqlite-writer.ts'
import type { Store, StoreReads, StoreWrites } from './store.ts'
import { unavailable } from './unavailable.ts'

/**
 * A store in one SQLite file, which is created where missing, when it is first asked.
 * Errors: every verb rejects with `unavailable` where the file cannot be opened, read or written, and where another
 * process holds the write lock for longer than `busyMilliseconds`; the next one tries again.
 */
export function openSqlite(file: string, { busyMilliseconds = 5000 } = {}): Store {
  const writer = createWriter({ file, busyMilliseconds })
  let db: Database.Database | undefined
  let execute: (statement: Statement) => Row[]

  function open(): void {
    if (db) return
    db = openFile(file, busyMilliseconds)
    db.pragma('query_only = ON') // everything else is the writer's
    execute = createExecute(db)
  }
  function orUnavailable<T>(what: string, work: () => T): T {
    try {
      return work()
    } catch (cause) {
      throw unavailable(`sqlite ${what}`, cause)
    }
  }

  const store: Record<string, unknown> = {
    async ready() {
      orUnavailable('open', open)
    },
    async close() {
      await writer.close()
      db?.close()
    },
  }
  for (const verb of Object.keys(reads) as (keyof StoreReads)[]) {
    store[verb] = async (input: unknown) => {
      orUnavailable('open', open)
      return orUnavailable('read', () => drive<unknown>(reads[verb](input as never), execute))
    }
  }
  for (const verb of Object.keys(writes) as (keyof StoreWrites)[]) {
    store[verb] = (input: unknown) => writer.write({ verb, input })
  }
  return store as unknown as Store
}
