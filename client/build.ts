// Builds the files that browsers load: the client as one ES module, and the demo page. Prints the size of the client as it
// is sent, and fails if that is too much. Writes the hash by which a page can be sure of its own copy of the client.

import { createHash } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The most that the client may weigh, minified and compressed, with @simplewebauthn/browser inside. */
const MAX_BYTES = { gzip: 14 * 1024, brotli: 12.75 * 1024 }

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const bundle = (from: string, to: string) =>
  build({
    entryPoints: [path(from)],
    outfile: path(to),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    drop: ['console'], // @simplewebauthn/browser's warnings for developers who call it wrongly
  })

await bundle('index.ts', '../dist/browser/guestkey.js')
await bundle('demo/demo.ts', '../dist/client/demo/demo.js')
for (const asset of ['index.html', 'demo.css'])
  cpSync(path(`demo/${asset}`), path(`../dist/client/demo/${asset}`))

const client = readFileSync(path('../dist/browser/guestkey.js'))
// As `integrity` in HTML takes it (Subresource Integrity, 3.2).
const integrity = { 'client.js': `sha384-${createHash('sha384').update(client).digest('base64')}` }
writeFileSync(path('../dist/client/integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`)

const sizes = { gzip: gzipSync(client, { level: 9 }).length, brotli: brotliCompressSync(client).length }
for (const coding of ['gzip', 'brotli'] as const) {
  const [bytes, most] = [sizes[coding], MAX_BYTES[coding]]
  console.log(`guestkey.js: ${bytes} bytes minified, with ${coding}, of ${most} allowed`)
  if (bytes > most) throw new Error(`guestkey.js is ${bytes - most} bytes too large with ${coding}`)
}
