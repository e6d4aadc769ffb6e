// Builds the elements. `elements.js` has what all of them need, and loads the rest when it is first shown: the view of each
// element, its menu, the texts of one language (elements/parts.ts). The client itself it takes from the same folder, because
// a page may have loaded it already, and two copies would not know of each other's passkey dialogs.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'rolldown'
import { bundle, inPlaceOf } from './bundle.ts'
import { client } from './exports.ts'
import { writeFolder } from './files.ts'

/** The entry, as in package.json. */
export const elementsEntry = 'elements/index'

const partsFile = join(client, 'elements/parts.ts')
const parts = readFileSync(partsFile, 'utf8')

/** What a page loads beside the client, without the hashes in the names, and the most KiB with gzip that it may be. */
const limits = {
  'A page with <guestkey-button>': { files: /^guestkey-elements$/, gzip: 7 },
  'All elements': { files: /^(guestkey-elements|elements-(?!(account-)?..(-|$)))/, gzip: 47 },
}
/** Of one language. Cyrillic, Arabic and Devanagari letters are two or three bytes. */
const languageLimit = 3.75

/** A part: its path from `elements/`, without the extension, and the name of its file. */
const names = [...parts.matchAll(/\bimport\('\.\/(.*)\.ts'\)/g)].map(([, path]) => ({
  path: path!,
  name: path!.replace(/^(views|texts)\//, '').replaceAll('/', '-'),
}))

/** parts.ts, with another way to load each part, and the client. */
const partsLoaded = (by: (path: string) => string, loadClient: string) =>
  parts
    .replaceAll(/\bimport\('\.\/(.*)\.ts'\)/g, (_, path: string) => by(path))
    .replace(/\bimport\('\.\.\/index\.ts'\)/, loadClient)

/** The code with a list of tags in place of the addresses of all languages: a few bytes each, on every page. */
const languagesListed = (code: string) =>
  code.replaceAll(/\{\n( {2}\S+: \(\) => load\('elements-\S+'\),\n)+\}/g, (list) => {
    const tags = [...list.matchAll(/^ {2}'?([\w-]+)/gm)].map(([, tag]) => tag!)
    const address = list.match(/'elements-\S+'/)![0].replace(`-${tags[0]}-`, "-' + tag + '-")
    return `Object.fromEntries('${tags.join(' ')}'.split(' ').map((tag) => [tag, () => load(${address})]))`
  })

/** The files for browsers. `chunkAt` is the code that loads a file from beside the client. */
export async function elementsForBrowsers(chunkAt: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  const addresses: Record<string, string> = {}
  const contents = await Promise.all(names.map(({ path }) => bundle(`elements/${path}.ts`)))
  const isText = (path: string) => path.startsWith('texts/')
  // All texts have one hash, so that the addresses of two languages differ by their tags only.
  const texts = contents.filter((_, i) => isText(names[i]!.path)).join('')
  for (const [i, { path, name }] of names.entries()) {
    const content = contents[i]!
    const hash = createHash('sha256')
      .update(isText(path) ? texts : content)
      .digest('base64url')
      .slice(0, 8)
    addresses[path] = `elements-${name}-${hash}.js`
    files[`client/${addresses[path]}`] = content
  }
  const load = 'const loaders = {}\nconst load = (file) => (loaders[file] ??= at(file))()'
  const clientFile = "import(new URL(isOwn ? 'client.js' : 'guestkey.js', import.meta.url).href)"
  const code = languagesListed(partsLoaded((path) => `load('${addresses[path]}')`, clientFile))
  const plugins = [inPlaceOf(partsFile, `${chunkAt}\n${load}\n${code}`)]
  files['guestkey-elements.js'] = await bundle('elements/index.ts', { plugins })
  return files
}

/** Prints what the elements weigh, and throws if that is too much. `sizes` has the bytes with gzip of each file. */
export function weighElements(sizes: Record<string, number>): void {
  const plain = Object.entries(sizes).map(
    ([file, bytes]) =>
      [file.replace(/^client\/(.*)-.{8}(?=\.js$)/, '$1').replace(/\.js$/, ''), bytes] as const,
  )
  for (const [page, { files, gzip }] of Object.entries(limits)) {
    const bytes = plain.filter(([file]) => files.test(file)).reduce((sum, [, bytes]) => sum + bytes, 0)
    console.log(`${page} loads ${bytes} bytes with gzip beside the client, of ${gzip * 1024} allowed`)
    if (bytes > gzip * 1024) throw new Error(`${page} loads ${bytes - gzip * 1024} bytes too many`)
  }
  for (const { path, name } of names)
    for (const [file, bytes] of plain)
      if (path.startsWith('texts/') && file === `elements-${name}` && bytes > languageLimit * 1024)
        throw new Error(`${path} is ${bytes - languageLimit * 1024} bytes too large`)
}

/** Writes the parts for bundlers, and returns what loads them. */
export async function elementsForBundlers(format: 'esm' | 'cjs', extension: string): Promise<Plugin> {
  const later: Record<string, string> = {}
  for (const { path, name } of names)
    later[`${name}.${extension}`] = await bundle(`elements/${path}.ts`, { minify: false, format })
  writeFolder(join(client, `dist/elements/later-${format}`), later)
  const load = (file: string) =>
    `Promise.resolve().then(() => ${format === 'esm' ? 'import' : 'require'}('${file}'))`
  const nameOf = (path: string) => names.find((one) => one.path === path)!.name
  return inPlaceOf(
    partsFile,
    partsLoaded(
      (path) => load(`./later-${format}/${nameOf(path)}.${extension}`),
      load(`../index.${extension}`),
    ),
  )
}
