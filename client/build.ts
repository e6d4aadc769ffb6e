// Builds what browsers load: the client as one ES module, and the demo page. Prints the client's size and holds it.

import { cpSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What a page pays for the client, minified and gzipped, with @simplewebauthn/browser inside. */
const MAX_BYTES = 13.5 * 1024

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
    drop: ['console'], // @simplewebauthn/browser's hints to those who call it wrongly
  })

await bundle('index.ts', '../dist/browser/guestkey.js')
await bundle('demo/demo.ts', '../dist/client/demo/demo.js')
for (const asset of ['index.html', 'demo.css'])
  cpSync(path(`demo/${asset}`), path(`../dist/client/demo/${asset}`))

const bytes = gzipSync(readFileSync(path('../dist/browser/guestkey.js')), { level: 9 }).length
console.log(`guestkey.js: ${bytes} bytes min+gzip, of ${MAX_BYTES} allowed`)
if (bytes > MAX_BYTES) throw new Error(`guestkey.js is ${bytes - MAX_BYTES} bytes too large`)
