// Reads and whole transactions on PostgreSQL: in few round trips, and repeated only where nothing was committed.

import { hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { PoolClient, QueryConfig } from 'pg'
import type { Ask, Row, RowSets, Statement, Steps } from '../sql/statement.ts'
import type { Connections } from './pool.ts'

/** How often a transaction is tried that others keep from its end, and one whose connection died. */
const MAX_TRIES = 10
const MAX_CONNECTION_TRIES = 3
const BACKOFF_MILLISECONDS = 5

const commit: Statement = { sql: 'COMMIT', values: [] }
const rollback: Statement = { sql: 'ROLLBACK', values: [] }

/** The connection died on the commit: it may or may not have been done. */
class CommitLost extends Error {
  readonly ending: Ask<unknown>

  constructor(ending: Ask<unknown>, cause: unknown) {
    super('the answer to the commit was lost', { cause })
    this.ending = ending
  }
}

/** Asks, once more on another connection where one has died. */
export const read = <R>(connections: Connections, { statements, outcome }: Ask<R>): Promise<R> =>
  withRetries(connections, async (client) => {
    if (statements.length === 1) return outcome(...(await runStatements(connections, client, statements)))
    // In one transaction, or a pooler could take each of them to another connection while they are on their way.
    const rows = await runStatements(connections, client, [begin(connections), ...statements, commit])
    return outcome(...rows.slice(1, -1))
  })

/** What a verb came to, and whose sealed sessions it ended. */
export type Written<R> = { result: R; ended: string[] }

const written = <R>({ statements, foundEnded }: Ask<R>, result: R): Written<R> => ({
  result,
  ended: [...statements.flatMap(({ ends }) => ends ?? []), ...(foundEnded ? [foundEnded] : [])],
})

/**
 * Runs a verb as one transaction, from its first look again where another one was in its way. Where the answer to
 * the commit is lost, its trace is looked for; what left none may yet be done, and is not repeated.
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

/** Locked, so that it waits as a commit does until what it found is wherever a commit has to be: at a standby too. */
const findTrace = (trace: Statement): Ask<boolean> => ({
  statements: [{ ...trace, lock: true }],
  outcome: (rows) => rows!.length > 0,
})

/** What a verb looks at first goes out with BEGIN in one round trip, what it writes with COMMIT in another. */
async function transact<R>(
  connections: Connections,
  client: PoolClient,
  verb: Ask<R> | Steps<R>,
): Promise<Written<R>> {
  let opening = [begin(connections)]
  let ending: Ask<R>
  if ('next' in verb) {
    let step = verb.next()
    while (!step.done) {
      const rows = await runStatements(connections, client, [...opening, ...step.value])
      step = verb.next(rows.slice(opening.length) as RowSets)
      opening = []
    }
    ending = step.value
    if (ending.statements.length === 0) {
      await runStatements(connections, client, [rollback])
      return written(ending, ending.outcome())
    }
  } else {
    ending = verb
  }
  try {
    const rows = await runStatements(connections, client, [...opening, ...ending.statements, commit])
    return written(ending, ending.outcome(...rows.slice(opening.length)))
  } catch (error) {
    throw isRefusal(error) ? error : new CommitLost(ending, error)
  }
}

/** A node that hangs or is cut off in the middle holds nobody up for longer than this. */
const begin = ({ statementMilliseconds: ms }: Connections): Statement => ({
  sql: `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${ms}; SET LOCAL idle_in_transaction_session_timeout = ${ms}`,
  values: [],
})

/** Sends all at once; the rows of each, or the first error. */
async function runStatements(
  connections: Connections,
  client: PoolClient,
  statements: Statement[],
): Promise<Row[][]> {
  const answers = await Promise.allSettled(
    statements.map((statement) => client.query<Row>(toQuery(connections, statement))),
  )
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason
    return answer.value.rows ?? [] // of several statements in one there are none to be had
  })
}

/** Does work on a connection of the pool, again where that may help and nothing was committed. */
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

/** Whether the database refused a statement, on a connection that is still good: nothing of it is committed. */
const isRefusal = (error: unknown): boolean =>
  /^[0-9A-Z]{5}$/.test(sqlState(error)) && !/^(08|57P|58|XX|40003|25P0[34])/.test(sqlState(error))

/** The connection is from before: the tables were changed under its statements, or it began read-only and stays so. */
const isOutdated = (error: unknown): boolean => /^(0A000|25006)$/.test(sqlState(error))

/** A pooler gave this transaction a connection on which its statements were not prepared, or others were. */
const isUnprepared = (error: unknown): boolean => /^(26000|42P05)$/.test(sqlState(error))

function triesOf(error: unknown): number {
  // Serialization failure, deadlock, and a duplicate of what was not there when it was looked for: the next look
  // sees what the other one wrote.
  if (/^(40001|40P01|23505|0A000)$/.test(sqlState(error)) || isUnprepared(error)) return MAX_TRIES
  if (isOutdated(error)) return MAX_CONNECTION_TRIES
  if (error instanceof CommitLost || isRefusal(error)) return 1
  return /timeout/i.test(String(error)) ? 1 : MAX_CONNECTION_TRIES
}

const UNIX_NOW = 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) AS BIGINT)'

const queries = new Map<string, { text: string; name: string }>()

function toQuery({ prepared }: Connections, { sql, values, lock }: Statement): QueryConfig {
  const whole = lock ? `${sql} FOR UPDATE` : sql
  let query = queries.get(whole)
  if (!query) {
    let n = 0
    const text = whole.replaceAll('unix_now()', UNIX_NOW).replaceAll('?', () => `$${++n}`)
    query = { text, name: `gk_${hash('sha256', whole).slice(0, 16)}` }
    queries.set(whole, query)
  }
  return prepared && values.length > 0 ? { ...query, values } : { text: query.text, values }
}
