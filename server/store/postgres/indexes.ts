// Builds the indexes of a migration step while other nodes write: CREATE INDEX alone would lock the table until it is built.

import { UNFINISHED_INDEX } from '../sql/schema-objects.ts'
import { alone, type Client, inTurn } from './turns.ts'

const create = /^CREATE INDEX (\w+) ON (\w+)/

/** Whether the step changes nothing but indexes, so that they can be built before its transaction. */
export const isIndexesOnly = (statements: readonly string[]): boolean =>
  statements.every((one) => create.test(one) || one.startsWith('DROP INDEX'))

/** What is left to do for a statement of the step once the indexes are built: an index gets its name. */
export const namedAsBuilt = (statement: string): string =>
  statement.replace(
    /^CREATE INDEX (\w+).*$/s,
    (_, name) => `ALTER INDEX ${name}${UNFINISHED_INDEX} RENAME TO ${name}`,
  )

/** Drops what was built and has no name yet. */
export const withoutUnfinished = (statements: readonly string[]): string[] =>
  statements.flatMap((one) => {
    const [, name] = create.exec(one) ?? []
    return name ? [`DROP INDEX IF EXISTS ${name}${UNFINISHED_INDEX}`] : []
  })

/**
 * Builds the indexes that the step creates, under other names. Those that are built already stay. Returns the conflict, if
 * there was one: another node may be building.
 */
export async function buildIndexes(
  client: Client,
  statements: readonly string[],
  schema: string | undefined,
): Promise<unknown> {
  for (const statement of statements) {
    const [, name, table] = create.exec(statement) ?? []
    if (!name) continue
    const unfinished = `${name}${UNFINISHED_INDEX}`
    const isValid = await isIndexValid(client, unfinished, schema)
    if (isValid) continue
    const conflict =
      (await inTurn(
        client,
        [
          // Fails at once if another node is building. To wait for it would be a deadlock: it waits for who reads.
          `LOCK TABLE ${table} IN SHARE UPDATE EXCLUSIVE MODE NOWAIT`,
          ...(isValid === false ? [`DROP INDEX ${unfinished}`] : []), // whoever began to build it is gone
        ],
        schema,
      )) ??
      (await alone(client, [statement.replace(`INDEX ${name}`, `INDEX CONCURRENTLY ${unfinished}`)], schema))
    if (conflict) return conflict
  }
  return undefined
}

/** Whether the index is built to its end; undefined if there is none. */
async function isIndexValid(
  client: Client,
  name: string,
  schema: string | undefined,
): Promise<boolean | undefined> {
  const { rows } = await client.query<{ is_valid: boolean }>(
    `SELECT i.indisvalid AS is_valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = COALESCE($1, current_schema()) AND c.relname = $2`,
    [schema, name],
  )
  return rows[0]?.is_valid
}
