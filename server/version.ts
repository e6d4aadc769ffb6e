// Which guestkey this is.

import { readFileSync } from 'node:fs'
import { ownFile } from './own-files.ts'

/** The version in package.json, e.g. `0.5.0`. */
export const version = (): string => JSON.parse(readFileSync(ownFile('package.json'), 'utf8')).version
