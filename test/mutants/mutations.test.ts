// The mistakes that the mutation testing makes, those that it does not make, and the switches for them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { equivalents, equivalentsAmong } from './equivalents.ts'
import { mutantsOf, mutated } from './mutations.ts'
import { root } from './processes.ts'
import { withSwitches } from './switches.ts'

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
  'const names = { a: true } satisfies Record<Name, true>',
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

test.each(equivalents)('knows $change in $file as equivalent, at: $line', (equivalent) => {
  const source = readFileSync(join(root, equivalent.file), 'utf8')
  expect(equivalentsAmong(mutantsOf(source), equivalent.file, source, [equivalent]).size).toBe(1)
})

describe('a source with a switch for each of its mutants', () => {
  const source = `
    export function run(a, b, log) {
      if (a < b && !b) log.push('first')
      else if (log.length === 0) throw new RangeError([a, b].join())
      const flags = { isOdd: true, count: a ?? b }
      flags.count += [a, b].filter((one) => one?.list?.some(Boolean) || one > 1).length
      log.push(flags.isOdd ? Math.max(a, b) : -b)
      log.push('last')
      return flags
    }`
  const load = async (text: string) => import(`data:text/javascript,${encodeURIComponent(text)}`)
  const inputs = [
    [1, 2, ['x']],
    [-1, 0, []],
    [2, 2, ['x']],
    [null, 3, []],
    [null, 0, []],
    [{ list: [1, 0] }, 2, ['x']],
    [{}, undefined, ['x']],
  ] as const

  /** What the function does with each input. */
  function behaviour({ run }: { run: (...input: unknown[]) => unknown }): unknown[] {
    return inputs.map(([a, b, log]) => {
      const said = [...log]
      try {
        return [run(a, b, said), said]
      } catch (error) {
        return [String(error), said]
      }
    })
  }

  test('does what the source does, or what the mutant does that is on', async () => {
    const mutants = mutantsOf(source).map((mutant, id) => ({ ...mutant, id }))
    expect(mutants.length).toBeGreaterThan(25)
    const switched = await load(withSwitches(source, mutants))
    const whole = behaviour(await load(source))
    let seen = 0
    expect(behaviour(switched)).toEqual(whole)
    onTestFinished(() => {
      globalThis.mutation = undefined
    })
    for (const mutant of mutants) {
      globalThis.mutation!.on = mutant.id
      const alone = behaviour(await load(mutated(source, mutant)))
      expect(behaviour(switched), `${mutant.was} -> ${mutant.becomes}`).toEqual(alone)
      if (!isDeepStrictEqual(alone, whole)) seen++
    }
    expect(seen, 'mutants that some input tells apart').toBeGreaterThan(20)
  })

  test('says which mutants were reached', async () => {
    const mutants = mutantsOf('export const f = (a) => { if (a) a.b() }').map((one, id) => ({
      ...one,
      id: id + 100,
    }))
    const { f } = await load(withSwitches('export const f = (a) => { if (a) a.b() }', mutants))
    const call = mutants.find(({ was }) => was === 'a.b()')!.id
    f(undefined)
    expect(globalThis.mutation!.reached.has(call)).toBe(false)
    f({ b: () => {} })
    expect(globalThis.mutation!.reached.has(call)).toBe(true)
  })
})
