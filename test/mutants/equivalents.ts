// Mutants that no test can notice, because nothing that can be observed differs. They are not counted.

import type { Mutant } from './mutations.ts'
import { changeOf } from './report.ts'

/**
 * `line`: the text of its line. `change`: as the report says it. `nth`: which of those that both are true of, default: the
 * first. `why`: why nothing differs.
 */
export type Equivalent = { file: string; line: string; change: string; nth?: number; why: string }

export const equivalents: Equivalent[] = []

/** Those of the mutants of a file that are known to be equivalent. */
export function equivalentsAmong(
  mutants: Mutant[],
  file: string,
  source: string,
  known = equivalents,
): Set<Mutant> {
  const lines = source.split('\n')
  const found = known
    .filter((one) => one.file === file)
    .map(({ line, change, nth = 1 }) => {
      const isThis = (mutant: Mutant) =>
        lines[mutant.line - 1]!.trim() === line && changeOf(mutant) === change
      return mutants.filter(isThis)[nth - 1]
    })
  return new Set(found.filter((mutant) => mutant !== undefined))
}
