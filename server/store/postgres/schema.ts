// Creates the tables on PostgreSQL: each migration step runs once, on whichever node comes first.

import type { PoolClient } from 'pg'
import { migrations } from '../sql/migrations.ts'
import { refuseUnlessKnown } from '../sql/schema-steps.ts'
import type { Connections } from './pool.ts'

/** How long a step may take: it may have to rewrite a large table. */
const STEP_MILLISECONDS = 10 * 60 * 1000
/** If a node is cut off between two statements of a step, the others wait at most this long. */
const IDLE_LIMIT = `SET LOCAL idle_in_transaction_session_timeout = '5s'`
/** The SQLSTATEs that a node gets if another one did the same step first: a duplicate row or object, or a conflict. */
const doneByAnother = /^(23505|42P07|42710|40001|40P01)$/

/** The table that exists while `guestkey migrate` moves another store into this database. */
export const UNFINISHED_MOVE = 'unfinished_move'

/**
 * Brings the tables up to date. If a step is interrupted, the database undoes it, and it runs again.
 * Throws if a newer version has brought the database up to date. A node that has passed this check goes on beside it.
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
        // The step's row comes first: if another node is at this step, the insert waits for that node.
        await inTurn(client, [`INSERT INTO schema_steps (step) VALUES (${step})`, ...statements])
      }
    }
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Refuses a database into which a move was not finished: guests are missing. */
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

/** Runs one transaction. It is no error if another node did the same at the same time. */
async function inTurn(client: PoolClient, statements: readonly string[]): Promise<void> {
  const run = (text: string) => client.query({ text, query_timeout: STEP_MILLISECONDS } as { text: string })
  try {
    for (const statement of ['BEGIN', IDLE_LIMIT, ...statements, 'COMMIT']) await run(statement)
  } catch (error) {
    await run('ROLLBACK').catch(() => {}) // if the connection is gone, so is the transaction
    if (!doneByAnother.test(String((error as { code?: string }).code))) throw error
  }
}
