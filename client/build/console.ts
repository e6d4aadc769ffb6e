// Builds the console of operators, which the server has and @guestkey/client has not. Each view is a part that is loaded when
// it is first shown. The names of parts have a hash of the content, so they can be kept for ever.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Plugin, rolldown } from 'rolldown'
import { labelKeys } from '../console/words/labels.ts'
import { client } from './exports.ts'
import { writeFolder } from './files.ts'
import { licences } from './licences.ts'
import { lean } from './simplewebauthn.ts'
import { smaller } from './styles.ts'

/** The most KiB with gzip of what the first page needs, and of all together but for the labels of other languages. */
const most = { first: 30, all: 76 }

/** Its sheets and those of the elements read the same custom properties, so their names stay. */
const smallStyles: Plugin = {
  name: 'small-styles',
  transform: (code) => code.replaceAll(/css`([^`]*)`/g, (_, css: string) => `\`${smaller(css)}\``),
}

/** Of the texts of the elements, the console has a few words in each language. */
const onlyLabels: Plugin = {
  name: 'only-labels',
  async load(id) {
    if (!/elements\/texts\/(account\/)?[\w-]+\.ts$/.test(id.replaceAll('\\', '/'))) return null
    const { texts } = await import(pathToFileURL(id).href)
    const kept = labelKeys.filter((key) => key in texts).map((key) => [key, texts[key]])
    return `export const texts = ${JSON.stringify(Object.fromEntries(kept))}`
  },
}

/** Some browsers have a language that is no tag, such as `en-US@posix`, for which uPlot throws. Its numbers are not shown. */
const plainNumbers: Plugin = {
  name: 'plain-numbers',
  transform(code, id) {
    if (!/uPlot\.esm\.js$/.test(id)) return null
    const strict = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')"
    if (!code.includes(strict)) throw new Error(`No ${strict} in ${id}`)
    return code.replace(strict, 'new Intl.NumberFormat()')
  },
}

/** Prints what the console weighs, and throws if that is too much. */
export async function buildConsole(): Promise<void> {
  const built = await rolldown({
    input: { console: join(client, 'console/main.ts') },
    platform: 'browser',
    plugins: [lean, smallStyles, onlyLabels, plainNumbers],
  })
  const { output } = await built.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'parts/[name]-[hash].js',
    minify: { compress: { target: 'es2022', dropConsole: true }, mangle: { toplevel: true } },
  })
  const parts = output.filter((one) => one.type === 'chunk')
  const files = Object.fromEntries(parts.map(({ fileName, code }) => [fileName, code]))
  const beside = licences('LICENSE-simplewebauthn.md', 'LICENSE-uplot')
  writeFolder(join(client, '../dist/console'), { ...files, ...beside })

  const bytes = (all: typeof parts) =>
    all.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  const entry = parts.find(({ isEntry }) => isEntry)!
  const isFirst = ({ fileName, name }: (typeof parts)[number]) =>
    fileName === entry.fileName || entry.imports.includes(fileName) || name === 'sign-in'
  const isLabels = ({ moduleIds }: (typeof parts)[number]) =>
    moduleIds.length > 0 && moduleIds.every((id) => /elements.texts/.test(id))
  weigh('The first page of the console', bytes(parts.filter(isFirst)), most.first)
  weigh('The whole console', bytes(parts.filter((one) => !isLabels(one))), most.all)
}

function weigh(what: string, bytes: number, kib: number): void {
  console.log(`${what} is ${bytes} bytes with gzip, of ${kib * 1024} allowed`)
  if (bytes > kib * 1024) throw new Error(`${what} is ${bytes - kib * 1024} bytes too large with gzip`)
}
