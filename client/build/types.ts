// Makes the types of each export one file, for ES modules and for CommonJS, of what tsc has left in `dist/types`. Those of
// inner modules, of the server and of SimpleWebAuthn are in it.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { apart, client, entries } from './exports.ts'
import { write } from './files.ts'
import { rollTypes } from './roll-types.ts'

const declared = join(client, 'dist/types')
const sources = join(declared, 'client')

for (const entry of entries) {
  const input = join(sources, `${entry}.d.ts`)
  write(join(client, `dist/${entry}.d.ts`), await rollTypes(input, apart(entry, sources, 'js')))
  write(join(client, `dist/${entry}.d.cts`), await rollTypes(input, apart(entry, sources, 'cjs')))
}
rmSync(declared, { recursive: true })
