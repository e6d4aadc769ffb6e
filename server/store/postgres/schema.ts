// The tables on PostgreSQL: each step of the migrations is done once, by whichever node comes first.

import type { PoolClient } from 'pg'
import { migrations } from '../sql/migrations.ts'
import { refuseUnlessKnown } from '../sql/schema-steps.ts'
import type { Connections } from './pool.ts'

/** A step may have to write a large table anew. */
const STEP_MILLISECONDS = 10 * 60 * 1000
/** A node that is cut off between two statements of a step holds the others up for no longer than this. */
const IDLE_LIMIT = `SET LOCAL idle_in_transaction_session_timeout = '5s'`
/** What the other of two nodes gets that do the same step: a duplicate row, or an object that is there already. */
const doneByAnother = /^(23505|42P07|42710|40001|40P01)$/

/** The table that stands in a database from the first to the last row of a move into it. */
export const UNFINISHED_MOVE = 'unfinished_move'

/**
 * Brings the schema up to date. An interrupted step is undone by the database, and runs again.
 * Throws for a database that a newer version brought up to date; a node that has passed here goes on beside that one.
 */
export async function migratePostgres({ pool }: Connections): Promise<void> {
  const client = await pool.connect()
  try {
    if (!(await hasTable(client, 'schema_steps'))) {
      await inTurn(client, ['CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY)'])
    }
    refuseUnlessKnown('the database', await stepsDone(client))
    for (const [step, statements] of migrations.entries()) {
      while (!(await isStepDone(client, step))) {
        // Its row first: another node that is at it holds the same one, and is waited for here.
        await inTurn(client, [`INSERT INTO schema_steps (step) VALUES (${step})`, ...statements])
      }
    }
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Refuses a database that a move into it has not come to the end of: it lacks guests. */
export async function refuseUnfinishedMove({ pool }: Connections): Promise<void> {
  if (await hasTable(pool, UNFINISHED_MOVE)) {
    throw new Error('a move into this database was not finished: run guestkey migrate again')
  }
}

async function hasTable(client: Pick<PoolClient, 'query'>, name: string): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1',
    [name],
  )
  return rows.length > 0
}

async function stepsDone(client: PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ step: number }>('SELECT step FROM schema_steps')
  return rows.map(({ step }) => step)
}

async function isStepDone(client: PoolClient, step: number): Promise<boolean> {
  return (await client.query('SELECT 1 FROM schema_steps WHERE step = $1', [step])).rows.length > 0
}

/** One transaction; what another node does at the same time is no error. */
async function inTurn(client: PoolClient, statements: readonly string[]): Promise<void> {
  const run = (text: string) => client.query({ text, query_timeout: STEP_MILLISECONDS } as { text: string })
  try {
    for (const statement of ['BEGIN', IDLE_LIMIT, ...statements, 'COMMIT']) await run(statement)
  } catch (error) {
    await run('ROLLBACK').catch(() => {}) // the connection may be gone, and the transaction with it
    if (!doneByAnother.test(String((error as { code?: string }).code))) throw error
  }
}
