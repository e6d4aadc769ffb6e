// Which guestkey this is.

import { createRequire } from 'node:module'

/** The version in package.json, e.g. `0.5.0`. */
export const version = (): string => createRequire(import.meta.url)('guestkey/package.json').version
