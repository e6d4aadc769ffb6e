// Ids of guests: our own form, what an imported guest may have, and how a token writes them.

import { expect, test } from 'vitest'
import { idFromToken, idInToken, isId, isOurs } from '../../../../server/core/guests/ids.ts'

test.each([
  ['A'.repeat(22), true],
  ['Az09-_Az09-_Az09-_Az09', true],
  ['A'.repeat(21), false],
  ['A'.repeat(23), false],
  [`${'A'.repeat(21)}+`, false],
  [`${'A'.repeat(22)}\n`, false],
  ['', false],
])('%j is an id of our own form: %s', (id, expected) => {
  expect(isOurs(id)).toBe(expected)
})

test.each([
  ['a', true],
  ['Zoë 🦊', true],
  ['ü'.repeat(255), true],
  ['ü'.repeat(256), false],
  ['', false],
  ['nul\0', false],
  ['line\nbreak', false],
  ['\u0085', false],
  ['half \uD800', false],
])('%j may be the id of a guest: %s', (id, expected) => {
  expect(isId(id)).toBe(expected)
})

test.each([
  ['Az09-_', 'Az09-_'],
  ['auth0|5f7c', '~YXV0aDB8NWY3Yw'],
  ['~tilde', '~fnRpbGRl'],
  ['a.b', '~YS5i'],
  ['Zoë 🦊', '~Wm_DqyDwn6aK'],
])('the id %j is %s in a token, and is read from there again', (id, part) => {
  expect(idInToken(id)).toBe(part)
  expect(idFromToken(part)).toBe(id)
})
