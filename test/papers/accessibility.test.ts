// client/ACCESSIBILITY.md: each criterion of WCAG 2.2, A and AA, stands there once, and the tests that it names exist.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readPage, rowsIn } from '../support/pages.ts'

const page = 'client/ACCESSIBILITY.md'
const rows = rowsIn(readPage(page)) as [string, string, string, string, string][]

/** The numbers of the criteria: https://www.w3.org/TR/WCAG22/. 4.1.1 is empty in 2.2. */
const criteria = {
  A: `1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2
    2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4
    3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2`,
  AA: `1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13
    2.4.5 2.4.6 2.4.7 2.4.11 2.5.7 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3`,
}

/** The tests that a cell names: a file, and words of a title. Titles of one file stand behind each other. */
function testsIn(cell: string): { file: string; title: string }[] {
  let file = ''
  const found = [...cell.matchAll(/(?:`([\w/-]+)` )?“(.+?)”(?=; [`“]|$)/g)]
  expect(found.map(([all]) => all).join('; ')).toBe(cell)
  return found.map(([, named, title]) => {
    file = named ?? file
    return { file, title: title! }
  })
}

describe('the report on accessibility', () => {
  test.each(['A', 'AA'] as const)('has each criterion of level %s once, and no other', (level) => {
    const said = rows.filter(([, one]) => one === level).map(([criterion]) => criterion.split(' ')[0]!)
    const byNumber = new Intl.Collator('en', { numeric: true }).compare
    expect(said.toSorted(byNumber)).toEqual(criteria[level].split(/\s+/).toSorted(byNumber))
  })

  test('says of each whether it is supported, and how', () => {
    const odd = rows.filter(
      ([, , result, how, tests]) =>
        !/^(supports|does not apply)$/.test(result) || !how.endsWith('.') || (result !== 'supports' && tests),
    )
    expect(odd).toEqual([])
  })

  test('names tests that exist, by words of their titles', () => {
    const named = rows.flatMap(([, , , , cell]) => testsIn(cell))
    expect(named.length).toBeGreaterThan(30)
    const missing = named.filter(({ file, title }) => {
      const path = join(import.meta.dirname, '..', `${file}.test.ts`)
      return !existsSync(path) || !readFileSync(path, 'utf8').includes(title)
    })
    expect(missing).toEqual([])
  })
})
