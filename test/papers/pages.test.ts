// The form of the pages: contents, links, short paragraphs, and code that a test runs or that is marked as an excerpt.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { parseSync } from 'vite'
import { describe, expect, test } from 'vitest'
import { blocksOf, headingsOf, linksOf, pages, proseOf, readPage } from '../support/pages.ts'

const root = join(import.meta.dirname, '../..')

/** The pages that people read from the top. The changelog is a list. */
const read = pages.filter((page) => page !== 'CHANGELOG.md')

/** The page or file that a link names, from the root. */
const targetOf = (page: string, path: string) =>
  path === '' ? page : posix.normalize(posix.join(posix.dirname(page), path))

describe('the links of the pages', () => {
  test.each(pages)('lead to files and headings that exist: %s', (page) => {
    const dead = linksOf(page).filter(({ path, anchor }) => {
      const target = targetOf(page, path)
      if (!existsSync(join(root, target))) return true
      return anchor !== '' && !headingsOf(target).some((heading) => heading.anchor === anchor)
    })
    expect(dead).toEqual([])
  })

  test('lead from the README to every page in two steps at most', () => {
    const pagesFrom = (page: string) =>
      linksOf(page)
        .map(({ path }) => targetOf(page, path))
        .filter((target) => pages.includes(target))
    const near = pagesFrom('README.md')
    const reached = new Set([...near, ...near.flatMap(pagesFrom)])
    expect(read.filter((page) => page !== 'README.md' && !reached.has(page))).toEqual([])
  })
})

describe('the pages', () => {
  test.each(read.filter((page) => page !== 'README.md'))(
    'begin with a list of their sections: %s',
    (page) => {
      const sections = headingsOf(page).filter(({ level }) => level === 2)
      if (sections.length < 4) return
      const [before] = readPage(page).split(/^## /m)
      const listed = [...before!.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
      expect(listed).toEqual(sections.map(({ anchor }) => anchor))
    },
  )

  test.each(read)('have one title, and no heading that skips a level: %s', (page) => {
    const levels = headingsOf(page).map(({ level }) => level)
    expect(levels.filter((level) => level === 1)).toEqual([1])
    expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([])
  })

  test.each(read)('have short paragraphs and table rows: %s', (page) => {
    const isLong = (line: string) => line.trim().length > (line.trimStart().startsWith('|') ? 420 : 600)
    expect(proseOf(page).split('\n').filter(isLong)).toEqual([])
  })
})

describe('the code blocks of the pages', () => {
  const tests = globSync('test/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
  const isRun = (page: string, name: string) =>
    tests.some((source) => source.includes(`example('${page}', '${name}')`))

  test.each(read)('name their language, and are run by a test or marked as excerpts: %s', (page) => {
    const fences = readPage(page).match(/^\s*```/gm) ?? []
    expect(fences).toHaveLength(2 * blocksOf(page).length)
    const odd = blocksOf(page).filter(({ language, mark }) => {
      if (language === '') return true
      if (language === 'text' || mark === 'excerpt') return false
      const [, name] = /^example: (\S+)$/.exec(mark ?? '') ?? []
      return name === undefined || !isRun(page, name)
    })
    expect(odd.map(({ line, language, mark }) => ({ line, language, mark }))).toEqual([])
  })

  test.each(read)('are JavaScript and TypeScript that can be parsed: %s', (page) => {
    const wrong = blocksOf(page)
      .filter(({ language }) => /^(js|ts)$/.test(language))
      .flatMap(({ language, code, line }) =>
        parseSync(`example.${language}`, code).errors.map(({ message }) => ({ line, message })),
      )
    expect(wrong).toEqual([])
  })
})
