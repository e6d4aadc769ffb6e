// server/http/README.md: its tables have each endpoint of the route table and each code of the table of errors.

import { expect, test } from 'vitest'
import { errorCodes, GuestError } from '../../server/errors.ts'
import { endpoints } from '../../server/http/router.ts'
import { readPage, rowsIn, section } from '../support/pages.ts'

const page = 'server/http/README.md'

test('the page has each endpoint once, and no other', () => {
  const named = rowsIn(readPage(page)).flatMap(([first]) => /^`([A-Z]+ \/\S*)`$/.exec(first!)?.[1] ?? [])
  const expected = endpoints.map(({ method, path }) => `${method} ${path}`)
  expect(named.toSorted()).toEqual([...new Set(expected)].toSorted())
})

test('the page has each error code with its status, in the order of the table of errors', () => {
  const named = rowsIn(section(page, 'Errors')).map(([code, status]) => [
    code!.replaceAll('`', ''),
    Number(status),
  ])
  expect(named).toEqual(errorCodes.map((code) => [code, new GuestError(code).status]))
})

test('the page says what each error means', () => {
  const unsaid = rowsIn(section(page, 'Errors')).filter(([, , means]) => !means)
  expect(unsaid).toEqual([])
})
