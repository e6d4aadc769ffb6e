// Where guests are kept, and how a database is connected to.

import type { ConnectionOptions } from 'node:tls'
import { z } from '../zod.ts'
import { count, seconds, text } from './values.ts'

/** What is wrong with a store. A URL that is mistaken must not make a file, with a password for its name. */
function problemOfStore(store: string): string | undefined {
  if (/^(:memory:|file:)/.test(store))
    return 'must be the path of a file; the writer has a connection of its own'
  if (!/:\/\/|^\W*postgres(ql)?:/i.test(store)) return undefined
  return isPostgres(store) && URL.canParse(store)
    ? undefined
    : 'must be the path of a file, or a URL like postgres://user:password@host:5432/database'
}

/** Whether the store is a PostgreSQL database, by its URL. */
export const isPostgres = (store: string): boolean => /^postgres(ql)?:\/\//.test(store)

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

export const store = text.check(
  z.superRefine((value, ctx) => {
    const message = problemOfStore(value)
    if (message) ctx.addIssue({ code: 'custom', message, input: undefined })
  }),
)

export const postgres = z.strictObject({
  poolSize: z.optional(count),
  connectSeconds: z.optional(seconds),
  statementSeconds: z.optional(seconds),
  ssl: z.optional(z.union([z.boolean(), z.custom<ConnectionOptions>((value) => isObject(value))])),
})

/** How PostgreSQL is connected to. */
export type PostgresOptions = {
  /** Connections of one process at most. Default: 10. */
  poolSize?: number | undefined
  /** How long a connection is waited for, a new one or a free one. Default: 5 seconds. */
  connectSeconds?: number | undefined
  /** How long a statement may take. Default: 5 seconds. */
  statementSeconds?: number | undefined
  /** TLS beyond what the URL says, as for Node's `tls.connect`, e.g. `{ ca }`. */
  ssl?: boolean | ConnectionOptions | undefined
}
