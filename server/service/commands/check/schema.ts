// Checks whether the tables of a store are those of this version.

import { objectionTo, schemaStateOf } from '../../../store/sql/schema-steps.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/**
 * `done`: the schema steps that were already applied to the store `name`. `obstacle`: what is there and not of these
 * steps, or missing.
 */
export function checkSchema(name: string, done: number[], obstacle: string | undefined): Finding {
  const objection = objectionTo(name, done)
  if (objection) return problem(`store: its tables are not of this version: ${objection}`)
  if (obstacle) return problem(`store: ${obstacle}`)
  if (schemaStateOf(done) === 'older')
    return warning('store: its tables are of an older version; the next start brings them up to date')
  return ok('store: its tables are those of this version')
}
