// `guestkey backup`: an online copy of the SQLite store, checked before it gets its name.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { isPostgres } from '../../options/options.ts'
import type { Command } from './command.ts'
import { whenInterrupted } from './interruption.ts'
import { createProgress, formatBytes, formatCount } from './progress.ts'
import { readSettings } from './settings.ts'
import { countRows, findDamage, openForReading } from './sqlite-reader.ts'

/** So many are copied before guests' requests, where they share this disk, get their turn. */
const BATCH_PAGES = 1000

export const backup: Command = {
  operands: ['file'],
  help: `
guestkey backup <file>

Copies the SQLite store to a new file, while the service runs and writes. The copy is the store at one moment; it is
checked (integrity_check, foreign_key_check, rows counted against the store), gets its name only then, and can be read
by its owner alone (mode 0600). A file that is there already is never overwritten.

  GUESTKEY_DATA=/var/lib/guestkey guestkey backup /backups/guests-$(date +%F).db

To restore, stop the service, move guestkey.db, guestkey.db-wal and guestkey.db-shm out of the data folder, put the
copy there as guestkey.db and start the service. Keep the secret too, apart from the copies: without it, guests who
have no passkey yet are lost.`,

  async run({ operands }) {
    const { store, dataFolder } = readSettings(process.env)
    if (isPostgres(store)) {
      throw new Error(
        'The store is on PostgreSQL (DATABASE_URL). Back it up with pg_dump, or with the snapshots of whoever runs it.',
      )
    }
    const target = resolve(operands[0]!)
    const source = openForReading(store)
    try {
      await copyDatabase(source, target)
    } finally {
      source.close()
    }
    if (!process.env.GUESTKEY_SECRET && existsSync(join(dataFolder, 'secret'))) {
      process.stdout.write(
        `The secret is not in it; keep ${join(dataFolder, 'secret')} too, apart from it.\n`,
      )
    }
    return 0
  },
}

async function copyDatabase(source: Database.Database, target: string): Promise<void> {
  const folder = dirname(target)
  if (existsSync(target)) throw new Error(`${target} is there already; a backup overwrites nothing.`)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`)
  // One moment of the store, however much is written meanwhile: a backup outside of a transaction begins anew with
  // every write of another process.
  source.exec('BEGIN')
  const rows = countRows(source)
  const bytes = databaseBytes(source)
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < bytes) {
    throw new Error(
      `The copy needs ${formatBytes(bytes)}, and ${folder} has ${formatBytes(bavail * bsize)} left.`,
    )
  }

  const unfinished = `${target}.unfinished-${randomBytes(4).toString('hex')}`
  const remove = () => {
    for (const end of ['', '-journal', '-wal', '-shm']) rmSync(unfinished + end, { force: true })
  }
  const proceed = whenInterrupted(remove)
  try {
    closeSync(openSync(unfinished, 'wx', 0o600))
    const progress = createProgress('copying', bytes)
    await source.backup(unfinished, {
      progress({ totalPages, remainingPages }) {
        progress(bytes * (1 - remainingPages / totalPages))
        return BATCH_PAGES
      },
    })
    progress(bytes)
    verifyCopy(unfinished, rows)
    giveName(unfinished, target)
  } catch (error) {
    throw new Error(`The backup failed, and nothing is left of it: ${(error as Error).message}.`)
  } finally {
    remove()
    proceed()
  }
  process.stdout.write(`${target} is a checked copy of ${source.name}, ${formatBytes(bytes)}:\n`)
  for (const { table, rows: n } of rows) process.stdout.write(`  ${table.padEnd(14)}${formatCount(n)}\n`)
}

function databaseBytes(db: Database.Database): number {
  const [pages, size] = ['page_count', 'page_size'].map((name) => db.pragma(name, { simple: true }) as number)
  return pages! * size!
}

function verifyCopy(file: string, rows: { table: string; rows: number }[]): void {
  const db = new Database(file, { fileMustExist: true })
  try {
    db.pragma('journal_mode = DELETE') // one file that can be read from anywhere; the service turns WAL on again
    const damage = findDamage(db)
    if (damage.length > 0) throw new Error(`the copy is damaged, and so may be the store: ${damage[0]}`)
    if (JSON.stringify(countRows(db)) !== JSON.stringify(rows))
      throw new Error('rows are missing in the copy')
  } finally {
    db.close()
  }
}

/** Durable before it has its name, and never over another file. */
function giveName(unfinished: string, target: string): void {
  flush(unfinished)
  try {
    linkSync(unfinished, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || existsSync(target)) throw new Error(`${target} has been made meanwhile`)
    renameSync(unfinished, target) // a file system without links
  }
  if (process.platform !== 'win32') flush(dirname(target))
}

function flush(path: string): void {
  const file = openSync(path, process.platform === 'win32' ? 'r+' : 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
