// The secret that guestkey makes if the options give none.

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OptionsError } from './errors.ts'
import { makeFolder } from './folder.ts'

/**
 * The secret of a deployment whose options give none: made once, in the file `secret` of this folder, with mode 0600.
 * Errors: OptionsError in production, or if the file holds fewer than 32 characters.
 */
export function localSecret(folder: string): string {
  if (process.env.NODE_ENV === 'production') {
    throw new OptionsError(
      'guestkey options: in production a secret must be given (GUESTKEY_SECRET for the service, the option secret in an app); make one with: openssl rand -base64 32',
    )
  }
  makeFolder(folder)
  const file = join(folder, 'secret')
  if (!existsSync(file)) {
    // A link appears with its whole content and replaces no other, so two processes that start at once use the same secret.
    const own = `${file}.${randomBytes(8).toString('hex')}`
    writeFileSync(own, randomBytes(32).toString('base64'), { mode: 0o600 })
    try {
      linkSync(own, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(own)
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32)
    throw new OptionsError(
      `guestkey options: the secret in ${file} is incomplete: it must have at least 32 characters`,
    )
  return secret
}
