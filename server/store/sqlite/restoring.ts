// What keeps a service out while `guestkey restore` puts another file in the place of the SQLite store.

import { existsSync } from 'node:fs'

/** The file that stands there from the first change to the last: it says where what was there is moved to. */
export const restoringOf = (file: string): string => `${file}.restoring`

/** Throws a sentence if a restore was begun and not finished. */
export function refuseUnfinishedRestore(file: string): void {
  if (existsSync(restoringOf(file)))
    throw new Error(`a restore of ${file} was not finished: run guestkey restore <backup> again`)
}
