// Builds the client, for browsers and for bundlers, and the demo page.
//
// How the client comes to be small: `client.js` has what a page needs until its visitor has done something, that is, who
// is signed in, continue as guest, and passkeys, because a browser may forget a click while something is loaded.
// `client-small.js` is without passkeys. All else is in chunks: a function loads its chunk when it is first called
// (chunks.ts). No file imports another one at its start, so a page never waits for two files in turn, and has each one
// whole or not at all. What two files need is in both. Only `webauthn/ceremonies.ts` must not be, because it holds what is
// under way; a test holds that.
//
// For browsers, the names of chunks have a hash of the content. So they can be kept for ever, and a page whose version the
// service does not have any more is told. Bundlers get the same files, not minified and without hashes.
//
// Prints what each file for browsers weighs on the wire, and fails if a first load is too large. Writes the hashes by which
// a page can be sure of its own copy of the client.

import { createHash } from 'node:crypto'
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type Plugin, rolldown } from 'rolldown'

/** What a page loads before its visitor has done anything, and the most KiB that it may be. */
const firstLoads = {
  'A page that signs in and saves with a passkey': { file: 'client.js', gzip: 8.5, brotli: 7.75 },
  'A page that only continues as guest': { file: 'client-small.js', gzip: 5.75, brotli: 5.25 },
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

function write(to: string, content: string) {
  mkdirSync(dirname(path(`../dist/${to}`)), { recursive: true })
  writeFileSync(path(`../dist/${to}`), content)
}

/** Of an error of SimpleWebAuthn, the client needs the name alone, which is that of the DOMException. */
const plainErrors: Plugin = {
  name: 'plain-errors',
  load(id) {
    const [, name] = /simplewebauthn\/browser\/esm\/helpers\/(identify\w+Error)\.js$/.exec(id) ?? []
    return name ? `export const ${name} = ({ error }) => error` : null
  },
}

/** Takes this in place of chunks.ts. */
const chunksFrom = (code: string): Plugin => ({
  name: 'chunks',
  load: (id) => (id === path('chunks.ts') ? code : null),
  resolveId: (id, _, { kind }) => (kind === 'dynamic-import' ? { id, external: true } : null),
})

async function bundle(from: string, { chunks = '', minify = true } = {}): Promise<string> {
  const plugins = chunks ? [plainErrors, chunksFrom(chunks)] : [plainErrors]
  const built = await rolldown({ input: path(from), plugins })
  const { output } = await built.generate({
    format: 'esm',
    codeSplitting: false,
    // SimpleWebAuthn's warnings are for developers who call it wrongly.
    minify: minify && { compress: { target: 'es2022', dropConsole: true }, mangle: { toplevel: true } },
  })
  return output[0].code
}

const sha = (algorithm: string, encoding: 'base64' | 'base64url', content: string) =>
  createHash(algorithm).update(content).digest(encoding)

/** The functions of chunks.ts, and the source of the chunk that each one loads. */
const chunks = [
  ...readFileSync(path('chunks.ts'), 'utf8').matchAll(/^export const (\w+) = .*import\('(.*)'\)$/gm),
].map(([, load, source]) => ({ load, source: source!, name: basename(source!, '.ts') }))
const entries = { 'client.js': 'index.ts', 'client-small.js': 'small.ts' }

/**
 * Loads a chunk from beside the client. Browsers may answer what has failed from their memory, so another attempt has
 * another address, but not for a copy on a CDN: the page may have given a hash for the address (Subresource Integrity). The
 * error has the address, as it has in most browsers anyway. A client without an address, such as one from a data: URL, fails
 * only when it needs a chunk.
 */
const chunkAt = `const isOwn = /\\/client(-small)?\\.js([?#]|$)/.test(import.meta.url)
const at = (file) => {
  let attempts = 0
  let loading
  return async (again) => {
    const url = new URL('client/' + file, import.meta.url).href
    if (again) loading = undefined
    loading ??= import(url + (attempts++ && isOwn ? '?' + attempts : '')).catch((cause) => {
      loading = undefined
      throw new TypeError(url, { cause })
    })
    return loading
  }
}`

async function buildForBrowsers(): Promise<Record<string, string>> {
  rmSync(path('../dist/browser'), { recursive: true, force: true })
  const files: Record<string, string> = {}
  let code = chunkAt
  for (const { load, name, source } of chunks) {
    const content = await bundle(source)
    const file = `${name}-${sha('sha256', 'base64url', content).slice(0, 8)}.js`
    files[`client/${file}`] = content
    code += `\nexport const ${load} = /* @__PURE__ */ at('${file}')`
  }
  for (const [file, source] of Object.entries(entries)) files[file] = await bundle(source, { chunks: code })
  for (const [file, content] of Object.entries(files))
    write(`browser/${file.replace(/^client(?=[-.])/, 'guestkey')}`, content)
  return files
}

async function buildForBundlers(): Promise<void> {
  const compiled = globSync('{api,lib,state,storage,tabs,tokens,webauthn,*.js}', {
    cwd: path('../dist/client'),
  })
  for (const one of compiled) rmSync(path(`../dist/client/${one}`), { recursive: true })
  const code = chunks.map(
    ({ load, name }) => `export const ${load} = () => import(${`'./later/${name}.js'`})`,
  )
  for (const { name, source } of chunks)
    write(`client/later/${name}.js`, await bundle(source, { minify: false }))
  for (const source of Object.values(entries))
    write(
      `client/${basename(source, '.ts')}.js`,
      await bundle(source, { chunks: code.join('\n'), minify: false }),
    )
}

const files = await buildForBrowsers()
await buildForBundlers()
// The demo uses most of the client, so its script has all of it.
write('client/demo/demo.js', await bundle('demo/demo.ts'))
for (const asset of ['index.html', 'demo.css'])
  cpSync(path(`demo/${asset}`), path(`../dist/client/demo/${asset}`))

// The client has SimpleWebAuthn inside, whose licence goes with every copy (MIT).
cpSync(
  path('../node_modules/@simplewebauthn/browser/LICENSE.md'),
  path('../dist/client/LICENSE-simplewebauthn.md'),
)

// As `integrity` in HTML takes it (Subresource Integrity, 3.2).
const hashes = Object.entries(files).map(([file, content]) => [
  file,
  `sha384-${sha('sha384', 'base64', content)}`,
])
write('client/integrity.json', `${JSON.stringify(Object.fromEntries(hashes), null, 2)}\n`)

const sizeOf = (file: string) => ({
  gzip: gzipSync(files[file]!, { level: 9 }).length,
  brotli: brotliCompressSync(files[file]!).length,
})
for (const file of Object.keys(files)) {
  const { gzip, brotli } = sizeOf(file)
  console.log(`${file}: ${gzip} bytes with gzip, ${brotli} with brotli`)
}
for (const [page, { file, ...most }] of Object.entries(firstLoads))
  for (const coding of ['gzip', 'brotli'] as const) {
    const [bytes, allowed] = [sizeOf(file)[coding], most[coding] * 1024]
    console.log(`${page} first loads ${bytes} bytes with ${coding}, of ${allowed} allowed`)
    if (bytes > allowed) throw new Error(`${file} is ${bytes - allowed} bytes too large with ${coding}`)
  }
