// Bundles a part of the client into one file.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { client } from './exports.ts'
import { shortNames } from './inner-names.ts'
import { leanQr } from './qr.ts'
import { lean } from './simplewebauthn.ts'
import { smallStyles } from './styles.ts'

const chunksFile = join(client, 'chunks.ts')

/** The functions of chunks.ts, and the source of the chunk that each one loads. */
export const chunks = [
  ...readFileSync(chunksFile, 'utf8').matchAll(/^export const (\w+) = .*import\('(.*)'\)$/gm),
].map(([, load, source]) => ({ load: load!, source: source!, name: basename(source!, '.ts') }))

/** Takes this code in place of a file. What it imports is left where it is. */
export const inPlaceOf = (file: string, code: string): Plugin => ({
  name: 'in-place',
  load: (id) => (id === file ? code : null),
  resolveId: (id, importer) => (importer === file ? { id, external: true } : null),
})

type BundleOptions = {
  /** Takes this in place of chunks.ts. */
  chunks?: string
  /** Default: true. */
  minify?: boolean
  /** Whether the file may know its own address. Default: true, but CommonJS never does. */
  address?: boolean
  /** Default: `esm`. */
  format?: 'esm' | 'cjs'
  plugins?: Plugin[]
}

/** The file that is made of this source, a path from the package, and all that it imports. */
export async function bundle(
  source: string,
  { chunks = '', minify = true, address = true, format = 'esm', plugins = [] }: BundleOptions = {},
): Promise<string> {
  const built = await rolldown({
    input: join(client, source),
    platform: 'browser',
    checks: { moduleLevelDirective: false }, // 'use client' stays at the top, which a test holds
    // CommonJS has no address. It is only where nobody serves the client (base-url.ts).
    transform: format === 'cjs' || !address ? { define: { 'import.meta.url': "''" } } : {},
    plugins: [
      lean,
      leanQr,
      smallStyles,
      ...(chunks ? [inPlaceOf(chunksFile, chunks)] : []),
      ...plugins,
      ...(minify ? [shortNames] : []),
    ],
  })
  const { output } = await built.generate({
    format,
    codeSplitting: false,
    minify: minify && { compress: { target: 'es2022' }, mangle: { toplevel: true } },
  })
  return output[0].code
}
