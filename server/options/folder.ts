// The folder of the data: only its owner may read it, and git leaves it alone.

import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'

/** The default folder. Its name is ours. */
export const DATA_FOLDER = 'guestkey-data'

const GITIGNORE = '# guestkey made this file: secrets and guests do not belong into a repository.\n*\n'

/**
 * Makes the folder if it is missing, with mode 0700. A folder that is ours, because we made it or by its name, gets a
 * `.gitignore` that keeps the secret and the guests in it out of repositories. Any other folder may be the host's own.
 */
export function makeFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined
  if (!made && basename(resolve(folder)) !== DATA_FOLDER) return
  try {
    writeFileSync(join(folder, '.gitignore'), GITIGNORE, { flag: 'wx', mode: 0o600 })
  } catch {
    // It has one already, or nothing can be written here: then the store says so, if it must write.
  }
}
