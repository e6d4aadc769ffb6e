// The licences of the packages whose code is in our files. They go with every copy (MIT).

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { client } from './exports.ts'

/** The name of each licence beside our files, and where npm puts it. */
const paths = {
  'LICENSE-altcha.txt': 'altcha-lib/LICENSE.txt',
  'LICENSE-qr': 'qr/LICENSE-MIT',
  'LICENSE-simplewebauthn.md': '@simplewebauthn/browser/LICENSE.md',
  'LICENSE-uplot': 'uplot/LICENSE',
}

/** The texts of these licences, by name. */
export const licences = (...names: (keyof typeof paths)[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [name, readFileSync(join(client, '../node_modules', paths[name]), 'utf8')]),
  )
