// `guestkey backup`: an online copy of the SQLite store, checked before it gets its name.

import { existsSync, linkSync, renameSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { isPostgres } from '../../options/options.ts'
import type { Command } from './command.ts'
import { copyStore, flushFolder } from './copy-store.ts'
import { readSettings } from './settings.ts'
import { openForReading } from './sqlite-reader.ts'

export const backup: Command = {
  operands: ['file'],
  help: `
guestkey backup <file>

Copies the SQLite store to a new file, while the service runs and writes. The copy is the store at one moment; it is
checked (integrity_check, foreign_key_check, rows counted against the store), gets its name only then, and can be read
by its owner alone (mode 0600). A file that is there already is never overwritten.

  GUESTKEY_DATA=/var/lib/guestkey guestkey backup /backups/guests-$(date +%F).db

To restore, stop the service, run guestkey restore <file> and start the service. Keep the secret too, apart from the
copies: without it, guests who have no passkey yet are lost.`,

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
  const { bytes, lines } = await copyStore(source, target, (copy) => giveName(copy, target)).catch(
    (error: Error) => {
      throw new Error(`The backup failed, and nothing is left of it: ${error.message}.`)
    },
  )
  process.stdout.write(`${target} is a checked copy of ${source.name}, ${bytes}:\n${lines.join('')}`)
}

/** Never over another file. */
function giveName(unfinished: string, target: string): void {
  try {
    linkSync(unfinished, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || existsSync(target)) throw new Error(`${target} has been made meanwhile`)
    renameSync(unfinished, target) // a file system without links
  }
  flushFolder(dirname(target))
}
