// Builds the files that browsers load: the client as one ES module, and the demo page. Prints the size of the client,
// and fails if it is above MAX_BYTES.

import { cpSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The most that the client may weigh, minified and gzipped, with @simplewebauthn/browser inside: 14 KiB. */
const MAX_BYTES = 14 * 1024

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

const bytes = gzipSync(readFileSync(path('../dist/browser/guestkey.js')), { level: 9 }).length
console.log(`guestkey.js: ${bytes} bytes min+gzip, of ${MAX_BYTES} allowed`)
if (bytes > MAX_BYTES) throw new Error(`guestkey.js is ${bytes - MAX_BYTES} bytes too large`)
