// Makes the types of each export one file, for ES modules and for CommonJS, of what tsc has left in `dist/types`. Those of
// inner modules, of the server and of SimpleWebAuthn are in it. The bindings are made of their sources: npm installs no
// framework here, without which tsc cannot read them. So their exports say their types (isolatedDeclarations), and `npm run
// interop` compiles them beside each framework.

import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { apart, client, entries } from './exports.ts'
import { write } from './files.ts'
import { rollTypes } from './roll-types.ts'

const declared = join(client, 'dist/types')
const sources = join(declared, 'client')

for (const entry of entries) {
  const ofTsc = join(sources, `${entry}.d.ts`)
  const [input, from] = existsSync(ofTsc) ? [ofTsc, sources] : [join(client, `${entry}.ts`), client]
  write(join(client, `dist/${entry}.d.ts`), await rollTypes(input, apart(entry, from, 'js')))
  write(join(client, `dist/${entry}.d.cts`), await rollTypes(input, apart(entry, from, 'cjs')))
}
rmSync(declared, { recursive: true })
