// What is remembered about a request belongs to that one object.

import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createMemory } from '../../../../server/http/request/remember.ts'

test('what is remembered about a request is in no copy of it, in no object that inherits from it, and in no print', () => {
  const memory = createMemory<object, { who: string }>()
  const req = { url: '/' }
  memory.set(req, { who: 'fox' })
  expect(memory.get(req)).toEqual({ who: 'fox' })
  for (const other of [{ ...req }, Object.assign({}, req), Object.create(req), structuredClone(req)])
    expect(memory.get(other)).toBeUndefined()
  expect(inspect(req)).toBe("{ url: '/' }")
})

test('the last value counts, and that of another memory is another one', () => {
  const [memory, other] = [createMemory<object, number>(), createMemory<object, number>()]
  const req = {}
  memory.set(req, 1)
  memory.set(req, 2)
  expect([memory.get(req), other.get(req)]).toEqual([2, undefined])
})
