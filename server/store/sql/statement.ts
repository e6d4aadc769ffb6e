// What a verb of the store is made of: statements whose SQL text is the same for SQLite, which answers at once, and for
// PostgreSQL, which is sent them and answers later.

import type { NotedEvent, StoreReads, StoreWrites } from '../store.ts'

export type Value = string | number | null
export type Row = Record<string, Value>
/** A statement with `?` for each value. `unix_now()` in its text is the database's clock, in Unix seconds. */
export type Statement = {
  sql: string
  values: Value[]
  /** Locks the rows that it finds until the verb is done. Only PostgreSQL needs this: SQLite has one writer. */
  lock?: true
  /** The guest whose sealed session this statement ends. */
  ends?: string
  /** The events to tell once this statement is committed. */
  events?: NotedEvent[]
}

/** Statements to run together, and the outcome that follows from their rows. */
export type Ask<R> = {
  statements: Statement[]
  outcome: (...rows: Row[][]) => R
  /** Finds a row exactly if the verb was committed. A driver needs it when the answer to its commit is lost. */
  trace?: Statement
  /** The guests whose sealed sessions have ended, though no statement here `ends` them. Other nodes may not know it yet. */
  foundEnded?: string | string[] | undefined
}

/** The rows of each yielded statement, in the same order. */
export type RowSets = [Row[], Row[], Row[], Row[], Row[], ...Row[][]]

/** A verb that reads first. It yields statements to run together, gets their rows, and returns what it writes last. */
export type Steps<R> = Generator<Statement[], Ask<R>, RowSets>

type Input<F> = F extends (input: infer A) => unknown ? A : never
type Output<F> = F extends (input: never) => Promise<infer R> ? R : never
export type Reads = { [K in keyof StoreReads]: (input: Input<StoreReads[K]>) => Ask<Output<StoreReads[K]>> }
export type Writes = {
  [K in keyof StoreWrites]: (
    input: Input<StoreWrites[K]>,
  ) => Ask<Output<StoreWrites[K]>> | Steps<Output<StoreWrites[K]>>
}

/** What a verb resolves to, and the events to tell once it is committed. */
export type Done<R> = { result: R; events: NotedEvent[] }

/** Runs a verb to its end. `execute` answers at once, as SQLite does. */
export function runVerb<R>(verb: Ask<R> | Steps<R>, execute: (statement: Statement) => Row[]): Done<R> {
  const { statements, outcome } = 'next' in verb ? runSteps(verb, execute) : verb
  return { result: outcome(...statements.map(execute)), events: eventsOf(statements) }
}

export const eventsOf = (statements: Statement[]): NotedEvent[] =>
  statements.flatMap(({ events }) => events ?? [])

function runSteps<R>(steps: Steps<R>, execute: (statement: Statement) => Row[]): Ask<R> {
  let step = steps.next()
  while (!step.done) step = steps.next(step.value.map(execute) as RowSets)
  return step.value
}

export const sql = (text: string, ...values: Value[]): Statement => ({ sql: text, values })

const insertTexts = new Map<string, string>()

/**
 * Inserts a row, given by column. `onConflict` follows the values, and `more` are the values of its own `?`. The text is
 * made once for each table and set of columns, and every call returns the same string.
 */
export function insert(table: string, row: Row, onConflict = '', ...more: Value[]): Statement {
  const columns = Object.keys(row)
  const key = `${table} ${columns} ${onConflict}`
  let text = insertTexts.get(key)
  if (text === undefined) {
    const marks = columns.map(() => '?').join(', ')
    text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})${onConflict && ` ${onConflict}`}`
    insertTexts.set(key, text)
  }
  return { sql: text, values: [...Object.values(row), ...more] }
}

export const ask = <R>(statement: Statement, outcome: (rows: Row[]) => R): Ask<R> => ({
  statements: [statement],
  outcome,
})

export const nothing = sql('SELECT 1 WHERE 1 = 0')

const IDS_PER_STATEMENT = 16
const marks = Array.from({ length: IDS_PER_STATEMENT }, () => '?').join(', ')

/**
 * Statements about many ids: each replaces `IDS` by a list of 16 `?`. The last id list is padded, so that the text is
 * always the same and is prepared once.
 */
export function aboutAll(text: string, ids: string[], ...before: Value[]): Statement[] {
  const lists = Array.from({ length: Math.ceil(ids.length / IDS_PER_STATEMENT) }, (_, i) =>
    ids.slice(i * IDS_PER_STATEMENT, (i + 1) * IDS_PER_STATEMENT),
  )
  return lists.map((list) =>
    sql(
      text.replaceAll('IDS', `(${marks})`),
      ...before,
      ...Array.from({ length: IDS_PER_STATEMENT }, (_, i) => list[i] ?? list[0]!),
    ),
  )
}

/** What a verb returns if it wrote everything in its steps. Without any statement, PostgreSQL would roll back. */
export const alreadyWritten = sql('SELECT 1 AS done')

/** What a verb returns if it writes nothing. */
export const noWrites = <R>(outcome: R): Ask<R> => ({ statements: [], outcome: () => outcome })

/** All characters of base64url: each names a bucket (see migrations.ts). */
export const bucketNames = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']

/** The buckets as an SQL list: the clean-up searches every one. */
export const buckets = `('${bucketNames.join("', '")}')`
