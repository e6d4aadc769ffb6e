// Compares files by their digests: to compare the bytes one by one, as `toEqual` does, takes a second a megabyte.

import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The SHA-256 of what is in the file. */
export const digest = (file: string): string => hash('sha256', readFileSync(file))
