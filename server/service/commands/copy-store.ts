// A copy of a SQLite store in a file of its own: made while others write, without what was deleted, checked, and flushed.

import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { whenInterrupted } from './interruption.ts'
import { createProgress, formatBytes, formatCount } from './progress.ts'
import { countRows, findDamage } from './sqlite-reader.ts'

/** How many pages it copies at once. In between, the requests of guests get their turn at the disk. */
const BATCH_PAGES = 1000

/**
 * Copies the store as it is at one moment into a new file in the folder of `target`, and checks the copy. `use` gives
 * it its name; if anything fails before, nothing is left of it. Returns lines that say what is in the copy.
 */
export async function copyStore(
  source: Database.Database,
  target: string,
  use: (copy: string) => void,
): Promise<{ bytes: string; lines: string[] }> {
  // The counts and the copy are of this moment: a copy that is made outside of a transaction begins anew with
  // every write of another process.
  source.exec('BEGIN')
  const rows = countRows(source)
  const bytes = databaseBytes(source)
  const folder = dirname(target)
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < 2 * bytes) {
    throw new Error(
      `The copy needs ${formatBytes(2 * bytes)}, half of it only meanwhile, and ${folder} has ${formatBytes(bavail * bsize)} left.`,
    )
  }

  const unfinished = `${target}.unfinished-${randomBytes(4).toString('hex')}`
  const compact = `${unfinished}-compact`
  const remove = () => {
    for (const end of ['', '-journal', '-wal', '-shm']) {
      for (const file of [unfinished, compact]) rmSync(file + end, { force: true })
    }
  }
  const proceed = whenInterrupted(remove)
  try {
    for (const file of [unfinished, compact]) closeSync(openSync(file, 'wx', 0o600))
    const progress = createProgress('copying', bytes)
    await source.backup(unfinished, {
      progress({ totalPages, remainingPages }) {
        progress(bytes * (1 - remainingPages / totalPages))
        return BATCH_PAGES
      },
    })
    progress(bytes)
    writeAnew(unfinished, compact)
    renameSync(compact, unfinished)
    verifyCopy(unfinished, rows)
    flush(unfinished)
    use(unfinished)
  } finally {
    remove()
    proceed()
  }
  const lines = rows.map(({ table, rows: n }) => `  ${table.padEnd(14)}${formatCount(n)}\n`)
  return { bytes: formatBytes(bytes), lines }
}

function databaseBytes(db: Database.Database): number {
  const [pages, size] = ['page_count', 'page_size'].map((name) => db.pragma(name, { simple: true }) as number)
  return pages! * size!
}

/** Copies the live rows alone. Copied page by page, the file also holds what was deleted and not overwritten since. */
function writeAnew(copied: string, compact: string): void {
  const db = new Database(copied, { fileMustExist: true })
  try {
    db.prepare('VACUUM INTO ?').run(compact)
  } finally {
    db.close()
  }
}

function verifyCopy(file: string, rows: { table: string; rows: number }[]): void {
  const db = new Database(file, { fileMustExist: true })
  try {
    db.pragma('journal_mode = DELETE') // one file that can be read from anywhere; the service turns WAL on again
    const damage = findDamage(db)
    if (damage.length > 0)
      throw new Error(`the copy is damaged, and so may be what it was made of: ${damage[0]}`)
    if (JSON.stringify(countRows(db)) !== JSON.stringify(rows))
      throw new Error('rows are missing in the copy')
  } finally {
    db.close()
  }
}

/** Makes a file or a folder durable. */
export function flush(path: string): void {
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes the names in a folder durable. */
export function flushFolder(folder: string): void {
  if (process.platform !== 'win32') flush(folder)
}
