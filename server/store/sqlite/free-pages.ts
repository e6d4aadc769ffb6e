// What is left in the free pages of a SQLite file: versions up to 0.5.0 did not overwrite what they deleted.

import { closeSync, openSync, readSync } from 'node:fs'

const HEADER_BYTES = 100

/**
 * The number of free pages that are not empty (SQLite, Database File Format, 1.5). It reads past SQLite: call it only in a
 * process that does not have the file open, whose locks it would drop.
 */
export function fullFreePages(path: string): number {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return 0
    const size = header.readUInt16BE(16)
    const pageBytes = size === 1 ? 65_536 : size
    const page = Buffer.alloc(pageBytes)
    const read = (number: number) =>
      readSync(file, page, 0, pageBytes, (number - 1) * pageBytes) === pageBytes
    let left = header.readUInt32BE(36) // a file that is written meanwhile may have a circle
    let full = 0
    for (let trunk = header.readUInt32BE(32); trunk !== 0 && left > 0 && read(trunk); ) {
      const leaves = Array.from({ length: Math.min(page.readUInt32BE(4), pageBytes / 4 - 2) }, (_, i) =>
        page.readUInt32BE(8 + 4 * i),
      )
      full += Number(!isEmpty(page.subarray(8 + 4 * leaves.length)))
      left -= 1 + leaves.length
      trunk = page.readUInt32BE(0)
      for (const leaf of leaves) full += Number(leaf > 0 && read(leaf) && !isEmpty(page))
    }
    return full
  } finally {
    closeSync(file)
  }
}

const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0)
