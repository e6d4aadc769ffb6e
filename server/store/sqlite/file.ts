// Opens the SQLite file: readable by its owner alone, in WAL mode, with durable commits and all tables.

import { closeSync, openSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { migrations } from '../sql/migrations.ts'
import { type Found, obstacleIn, STEPS_TABLE, takenNames } from '../sql/schema-objects.ts'
import { refuseUnlessKnown } from '../sql/schema-steps.ts'
import type { Row, Statement } from '../sql/statement.ts'
import { Refusal } from '../unavailable.ts'
import { refuseUnfinishedRestore } from './restoring.ts'
import { mark, refuseStrayLog } from './stray-log.ts'

/** The page cache, 32 MiB: with it a million guests are found about as fast as ten thousand. */
const CACHE_KIB = 32 * 1024

/**
 * The size of the log (WAL) that is kept, 16 MiB. While another process reads for long, such as a backup, the log grows
 * beyond that. A few writes after the reader is gone, the rest goes back to the disk.
 */
export const LOG_BYTES = 16 * 1024 * 1024

/**
 * Opens the file, makes it if it is missing, and brings its tables up to date. Waits at most `busyMilliseconds` for
 * another process's lock. Throws what SQLite throws, and a Refusal if the tables are of a newer version or of another
 * program.
 */
export function openFile(file: string, busyMilliseconds: number): Database.Database {
  refuseUnfinishedRestore(file)
  refuseStrayLog(file)
  makeFile(file)
  return open(file, busyMilliseconds, (db) => {
    refuseUnlessKnown(file, stepsDone(db) ?? [])
    const obstacle = obstacleInFile(file, db)
    if (obstacle) throw new Refusal(obstacle)
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

/** What the file has of our names, and which steps were done on it. SQLite tells names apart without their case. */
const lookAt = (db: Database.Database): { done: number[] | undefined; found: Found[] } =>
  db.transaction(() => {
    const objects = db.prepare('SELECT name, type FROM sqlite_master').all() as {
      name: string
      type: string
    }[]
    const columnsOf = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck()
    const found = objects
      .map(({ name, type }) => ({ name: name.toLowerCase(), kind: type, columns: [] as string[] }))
      .filter(({ name }) => takenNames.includes(name))
    for (const one of found) if (one.kind === 'table') one.columns = columnsOf.all(one.name)
    const hasSteps = found.some(({ name, columns }) => name === STEPS_TABLE && columns.includes('step'))
    const done = hasSteps
      ? (db.prepare(`SELECT step FROM ${STEPS_TABLE}`).pluck().all() as number[])
      : undefined
    return { done, found }
  })()

/** The schema steps that were done on the file; undefined if it has no table of steps of ours. */
export const stepsDone = (db: Database.Database): number[] | undefined => lookAt(db).done

/** Why the file cannot hold our tables; nothing if it can. */
export const obstacleInFile = (file: string, db: Database.Database): string | undefined =>
  obstacleIn(file, lookAt(db), 'give guestkey a file of its own')

function prepare(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY') // the folder of the data is all that it may write to
  db.pragma('secure_delete = ON') // what is deleted is overwritten with zeros
  db.pragma(`cache_size = -${CACHE_KIB}`)
  db.pragma(`journal_size_limit = ${LOG_BYTES}`)
}

/** Does the steps that are missing: in a new file all at once, in an older store one by one, as some take long. */
function migrateSqlite(db: Database.Database): void {
  const done = stepsDone(db)
  const steps = [...migrations.keys()].filter((step) => !done?.includes(step))
  for (const some of done ? steps.map((step) => [step]) : [steps]) doSteps(db, some)
}

function doSteps(db: Database.Database, steps: number[]): void {
  // IMMEDIATE takes the write lock first: if two processes start at once, the second one finds the steps done.
  db.transaction(() => {
    db.exec(`CREATE TABLE IF NOT EXISTS ${STEPS_TABLE} (step INTEGER PRIMARY KEY)`)
    const isDone = db.prepare(`SELECT 1 FROM ${STEPS_TABLE} WHERE step = ?`)
    const missing = steps.filter((step) => !isDone.get(step))
    if (missing.length > 0) mark(db)
    for (const step of missing) {
      for (const statement of migrations[step]!) db.exec(statement)
      db.prepare(`INSERT INTO ${STEPS_TABLE} (step) VALUES (?)`).run(step)
    }
  }).immediate()
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
