// Transactions that change the schema while other nodes write, and what another node or a reader does to them.

import type { ClientBase } from 'pg'
import { qualify } from './qualify.ts'

export type Client = Pick<ClientBase, 'query'>

/** How long a step may take: it may have to rewrite a large table. */
export const STEP_MILLISECONDS = 10 * 60 * 1000
/** If a node is cut off between two statements of a step, the others wait at most this long. */
const IDLE_LIMIT = `SET LOCAL idle_in_transaction_session_timeout = '5s'`
/**
 * How long a step waits for a lock before it tries again. Whoever asks for the same table meanwhile waits behind it: a step
 * that waited for a pg_dump would hold all nodes up.
 */
const LOCK_LIMIT = `SET LOCAL lock_timeout = '2s'`
const LOCK_NOT_AVAILABLE = '55P03'
/**
 * The SQLSTATEs that a node gets if another one did the same step first: a duplicate row or object, one that is
 * gone, or a conflict.
 */
const doneByAnother = /^(23505|42P01|42P06|42P07|42704|42710|40001|40P01)$/

/** Runs one transaction. Returns the conflict if another node seems to have done the same, or somebody has the lock. */
export async function inTurn(
  client: Client,
  statements: string[],
  schema: string | undefined,
): Promise<unknown> {
  let isCommitted = false
  try {
    const conflict = await alone(client, ['BEGIN', IDLE_LIMIT, LOCK_LIMIT, ...statements, 'COMMIT'], schema)
    isCommitted = !conflict
    return conflict
  } finally {
    if (!isCommitted) await run(client, 'ROLLBACK').catch(() => {}) // if the connection is gone, so is the transaction
  }
}

/** The same outside of a transaction. */
export async function alone(
  client: Client,
  statements: string[],
  schema: string | undefined,
): Promise<unknown> {
  try {
    for (const statement of statements) await run(client, qualify(statement, schema))
    return undefined
  } catch (error) {
    if (isLocked(error) || doneByAnother.test(String((error as { code?: string }).code))) return error
    throw error
  }
}

const run = (client: Client, text: string) =>
  client.query({ text, query_timeout: STEP_MILLISECONDS } as { text: string })

/** Whether another node has done the step, as its row is there. */
export const isDone = (error: unknown): boolean => (error as { code?: string })?.code === '23505'

export const isLocked = (error: unknown): boolean => (error as { code?: string })?.code === LOCK_NOT_AVAILABLE
