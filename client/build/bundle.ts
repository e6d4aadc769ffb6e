// Bundles a part of the client into one file.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { client } from './exports.ts'

const chunksFile = join(client, 'chunks.ts')

/** The functions of chunks.ts, and the source of the chunk that each one loads. */
export const chunks = [
  ...readFileSync(chunksFile, 'utf8').matchAll(/^export const (\w+) = .*import\('(.*)'\)$/gm),
].map(([, load, source]) => ({ load: load!, source: source!, name: basename(source!, '.ts') }))

/** Of an error of SimpleWebAuthn, the client needs the name alone, which is that of the DOMException. */
const plainErrors: Plugin = {
  name: 'plain-errors',
  load(id) {
    const [, name] = /simplewebauthn\/browser\/esm\/helpers\/(identify\w+Error)\.js$/.exec(id) ?? []
    return name ? `export const ${name} = ({ error }) => error` : null
  },
}

/** Password managers answer in place of the browser, and some give no extension results, or null. */
const gracious: Plugin = {
  name: 'gracious',
  transform(code, id) {
    if (!/simplewebauthn\/browser\/esm\/methods\/start/.test(id)) return null
    const strict = 'credential.getClientExtensionResults()'
    if (!code.includes(strict)) throw new Error(`No ${strict} in ${id}`)
    return code.replace(strict, '(credential.getClientExtensionResults?.() ?? {})')
  },
}

/** Style sheets without what is only for readers. */
const smallStyles: Plugin = {
  name: 'small-styles',
  transform: (code) =>
    code.replaceAll(
      /css`([^`]*)`/g,
      (_, text: string) =>
        `\`${text.replaceAll(/\/\*.*?\*\/|\s+/g, ' ').replaceAll(/ ?([{};,>]) ?|(:) /g, '$1$2')}\``,
    ),
}

/** What all that is built for browsers needs. */
export const plugins: Plugin[] = [plainErrors, gracious, smallStyles]

/** How code is made small. SimpleWebAuthn's warnings are for developers who call it wrongly. */
export const minified = ({ dropConsole = true } = {}) => ({
  compress: { target: 'es2022', dropConsole },
  mangle: { toplevel: true },
})

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
  { chunks = '', minify = true, address = true, format = 'esm', plugins: own = [] }: BundleOptions = {},
): Promise<string> {
  const built = await rolldown({
    input: join(client, source),
    platform: 'browser',
    checks: { moduleLevelDirective: false }, // 'use client' stays at the top, which a test holds
    // CommonJS has no address. It is only where nobody serves the client (base-url.ts).
    transform: format === 'cjs' || !address ? { define: { 'import.meta.url': "''" } } : {},
    plugins: [...plugins, ...(chunks ? [inPlaceOf(chunksFile, chunks)] : []), ...own],
  })
  const { output } = await built.generate({
    format,
    codeSplitting: false,
    // The only warning of our own is in explain.ts.
    minify: minify && minified({ dropConsole: !source.endsWith('explain.ts') }),
  })
  return output[0].code
}
