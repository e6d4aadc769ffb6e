// One connection to PostgreSQL for a command, and its errors in words.

import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { isPostgres } from '../../options/options.ts'

const CONNECT_MILLISECONDS = 10_000

export type PgClient = pg.Client

/** The URL without what is secret in it, for messages. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}

/** Connects. Throws a sentence that names the database, and never its password. */
export async function connect(url: string): Promise<PgClient> {
  if (!isPostgres(url) || !URL.canParse(url))
    throw new Error('The database must be a URL like postgres://user@host:5432/name.')
  try {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'guestkey',
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      keepAlive: true,
    })
    client.on('error', () => {}) // a lost connection is told of by the statement that needed it
    await client.connect()
    return client
  } catch (error) {
    throw new Error(`PostgreSQL cannot be reached at ${withoutPassword(url)}: ${inWords(error)}.`)
  }
}

/** Whether the database has this table. */
export async function exists(client: PgClient, table: string): Promise<boolean> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS found', [table])
  return rows[0].found
}

/** How the connection is protected, seen from here: by TLS, by staying on this machine, or not at all. */
export function protectionOf(client: PgClient): 'tls' | 'local' | 'none' {
  const { stream } = (client as unknown as { connection: { stream: TLSSocket } }).connection
  if (stream instanceof TLSSocket) return 'tls'
  const { remoteAddress } = stream as { remoteAddress?: string }
  return !remoteAddress || /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress) ? 'local' : 'none'
}

/** What is wrong, in the words of the database or of the system. */
export function inWords(error: unknown): string {
  // A name with several addresses fails with an error for each, and nothing said of them all.
  const one = error instanceof AggregateError ? error.errors[0] : error
  const { message, code } = one as { message?: string; code?: string }
  return (message || code || String(one)).replace(/\.$/, '')
}
