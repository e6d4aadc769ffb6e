// Looking at the SQLite store of a service that may be running: nothing is written, and nothing made.

import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { refuseStrayLog } from '../../store/sqlite/log.ts'
import { refuseUnfinishedRestore } from '../../store/sqlite/restoring.ts'

/** Opens a guestkey store for reading. Throws a sentence where the file is missing or is none. */
export function openForReading(file: string): Database.Database {
  if (!existsSync(file)) throw new Error(`There is no SQLite store at ${file}.`)
  if (!statSync(file).isFile()) throw new Error(`${file} is not a file.`)
  refuseUnfinishedRestore(file)
  refuseStrayLog(file)
  let db: Database.Database | undefined
  try {
    // A reader without the right to write could not take its two helper files away again; query_only keeps it from
    // writing. Where another process has the store open, or died over it, these files are there and must stay.
    db = new Database(file, { fileMustExist: true, readonly: existsSync(`${file}-wal`), timeout: 5000 })
    db.pragma('query_only = ON')
    db.pragma('temp_store = MEMORY') // as in the service: there may be no other folder to write to
    if (!hasTable(db, 'schema_steps')) throw new Error('it has no tables of guestkey')
    return db
  } catch (error) {
    db?.close()
    const { code, message } = error as { code?: string; message: string }
    const advice = /^SQLITE_(CANTOPEN|READONLY|PERM)/.test(code ?? '')
      ? ' Run this as the account of the service: SQLite keeps two more files in the folder of a store.'
      : ''
    throw new Error(`${file} cannot be read as a store: ${message}.${advice}`)
  }
}

/** The steps of the schema that were done on it. */
export const stepsOf = (db: Database.Database): number[] =>
  db.prepare('SELECT step FROM schema_steps').pluck().all() as number[]

/** The tables with how many rows they have. */
export function countRows(db: Database.Database): { table: string; rows: number }[] {
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
  return (names as string[])
    .filter((name) => !name.startsWith('sqlite_'))
    .map((table) => ({ table, rows: db.prepare(`SELECT COUNT(*) FROM "${table}"`).pluck().get() as number }))
}

/** What SQLite finds broken in the file or between its tables; empty where nothing is. */
export function findDamage(db: Database.Database): string[] {
  const integrity = (db.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')
  const orphans = (db.pragma('foreign_key_check') as { table: string; parent: string }[]).map(
    ({ table, parent }) => `a row of ${table} belongs to no row of ${parent}`,
  )
  return [...integrity, ...orphans]
}

function hasTable(db: Database.Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined
}
