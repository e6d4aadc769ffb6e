// Secrets: random ids, keys that follow from the one secret, and comparison.

import { expect, test } from 'vitest'
import { deriveKeys, randomId, sameText } from '../../../../server/core/crypto/secrets.ts'

test('random ids are base64url of 128 or 256 bits, and never the same', () => {
  const ids = Array.from({ length: 3000 }, (_, i) => randomId(i % 3 === 0 ? 128 : 256))
  for (const [i, id] of ids.entries()) {
    expect(id).toMatch(/^[\w-]+$/)
    expect(Buffer.from(id, 'base64url')).toHaveLength(i % 3 === 0 ? 16 : 32)
  }
  expect(new Set(ids).size).toBe(3000)
})

test('each bit of random ids is random', () => {
  const ids = Array.from({ length: 2000 }, () => Buffer.from(randomId(256), 'base64url'))
  for (let bit = 0; bit < 256; bit++) {
    const ones = ids.filter((id) => (id[bit >> 3]! >> (bit & 7)) & 1).length
    // More than ten standard deviations from the mean of 1,000.
    expect(Math.abs(ones - 1000), `bit ${bit}`).toBeLessThan(230)
  }
})

test('all keys of a secret differ, and so do those of another secret', () => {
  const keys = ['one', 'another'].flatMap((secret) =>
    Object.values(deriveKeys(`${secret} secret of 32 characters and more`)).map((key) => key.toString('hex')),
  )
  expect(new Set(keys).size).toBe(keys.length)
})

test.each([
  ['', '', true],
  ['same', 'same', true],
  ['same', 'Same', false],
  ['same', 'samE', false],
  ['same', 'same ', false],
  ['ö', 'o\u0308', false],
])('%j and %j: the same text is %s', (a, b, isSame) => {
  expect(sameText(a, b)).toBe(isSame)
})
