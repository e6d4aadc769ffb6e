// The texts of the elements and of the service's own pages: each language has what it needs, and no element holds a text of
// its own.

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { languages as pageLanguages } from '../../server/http/pages/languages.ts'

const repository = join(import.meta.dirname, '../..')
const root = join(repository, 'client/elements')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
type Text = string | Record<string, string>

const folders = ['client/elements/texts', 'client/elements/texts/account', 'server/http/pages/texts']
const files = globSync(
  folders.map((folder) => `${folder}/??*.ts`),
  { cwd: repository },
).filter((file) => !file.endsWith('translation.ts'))
const languages = await Promise.all(
  files.map(async (file) => {
    const { texts } = (await import(join(repository, file))) as { texts: Record<string, Text> }
    return { file, language: basename(file, '.ts'), texts }
  }),
)
const formsOf = (text: Text) => (typeof text === 'string' ? [text] : Object.values(text))
const placeholdersOf = (text: string) => (text.match(/\{\w+\}/g) ?? []).toSorted()

describe.each(languages)('$file', ({ file, language, texts }) => {
  const english = languages.find((one) => one.file === file.replace(/[\w-]+\.ts$/, 'en.ts'))!.texts

  test('has the keys of the English texts, in their order', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(english))
  })

  test('has the placeholders of the English texts', () => {
    for (const [key, text] of Object.entries(texts)) {
      const other = typeof text === 'string' ? text : text.other!
      const wanted = english[key]!
      const names = placeholdersOf(typeof wanted === 'string' ? wanted : wanted.other!)
      expect(placeholdersOf(other), key).toEqual(names)
      // A form for one or two things may say the number in words.
      for (const form of formsOf(text))
        expect(names, key).toEqual(expect.arrayContaining(placeholdersOf(form)))
    }
  })

  test('has every category of plurals that the language has, and no other', () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const [key, text] of Object.entries(texts))
      expect(typeof text === 'string' ? 'no plural' : Object.keys(text).toSorted(), key).toEqual(
        typeof english[key] === 'string' ? 'no plural' : pluralCategories.toSorted(),
      )
  })

  if (language !== 'en')
    test('has no sentence left in English', () => {
      const sentences = new Set(Object.values(english).flatMap(formsOf))
      for (const [key, text] of Object.entries(texts))
        for (const one of formsOf(text)) expect(one.length > 20 && sentences.has(one), key).toBe(false)
    })

  test('has one pair of quotation marks and the apostrophe of printers', () => {
    const forms = Object.values(texts).flatMap(formsOf)
    for (const one of forms) expect(one).not.toMatch(/["'`]/)
    // What stands around a placeholder is a pair of quotation marks, such as « and » with their no-break spaces.
    const pairs = forms.flatMap((one) =>
      [...one.matchAll(/([\p{Pi}\p{Pf}\p{Ps}]\s?)\{(?:part|name)\}(\s?[\p{Pi}\p{Pf}\p{Pe}])/gu)].map(
        ([, open, close]) => `${open}${close}`,
      ),
    )
    expect(new Set(pairs).size).toBe(file.startsWith('client/') ? 1 : 0)
    // ’ alone is an apostrophe.
    const marks = forms.flatMap((one) => one.match(/[“”„«»‹›‘‚「」『』]/g) ?? [])
    expect(marks.filter((mark) => !pairs[0]?.includes(mark))).toEqual([])
  })

  test('has plain words, no exclamation marks, no blanks too many and none before a mark that may break there', () => {
    for (const [key, text] of Object.entries(texts))
      for (const one of formsOf(text))
        expect(one, key).not.toMatch(/!|\.\.\.|\s{2}|^\s|\s$|[<>]| [?!;:»…]|« /)
  })
})

test('the languages of the account and of the pages are those of the other texts, and all are loaded by their tags', async () => {
  const tagsIn = (folder: string) =>
    files
      .filter((file) => file === `${folder}/${basename(file)}`)
      .map((file) => basename(file, '.ts'))
      .toSorted()
  const [all, ofAccount, ofPages] = folders.map(tagsIn)
  expect(all).toContain('de')
  expect(ofAccount).toEqual(all)
  expect(ofPages).toEqual(all)
  const loaded = [
    ...read('parts.ts').matchAll(/^ {2}'?([\w-]+)'?: \(\) => import\('\.\/texts\/(.*)\.ts'\)/gm),
  ]
  for (const [, tag, path] of loaded) expect(basename(path!)).toBe(tag)
  expect(loaded.length).toBe(all!.length + ofAccount!.length)
  for (const [tag, texts] of Object.entries(pageLanguages)) {
    expect(Intl.getCanonicalLocales(tag)).toEqual([tag])
    const { texts: own } = await import(join(repository, folders[2]!, `${tag.toLowerCase()}.ts`))
    expect(texts, tag).toBe(own)
  }
  expect(Object.keys(pageLanguages)).toHaveLength(ofPages!.length)
})

/** The texts that the code of an element shows: those that begin with a capital, or have several words. */
function textsIn(source: string): string[] {
  const code = source
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replaceAll(/css`[^`]*`/g, '')
    .replaceAll(/^(import|export) .*$/gm, '')
  const strings = [...code.matchAll(/'((?:[^'\\\n]|\\.)*)'|`([^`$]*)/g)].map(
    ([, one, other]) => one ?? other!,
  )
  // Class names, drawings and names of things begin with a small letter and have no sentence in them.
  return strings.filter((one) => /^\p{Lu}\p{Ll}|\p{L} \p{L}.*[.?…]$/u.test(one))
}

test('no element holds a text outside of these files', () => {
  const sources = globSync(['*.ts', '{kit,views}/**/*.ts'], { cwd: root })
  expect(sources.length).toBeGreaterThan(15)
  for (const file of sources)
    expect(
      textsIn(read(file)).filter((one) => one !== 'Escape'),
      file,
    ).toEqual([]) // the name of a key
  expect(textsIn(`h('p', {}, 'Save it')`)).toEqual(['Save it'])
  expect(textsIn(`say('nothing has changed.')`)).toEqual(['nothing has changed.'])
})

test.each(['en.ts', 'account/en.ts'])('every text of %s is used by an element', (name) => {
  const code = globSync(['*.ts', '{kit,views}/**/*.ts'], { cwd: root }).map(read).join('\n')
  const english = languages.find(({ file }) => file === `client/elements/texts/${name}`)!.texts
  const isUsed = (key: string) =>
    code.includes(`'${key}'`) ||
    (/(Title|Text)$/.test(key) && code.includes(`'${key.replace(/(Title|Text)$/, '')}'`))
  expect(Object.keys(english).filter((key) => !isUsed(key))).toEqual([])
})
