// The connections to PostgreSQL: how many there are, how long a verb waits for one, and which databases are refused.

import type { Socket } from 'node:net'
import type { ClientBase, Pool, PoolClient } from 'pg'
import type { PostgresOptions } from '../../options/options.ts'
import { within } from '../../within.ts'
import { applicationName } from './fleet.ts'
import { connectionTo } from './tls.ts'

export type Connections = {
  pool: Pool
  /** Ends the connections, and cuts those whose server does not answer within a second. */
  end: () => Promise<void>
  statementMilliseconds: number
  /** The schema of our tables; undefined: the first of the search_path. */
  schema?: string | undefined
  /** Whether each connection prepares its statements. False once a pooler in between has lost one. */
  prepared: boolean
}

/** A pool that connects when it needs to. It loads `pg` only here, so that other stores do not load it. */
export async function createConnections(
  url: string,
  { poolSize = 10, connectSeconds = 5, statementSeconds = 5, ssl, schema }: PostgresOptions,
): Promise<Connections> {
  const { default: pg } = await import('pg')
  const statementMilliseconds = statementSeconds * 1000
  const pool = new pg.Pool({
    ...connectionTo(url, ssl),
    application_name: applicationName(schema),
    max: poolSize,
    connectionTimeoutMillis: connectSeconds * 1000,
    query_timeout: statementMilliseconds + 1000, // later than the server's own timeout, which keeps the connection
    idleTimeoutMillis: 5 * 60 * 1000, // connecting takes more round trips than a sign-in
    keepAlive: true,
    pipeline: true,
    onConnect: refuseReplica as (client: ClientBase) => void,
  })
  // The statement that needs a dead connection fails, and the pool replaces it. Unhandled, these events end the
  // process.
  pool.on('error', () => {})
  const clients = new Set<PoolClient>()
  pool.on('connect', (client) => {
    client.on('error', () => {})
    clients.add(client)
  })
  pool.on('remove', (client) => void clients.delete(client))
  async function end(): Promise<void> {
    await within(END_MILLISECONDS, pool.end(), () => new Error('the database does not answer')).catch(() => {
      for (const client of clients) socketOf(client).destroy()
    })
  }
  return { pool, end, statementMilliseconds, schema, prepared: true }
}

const END_MILLISECONDS = 1000

/** pg gives no other way to end a connection whose server does not answer, or to send several statements in one piece. */
export const socketOf = (client: PoolClient) =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream

/** Refuses a replica: it may lag behind, and the store must not decide by old rows. */
async function refuseReplica(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ replica: boolean }>('SELECT pg_is_in_recovery() AS replica')
  if (rows[0]!.replica) throw new Error('this database is a replica: connect to the primary')
}
