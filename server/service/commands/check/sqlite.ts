// The checks of `guestkey check` for a store in a SQLite file.

import { randomBytes } from 'node:crypto'
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type Database from 'better-sqlite3'
import { LOG_BYTES, obstacleInFile } from '../../../store/sqlite/file.ts'
import { fullFreePages } from '../../../store/sqlite/free-pages.ts'
import { refuseUnfinishedRestore } from '../../../store/sqlite/restoring.ts'
import { refuseStrayLog } from '../../../store/sqlite/stray-log.ts'
import { formatBytes, formatCount } from '../progress.ts'
import { countRows, findDamage, openForReading, stepsOf } from '../sqlite-reader.ts'
import { type Finding, ok, problem, warning } from './finding.ts'
import { checkMode } from './mode.ts'
import { checkSchema } from './schema.ts'
import { checkStranded, strandedSql } from './stranded.ts'

/** Free space on the disk: below 100 MB a write may soon fail (a problem), below 1 GB is a warning. */
const FEW_BYTES = 100e6
const SOME_BYTES = 1e9

export async function* checkStore(
  file: string,
  { idleSeconds }: { idleSeconds: number; schema?: unknown; ssl?: unknown },
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
    yield ok(`store: ${file} does not exist yet; the first start creates it`)
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
    yield ok(`store: ${file} can be read; ${formatCount(guests?.rows ?? 0)} guests are stored in it`)
    yield checkMode('store', file) ?? ok('store: only its owner may read it')
    const schema = checkSchema(file, stepsOf(db), obstacleInFile(file, db))
    yield schema
    if (schema.level === 'ok') {
      const stranded = db.prepare(strandedSql(Math.floor(Date.now() / 1000), idleSeconds)).all()
      yield* checkStranded((stranded as { anonymous_id: string }[]).map((row) => row.anonymous_id))
    }
    const mode = db.pragma('journal_mode', { simple: true })
    yield mode === 'wal'
      ? ok('store: journal mode WAL')
      : warning(`store: journal mode ${mode}, as in a backup; the next start makes it WAL`)
    yield* checkLog(file)
    const damage = findDamage(db)
    yield damage.length === 0
      ? ok('store: undamaged (integrity_check, foreign_key_check)')
      : problem(
          `store: damaged (${damage[0]}); stop the service and put a backup in its place with guestkey restore <backup>`,
        )
  } catch (error) {
    yield problem(
      `store: cannot be read completely (${(error as Error).message}); stop the service and put a backup in its place with guestkey restore <backup>`,
    )
  } finally {
    db.close()
  }
  yield* checkDeleted(file)
}

/** Checks whether the file still holds what was deleted. */
function* checkDeleted(file: string): Generator<Finding> {
  const pages = fullFreePages(file)
  if (pages === 0) return
  yield warning(
    `store: ${formatCount(pages)} free pages of the file hold what earlier versions deleted, erased guests too; run guestkey vacuum`,
  )
}

/** Checks writing with a trial file beside the store, and does not touch the store itself. */
function checkWriting(file: string): Finding {
  const trial = `${file}.check-${randomBytes(4).toString('hex')}`
  try {
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(file + end)) accessSync(file + end, constants.W_OK)
    }
    writeFileSync(trial, Buffer.alloc(4096), { mode: 0o600, flush: true })
    return ok(`store: accepts writes`)
  } catch (error) {
    return problem(
      `store: cannot be written (${(error as Error).message}); the service must be able to write to ${file} and to ` +
        'create files in its folder',
    )
  } finally {
    rmSync(trial, { force: true })
  }
}

/** Warns of a log (-wal) that is four times as large as the service keeps it. */
function* checkLog(file: string): Generator<Finding> {
  const { size } = statSync(`${file}-wal`, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size <= 4 * LOG_BYTES) return
  yield warning(
    `store: its log (${file}-wal) has ${formatBytes(size)}, because another process has read for long, such as a ` +
      'backup or a shell; once that process ends, the service gives the space back',
  )
}

function checkSpace(file: string): Finding {
  let folder = dirname(resolve(file))
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const left = `disk: ${formatBytes(bavail * bsize)} free at ${folder}`
  if (bavail * bsize < FEW_BYTES) return problem(`${left}; free some space now, before writes fail`)
  if (bavail * bsize < SOME_BYTES) return warning(`${left}; free some space soon`)
  return ok(left)
}
