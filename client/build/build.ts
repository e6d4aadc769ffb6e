// Builds the client, for browsers and for bundlers, the demo page, and the console of operators.
//
// How the client comes to be small: `client.js` has what a page needs until its visitor has done something, that is, who
// is signed in, continue as guest, and passkeys, because a browser may forget a click while something is loaded.
// `client-small.js` is without passkeys. All else is in chunks: a function loads its chunk when it is first called
// (chunks.ts). No file imports another one at its start, so a page never waits for two files in turn, and has each one
// whole or not at all. What two files need is in both. Only `webauthn/ceremonies.ts` must not be, because it holds what is
// under way; a test holds that.
//
// For browsers, the names of chunks have a hash of the content. So they can be kept for ever, and a page whose version the
// service does not have any more is told. Bundlers get the same files, not minified and without hashes, as ES modules and
// as CommonJS.
//
// Prints what each file for browsers weighs on the wire, and fails if a first load is too large. Writes the hashes by which
// a page can be sure of its own copy of the client.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { Plugin } from 'rolldown'
import { bundle, chunks } from './bundle.ts'
import { buildConsole } from './console.ts'
import { elementsEntry, elementsForBrowsers, elementsForBundlers, weighElements } from './elements.ts'
import { apart, client, entries } from './exports.ts'
import { write, writeFolder } from './files.ts'
import { licences } from './licences.ts'

const dist = join(client, 'dist')

/** The client has SimpleWebAuthn and altcha-lib inside, and the elements have what encodes QR codes. */
const beside = licences('LICENSE-altcha.txt', 'LICENSE-qr', 'LICENSE-simplewebauthn.md')

/**
 * What a page loads before its visitor has done anything, and the most KiB that it may be. Nobody's copy is called
 * `client.js`, because a client of that name asks the service that it came from (base-url.ts).
 */
const firstLoads = {
  'guestkey.js': {
    source: 'index.ts',
    page: 'A page that signs in and saves with a passkey',
    most: { file: 'client.js', gzip: 7.75, brotli: 7 },
  },
  'guestkey-small.js': {
    source: 'small.ts',
    page: 'A page that only continues as guest',
    most: { file: 'client-small.js', gzip: 6, brotli: 5.5 },
  },
}

const sha = (algorithm: string, encoding: 'base64' | 'base64url', content: string) =>
  createHash(algorithm).update(content).digest(encoding)

/**
 * Loads a chunk from beside the client. Browsers may answer what has failed from their memory, so another attempt has
 * another address, but not for a copy on a CDN: the page may have given a hash for the address (Subresource Integrity). The
 * error has the address, as it has in most browsers anyway. A client without an address, such as one from a data: URL, fails
 * only when it needs a chunk.
 */
const chunkAt = (name: string) => `const isOwn = /\\/${name}\\.js([?#]|$)/.test(import.meta.url)
const at = (file, attempts = 0, loading) => async (again) => {
  const url = new URL('client/' + file, import.meta.url).href
  if (again) loading = undefined
  loading ??= import(url + (attempts++ && isOwn ? '?' + attempts : '')).catch((cause) => {
    loading = undefined
    throw new TypeError(url, { cause })
  })
  return loading
}`

async function buildForBrowsers(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  let code = chunkAt('client(-small)?')
  for (const { load, name, source } of chunks) {
    const content = await bundle(source)
    const file = `${name}-${sha('sha256', 'base64url', content).slice(0, 8)}.js`
    files[`client/${file}`] = content
    code += `\nexport const ${load} = /* @__PURE__ */ at('${file}')`
  }
  for (const [file, { source }] of Object.entries(firstLoads))
    files[file] = await bundle(source, { chunks: code })
  Object.assign(files, await elementsForBrowsers(chunkAt('elements')))
  // As `integrity` in HTML takes it (Subresource Integrity, 3.2).
  const hashes = Object.entries(files).map(([file, content]) => [
    file,
    `sha384-${sha('sha384', 'base64', content)}`,
  ])
  const integrity = `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`
  writeFolder(join(dist, 'browser'), { ...files, ...beside, 'integrity.json': integrity })
  return files
}

/** An app is installed whole, so all is in one file. Some engines of apps know neither `import()` nor `import.meta`. */
const isForApps = (entry: string) => entry === 'native'

async function buildForBundlers(): Promise<void> {
  const later: Record<string, string> = {}
  for (const [format, extension] of [
    ['esm', 'js'],
    ['cjs', 'cjs'],
  ] as const) {
    const load = (name: string) =>
      `${format === 'esm' ? 'import' : 'require'}(${`'./later/${name}.${extension}'`})`
    const code = chunks.map((one) => `export const ${one.load} = async () => ${load(one.name)}`)
    for (const { name, source } of chunks)
      later[`${name}.${extension}`] = await bundle(source, { minify: false, format })
    for (const entry of entries) {
      const plugins = [apart(entry, client, extension)]
      if (entry === elementsEntry) plugins.unshift(await elementsForBundlers(format, extension))
      const parts = isForApps(entry) ? { address: false } : { chunks: code.join('\n') }
      const content = await bundle(`${entry}.ts`, { ...parts, minify: false, format, plugins })
      write(join(dist, `${entry}.${extension}`), content)
    }
  }
  writeFolder(join(dist, 'later'), later)
}

/** The demo loads the client and the elements from the service, as a page of a host does. */
const asServed: Plugin = {
  name: 'as-served',
  resolveId(id) {
    const [path, isElements] = /^\.\.\/(elements\/)?index\.ts$/.exec(id) ?? []
    return path ? { id: `/guest/${isElements ? 'elements' : 'client'}.js`, external: 'absolute' } : null
  },
}

/** The service serves the demo: it is no part of the package. */
async function buildDemo(): Promise<void> {
  const read = (file: string) => readFileSync(join(client, 'demo', file), 'utf8')
  writeFolder(join(client, '../dist/demo'), {
    'demo.js': await bundle('demo/demo.ts', { plugins: [asServed] }),
    'index.html': read('index.html'),
    'demo.css': read('demo.css'),
    'gallery/gallery.js': await bundle('demo/gallery/gallery.ts'),
    'gallery/gallery.html': read('gallery/gallery.html'),
    'gallery/gallery.css': read('gallery/gallery.css'),
  })
}

const files = await buildForBrowsers()
await buildForBundlers()
await buildDemo()
await buildConsole()
for (const [file, text] of Object.entries(beside)) write(join(dist, file), text)

const sizeOf = (file: string) => ({
  gzip: gzipSync(files[file]!, { level: 9 }).length,
  brotli: brotliCompressSync(files[file]!).length,
})
for (const file of Object.keys(files)) {
  const { gzip, brotli } = sizeOf(file)
  console.log(`${file}: ${gzip} bytes with gzip, ${brotli} with brotli`)
}
for (const [file, { page, most }] of Object.entries(firstLoads))
  for (const coding of ['gzip', 'brotli'] as const) {
    const [bytes, allowed] = [sizeOf(file)[coding], most[coding] * 1024]
    console.log(`${page} first loads ${bytes} bytes with ${coding}, of ${allowed} allowed`)
    if (bytes > allowed) throw new Error(`${file} is ${bytes - allowed} bytes too large with ${coding}`)
  }
weighElements(Object.fromEntries(Object.keys(files).map((file) => [file, sizeOf(file).gzip])))
