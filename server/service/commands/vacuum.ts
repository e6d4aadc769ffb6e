// `guestkey vacuum`: writes the SQLite file anew, without what was deleted.

import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { isPostgres } from '../../options/options.ts'
import { reopenFile } from '../../store/sqlite/file.ts'
import { emptyLog } from '../../store/sqlite/log.ts'
import { mark } from '../../store/sqlite/stray-log.ts'
import { type Command, say } from './command.ts'
import { formatBytes } from './progress.ts'
import { openForReading } from './sqlite-reader.ts'
import { readVariables } from './variables.ts'

/** How long it waits for another process that writes, and then for those that read from the log. */
const WRITER_MILLISECONDS = 10_000
const READERS_MILLISECONDS = 3000
const RETRY_MILLISECONDS = 50

const ON_POSTGRES = `The store is on PostgreSQL (DATABASE_URL), which does this itself: autovacuum frees the room of what was
deleted, and later rows overwrite it. Until then it is in the files of the database, and in its log (WAL), replicas and
base backups until these are removed; no query and no pg_dump shows it. VACUUM FULL writes a table anew at once, and locks
it meanwhile.`

export const vacuum: Command = {
  help: `
guestkey vacuum

Writes the SQLite store anew, so that the file holds nothing that was deleted. This version overwrites with zeros what it
deletes. Versions up to 0.5.0 did not, so run this once after the upgrade; guestkey check says when. Now and then SQLite
also moves rows within a page and leaves a copy in its free room, which this removes too.

  GUESTKEY_DATA=/var/lib/guestkey guestkey vacuum

The service may run. But its writes wait meanwhile, and are answered 503 after five seconds: a store of a gigabyte takes
about ten. It needs twice the size of the store in its folder for a while. Backups that were made before still hold what
was deleted: remove them, or make them anew with guestkey restore and guestkey backup.

On PostgreSQL it changes nothing, and says what the database does itself.`,

  async run() {
    const { store } = readVariables(process.env)
    if (isPostgres(store)) throw new Error(ON_POSTGRES.replaceAll('\n', ' '))
    process.env.SQLITE_TMPDIR ??= dirname(store) // the folder of the data is all that it may write to
    openForReading(store).close() // says what is wrong if this is no store
    const db = reopenFile(store, WRITER_MILLISECONDS)
    try {
      const before = statSync(store).size
      writeAnew(db)
      const isEmptied = await logEmptied(db)
      say(
        `${store} was written anew: ${formatBytes(before)} before, ${formatBytes(statSync(store).size)} now.`,
      )
      if (isEmptied) return 0
      throw new Error(
        `What was deleted is still in ${store}-wal, because another process reads from it. Run this again, or stop the service once.`,
      )
    } finally {
      db.close()
    }
  },
}

/** Another mark afterwards: the pages are others, so a log from before must not be taken for one of this file. */
function writeAnew(db: Database.Database): void {
  db.pragma('temp_store = FILE') // the whole store would not fit into memory
  try {
    db.exec('VACUUM')
    db.transaction(mark).immediate(db)
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code?.startsWith('SQLITE_BUSY'))
      throw new Error('Another process writes all the time: stop the service, and run this again.')
    throw new Error(`The store could not be written anew, and is as it was: ${message}.`)
  }
}

async function logEmptied(db: Database.Database): Promise<boolean> {
  for (let waited = 0; waited < READERS_MILLISECONDS; waited += RETRY_MILLISECONDS) {
    if (emptyLog(db)) return true
    await setTimeout(RETRY_MILLISECONDS)
  }
  return false
}
