// Reads the SQLite store of a service that may be running. It writes nothing and creates nothing.

import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { obstacleInFile, stepsDone } from '../../store/sqlite/file.ts'
import { refuseUnfinishedRestore } from '../../store/sqlite/restoring.ts'
import { refuseStrayLog } from '../../store/sqlite/stray-log.ts'

/** Opens a guestkey store for reading. Throws an error that says so if the file is missing or is no guestkey store. */
export function openForReading(file: string): Database.Database {
  if (!existsSync(file)) throw new Error(`There is no SQLite store at ${file}.`)
  if (!statSync(file).isFile()) throw new Error(`${file} is not a file.`)
  refuseUnfinishedRestore(file)
  refuseStrayLog(file)
  let db: Database.Database | undefined
  try {
    // A read-only connection cannot remove the -wal and -shm files that it creates. So the connection may write, and
    // query_only stops it. If -wal exists already, another process has the store open or crashed: both files must stay.
    db = new Database(file, { fileMustExist: true, readonly: existsSync(`${file}-wal`), timeout: 5000 })
    db.pragma('query_only = ON')
    db.pragma('temp_store = MEMORY') // as in the service: there may be no folder for temporary files
    if (!stepsDone(db)) {
      const obstacle = obstacleInFile(file, db)
      throw new Error(`it has no guestkey tables${obstacle ? `, and ${obstacle}` : ''}`)
    }
    return db
  } catch (error) {
    db?.close()
    const { code, message } = error as { code?: string; message: string }
    const advice = /^SQLITE_(CANTOPEN|READONLY|PERM)/.test(code ?? '')
      ? ' Run this as the account of the service: SQLite also needs two files beside the store (-wal and -shm).'
      : ''
    throw new Error(`${file} cannot be read as a store: ${message}.${advice}`)
  }
}

/** The schema steps that were already applied to the store. */
export const stepsOf = (db: Database.Database): number[] => stepsDone(db) ?? []

/** Each table with its number of rows. */
export function countRows(db: Database.Database): { table: string; rows: number }[] {
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all()
  return (names as string[])
    .filter((name) => !name.startsWith('sqlite_'))
    .map((table) => ({ table, rows: db.prepare(`SELECT COUNT(*) FROM "${table}"`).pluck().get() as number }))
}

/** The damage that SQLite finds in the file or in its foreign keys; empty if it finds none. */
export function findDamage(db: Database.Database): string[] {
  const integrity = (db.pragma('integrity_check') as { integrity_check: string }[])
    .map((row) => row.integrity_check)
    .filter((line) => line !== 'ok')
  const orphans = (db.pragma('foreign_key_check') as { table: string; parent: string }[]).map(
    ({ table, parent }) => `a row of ${table} belongs to no row of ${parent}`,
  )
  return [...integrity, ...orphans]
}
