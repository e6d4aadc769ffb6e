// What is remembered of tokens that were verified: per owner, and bounded.

import { expect, test } from 'vitest'
import { createCache } from '../../../../server/core/crypto/cache.ts'

test('a cache remembers each value for its owner and key', () => {
  const cache = createCache<object, string>()
  const [one, other] = [{}, {}]
  expect(cache.get(one, 'a')).toBeUndefined()
  cache.set(one, 'a', 'first')
  cache.set(one, 'b', 'second')
  cache.set(other, 'a', 'third')
  expect([cache.get(one, 'a'), cache.get(one, 'b'), cache.get(other, 'a'), cache.get(other, 'b')]).toEqual([
    'first',
    'second',
    'third',
    undefined,
  ])
})

test('a cache with 5,000 keys of an owner forgets all of them at the next one, and nothing of other owners', () => {
  const cache = createCache<object, number>()
  const [one, other] = [{}, {}]
  cache.set(other, 'a', 1)
  for (let i = 0; i < 5000; i++) cache.set(one, String(i), i)
  expect([cache.get(one, '0'), cache.get(one, '4999')]).toEqual([0, 4999])
  cache.set(one, 'next', 5000)
  expect([cache.get(one, '0'), cache.get(one, '4999'), cache.get(one, 'next')]).toEqual([
    undefined,
    undefined,
    5000,
  ])
  expect(cache.get(other, 'a')).toBe(1)
})

test('forgets at 4 MB of keys, too', () => {
  const cache = createCache<object, number>()
  const owner = {}
  const key = (i: number) => String(i).padStart(4000, '0')
  for (let i = 0; i < 1000; i++) cache.set(owner, key(i), i)
  expect(cache.get(owner, key(0))).toBe(0)
  cache.set(owner, key(1000), 1000)
  expect(cache.get(owner, key(0))).toBeUndefined()
  expect(cache.get(owner, key(1000))).toBe(1000)
})
