// `guestkey restore`: a checked copy of a backup in the place of the SQLite store, and what was there kept aside.

import {
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { isPostgres } from '../../options/options.ts'
import { refuseUnlessKnown } from '../../store/sql/schema-steps.ts'
import { restoringOf } from '../../store/sqlite/restoring.ts'
import { becomeOwnerOf } from './become-owner.ts'
import type { Command } from './command.ts'
import { copyStore, flush, flushFolder } from './copy-store.ts'
import { findDamage, openForReading, stepsOf } from './sqlite-reader.ts'
import { readVariables } from './variables.ts'

/** The database, its log, and the log's index. */
const ends = ['', '-wal', '-shm']

export const restore: Command = {
  operands: ['backup'],
  help: `
guestkey restore <backup>

Puts a checked copy of a backup in the place of the SQLite store. Stop the service first: while a process has the
store open, nothing is changed. The backup stays as it is. What was in its place is kept beside it, with its log, as
guestkey.db.before-restore-<time>; remove it when you no longer need it. If root runs this, it reads the backup as
root, and writes as the account that owns the data folder.

What happened after the backup was made is undone: sessions and keys that ended since then work again, guests and
addresses that were erased since then are back. Erase them again; who lost a device signs it out again.

  GUESTKEY_DATA=/var/lib/guestkey guestkey restore /backups/guests-2026-01-31.db

Do not copy a backup over guestkey.db by hand: SQLite would put the pages of the log (guestkey.db-wal) that is still
there into it. If the command is interrupted, the service does not start until it is run again. The secret is not in a
backup: guests who have no passkey, device key, recovery code or login ID need the one from then.`,

  async run({ operands }) {
    const { store } = readVariables(process.env)
    if (isPostgres(store)) {
      throw new Error(
        'The store is on PostgreSQL (DATABASE_URL). Restore it with pg_restore, or as whoever runs it does.',
      )
    }
    const [backup, target] = [resolve(operands[0]!), resolve(store)]
    const source = openForReading(backup) // which perhaps only root can read
    try {
      if (isSame(backup, target)) throw new Error(`${backup} is the store itself.`)
      becomeOwnerOf(dirname(target))
      refuseUnlessKnown(backup, stepsOf(source))
      const [damage] = findDamage(source)
      if (damage) throw new Error(`${backup} is damaged: ${damage}.`)
      mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
      let aside: string | undefined
      const { bytes, lines } = await copyStore(source, target, (copy) => {
        aside = putInPlace(copy, target)
      })
      process.stdout.write(`${target} is a checked copy of ${backup}, ${bytes}:\n${lines.join('')}`)
      process.stdout.write(UNDONE)
      if (aside)
        process.stdout.write(`What was there is kept as ${aside}; remove it when you no longer need it.\n`)
    } finally {
      source.close()
    }
    return 0
  },
}

const UNDONE =
  'What happened after the backup was made is undone: sessions and keys that ended since then work again, and guests\n' +
  'who were erased since then are back. Erase them again.\n'

const isSame = (one: string, other: string): boolean =>
  existsSync(other) && statSync(one).ino === statSync(other).ino && statSync(one).dev === statSync(other).dev

/**
 * Puts the copy in the store's place, which is moved aside with its log. From the first change to the last a file
 * stands there that keeps the service out and names the place aside, so that the command finishes this when it is run
 * again. Returns where what was there is; nothing if there was none.
 */
function putInPlace(copy: string, store: string): string | undefined {
  const release = lock(store)
  const restoring = restoringOf(store)
  try {
    const aside = beginOrGoOn(store, restoring)
    if (process.platform === 'win32') release() // what is open there cannot be moved
    for (const end of ends) {
      if (existsSync(store + end) && !existsSync(aside + end)) renameSync(store + end, aside + end)
    }
    renameSync(copy, store)
    flush(store)
    flushFolder(dirname(store))
    rmSync(restoring)
    flushFolder(dirname(store))
    return existsSync(aside) ? aside : undefined
  } finally {
    release()
  }
}

/** Makes the file that keeps the service out, or finds that of a restore that was interrupted. Returns what it says. */
function beginOrGoOn(store: string, restoring: string): string {
  const prefix = `${store}.before-restore-`
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  try {
    writeFileSync(restoring, prefix + time, { flag: 'wx', flush: true, mode: 0o600 }) // follows no link
    flushFolder(dirname(store))
    return prefix + time
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const aside = readWithoutFollowing(restoring)
  if (!aside?.startsWith(prefix) || !/^\d{4}-[\dT-]+$/.test(aside.slice(prefix.length)))
    throw new Error(`${restoring} is not what a restore leaves, a file that says ${prefix}<time>: remove it`)
  return aside
}

/** The text of the file; nothing if it is a link. */
function readWithoutFollowing(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW) // Windows has no such flag, which is 0 then
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return undefined
    throw error
  }
  try {
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/** Takes the store for this process alone; returns the function that lets it go. Throws if another process has it. */
function lock(store: string): () => void {
  if (!existsSync(store)) return () => {}
  // By another name for the same file, which has the same locks: SQLite finds no log beside that name, and can neither
  // move the store's log into the file nor remove it.
  const name = `${store}.restoring-lock`
  const remove = () => {
    for (const end of ['', '-journal', ...ends]) rmSync(name + end, { force: true })
  }
  remove()
  let db: Database.Database
  try {
    linkSync(store, name)
    db = new Database(name, { timeout: 1000 })
  } catch (error) {
    remove()
    throw new Error(
      `${store} cannot be locked: ${(error as Error).message}. Does it belong to the account that owns its folder?`,
    )
  }
  const release = () => {
    db.close()
    remove()
  }
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    const { code = '' } = error as { code?: string }
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
      release()
      throw new Error(`a process has ${store} open: stop the service, then restore`)
    }
    // A store that is damaged is what a backup is for. A service that has it open finds out that it is moved.
  }
  return release
}
