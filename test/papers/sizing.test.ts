// server/service/sizing.md has the tables of the simulation as it prints them now.

import { expect, test } from 'vitest'
import { tables } from '../bench/billion.ts'
import { readPage } from '../support/pages.ts'

test('the tables about a billion guests are those of the simulation', () => {
  expect(readPage('server/service/sizing.md')).toContain(tables())
})
