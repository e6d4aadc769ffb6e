// The codes that a person reads on one device and types on another one.

import { randomInt } from 'node:crypto'

/**
 * The 20 letters of RFC 8628, 6.1: no vowels, so that they form no words, and none that looks like another character.
 */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
/** A code has two halves, and there are 160,000 of each. */
const HALF_LETTERS = 4

/** Half of a code, at random. */
export const newHalf = (): string =>
  Array.from({ length: HALF_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join('')

/** The halves of a code that somebody typed, whatever stands between them; undefined if it is none. */
export function halvesOf(typed: string): [string, string] | undefined {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '')
  return letters.length === 2 * HALF_LETTERS
    ? [letters.slice(0, HALF_LETTERS), letters.slice(HALF_LETTERS)]
    : undefined
}
