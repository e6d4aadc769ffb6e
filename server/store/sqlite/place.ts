// Whether the SQLite files that are open are those at their paths.

import { statSync } from 'node:fs'

/** Stands for a file that is not there. */
export const MISSING = 'missing'

/**
 * Which files are at the path now: the database, its log and the log's index. As long as a connection is open SQLite
 * replaces none of them. If somebody else does, or removes one, what is written goes to files that nobody finds again.
 */
export function placeOf(file: string): string {
  const ids = ['', '-wal', '-shm'].map((end) => {
    const stat = statSync(file + end, { bigint: true, throwIfNoEntry: false })
    return stat ? `${stat.dev}:${stat.ino}` : MISSING
  })
  return ids.join(' ')
}

/** Which database is at the path, without its log. */
export const databaseIn = (place: string): string => place.split(' ')[0]!

/** Throws if others are at the path than there were, and says what to do. */
export function refuseOthers(file: string, place: string): void {
  if (placeOf(file) === place) return
  throw new Error(
    `${file} or its log was removed or replaced while it was open, so that nothing can be kept any more. ` +
      'Stop the service, then put the files back as they were or run guestkey restore <backup>, then start it',
  )
}
