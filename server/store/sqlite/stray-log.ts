// Finds a log (-wal) that is not of the SQLite file beside it, before SQLite puts the log's pages into that file.

import { randomInt } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'

// SQLite names no file in its log. It trusts any log that it finds beside a database, and a backup that somebody puts
// in the place of a killed service's file is damaged by it. Two things tell a log that is not of the file:
//
// 1. The file is not in WAL mode. SQLite makes the log after that mode is on the disk, and removes it before the mode
//    is left. Copies that `guestkey backup` makes are never in WAL mode, those of older versions neither.
// 2. Marks. Each transaction of ours gives the store a new random mark (user_version) and keeps the one before
//    (application_id). Both are in page 1, so that the log has them for every transaction, and the file has the mark of
//    the last one that was moved into it. The log is of this file if that mark is in the log, or is the one before the
//    log's first. A copy of the file with such a mark is the same file page by page, and the log makes it whole.
//
// A log that only versions without marks wrote is told by 1 alone, and so is a copy by VACUUM INTO that was made since
// the log began: it has the mark, and other pages.

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** Checksums over little-endian words; a log that a big-endian processor wrote is not judged. */
const MAGIC = 0x377f0682

/** Gives the store a new mark, as part of the transaction that is under way. */
export function mark(db: Database.Database): void {
  const before = db.pragma('user_version', { simple: true })
  db.exec(`PRAGMA application_id = ${before}; PRAGMA user_version = ${randomInt(1, 2 ** 31)}`)
}

/** Throws a sentence if the log beside the file is of another file, or the file is gone and its log is there. */
export function refuseStrayLog(file: string): void {
  let log: number
  try {
    log = openSync(`${file}-wal`, 'r')
  } catch {
    return // there is none, or SQLite will say why it cannot be read
  }
  try {
    const headerBefore = bytesOf(log, 0, HEADER_BYTES)
    if (headerBefore.length < HEADER_BYTES) return
    const before = pageOne(file)
    const marks = marksIn(log)
    if (!marks || belongs(before, marks)) return
    // If one of the two has changed meanwhile, another process has both open: SQLite checked them when it opened them.
    const isStill = headerBefore.equals(bytesOf(log, 0, HEADER_BYTES)) && before?.mark === pageOne(file)?.mark
    if (isStill) throw new Error(whatIsWrong(file, before))
  } finally {
    closeSync(log)
  }
}

function whatIsWrong(file: string, found: PageOne | undefined): string {
  const what = found
    ? `${file}-wal is the log of another database than ${file}, and would damage it`
    : `${file} is missing, and its log ${file}-wal is there`
  return `${what}. Nothing was changed: put the file back that the log belongs to, or run guestkey restore <backup>`
}

type PageOne = { isWal: boolean; mark: number; before: number }

/** What of the first page matters here (SQLite, Database File Format, 1.3); nothing if it is not SQLite's. */
function readPageOne(page: Buffer): PageOne | undefined {
  if (page.length < 100 || page.toString('latin1', 0, 15) !== 'SQLite format 3') return undefined
  return { isWal: page[18] === 2, mark: page.readInt32BE(60), before: page.readInt32BE(68) }
}

/** Files that were looked into, by device and inode. */
const lookedInto = new Map<string, number>()

/** The first page of the file; nothing if it is missing or empty. */
function pageOne(file: string): PageOne | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  if (!stat?.size) return undefined
  const id = `${stat.dev}:${stat.ino}`
  // It stays open: closing it would drop the locks (fcntl) that SQLite has on this file elsewhere in this process.
  const opened = lookedInto.get(id) ?? openSync(file, 'r')
  lookedInto.set(id, opened)
  // What is no database SQLite itself refuses, and says so.
  return readPageOne(bytesOf(opened, 0, 100)) ?? { isWal: true, mark: Number.NaN, before: Number.NaN }
}

function belongs(found: PageOne | undefined, { first, all }: Marks): boolean {
  if (!found) return false
  if (Number.isNaN(found.mark)) return true
  return found.isWal && (first === undefined || found.mark === first.before || all.has(found.mark))
}

type Marks = {
  /** The first page as the log's first transaction left it, of those that wrote it. */
  first: PageOne | undefined
  all: Set<number>
}

/** The marks of all transactions that SQLite would take from the log (WAL File Format, 4.2); nothing if there are none. */
function marksIn(log: number): Marks | undefined {
  const header = bytesOf(log, 0, HEADER_BYTES)
  if (header.length < HEADER_BYTES || header.readUInt32BE(0) !== MAGIC) return undefined
  const sum = { one: 0, two: 0 }
  add(sum, header, 0, 24)
  if (!isSum(sum, header, 24)) return undefined

  const pageBytes = header.readUInt32BE(8)
  const frameBytes = FRAME_HEADER_BYTES + pageBytes
  const frame = Buffer.from(new ArrayBuffer(frameBytes))
  const marks: Marks = { first: undefined, all: new Set() }
  let found = false
  let written: PageOne | undefined
  for (let at = HEADER_BYTES; readSync(log, frame, 0, frameBytes, at) === frameBytes; at += frameBytes) {
    if (!frame.subarray(8, 16).equals(header.subarray(16, 24))) break
    add(sum, frame, 0, 8)
    add(sum, frame, FRAME_HEADER_BYTES, pageBytes)
    if (!isSum(sum, frame, 16)) break
    if (frame.readUInt32BE(0) === 1) written = readPageOne(frame.subarray(FRAME_HEADER_BYTES))
    if (frame.readUInt32BE(4) === 0) continue // the transaction goes on
    found = true
    if (!written) continue
    marks.first ??= written
    marks.all.add(written.mark)
    written = undefined
  }
  return found ? marks : undefined
}

type RunningSum = { one: number; two: number }

/** Goes on with a checksum. */
function add(sum: RunningSum, buffer: Buffer, from: number, bytes: number): void {
  let { one, two } = sum
  const view = new DataView(buffer.buffer, buffer.byteOffset + from, bytes)
  for (let i = 0; i < bytes; i += 8) {
    one = (one + view.getUint32(i, true) + two) >>> 0
    two = (two + view.getUint32(i + 4, true) + one) >>> 0
  }
  sum.one = one
  sum.two = two
}

const isSum = ({ one, two }: RunningSum, buffer: Buffer, at: number): boolean =>
  one === buffer.readUInt32BE(at) && two === buffer.readUInt32BE(at + 4)

function bytesOf(file: number, from: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(Math.min(bytes, Math.max(0, fstatSync(file).size - from)))
  return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from))
}
