// The secret of a deployment that was given none, and the error of options that are wrong.

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is wrong with the options, all of it at once. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
}

/** The secret of a deployment that was given none: made once, readable by its owner alone. */
export function localSecret(folder: string): string {
  if (process.env.NODE_ENV === 'production') {
    throw new OptionsError(
      'guestkey options: in production a secret must be given (GUESTKEY_SECRET for the service, `secret` embedded); make one with: openssl rand -base64 32',
    )
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'secret')
  if (!existsSync(file)) {
    // Whole or not at all, and never over another's: of two processes that start at once, both use the first one's.
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
  if (secret.length < 32) throw new OptionsError(`guestkey options: the secret in ${file} is incomplete`)
  return secret
}
