// Creates the tables on PostgreSQL: each migration step runs once, on whichever node comes first.

import { setTimeout } from 'node:timers/promises'
import { migrations, updatesOfAllGuests } from '../sql/migrations.ts'
import { type Found, obstacleIn, STEPS_TABLE, takenNames } from '../sql/schema-objects.ts'
import { refuseUnlessKnown } from '../sql/schema-steps.ts'
import { Refusal } from '../unavailable.ts'
import { buildIndexes, isIndexesOnly, namedAsBuilt, withoutUnfinished } from './indexes.ts'
import type { Connections } from './pool.ts'
import { qualify } from './qualify.ts'
import { type Client, inTurn, isDone, isLocked, STEP_MILLISECONDS } from './turns.ts'

/** How long a node waits before it tries again, if somebody has the lock. */
const LOCK_PAUSE_MILLISECONDS = 1000
/** How many guests one transaction of an update of all guests locks. It takes some ten milliseconds. */
const BATCH_GUESTS = 1000
/** How often a node may lose against others without that any step was done. Then something else is wrong. */
const MAX_LOST = 50

/** The table that exists while `guestkey migrate` moves another store into this database. */
export const UNFINISHED_MOVE = 'unfinished_move'

/**
 * Brings the tables up to date: in a new database all at once, in an older store step by step, as some take long. If a
 * transaction is interrupted, the database undoes it, and it runs again.
 * Throws a Refusal if the tables are of a newer version or of another program, or if the account may not make them. A
 * node that has passed this check goes on beside a newer one.
 */
export async function migratePostgres({ pool, schema }: Connections): Promise<void> {
  const client = await pool.connect()
  try {
    if (schema) await makeSchema(client, schema)
    const lost: unknown[] = []
    const until = performance.now() + STEP_MILLISECONDS
    while (lost.length < MAX_LOST) {
      const state = await lookAt(client, schema)
      refuseUnlessKnown('the database', state.done ?? [])
      const obstacle = obstacleInDatabase(state)
      if (obstacle) throw new Refusal(obstacle)
      const missing = [...migrations.keys()].filter((step) => !state.done?.includes(step))
      if (state.done && missing.length === 0) break
      const conflict = state.done
        ? await doStep(client, missing[0]!, schema)
        : await inTurn(client, [createSteps, ...missing.flatMap((step) => statementsOf(step))], schema)
      if (isLocked(conflict) && performance.now() < until) await setTimeout(LOCK_PAUSE_MILLISECONDS)
      else if (conflict) lost.push(conflict)
    }
    if (lost.length === MAX_LOST) throw lost.at(-1)
    client.release()
  } catch (error) {
    client.release(true)
    throw mayNot(error, schema)
  }
}

const createSteps = `CREATE TABLE ${STEPS_TABLE} (step INTEGER PRIMARY KEY)`

/** The step's row comes first: if another node is at this step, the insert waits for that node. */
const statementsOf = (step: number, statements = migrations[step]!): string[] => [
  `INSERT INTO ${STEPS_TABLE} (step) VALUES (${step})`,
  ...statements,
]

/** Does a step in an older store, where other nodes write meanwhile. Returns the conflict, if there was one. */
async function doStep(client: Client, step: number, schema: string | undefined): Promise<unknown> {
  const statements = migrations[step]!
  if (isIndexesOnly(statements)) {
    const building = await buildIndexes(client, statements, schema)
    if (building) return building
    const conflict = await inTurn(client, statementsOf(step, statements.map(namedAsBuilt)), schema)
    // Another node did the step between two looks of this one, which then built the indexes once more.
    if (isDone(conflict)) await inTurn(client, withoutUnfinished(statements), schema)
    return conflict
  }
  const conflict = updatesOfAllGuests.includes(step)
    ? await updateInBatches(client, statements[0]!, schema)
    : undefined
  return conflict ?? inTurn(client, statementsOf(step), schema)
}

/** Updates all guests, a thousand in each transaction. Returns the conflict, if there was one. */
async function updateInBatches(client: Client, update: string, schema: string | undefined): Promise<unknown> {
  const last = qualify(
    'SELECT anonymous_id FROM guests WHERE anonymous_id > $1 ORDER BY anonymous_id LIMIT 1 OFFSET $2',
    schema,
  )
  for (let from = ''; ; ) {
    const { rows } = await client.query<{ anonymous_id: string }>(last, [from, BATCH_GUESTS - 1])
    const to = rows[0]?.anonymous_id
    const part = `${update} AND anonymous_id > ${literal(from)}${to === undefined ? '' : ` AND anonymous_id <= ${literal(to)}`}`
    const conflict = await inTurn(client, [part], schema)
    if (conflict || to === undefined) return conflict
    from = to
  }
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Why the database cannot hold our tables; nothing if it can. */
export const obstacleInDatabase = (state: {
  done: number[] | undefined
  found: Found[]
}): string | undefined =>
  obstacleIn(
    'the database',
    state,
    "give guestkey a schema of its own by the option postgres: { schema: 'guestkey' }, or another database",
  )

/** Refuses a database into which a move was not finished: guests are missing. */
export async function refuseUnfinishedMove({ pool, schema }: Connections): Promise<void> {
  const unfinished = `SELECT 1 FROM information_schema.tables
    WHERE table_schema = COALESCE($1, current_schema()) AND table_name = $2`
  if ((await pool.query(unfinished, [schema, UNFINISHED_MOVE])).rows.length > 0)
    throw new Refusal('a move into this database was not finished: run guestkey migrate again')
}

/** Makes the schema if it is missing. An account that may not make one can use one that is there. */
export async function makeSchema(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema])
  if (rows.length === 0) await inTurn(client, [`CREATE SCHEMA "${schema}"`], undefined)
}

const kinds = `CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
  WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence'
  WHEN 'f' THEN 'foreign table' ELSE 'type' END`

/** What the schema has of our names, and the steps that were done in it. Each table is a type too. */
export async function lookAt(
  client: Client,
  schema: string | undefined,
): Promise<{ done: number[] | undefined; found: Found[] }> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ') // the tables and the steps at one moment
  try {
    const { rows: found } = await client.query<Found>(
      `SELECT c.relname AS name, ${kinds} AS kind, ARRAY(SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = COALESCE($1, current_schema()) AND c.relname = ANY($2)
      UNION ALL SELECT t.typname, 'type', '{}' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
      WHERE n.nspname = COALESCE($1, current_schema()) AND t.typname = ANY($2) AND t.typrelid = 0`,
      [schema, takenNames],
    )
    const hasSteps = found.some(({ name, columns }) => name === STEPS_TABLE && columns.includes('step'))
    if (!hasSteps) return { done: undefined, found }
    const { rows } = await client.query<{ step: number }>(qualify(`SELECT step FROM ${STEPS_TABLE}`, schema))
    return { done: rows.map(({ step }) => step), found }
  } finally {
    await client.query('ROLLBACK').catch(() => {})
  }
}

/** The error as a refusal, if the account lacks a right or has no schema (42501, 3F000). */
function mayNot(error: unknown, schema: string | undefined): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (code !== '42501' && code !== '3F000') return error
  const where = schema ? `the schema ${schema}` : 'the first schema of its search_path'
  return new Refusal(
    `the account of DATABASE_URL must be able to create tables in ${where}, and to own them (${message}). ` +
      `Grant it CREATE there, or give it a schema of its own by the option postgres: { schema: 'guestkey' }`,
  )
}
