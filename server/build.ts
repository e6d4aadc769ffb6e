// Makes the published package from what tsc left in `dist`. The server is a few files, which Node loads in half the time of
// 300. The types are one file, without those of its inner modules, and CommonJS gets files of its own, because TypeScript and
// older tools ask for them. What is exported of the browser client stands in the package @guestkey/client.

import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { write } from '../client/build/files.ts'
import { rollTypes } from '../client/build/roll-types.ts'

const dist = join(import.meta.dirname, '../dist')
const compiled = join(dist, 'server')
const rolled = join(dist, 'rolled')
/** The frameworks that have an entry of their own. */
const adapters = ['fastify', 'hono', 'koa', 'next', 'sveltekit']
/** What runs of the server: the modules, the command, and the thread that writes to SQLite. */
const programs = ['index', 'main', 'store/sqlite/worker', ...adapters.map((name) => `adapters/${name}`)]
/** Of zod, the server needs a fifth. As a part of it, it takes 12 MB less, and a third less time to load. */
const withIn = 'zod/mini'

const server = await rolldown({
  input: Object.fromEntries(programs.map((program) => [program, join(compiled, `${program}.js`)])),
  // The bundler brings functions of its own, for example for a template with the end of a script in it: nobody installs them.
  external: (id) => /^[^./]/.test(id) && id !== withIn && !id.startsWith('@oxc-project/runtime/'),
  platform: 'node',
})
await server.write({ dir: rolled, chunkFileNames: 'parts/[name].js' })

const types = await rollTypes(join(compiled, 'index.d.ts'), {
  name: 'types of other packages are imported',
  resolveId: (id) => (/^[^./]/.test(id) ? { id, external: true } : null),
})
// For edges, where a request waits for the file to be loaded. It needs no other file, and no package.
const verify = await rolldown({ input: join(compiled, 'verify/index.js'), platform: 'neutral' })
for (const [format, extension] of [
  ['esm', 'js'],
  ['cjs', 'cjs'],
] as const)
  await verify.write({ file: join(dist, `verify/index.${extension}`), format })
const typesOfVerify = await rollTypes(join(compiled, 'verify/index.d.ts'))
for (const extension of ['d.ts', 'd.cts']) write(join(dist, `verify/index.${extension}`), typesOfVerify)
// An adapter takes the types of the server from its entry, so that they are the same.
const adapterTypes = adapters.map((name) => {
  const text = readFileSync(join(compiled, `adapters/${name}.d.ts`), 'utf8')
  return { name, text: text.replaceAll(/ from '\.\.\/[^']*'/g, " from 'guestkey'") }
})
// The server's pages have parts of the elements in them: they are in the bundle now.
for (const folder of [compiled, join(dist, 'client')]) rmSync(folder, { recursive: true, force: true })
renameSync(rolled, compiled)
// The compiler drops the comment: without the types of the framework there is nothing to add to, and that is no error.
const optional = (types: string) => types.replace(/^declare module '/m, '// @ts-ignore\n$&')
const typesOfServer = optional(types)
for (const extension of ['d.ts', 'd.cts']) writeFileSync(join(compiled, `index.${extension}`), typesOfServer)
copyFileSync(join(import.meta.dirname, 'index.cjs'), join(compiled, 'index.cjs'))
for (const { name, text } of adapterTypes) {
  for (const extension of ['d.ts', 'd.cts'])
    write(join(compiled, `adapters/${name}.${extension}`), optional(text))
  write(join(compiled, `adapters/${name}.cjs`), `module.exports = require(${`'./${name}.js'`})\n`)
}
copyFileSync(join(dist, '../node_modules/zod/LICENSE'), join(compiled, 'LICENSE-zod'))

for (const [entry, name] of [
  ['index', "'@guestkey/client'"],
  ['small', "'@guestkey/client/small'"],
  ['native', "'@guestkey/client/native'"],
]) {
  for (const extension of ['js', 'd.ts', 'd.cts'])
    write(join(dist, `client/${entry}.${extension}`), `export * from ${name}\n`)
  write(join(dist, `client/${entry}.cjs`), `module.exports = require(${name})\n`)
}
