// Makes the entry points of the published package from what tsc left in `dist`: the types are one file, without those of its
// inner modules, and CommonJS gets files of its own, because TypeScript and older tools ask for them. What is exported of
// the browser client stands in the package @guestkey/client.

import { copyFileSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { write } from '../client/build/files.ts'
import { rollTypes } from '../client/build/roll-types.ts'

const dist = join(import.meta.dirname, '../dist')

const types = await rollTypes(join(dist, 'server/index.d.ts'), {
  name: 'types of other packages are imported',
  resolveId: (id) => (/^[^./]/.test(id) ? { id, external: true } : null),
})
for (const file of globSync('server/**/*.d.ts', { cwd: dist })) rmSync(join(dist, file))
// The bundler drops the comment: without the types of Express there is nothing to add to, and that is no error.
writeFileSync(
  join(dist, 'server/index.d.ts'),
  types.replace(/^declare module 'express-/m, '// @ts-ignore\n$&'),
)
copyFileSync(join(dist, 'server/index.d.ts'), join(dist, 'server/index.d.cts'))
copyFileSync(join(import.meta.dirname, 'index.cjs'), join(dist, 'server/index.cjs'))

for (const [entry, name] of [
  ['index', "'@guestkey/client'"],
  ['small', "'@guestkey/client/small'"],
]) {
  for (const extension of ['js', 'd.ts', 'd.cts'])
    write(join(dist, `client/${entry}.${extension}`), `export * from ${name}\n`)
  write(join(dist, `client/${entry}.cjs`), `module.exports = require(${name})\n`)
}
