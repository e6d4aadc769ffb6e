// The connections to PostgreSQL: how many, how long they are waited for, and which are refused.

import type { ClientBase, Pool } from 'pg'
import type { PostgresOptions } from '../../options/options.ts'

export type Connections = {
  pool: Pool
  statementMilliseconds: number
  /** Statements are prepared, each once a connection; off where a pooler in between loses them. */
  prepared: boolean
}

/** Connections to be made when they are needed. `pg` is loaded here, so that nobody else pays for it. */
export async function createConnections(
  url: string,
  { poolSize = 10, connectSeconds = 5, statementSeconds = 5, ssl }: PostgresOptions,
): Promise<Connections> {
  const { default: pg } = await import('pg')
  const statementMilliseconds = statementSeconds * 1000
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'guestkey',
    max: poolSize,
    connectionTimeoutMillis: connectSeconds * 1000,
    query_timeout: statementMilliseconds + 1000, // after the server's own, which leaves the connection whole
    idleTimeoutMillis: 5 * 60 * 1000, // to connect takes more round trips than to sign in
    keepAlive: true,
    pipeline: true,
    onConnect: refuseReplica as (client: ClientBase) => void,
    ...(ssl !== undefined && { ssl }),
  })
  // A connection that dies is told of by the statement that needed it, and replaced; the process lives on.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return { pool, statementMilliseconds, prepared: true }
}

/** What is decided here must not be decided by what a replica has not heard of yet. */
async function refuseReplica(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica')
  if (rows[0]!.replica) throw new Error('this database is a replica: connect to the primary')
}
