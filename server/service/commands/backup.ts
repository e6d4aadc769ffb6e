// `guestkey backup`: copies the SQLite store while the service runs, and checks the copy before it gets its name.

import { existsSync, linkSync, renameSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { isPostgres } from '../../options/options.ts'
import type { Command } from './command.ts'
import { copyStore, flushFolder } from './copy-store.ts'
import { openForReading } from './sqlite-reader.ts'
import { readVariables } from './variables.ts'

export const backup: Command = {
  operands: ['file'],
  help: `
guestkey backup <file>

Copies the SQLite store to a new file while the service runs and writes. The copy shows the store at one moment, and
holds nothing that was deleted before. The command checks the copy (integrity_check, foreign_key_check, the number of
rows in each table) before it gets the name <file>. Only the owner can read it (mode 0600). The command never
overwrites a file that exists.

  GUESTKEY_DATA=/var/lib/guestkey guestkey backup /backups/guests-$(date +%F).db

To restore, stop the service, run guestkey restore <file> and start the service.

Keep the secret too, but not beside the copies. Without it, guests who have no passkey, device key, recovery code or
login ID are lost.`,

  async run({ operands }) {
    const { store, dataFolder } = readVariables(process.env)
    if (isPostgres(store)) {
      throw new Error(
        'The store is on PostgreSQL (DATABASE_URL). Back it up with pg_dump, or with the snapshots of your provider.',
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
        `The copy does not contain the secret. Keep ${join(dataFolder, 'secret')} too, but not beside the copy.\n`,
      )
    }
    return 0
  },
}

async function copyDatabase(source: Database.Database, target: string): Promise<void> {
  const folder = dirname(target)
  if (existsSync(target)) throw new Error(`${target} exists already; a backup overwrites nothing.`)
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`)
  const { bytes, lines } = await copyStore(source, target, (copy) => giveName(copy, target)).catch(
    (error: Error) => {
      throw new Error(`The backup failed, and its unfinished file was removed: ${error.message}.`)
    },
  )
  process.stdout.write(`${target} is a checked copy of ${source.name}, ${bytes}:\n${lines.join('')}`)
}

/** Gives the copy its name, but never over another file. */
function giveName(unfinished: string, target: string): void {
  try {
    linkSync(unfinished, target)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' || existsSync(target)) throw new Error(`another process made ${target} meanwhile`)
    renameSync(unfinished, target) // the file system has no hard links
  }
  flushFolder(dirname(target))
}
