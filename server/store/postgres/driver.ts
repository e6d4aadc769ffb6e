// The PostgreSQL driver: it connects at the first verb, and survives when the database fails.

import type { PostgresOptions } from '../../options/options.ts'
import { within } from '../../within.ts'
import { createReadiness } from '../readiness.ts'
import { verbOf, type Write, withWrites } from '../sql/acting.ts'
import { reads } from '../sql/all-verbs.ts'
import { findSealedEnds } from '../sql/verbs/sealed-ends.ts'
import { findSessions, SESSIONS_TOGETHER } from '../sql/verbs/sessions.ts'
import type { NotedEvent, Store, StoreReads, StoreWrites } from '../store.ts'
import { REFUSAL_MILLISECONDS, Refusal, unavailable } from '../unavailable.ts'
import { createEndings, LOOK_BACK_SECONDS } from './endings.ts'
import { verdictOn, withAdvice } from './faults.ts'
import { otherVersions } from './fleet.ts'
import { createGather } from './gather.ts'
import { type Connections, createConnections } from './pool.ts'
import { migratePostgres, refuseUnfinishedMove } from './schema.ts'
import { read, tryToWrite, write } from './transaction.ts'

/**
 * Opens a store in a PostgreSQL database, or one that speaks its protocol. Creates the missing tables. `tell` gets the
 * events of each write, once it is committed and before its verb resolves. `refused` gets why the database cannot be
 * used until somebody changes something. `watchPool` gets how to count the connections.
 * Errors: every verb rejects with `unavailable` if the database cannot be reached, refuses a statement, does not answer
 * in time, or cannot say whether it committed. The next verb tries again.
 */
export function openPostgres(
  url: string,
  options: PostgresOptions = {},
  tell: (events: NotedEvent[]) => void = () => {},
  refused: (why: string) => void = () => {},
  watchPool: (count: () => { used: number; idle: number; waiting: number }) => void = () => {},
): Store {
  let opening: Promise<Connections> | undefined
  let connections: Connections | undefined
  let isOpen = false
  let closing: Promise<void> | undefined
  const underWay = new Set<Promise<unknown>>()
  const patience = (options.connectSeconds ?? 5) * 1000

  async function open(): Promise<Connections> {
    const made = await createConnections(url, options)
    connections = made
    const { pool } = made
    watchPool(() => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }))
    try {
      await migratePostgres(made)
      await refuseUnfinishedMove(made)
      isOpen = true
      return made
    } catch (error) {
      connections = undefined
      await made.end()
      throw error
    }
  }

  function tryAgain(): void {
    opening = undefined // the next verb opens it
  }

  /** Runs `work` once the tables are there. `patience`: for how many milliseconds it waits for the tables. */
  async function run<R>(work: (connections: Connections) => Promise<R>, patience?: number): Promise<R> {
    if (closing) throw unavailable('the store is closed')
    opening ??= open().catch((error: unknown) => {
      if (error instanceof Refusal) {
        refused(error.message)
        setTimeout(tryAgain, REFUSAL_MILLISECONDS).unref()
      } else tryAgain()
      throw error
    })
    // A migration may take minutes, here or at another node. No request waits for it longer than `patience`.
    const opened = isOpen || patience === undefined ? opening : within(patience, opening, notThereYet)
    const result = opened.then(work)
    underWay.add(result)
    try {
      return await result
    } catch (cause) {
      if (cause instanceof Refusal) throw unavailable('cannot use the database', cause)
      throw unavailable(`postgres: ${(cause as { code?: string }).code ?? 'failed'}`, cause)
    } finally {
      underWay.delete(result)
    }
  }

  const endings = createEndings(() =>
    run((connections) => read(connections, findSealedEnds(LOOK_BACK_SECONDS))),
  )

  const readiness = createReadiness<keyof StoreWrites>(
    async (failed) =>
      failed &&
      run(async (connections) => {
        try {
          await tryToWrite(connections, () => verbOf(failed))
        } catch (cause) {
          throw withAdvice(cause)
        }
      }),
    verdictOn,
  )

  const store: Record<string, unknown> = {
    async ready() {
      await run(refuseReadOnly)
      await readiness.check()
    },
    otherVersions: () => run(({ pool, schema }) => otherVersions(pool, schema), patience),
    /** Waits for the verbs that are under way, at most for two seconds. */
    close() {
      endings.close()
      closing ??= (async () => {
        await within(CLOSE_MILLISECONDS, Promise.allSettled([opening, ...underWay]), notThereYet).catch(
          () => {},
        )
        await connections?.end()
      })()
      return closing
    },
  }
  for (const verb of Object.keys(reads) as (keyof StoreReads)[]) {
    store[verb] = (input: unknown) =>
      run((connections) => read<unknown>(connections, reads[verb](input as never)), patience)
  }
  store.findSession = createGather(SESSIONS_TOGETHER, (keys: Parameters<StoreReads['findSession']>[0][]) =>
    run(async (connections) => {
      const [first, second] = keys
      return first && !second
        ? [await read(connections, reads.findSession(first))]
        : read(connections, findSessions(keys))
    }, patience),
  )
  store.sealedSessionEnded = (key: { anonymousId: string }) =>
    run(
      (connections) =>
        endings.hasEnded(key.anonymousId, () => read(connections, reads.sealedSessionEnded(key))),
      patience,
    )
  function writeVerb(request: Write): Promise<unknown> {
    const result = run(async (connections) => {
      const { result, ended, events } = await write(connections, () => verbOf(request))
      await endings.settle(ended)
      tell(events)
      return result
    }, patience)
    const { verb, input } = request
    return readiness.noting({ verb, input }, result)
  }
  return withWrites(store, writeVerb)
}

/** The SQLSTATE read_only_sql_transaction. */
const READ_ONLY = '25006'

const CLOSE_MILLISECONDS = 2000

const notThereYet = () => new Error('timeout: the tables are not there yet')

async function refuseReadOnly({ pool }: Connections): Promise<void> {
  const client = await pool.connect()
  let readOnly = true
  try {
    const { rows } = await client.query<{ transaction_read_only: string }>('SHOW transaction_read_only')
    readOnly = rows[0]?.transaction_read_only !== 'off'
  } finally {
    client.release(readOnly) // a connection that began read-only stays read-only, even if the database does not
  }
  if (readOnly) throw withAdvice(Object.assign(new Error('transaction_read_only is on'), { code: READ_ONLY }))
}
