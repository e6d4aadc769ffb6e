// What `guestkey check` looks at where the store is a SQLite file.

import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { refuseStrayLog } from '../../../store/sqlite/log.ts'
import { refuseUnfinishedRestore } from '../../../store/sqlite/restoring.ts'
import { formatBytes, formatCount } from '../progress.ts'
import { countRows, findDamage, openForReading, stepsOf } from '../sqlite-reader.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkMode } from './mode.ts'
import { checkSchema } from './schema.ts'
import { checkStranded, strandedSql } from './stranded.ts'

/** Below this a write may fail any moment; below the other one it is time to look. */
const FEW_BYTES = 100e6
const SOME_BYTES = 1e9

export async function* checkStore(
  file: string,
  { idleSeconds }: { idleSeconds: number },
): AsyncGenerator<Finding> {
  yield checkSpace(file)
  if (existsSync(dirname(file))) yield checkWriting(file)
  try {
    refuseUnfinishedRestore(file)
    refuseStrayLog(file)
  } catch (error) {
    yield problem(`store: ${(error as Error).message}`)
    return
  }
  if (!existsSync(file)) {
    yield ok(`store: ${file} is not there; the first start makes it`)
    return
  }
  let db: Database.Database
  try {
    db = openForReading(file)
  } catch (error) {
    yield problem(`store: ${(error as Error).message} Is GUESTKEY_DATA the right folder?`)
    return
  }
  try {
    const guests = countRows(db).find(({ table }) => table === 'guests')
    yield ok(`store: ${file} can be read; ${formatCount(guests?.rows ?? 0)} guests with a passkey`)
    yield checkMode('store', file) ?? ok('store: nobody but its owner may read it')
    const schema = checkSchema(file, stepsOf(db))
    yield schema
    if (schema.level === 'ok') {
      const stranded = db.prepare(strandedSql(Math.floor(Date.now() / 1000), idleSeconds)).all()
      yield* checkStranded((stranded as { anonymous_id: string }[]).map((row) => row.anonymous_id))
    }
    const mode = db.pragma('journal_mode', { simple: true })
    yield mode === 'wal'
      ? ok('store: journal mode WAL')
      : warning(`store: journal mode ${mode}, as in a backup; the next start makes it WAL`)
    const damage = findDamage(db)
    yield damage.length === 0
      ? ok('store: undamaged (integrity_check, foreign_key_check)')
      : problem(
          `store: damaged (${damage[0]}); stop the service and put a backup in its place with guestkey restore <backup>`,
        )
  } catch (error) {
    yield problem(
      `store: cannot be read to its end (${(error as Error).message}); stop the service and put a backup in its place with guestkey restore <backup>`,
    )
  } finally {
    db.close()
  }
}

/** Tries to write a file beside the store, as SQLite does, and leaves the store itself alone. */
function checkWriting(file: string): Finding {
  const trial = `${file}.check-${randomBytes(4).toString('hex')}`
  try {
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(file + end)) accessSync(file + end, constants.W_OK)
    }
    writeFileSync(trial, Buffer.alloc(4096), { mode: 0o600, flush: true })
    return ok(`store: takes writes`)
  } catch (error) {
    return problem(
      `store: takes no writes (${(error as Error).message}); the service needs to write to ${file} and to make ` +
        'files in that folder',
    )
  } finally {
    rmSync(trial, { force: true })
  }
}

function checkSpace(file: string): Finding {
  let folder = dirname(resolve(file))
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const left = `disk: ${formatBytes(bavail * bsize)} left at ${folder}`
  if (bavail * bsize < FEW_BYTES) return problem(`${left}; make room before writes fail`)
  if (bavail * bsize < SOME_BYTES) return warning(`${left}; make room in time`)
  return ok(left)
}
