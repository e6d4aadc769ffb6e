// What a verb of the store is made of: statements that one SQL text serves, whether a driver runs them at once (SQLite)
// or sends them and waits (PostgreSQL).

import type { StoreReads, StoreWrites } from '../store.ts'

export type Value = string | number | null
export type Row = Record<string, Value>
/** `unix_now()` in the text is the database's own clock, in seconds. */
export type Statement = {
  sql: string
  values: Value[]
  /** The rows that it finds are locked until the verb is done, where several write at once. */
  lock?: true
  /** The guest whose sealed session it ends. */
  ends?: string
}

/** Statements to run together, and what their rows come to. */
export type Ask<R> = {
  statements: Statement[]
  outcome: (...rows: Row[][]) => R
  /** Finds a row if and only if this was committed: for a driver that loses the answer to its commit. */
  trace?: Statement
  /** The guest whose sealed session another one has ended: found out here, perhaps before it is known everywhere. */
  foundEnded?: string | undefined
}

/** The rows of what was yielded, in its order. */
export type RowSets = [Row[], Row[], Row[], Row[], Row[], ...Row[][]]

/** A verb that looks first: yields statements to run together, is sent their rows, and ends with what it writes. */
export type Steps<R> = Generator<Statement[], Ask<R>, RowSets>

type Input<F> = F extends (input: infer A) => unknown ? A : never
type Output<F> = F extends (input: never) => Promise<infer R> ? R : never
export type Reads = { [K in keyof StoreReads]: (input: Input<StoreReads[K]>) => Ask<Output<StoreReads[K]>> }
export type Writes = {
  [K in keyof StoreWrites]: (
    input: Input<StoreWrites[K]>,
  ) => Ask<Output<StoreWrites[K]>> | Steps<Output<StoreWrites[K]>>
}

/** Runs a verb to its end with a driver that answers at once. */
export function runVerb<R>(verb: Ask<R> | Steps<R>, execute: (statement: Statement) => Row[]): R {
  const { statements, outcome } = 'next' in verb ? runSteps(verb, execute) : verb
  return outcome(...statements.map(execute))
}

function runSteps<R>(steps: Steps<R>, execute: (statement: Statement) => Row[]): Ask<R> {
  let step = steps.next()
  while (!step.done) step = steps.next(step.value.map(execute) as RowSets)
  return step.value
}

export const sql = (text: string, ...values: Value[]): Statement => ({ sql: text, values })

export const ask = <R>(statement: Statement, outcome: (rows: Row[]) => R): Ask<R> => ({
  statements: [statement],
  outcome,
})

export const nothing = sql('SELECT 1 WHERE 1 = 0')

const IDS_PER_STATEMENT = 16
const marks = Array.from({ length: IDS_PER_STATEMENT }, () => '?').join(', ')

/** A statement about many ids: with `(?, …)` in place of `IDS`, always as many, so that there is one text of it. */
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

/** The end of a verb that has written what it wanted while it looked. */
export const alreadyWritten = sql('SELECT 1 AS done')

/** The end of a verb that writes nothing. */
export const noWrites = <R>(outcome: R): Ask<R> => ({ statements: [], outcome: () => outcome })

/** All of base64url: what sweeps goes through every bucket. */
export const buckets = `('${[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'].join("', '")}')`
