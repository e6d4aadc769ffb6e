// test/conformance/README.md: each test that its table names is there.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage } from '../support/pages.ts'

const tests = join(import.meta.dirname, '..')
const files: Record<string, string> = {
  'openid-basic': 'conformance/openid-basic.test.ts',
  'openid-params': 'server/core/authorization/openid-params.test.ts',
  'known-apps': 'server/core/authorization/known-apps.test.ts',
  identification: 'server/core/authorization/identification.test.ts',
}
const rows = [
  ...readPage('test/conformance/README.md').matchAll(/^\| `(oidcc-[\w-]+)` \| (.*?) \| ?(.*?) ?\|$/gm),
]

/** What a test of this file is called. */
const titlesIn = (name: string) => {
  const text = readFileSync(join(tests, files[name]!), 'utf8')
  return [...text.matchAll(/\b(?:test|describe)\(\s*'([^']+)'|^ {4}\['(oidcc-[^']+)'/gm)].map(
    ([, title, module]) => title ?? module!,
  )
}

test('the table has each module once', () => {
  const modules = rows.map(([, module]) => module)
  expect(modules).toHaveLength(52)
  expect(new Set(modules).size).toBe(52)
})

test.each(rows.map(([, module, by, why]) => [module!, by!, why!]))(
  '%s is covered by %s',
  (module, by, why) => {
    const [, name, title] = /^`([\w-]+)`(?:: (.+))?$/.exec(by) ?? []
    if (name === undefined) expect([by, why]).toEqual(['none', expect.stringMatching(/./)])
    else {
      const words = (text: string) => text.split(/[ :,]+/)
      const isIt = (one: string) => (title === undefined ? words(one).includes(module) : one.includes(title))
      expect(titlesIn(name).some(isIt), by).toBe(true)
    }
  },
)

test('the table has each module that openid-basic tests', () => {
  const tested = titlesIn('openid-basic').flatMap((title) => title.match(/oidcc-[\w-]+/g) ?? [])
  const said = rows.filter(([, , by]) => by === '`openid-basic`').map(([, module]) => module)
  expect(said.toSorted()).toEqual([...new Set(tested)].toSorted())
})
