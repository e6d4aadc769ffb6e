// Makes the entry points of the published package from what tsc left in `dist`: the types of each are one file, without
// those of its inner modules, and CommonJS gets files of its own, because TypeScript and older tools ask for them.

import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { rolldown } from 'rolldown'
import { dts } from 'rolldown-plugin-dts'

const dist = join(import.meta.dirname, '../dist')
const rolled = join(dist, 'rolled')
const entries = ['server/index', 'client/index', 'client/small']

for (const entry of entries) {
  const bundle = await rolldown({
    input: join(dist, `${entry}.d.ts`),
    external: /^[^./]/, // the types of other packages are imported
    plugins: [dts({ dtsInput: true, generator: 'oxc', tsconfig: false })],
    experimental: { attachDebugInfo: 'none' },
  })
  await bundle.write({ file: join(rolled, `${entry}.d.ts`) })
}
for (const file of globSync('{server,client}/**/*.d.ts', { cwd: dist })) rmSync(join(dist, file))
for (const entry of entries) {
  const path = join(dist, entry)
  const types = readFileSync(join(rolled, `${entry}.d.ts`), 'utf8')
  // The bundler drops the comment: without the types of Express there is nothing to add to, and that is no error.
  writeFileSync(`${path}.d.ts`, types.replace(/^declare module 'express-/m, '// @ts-ignore\n$&'))
  copyFileSync(`${path}.d.ts`, `${path}.d.cts`)
  const required = readFileSync(join(import.meta.dirname, 'index.cjs'), 'utf8')
  writeFileSync(`${path}.cjs`, required.replace('./index.js', `./${basename(entry)}.js`))
}
rmSync(rolled, { recursive: true })
