// Codes to write down, such as `7M2K-ZQ4X-0R8T-C5VB`: 80 random bits, in letters and digits that nobody takes for others.

import { randomBytes } from 'node:crypto'

/** Crockford's base 32, without letters that look like digits. 16 characters have 80 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_CHARACTERS = 16

export function newWrittenCode(): string {
  // 256 is a multiple of 32, so every character is equally likely.
  const characters = Array.from(randomBytes(CODE_CHARACTERS), (byte) => ALPHABET[byte % ALPHABET.length]!)
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-')
}

/** The code as it is hashed, however it was typed: no spaces or dashes, and a letter that looks like a digit is one. */
export const normalWrittenCode = (code: string): string =>
  code
    .toUpperCase()
    .replace(/[\s\p{Dash_Punctuation}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')
