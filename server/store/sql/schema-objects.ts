// Which tables, columns and indexes the migration steps make, and what in a database is not of these steps: a table of
// another program with one of our names, or a table of ours that lacks a column.

import { migrations } from './migrations.ts'

/** The table with a row for each step that was done. */
export const STEPS_TABLE = 'schema_steps'

/** Follows the name of an index while it is built beside writers: see postgres/indexes.ts. */
export const UNFINISHED_INDEX = '_building'

/** What a database has where our tables are: its tables, views, indexes, sequences and types. */
export type Found = {
  name: string
  /** In words, such as `table` or `view`. */
  kind: string
  /** Of a table or view; of anything else, none. */
  columns: string[]
}

type Made = { tables: Map<string, string[]>; others: string[] }

/** What each step makes. A table of an earlier step is there again with the columns that the step adds to it. */
const madeBy: Made[] = migrations.map((statements) => {
  const made: Made = { tables: new Map(), others: [] }
  for (const statement of statements) {
    const [, table] = /^CREATE TABLE (\w+)/.exec(statement) ?? []
    const [, changed, column] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(statement) ?? []
    const [, index] = /^CREATE (?:UNIQUE )?INDEX (\w+)/.exec(statement) ?? []
    if (table)
      made.tables.set(
        table,
        [...statement.matchAll(/^\s+([a-z_]+) /gm)].map(([, name]) => name!),
      )
    if (changed) made.tables.set(changed, [...(made.tables.get(changed) ?? []), column!])
    if (index) made.others.push(index)
  }
  return made
})

/** The names of all our tables. */
export const tableNames: string[] = [
  ...new Set([STEPS_TABLE, ...madeBy.flatMap(({ tables }) => [...tables.keys()])]),
]

/** The names that our tables and indexes take. */
export const takenNames: string[] = [...tableNames, ...madeBy.flatMap(({ others }) => others)]

/**
 * Why the database cannot become or stay a store of ours; nothing if it can. `done`: the steps that were done on it, or
 * undefined if it has no table of steps. `elsewhere`: what to do so that the names are free.
 */
export function obstacleIn(
  database: string,
  { done, found }: { done: number[] | undefined; found: Found[] },
  elsewhere: string,
): string | undefined {
  const there = new Map(found.map((one) => [one.name, one]))
  const ours = new Map<string, string[]>(done ? [[STEPS_TABLE, ['step']]] : [])
  for (const step of done ?? []) {
    for (const [table, columns] of madeBy[step]?.tables ?? [])
      ours.set(table, [...(ours.get(table) ?? []), ...columns])
  }
  for (const [table, columns] of ours) {
    const missing = columns.find((column) => !there.get(table)?.columns.includes(column))
    if (!missing) continue
    const what = there.has(table)
      ? `the table ${table} lacks the column ${missing}`
      : `the table ${table} is missing`
    return `${database} is damaged: ${what}, though guestkey made it. Stop the service and restore a backup`
  }
  const toMake = madeBy.filter((_, step) => !done?.includes(step))
  const taken = [STEPS_TABLE, ...toMake.flatMap(({ tables, others }) => [...tables.keys(), ...others])].find(
    (name) => there.has(name) && !ours.has(name),
  )
  if (taken === undefined) return undefined
  const { kind } = there.get(taken)!
  return (
    `${database} has ${kind === 'index' ? 'an' : 'a'} ${kind} ${taken} of another program, and guestkey needs that name. ` +
    `Nothing was changed: ${elsewhere}`
  )
}
