// The Markdown pages of the repository: their sections, tables, links and code blocks.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** All pages, by their paths from the root. */
export const pages: string[] = globSync(
  ['*.md', '.github/*.md', 'client/**/*.md', 'server/**/*.md', 'test/**/*.md'],
  { cwd: root, exclude: ['client/dist'] },
).toSorted()

export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8')

/** A line of a page; `isCode` for those of a fenced block, its fences included. */
type Line = { text: string; isCode: boolean; number: number }

function linesOf(text: string): Line[] {
  let inCode = false
  return text.split('\n').map((text, i) => {
    const isFence = /^\s*```/.test(text)
    if (isFence) inCode = !inCode
    return { text, isCode: inCode || isFence, number: i + 1 }
  })
}

/** The text of a page without its fenced blocks. */
export const proseOf = (page: string): string =>
  linesOf(readPage(page))
    .map(({ text, isCode }) => (isCode ? '' : text))
    .join('\n')

export type Heading = { level: number; title: string; anchor: string; line: number }

/** The headings of a page, with the anchors that GitHub gives them. */
export function headingsOf(page: string): Heading[] {
  const used = new Map<string, number>()
  return linesOf(readPage(page)).flatMap(({ text, isCode, number }) => {
    const [, marks, title] = (!isCode && /^(#+) (.*)$/.exec(text)) || []
    if (marks === undefined || title === undefined) return []
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*_]/g, '')
    const slug = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const before = used.get(slug) ?? 0
    used.set(slug, before + 1)
    return [{ level: marks.length, title: plain, anchor: before ? `${slug}-${before}` : slug, line: number }]
  })
}

/** What stands below a heading, up to the next one of its level or above. */
export function section(page: string, title: string): string {
  const headings = headingsOf(page)
  const i = headings.findIndex((one) => one.title === title)
  if (i < 0) throw new Error(`${page} has no heading "${title}"`)
  const { level, line } = headings[i]!
  const next = headings.slice(i + 1).find((one) => one.level <= level)
  return readPage(page)
    .split('\n')
    .slice(line, next && next.line - 1)
    .join('\n')
}

/** The rows of all tables in a text, without their heads: the cells of each, without the blanks around them. */
export function rowsIn(text: string): string[][] {
  const lines = linesOf(text).map(({ text, isCode }) => (isCode ? '' : text))
  const isRule = (line: string | undefined) => /^\|[\s:|-]+\|$/.test(line ?? '')
  return lines.flatMap((line, i) =>
    line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1])
      ? [
          line
            .split(/(?<!\\)\|/)
            .slice(1, -1)
            .map((cell) =>
              cell
                .replace(/<a id="\w+"><\/a>/, '')
                .trim()
                .replaceAll('\\|', '|'),
            ),
        ]
      : [],
  )
}

/** The links of a page, without those to other hosts: the path from its folder, and the anchor. */
export const linksOf = (page: string): { path: string; anchor: string }[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = ''] = target.split('#')
      return { path, anchor }
    })

/**
 * A fenced block. `mark` is the comment before it: `excerpt` for a part of something larger, which no test runs; or
 * `example: <name>`, by which a test finds it.
 */
export type Block = { language: string; mark: string | undefined; code: string; line: number }

/** The names of the functions of an object, those in groups with the name of the group. */
export const functionsOf = (value: object): string[] =>
  Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'function' ? name : functionsOf(one).map((inner) => `${name}.${inner}`),
  )

/** The functions that a cell names, such as `a.list()`, `.remove(id)`: `a.list` and `a.remove`. */
export function functionsIn(cell: string): string[] {
  let group = ''
  return [...cell.matchAll(/`(?:await )?(?:guests\.)?([\w.]+)\(/g)].map(([, name]) => {
    const whole = name!.startsWith('.') ? group + name : name!
    group = whole.replace(/\.\w+$/, '')
    return whole
  })
}

export function blocksOf(page: string): Block[] {
  const text = readPage(page)
  const fenced = /(?:^<!-- ([^\n]*) -->\n+)?^```([^\n]*)\n([\s\S]*?)^```$/gm
  return [...text.matchAll(fenced)].map(({ 0: all, 1: mark, 2: language, 3: code, index }) => ({
    language: language!,
    mark,
    code: code!,
    line: text.slice(0, index + all.indexOf('```')).split('\n').length,
  }))
}

/** The code of the block that is marked `<!-- example: <name> -->`. */
export function example(page: string, name: string): string {
  const block = blocksOf(page).find(({ mark }) => mark === `example: ${name}`)
  if (!block) throw new Error(`${page} has no block with the mark <!-- example: ${name} -->`)
  return block.code
}
