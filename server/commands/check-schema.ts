// Whether the tables of a store are those of this version.

import { type Finding, ok, problem, warning } from './finding.ts'

/** `missing`: how many steps of the schema are not done; below zero where there are more than this version knows. */
export function checkSchema(missing: number): Finding {
  if (missing === 0) return ok('store: its tables are those of this version')
  if (missing > 0)
    return warning('store: its tables are of an older version; the next start brings them up to date')
  return problem('store: its tables are of a newer version; start that one')
}
