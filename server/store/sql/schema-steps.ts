// Whether the tables of a store are those of this version, by the steps of the schema that were done on it.

import { version } from '../../version.ts'
import { Refusal } from '../unavailable.ts'
import { migrations } from './migrations.ts'

/**
 * `newer`: a version after this one has changed the tables, which this one would write wrongly.
 * `incomplete`: a step is missing below one that was done. Steps are done in order, so somebody removed its row.
 */
export type SchemaState = 'current' | 'older' | 'newer' | 'incomplete'

/** What the rows of `schema_steps` say. */
export function schemaStateOf(done: number[]): SchemaState {
  if (done.some((step) => step >= migrations.length)) return 'newer'
  if (firstMissing(done) <= Math.max(...done)) return 'incomplete'
  return done.length < migrations.length ? 'older' : 'current'
}

/** Why this version must not begin to write to the store `name`, and what to do; nothing if it may. */
export function objectionTo(name: string, done: number[]): string | undefined {
  const state = schemaStateOf(done)
  if (state === 'newer') {
    return (
      `${name} was brought up to date by a newer version of guestkey: it has step ${Math.max(...done)} of the schema, ` +
      `and this version, ${version()}, knows those up to ${migrations.length - 1}. Start the newer version, ` +
      'or stop the service and restore a backup from before the upgrade'
    )
  }
  if (state === 'incomplete') {
    return `${name} is damaged: schema_steps lacks step ${firstMissing(done)}, though later steps were done. Stop the service and restore a backup`
  }
  return undefined
}

/** Refuses a store that this version must not begin to write to. A node that runs already is never asked. */
export function refuseUnlessKnown(name: string, done: number[]): void {
  const objection = objectionTo(name, done)
  if (objection) throw new Refusal(objection)
}

/** The last versions that did not say how many steps they know: neither to the database nor when they claim a job. */
export const BEFORE_STEPS = '0.5.0 or older'

/** Names a version by the number of steps that it knows. */
export const versionWith = (steps: number): string =>
  `${steps > migrations.length ? 'a newer' : 'an older'} version, with ${steps} steps of the schema`

/** The newer version that the steps tell of, which were done on the store; none if this version knows all of them. */
export const newerVersions = (done: number[]): string[] =>
  schemaStateOf(done) === 'newer' ? [versionWith(Math.max(...done) + 1)] : []

function firstMissing(done: number[]): number {
  for (let step = 0; ; step++) if (!done.includes(step)) return step
}
