// Texts that people read and compare: what is left out of them, and what is escaped for a terminal.

import { expect, test } from 'vitest'
import { escaped, readable } from '../../server/readable.ts'

/** What it means, and the text. */
const meant: [string, string][] = [
  ['plain words', 'Aunt Fox'],
  ['markup, which is text', '<b>Fox</b> %0d%0a'],
  ['an emoji of several', '👩‍👩‍👧'],
  ['an emoji with a skin', '👩🏽‍🚀'],
  ['an emoji with a selector', '❤️ ☎︎'],
  ['a keycap', '1️⃣'],
  ['the flag of Scotland', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['a rainbow flag', '🏳️‍🌈'],
  ['a national flag', '🇨🇭'],
  ['Persian with its joiner', 'می\u200cخواهم'],
  ['Hindi with its joiner', 'क्\u200dष'],
  ['Hebrew', 'שלום'],
  ['two spaces', 'a  b'],
  ['an accent of its own', 'e\u0301'],
]
test.each(meant)('leaves %s', (_what, text) => {
  expect(readable(text)).toBe(text)
})

test.each([
  ['a right-to-left override', 'abc\u202egnp.exe', 'abcgnp.exe'],
  ['embeddings and isolates', '\u202aa\u202b\u202c\u202d\u2066b\u2067\u2068\u2069', 'ab'],
  ['direction marks', '\u200ea\u200f\u061c', 'a'],
  ['spaces without width', 'am\u200bber\u2060\ufeff', 'amber'],
  ['a joiner between letters', 'am\u200dber\u200c-fox', 'amber-fox'],
  ['a joiner after an emoji', '🦊\u200d', '🦊'],
  ['a selector after a letter', 'a\ufe0f1\ufe0f\u{e0100}', 'a1'],
  ['tags', 'fox\u{e0041}\u{e007f} 🏴\u{e0061}', 'fox 🏴'],
  ['a soft hyphen and fillers', 'a\u00ad\u115f\u3164\uffa0\u034fb', 'ab'],
  ['controls', 'a\u0007\u001b[31m\u009bb\u007f', 'a[31mb'],
  ['line breaks, which become a space', 'a\r\nb\u2028\u2029c\td\u0085e', 'a b c d e'],
])('leaves out %s', (_what, text, left) => {
  expect(readable(text)).toBe(left)
})

test('escapes for a terminal what it would obey, so that JSON stays the same JSON', () => {
  const value = { text: 'a\u001b[2J\u009b31m\u202e\u2028\u{e0041}🦊 é"\\' }
  const text = escaped(JSON.stringify(value))
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
  expect(JSON.parse(text)).toEqual(value)
  expect(text).toContain('🦊 é')
})
