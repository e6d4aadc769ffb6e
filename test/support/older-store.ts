// Makes a store of this version one of an earlier version, by undoing the last steps of its schema.

import { migrations } from '../../server/store/sql/migrations.ts'

/** Statements that undo all steps from this one on. Rows that a step changed stay as they are. */
export const undoneFrom = (step: number): string[] => [
  ...migrations
    .slice(step)
    .flat()
    .toReversed()
    .flatMap((statement) => {
      const [, table, column] = /^ALTER TABLE (\w+) ADD COLUMN (\w+)/.exec(statement) ?? []
      const [, made] = /^CREATE (?:UNIQUE )?((?:TABLE|INDEX) \w+)/.exec(statement) ?? []
      const [, dropped] = /^DROP INDEX (\w+)/.exec(statement) ?? []
      if (dropped) return [migrations.flat().find((one) => one.startsWith(`CREATE INDEX ${dropped} `))!]
      if (column) return [`ALTER TABLE ${table} DROP COLUMN ${column}`]
      return made ? [`DROP ${made}`] : []
    }),
  `DELETE FROM schema_steps WHERE step >= ${step}`,
]
