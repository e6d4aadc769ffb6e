// Gives a command one connection to PostgreSQL, and turns errors into sentences.

import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { isPostgres, type PostgresOptions } from '../../options/options.ts'
import { applicationName } from '../../store/postgres/fleet.ts'
import { connectionTo } from '../../store/postgres/tls.ts'

const CONNECT_MILLISECONDS = 10_000

export type PgClient = pg.Client

/** The URL without its password and its query, for messages. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'the database'
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username && `${username}@`}${host}${pathname}`
}

/**
 * Connects within 10 seconds, with the TLS options of `postgres.ssl` if given. Throws an error that names the database,
 * but never its password.
 */
export async function connect(url: string, ssl?: PostgresOptions['ssl']): Promise<PgClient> {
  if (!isPostgres(url) || !URL.canParse(url))
    throw new Error('The database must be a URL like postgres://user@host:5432/name.')
  try {
    const client = new pg.Client({
      ...connectionTo(url, ssl),
      application_name: applicationName(),
      connectionTimeoutMillis: CONNECT_MILLISECONDS,
      keepAlive: true,
    })
    client.on('error', () => {}) // the next statement reports a lost connection
    await client.connect()
    return client
  } catch (error) {
    throw new Error(
      `PostgreSQL cannot be reached at ${withoutPassword(url)}: ${inWords(error)}.${isUnverified(error) ? ADVICE : ''}`,
    )
  }
}

/** Whether TLS failed because the server's certificate, or the name in it, could not be verified. */
const isUnverified = (error: unknown): boolean =>
  /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/.test(
    String((error as { code?: string }).code),
  )
const ADVICE =
  ' The certificate of the server could not be verified. Get the root certificate of its authority from your provider, ' +
  'and end the URL with ?sslmode=verify-full&sslrootcert=<its file>; or write sslmode=no-verify, which encrypts but does ' +
  'not notice a server that poses as yours.'

/** Whether the database has this table, in the schema or (undefined) in those of the search_path. */
export async function exists(client: PgClient, table: string, schema?: string): Promise<boolean> {
  const name = schema ? `"${schema}".${table}` : table
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS found', [name])
  return rows[0].found
}

/** How the connection is protected, as seen from this side: by TLS, because it stays on this machine, or not at all. */
export function protectionOf(client: PgClient): 'tls' | 'local' | 'none' {
  const { stream } = (client as unknown as { connection: { stream: TLSSocket } }).connection
  if (stream instanceof TLSSocket) return 'tls'
  const { remoteAddress } = stream as { remoteAddress?: string }
  return !remoteAddress || /^(127\.|::1$|::ffff:127\.)/.test(remoteAddress) ? 'local' : 'none'
}

/** The message of the error as the database or the system gave it, without a final full stop. */
export function inWords(error: unknown): string {
  // A host name with several addresses gives an AggregateError: one error for each address, and an empty message.
  const one = error instanceof AggregateError ? error.errors[0] : error
  const { message, code } = one as { message?: string; code?: string }
  return (message || code || String(one)).replace(/\.$/, '')
}
