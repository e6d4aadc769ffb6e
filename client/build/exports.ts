// The exports of @guestkey/client, as its package.json lists them. An export that is added there is built: `./dist/a/b.js`,
// its types and its CommonJS come from `a/b.ts`.

import { readFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'rolldown'

/** The folder of the package. */
export const client = fileURLToPath(new URL('..', import.meta.url))

const manifest = JSON.parse(readFileSync(resolve(client, 'package.json'), 'utf8'))

/** What each export is built from and to: a path without an extension, from the package and from its `dist`. */
export const entries: string[] = Object.values<string | { default: string }>(manifest.exports).flatMap(
  (target) => (typeof target === 'string' ? [] : /^\.\/dist\/(.*)\.js$/.exec(target.default)![1]!),
)

/** A package that the host brings is imported from there. All else is in the files that are built. */
const isPeer = (id: string) =>
  Object.keys(manifest.peerDependencies ?? {}).some((name) => id === name || id.startsWith(`${name}/`))

/**
 * Leaves what an entry imports of packages of the host and of other entries where it is, so that no page has two copies of
 * it. `from` is the folder with the sources of all entries, and `extension` that of the file that is built.
 */
export const apart = (entry: string, from: string, extension: string): Plugin => ({
  name: 'apart',
  resolveId(id, importer) {
    if (isPeer(id)) return { id, external: true }
    if (!importer || !id.startsWith('.')) return null
    const path = relative(from, resolve(dirname(importer), id))
      .split(sep)
      .join('/')
      .replace(/\.[jt]s$/, '')
    if (path === entry || !entries.includes(path)) return null
    const to = relative(dirname(entry), path).split(sep).join('/')
    return { id: `${to.startsWith('.') ? to : `./${to}`}.${extension}`, external: true }
  },
})
