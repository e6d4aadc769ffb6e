// Opens the SQLite file: readable by its owner alone, in WAL mode, with durable commits and all tables.

import { closeSync, openSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { migrations } from '../sql/migrations.ts'
import { refuseUnlessKnown } from '../sql/schema-steps.ts'
import type { Row, Statement } from '../sql/statement.ts'
import { refuseUnfinishedRestore } from './restoring.ts'
import { mark, refuseStrayLog } from './stray-log.ts'

/** The page cache, 32 MiB: with it a million guests are found about as fast as ten thousand. */
const CACHE_KIB = 32 * 1024

/**
 * Opens the file, makes it if it is missing, and brings its tables up to date. Waits at most `busyMilliseconds` for
 * another process's lock. Throws what SQLite throws, and throws if this version does not know the tables.
 */
export function openFile(file: string, busyMilliseconds: number): Database.Database {
  refuseUnfinishedRestore(file)
  refuseStrayLog(file)
  makeFile(file)
  return open(file, busyMilliseconds, (db) => {
    refuseUnlessKnown(file, stepsDone(db))
    prepare(db)
    migrateSqlite(db)
  })
}

/**
 * Creates the file if it is missing. It does not open an existing file: closing it would drop the locks (fcntl) that
 * SQLite holds on it elsewhere in this process, and another process could then remove the log under the service.
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600)) // SQLite gives its log the same mode
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
    if (statSync(file).isDirectory()) throw new Error(`EISDIR: ${file} is a folder, not a file`)
  }
}

/**
 * Opens a file again that `openFile` has opened. It does not check the tables: a newer version may have changed them
 * meanwhile, and a service that runs already goes on beside it.
 */
export const reopenFile = (file: string, busyMilliseconds: number): Database.Database =>
  open(file, busyMilliseconds, prepare)

function open(
  file: string,
  busyMilliseconds: number,
  work: (db: Database.Database) => void,
): Database.Database {
  const db = new Database(file, { timeout: busyMilliseconds, fileMustExist: true })
  try {
    work(db)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

function stepsDone(db: Database.Database): number[] {
  const hasSteps = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_steps'")
  return hasSteps.get() ? (db.prepare('SELECT step FROM schema_steps').pluck().all() as number[]) : []
}

function prepare(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY') // the folder of the data is all that it may write to
  db.pragma(`cache_size = -${CACHE_KIB}`)
}

function migrateSqlite(db: Database.Database): void {
  db.exec('CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY)')
  const isDone = db.prepare('SELECT 1 FROM schema_steps WHERE step = ?')
  for (const [step, statements] of migrations.entries()) {
    if (isDone.get(step)) continue
    // IMMEDIATE takes the write lock first: if two processes start at once, the second one finds the step done.
    db.transaction(() => {
      if (isDone.get(step)) return
      mark(db)
      for (const statement of statements) db.exec(statement)
      db.prepare('INSERT INTO schema_steps (step) VALUES (?)').run(step)
    }).immediate()
  }
}

/** The SQL text with SQLite's name for the clock. */
export const inSqlite = (sql: string): string => sql.replaceAll('unix_now()', 'unixepoch()')

/** Returns a function that runs one statement. It prepares each text only once. */
export function createExecute(db: Database.Database): (statement: Statement) => Row[] {
  const prepared = new Map<string, Database.Statement<unknown[], Row>>()
  return ({ sql, values }) => {
    let statement = prepared.get(sql)
    if (!statement) {
      statement = db.prepare<unknown[], Row>(inSqlite(sql))
      prepared.set(sql, statement)
    }
    if (statement.reader) return statement.all(...values)
    statement.run(...values)
    return []
  }
}
