// The mistakes that the mutation testing makes, and those that it does not make.

import { expect, test } from 'vitest'
import { mutantsOf, mutated } from './mutations.ts'

const mutations = (source: string) => mutantsOf(source).map((mutant) => mutated(source, mutant))

test.each<[source: string, mutations: string[]]>([
  ['if (a) b = 1', ['if (true) b = 1', 'if (false) b = 1', 'if (a) ;']],
  ['const c = a === b', ['const c = a !== b']],
  ['const c = a < b', ['const c = a <= b', 'const c = a >= b']],
  ['const c = !a', ['const c = a']],
  ['const c = { a: true }', ['const c = { a: false }']],
  ['const c = [a]', ['const c = []']],
  ['const c = all.some(a)', ['const c = all.every(a)']],
  ['throw a', [';']],
  ['await a()', [';']],
])('makes the mutants of %s', (source, expected) => {
  expect(mutations(source).toSorted()).toEqual(expected.toSorted())
})

test.each([
  "import { a } from 'a'",
  "const a = 'text'",
  "const a = 'text' + b",
  'type A = true',
  "ctx.logger.warn({ a: !b }, 'text')",
  "await ctx.logger.warn(a && b, 'text')",
])('makes no mutant of %s', (source) => {
  expect(mutations(source)).toEqual([])
})

test('leaves out a mutant that would not parse', () => {
  // `??` beside `||` needs parentheses.
  expect(mutations('const d = a || b || c').every((one) => !one.includes('??'))).toBe(true)
  expect(mutations('const d = a ?? b ?? c')).toEqual([])
})
