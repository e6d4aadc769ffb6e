// Bundles a page as its developer does, by three bundlers, and says what a browser first loads of it.

import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as buildByEsbuild, transform } from 'esbuild'
import { rollup } from 'rollup'
import { build as buildByVite } from 'vite'
import type { Bundler } from './first-loads.ts'

type File = { path: string; isEntry: boolean; imports: string[]; content: string | Uint8Array }

/** What rollup, and Vite with it, say of a file. */
type Output = { fileName: string; isEntry?: boolean; imports?: string[]; code?: string }

const toFile = ({ fileName, isEntry = false, imports = [], code = '' }: Output): File => ({
  path: fileName,
  isEntry,
  imports,
  content: code,
})

/** Writes the page into the folder, in which its packages are installed, and returns the path of its script. */
function writePage(folder: string, script: string): string {
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="/page.js"></script>')
  const path = join(folder, 'page.js')
  writeFileSync(path, script)
  return path
}

async function byEsbuild(folder: string, script: string): Promise<File[]> {
  const { outputFiles, metafile } = await buildByEsbuild({
    entryPoints: [writePage(folder, script)],
    outdir: join(folder, 'built'),
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    format: 'esm',
    legalComments: 'none',
    absWorkingDir: folder,
    logLevel: 'error',
  })
  return outputFiles.map(({ path, contents }) => {
    const { entryPoint, imports } = metafile.outputs[relative(folder, path)]!
    const atStart = imports.filter(({ kind }) => kind === 'import-statement')
    return {
      path: relative(folder, path),
      isEntry: entryPoint === 'page.js',
      imports: atStart.map(({ path }) => path),
      content: contents,
    }
  })
}

/** Rollup has no minifier of its own: people add one. */
async function byRollup(folder: string, script: string): Promise<File[]> {
  const bundle = await rollup({
    input: writePage(folder, script),
    plugins: [nodeResolve({ browser: true })],
    external: /^(?!@?guestkey\/)[@\w]/, // CommonJS, such as React, would need another plugin
    onLog: (_level, { message }) => {
      throw new Error(message)
    },
  })
  const { output } = await bundle.generate({ format: 'esm' })
  await bundle.close()
  return Promise.all(
    output.map(async (one) => {
      const file = toFile(one as Output)
      const { code } = await transform(String(file.content), { minify: true, format: 'esm' })
      return { ...file, content: code }
    }),
  )
}

/** Vite's own helper for `import()` is in what a page loads. */
async function byVite(folder: string, script: string): Promise<File[]> {
  writePage(folder, script)
  const built = await buildByVite({ root: folder, logLevel: 'error', build: { write: false } })
  return (built as { output: Output[] }).output.map(toFile)
}

const bundle: Record<Bundler, (folder: string, script: string) => Promise<File[]>> = {
  esbuild: byEsbuild,
  rollup: byRollup,
  Vite: byVite,
}

/** The bytes with gzip that a page of this script loads at its start: the entry, and what that imports. */
export async function firstLoadBy(bundler: Bundler, folder: string, script: string): Promise<number> {
  const files = await bundle[bundler](folder, script)
  const first = files.filter(({ isEntry }) => isEntry)
  for (const { imports } of first)
    for (const file of files) if (imports.includes(file.path) && !first.includes(file)) first.push(file)
  return first.reduce((sum, { content }) => sum + gzipSync(content, { level: 9 }).length, 0)
}
