// server/rules/README.md: its table has each file of the folder.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, rowsIn } from '../support/pages.ts'

test('the page of the rules has each file, in the order of the folder', () => {
  const files = readdirSync(join(import.meta.dirname, '../../server/rules')).filter((one) =>
    one.endsWith('.ts'),
  )
  const named = rowsIn(readPage('server/rules/README.md')).map(([first]) => /^`(.+)`$/.exec(first!)?.[1])
  expect(named).toEqual(files.toSorted())
})
