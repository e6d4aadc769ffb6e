// The options store and postgres: which database, and how to connect to it.

import type { ConnectionOptions } from 'node:tls'
import { z } from '../zod.ts'
import { OptionsError } from './errors.ts'
import { textWithout } from './urls.ts'
import { count, objectOf, seconds, text } from './values.ts'

/** What is wrong with a store. A misspelt URL must be refused, or SQLite would make a file whose name holds a password. */
function problemOfStore(store: string): string | undefined {
  if (/^(:memory:|file:)/.test(store))
    return 'must be the path of a file, without file: and not :memory:, because guestkey opens several connections to it'
  if (!/:\/\/|^\W*postgres(ql)?:/i.test(store)) return undefined
  return isPostgres(store) && URL.canParse(store)
    ? undefined
    : 'must be the path of a file, or a URL like postgres://user:password@host:5432/database'
}

/** Whether the store is a PostgreSQL database: a URL that begins with postgres:// or postgresql://. */
export const isPostgres = (store: string): boolean => /^postgres(ql)?:\/\//.test(store)

/** Errors: OptionsError if the URL turns TLS off and `postgres.ssl` on, or the other way. */
export function refuseContradiction(store: string, { ssl }: PostgresOptions): void {
  if (!isPostgres(store) || ssl === undefined) return
  const { searchParams } = new URL(store)
  const said = ['sslmode', 'ssl'].find((name) => searchParams.has(name))
  if (said === undefined) return
  const value = searchParams.get(said)!
  const isOff = ['disable', 'false', '0'].includes(value)
  if (isOff === (ssl === false)) return
  throw new OptionsError(
    `guestkey options: the URL of the store says ${said}=${value}, and postgres.ssl says ${ssl === false ? 'false' : 'to use TLS'}; leave one of them out`,
  )
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

export const store = textWithout(problemOfStore, text)

/** The name of a schema as PostgreSQL takes it without quotes; those that begin with pg_ are its own. */
export const isSchemaName = (name: string): boolean => /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/.test(name)

export const postgres = objectOf({
  poolSize: z.optional(count),
  connectSeconds: z.optional(seconds),
  statementSeconds: z.optional(seconds),
  schema: z.optional(
    text.check(
      z.refine(
        isSchemaName,
        'must be like guestkey: small letters, digits and _, at most 63, and not begin with pg_',
      ),
    ),
  ),
  ssl: z.optional(
    z.union(
      [z.boolean(), z.custom<ConnectionOptions>((value) => isObject(value))],
      'must be true, false or an object like { ca }, as for tls.connect',
    ),
  ),
})

/** How to connect to PostgreSQL. */
export type PostgresOptions = {
  /** At most this many connections per process. Default: 10. */
  poolSize?: number | undefined
  /** How long to wait for a new or a free connection. Default: 5 seconds. */
  connectSeconds?: number | undefined
  /** How long a statement may take. Default: 5 seconds. */
  statementSeconds?: number | undefined
  /**
   * The schema of the tables, made if it is missing: for a database in which another program has tables with the same
   * names. Default: the first schema of the account's `search_path`, which is mostly `public`.
   */
  schema?: string | undefined
  /** TLS options beside those in the URL, as for Node's `tls.connect`, such as `{ ca }`. */
  ssl?: boolean | ConnectionOptions | undefined
}
