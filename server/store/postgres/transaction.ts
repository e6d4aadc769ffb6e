// Reads and transactions on PostgreSQL: in few round trips, and repeated only if nothing was committed.

import { hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { PoolClient, QueryConfig } from 'pg'
import {
  type Ask,
  type Done,
  eventsOf,
  insert,
  nothing,
  type Row,
  type RowSets,
  type Statement,
  type Steps,
} from '../sql/statement.ts'
import { type Connections, socketOf } from './pool.ts'
import { qualify } from './qualify.ts'

/** How often a transaction is attempted: if it conflicts with others, and if its connection died. */
const MAX_TRIES = 10
const MAX_CONNECTION_TRIES = 3
const BACKOFF_MILLISECONDS = 5

const commit: Statement = { sql: 'COMMIT', values: [] }
const rollback: Statement = { sql: 'ROLLBACK', values: [] }

/** The connection died during the commit, which may or may not be done. */
class CommitLost extends Error {
  readonly ending: Ask<unknown>

  constructor(ending: Ask<unknown>, cause: unknown) {
    super('the answer to the commit was lost', { cause })
    this.ending = ending
  }
}

/** Runs a read, and again on another connection if one has died. */
export const read = <R>(connections: Connections, { statements, outcome }: Ask<R>): Promise<R> =>
  withRetries(connections, async (client) => {
    if (statements.length === 1) return outcome(...(await runStatements(connections, client, statements)))
    // One transaction: otherwise a pooler could send each statement to another connection.
    const rows = await runStatements(connections, client, [begin(connections), ...statements, commit])
    return outcome(...rows.slice(1, -1))
  })

/** What a verb did. `ended`: the guests whose sealed sessions it ended. */
export type Written<R> = Done<R> & { ended: string[] }

const written = <R>({ statements, foundEnded }: Ask<R>, result: R): Written<R> => ({
  result,
  events: eventsOf(statements),
  ended: [...statements.flatMap(({ ends }) => ends ?? []), ...[foundEnded ?? []].flat()],
})

/**
 * Runs a verb as one transaction, and again from the start if it conflicts with another one. If the answer to the
 * commit is lost, it looks for the verb's trace. Without a trace the commit may still be done, so the verb is not
 * repeated.
 * Errors: whatever the database or its connection throws; CommitLost if nobody can say whether the verb was done.
 */
export async function write<R>(connections: Connections, verb: () => Ask<R> | Steps<R>): Promise<Written<R>> {
  try {
    return await withRetries(connections, (client) => transact(connections, client, verb()))
  } catch (error) {
    if (!(error instanceof CommitLost)) throw error
    const ending = error.ending as Ask<R>
    const done = ending.trace && (await read(connections, findTrace(ending.trace)))
    if (done) return written(ending, ending.outcome())
    throw error
  }
}

/** Looks for the trace with a lock: its own commit then waits, as any does, until a synchronous standby has it too. */
const findTrace = (trace: Statement): Ask<boolean> => ({
  statements: [{ ...trace, lock: true }],
  outcome: (rows) => rows!.length > 0,
})

/** Sends the verb's first reads together with BEGIN in one round trip, and its last writes with COMMIT in another. */
async function transact<R>(
  connections: Connections,
  client: PoolClient,
  verb: Ask<R> | Steps<R>,
): Promise<Written<R>> {
  const { opening, ending } = await untilLast(connections, client, verb)
  if (opening.length === 0 && ending.statements.length === 0) {
    await runStatements(connections, client, [rollback])
    return written(ending, ending.outcome())
  }
  try {
    const rows = await runStatements(connections, client, [...opening, ...ending.statements, commit])
    return written(ending, ending.outcome(...rows.slice(opening.length)))
  } catch (error) {
    throw isRefusal(error) ? error : new CommitLost(ending, error)
  }
}

/** Runs the verb but for its last statements (`ending`). `opening`: the BEGIN, if nothing was sent yet. */
async function untilLast<R>(
  connections: Connections,
  client: PoolClient,
  verb: Ask<R> | Steps<R>,
): Promise<{ opening: Statement[]; ending: Ask<R> }> {
  let opening = [begin(connections)]
  if (!('next' in verb)) return { opening, ending: verb }
  let step = verb.next()
  while (!step.done) {
    const rows = await runStatements(connections, client, [...opening, ...step.value])
    step = verb.next(rows.slice(opening.length) as RowSets)
    opening = []
  }
  return { opening, ending: step.value }
}

/**
 * Tries whether a verb can be written, and undoes it. Then it commits something that changes nothing: a commit may fail or
 * hang where all else works.
 */
export async function tryToWrite<R>(connections: Connections, verb: () => Ask<R> | Steps<R>): Promise<void> {
  await withRetries(connections, async (client) => {
    const { opening, ending } = await untilLast(connections, client, verb())
    await runStatements(connections, client, [...opening, ...ending.statements, rollback])
    await runStatements(connections, client, [begin(connections), touchTrial, commit])
  })
}

/** A row that no node asks for. */
const touchTrial = insert(
  'chores',
  { name: 'try to write', holder: '', taken_until: 0 },
  'ON CONFLICT (name) DO UPDATE SET holder = excluded.holder',
)

/** Begins a transaction. If this node hangs or is cut off, its locks hold others up for at most this long. */
const begin = ({ statementMilliseconds: ms }: Connections): Statement => ({
  sql: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${ms}; SET LOCAL idle_in_transaction_session_timeout = ${ms}`,
  values: [],
})

/**
 * Sends all statements at once and in one piece, but for those that find nothing anyway. Resolves to the rows of each, or
 * rejects with the first error.
 */
async function runStatements(
  connections: Connections,
  client: PoolClient,
  statements: Statement[],
): Promise<Row[][]> {
  const answers = await Promise.allSettled(sendAll(connections, client, statements))
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason
    return answer.value.rows ?? [] // BEGIN is several statements in one, which have no rows
  })
}

/** pg alone would write each statement by itself, and PostgreSQL would wake up for each. */
function sendAll(connections: Connections, client: PoolClient, statements: Statement[]) {
  const socket = socketOf(client)
  socket.cork()
  try {
    return statements.map((statement) =>
      statement === nothing ? { rows: [] } : client.query<Row>(toQuery(connections, statement)),
    )
  } finally {
    socket.uncork()
  }
}

/** Does work on a connection of the pool, and again if that may help and nothing was committed. */
async function withRetries<R>(
  connections: Connections,
  work: (client: PoolClient) => Promise<R>,
): Promise<R> {
  for (let tried = 1; ; tried++) {
    try {
      return await onClient(connections, work)
    } catch (error) {
      if (tried >= triesOf(error)) throw error
      if (isUnprepared(error)) connections.prepared = false
      await setTimeout(Math.random() * BACKOFF_MILLISECONDS * 2 ** Math.min(tried, 6))
    }
  }
}

async function onClient<R>({ pool }: Connections, work: (client: PoolClient) => Promise<R>): Promise<R> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    const cured = isRefusal(error) && !isOutdated(error) ? client.query('ROLLBACK') : Promise.reject(error)
    await cured.then(
      () => client.release(),
      () => client.release(true),
    )
    throw error
  }
}

/** The SQLSTATE of an error (PostgreSQL, Appendix A). */
const sqlState = (error: unknown): string => String((error as { code?: unknown }).code ?? '')

/** Whether the database refused a statement and the connection is still good. Then nothing is committed. */
const isRefusal = (error: unknown): boolean =>
  /^[0-9A-Z]{5}$/.test(sqlState(error)) && !/^(08|57P|58|XX|40003|25P0[34])/.test(sqlState(error))

/** Whether the connection is outdated: the tables changed after it prepared its statements, or it began read-only. */
const isOutdated = (error: unknown): boolean => /^(0A000|25006)$/.test(sqlState(error))

/** Whether a pooler gave this transaction a connection that had prepared other statements. */
const isUnprepared = (error: unknown): boolean => /^(26000|42P05)$/.test(sqlState(error))

function triesOf(error: unknown): number {
  // A serialization failure, a deadlock, or a duplicate of a row that was not there at the first read: the next attempt
  // sees what the other transaction wrote.
  if (/^(40001|40P01|23505|0A000)$/.test(sqlState(error)) || isUnprepared(error)) return MAX_TRIES
  if (isOutdated(error)) return MAX_CONNECTION_TRIES
  if (error instanceof CommitLost || isRefusal(error)) return 1
  return /timeout/i.test(String(error)) ? 1 : MAX_CONNECTION_TRIES
}

const UNIX_NOW = 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) AS BIGINT)'

const queries = new Map<string, { text: string; name: string }>()

function toQuery({ prepared, schema }: Connections, { sql, values, lock }: Statement): QueryConfig {
  const whole = lock ? `${sql} FOR UPDATE` : sql
  const key = schema ? `${schema} ${whole}` : whole
  let query = queries.get(key)
  if (!query) {
    let n = 0
    const text = qualify(whole, schema)
      .replaceAll('unix_now()', UNIX_NOW)
      .replaceAll('?', () => `$${++n}`)
    // By the key: behind a pooler, deployments in two schemas share a connection and the statements prepared on it.
    query = { text, name: `gk_${hash('sha256', key).slice(0, 16)}` }
    queries.set(key, query)
  }
  return prepared && values.length > 0 ? { ...query, values } : { text: query.text, values }
}
