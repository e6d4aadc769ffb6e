// Labels: words that people can tell apart, random or always the same ones for a text.

import { expect, test } from 'vitest'
import { labelFrom, newLabel, newWords } from '../../../../server/core/guests/labels.ts'

test('a new label is two words and a number from 10 to 99, each of which varies', () => {
  const labels = Array.from({ length: 3000 }, () => newLabel())
  const parts = labels.map((label) => /^([a-z]+)-([a-z]+)-(\d\d)$/.exec(label)!.slice(1))
  for (const [i, most] of [64, 64, 90].entries())
    expect(new Set(parts.map((part) => part[i])).size).toBe(most)
  const numbers = parts.map((part) => Number(part[2]))
  expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([10, 99])
})

test('words to compare are an adjective and an animal, as in labels', () => {
  const words = Array.from({ length: 2000 }, () => newWords())
  expect(new Set(words.map((pair) => pair.length))).toEqual(new Set([2]))
  expect(new Set(words.map(([adjective]) => adjective)).size).toBe(64)
  expect(new Set(words.map(([, animal]) => animal)).size).toBe(64)
})

test('the label of a text is always the same one', () => {
  const bytes = (...values: number[]) => Buffer.from(values).toString('base64url')
  expect(labelFrom(bytes(0))).toBe('amber-alpaca-10')
  expect(labelFrom(bytes(63))).toBe('warm-alpaca-10')
  expect(labelFrom(bytes(64))).toBe('amber-badger-10')
  expect(labelFrom(bytes(0x10, 0x00))).toBe('amber-alpaca-11')
  expect(labelFrom(bytes(0x10, 0x41))).toBe('azure-badger-11')
  expect(labelFrom(bytes(0x05, 0x9f, 0xff))).toBe('warm-wren-99')
})
