// The log (WAL) of the SQLite file: how its pages get into the file, and when it is emptied.

import type Database from 'better-sqlite3'

/** To move 100 pages takes a few milliseconds. SQLite itself waits for 1000 pages and moves them within a commit. */
const PAGES_WORTH_MOVING = 100

/** Moves what it can of the log into the file. The rest is moved next time, by SQLite at 1000 pages, or on closing. */
export function moveLog(db: Database.Database): void {
  try {
    const [{ log, checkpointed }] = db.pragma('wal_checkpoint(NOOP)') as [Record<string, number>]
    if (log! - checkpointed! >= PAGES_WORTH_MOVING) db.pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // If the disk is full or broken, the next write fails and reports it.
  }
}

/**
 * Moves the whole log into the file and makes it an empty file: pages from before an erasure are still in it. False if
 * another process reads or writes just now, for which it does not wait, or if the disk is full or broken.
 */
export function emptyLog(db: Database.Database): boolean {
  const patience = db.pragma('busy_timeout', { simple: true })
  try {
    db.pragma('busy_timeout = 0')
    const [{ busy }] = db.pragma('wal_checkpoint(TRUNCATE)') as [Record<string, number>]
    return busy === 0
  } catch {
    return false
  } finally {
    db.pragma(`busy_timeout = ${patience}`)
  }
}
