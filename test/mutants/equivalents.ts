// Mutants that no test can notice, because nothing that can be observed differs. They are not counted.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutations.ts'
import { root } from './processes.ts'
import { changeOf } from './report.ts'

/** `line`: the text of its line. `change`: as the report says it. `why`: why nothing differs. */
export type Equivalent = { file: string; line: string; change: string; why: string }

export const equivalents: Equivalent[] = []

/** Says about a mutant of this file whether it is one of these. */
export function equivalentsIn(file: string, known = equivalents): (mutant: Mutant) => boolean {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  const own = known.filter((one) => one.file === file)
  return (mutant) =>
    own.some(({ line, change }) => line === lines[mutant.line - 1]!.trim() && change === changeOf(mutant))
}
