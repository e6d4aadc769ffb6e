// The SQLite driver: reads on this thread, because a WAL reader waits for nobody; writes go to the writer thread.

import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { createReadiness } from '../readiness.ts'
import { type Write, withWrites } from '../sql/acting.ts'
import { reads } from '../sql/all-verbs.ts'
import { STEPS_TABLE } from '../sql/schema-objects.ts'
import { newerVersions } from '../sql/schema-steps.ts'
import { type Ask, ask, type Row, type Statement, sql } from '../sql/statement.ts'
import type { NotedEvent, Store, StoreReads, StoreWrites } from '../store.ts'
import { REFUSAL_MILLISECONDS, Refusal, unavailable } from '../unavailable.ts'
import { verdictOn } from './faults.ts'
import { createExecute, openFile } from './file.ts'
import { createMemo } from './memo.ts'
import { databaseIn, MISSING, placeOf, refuseOthers } from './place.ts'
import { createWriter, refuseWithoutThread } from './writer.ts'

const RETRY_MILLISECONDS = 50

type SqliteOptions = {
  busyMilliseconds?: number
  /** Gets the events of each write, once it is committed and before its verb resolves. */
  tell?: (events: NotedEvent[]) => void
  /** Gets how many writes shared a commit. */
  committed?: (writes: number) => void
  /** Gets why the file cannot be used until somebody changes something. */
  refused?: (why: string) => void
}

/**
 * Opens a store in one SQLite file. The first verb creates the file if it is missing.
 * Errors: every verb rejects with `unavailable` if the file cannot be opened, read or written, or if another process
 * holds the write lock for longer than `busyMilliseconds` (default 5000), counted from the call. A write whose commit
 * takes 5 seconds more does too, and may still be done. The next verb tries again.
 */
export function openSqlite(
  path: string,
  { busyMilliseconds = 5000, tell = () => {}, committed = () => {}, refused = () => {} }: SqliteOptions = {},
): Store {
  const file = resolve(path) // the host may change its folder
  let place = ''
  const writer = createWriter(() => ({ file, place, busyMilliseconds }), tell, committed)
  let db: Database.Database | undefined
  let execute: (statement: Statement) => Row[]
  let memo: ReturnType<typeof createMemo>
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined

  /** Opens the file once, for reads and writes alike. If that fails, the next verb tries again. */
  function opened(): Promise<void> {
    opening ??= open().catch((error: { cause?: unknown }) => {
      if (error.cause instanceof Refusal) {
        refused(error.cause.message)
        globalThis.setTimeout(tryAgain, REFUSAL_MILLISECONDS).unref()
      } else tryAgain()
      throw error
    })
    return opening
  }

  function tryAgain(): void {
    opening = undefined
  }

  /** Waits for another process's lock between short attempts: one long attempt would block the event loop. */
  async function open(): Promise<void> {
    const until = performance.now() + busyMilliseconds
    while (!db) {
      if (closing) throw unavailable('the store is closed')
      try {
        refuseWithoutThread()
        const before = databaseIn(placeOf(file))
        const opened = openFile(file, 0)
        place = placeOf(file)
        if (before !== MISSING && databaseIn(place) !== before) {
          opened.close() // it was replaced meanwhile: only the next attempt knows which one it opens
          continue
        }
        db = opened
        db.pragma('query_only = ON') // only the writer thread writes
        execute = createExecute(db)
        const version = db.prepare<[], number>('PRAGMA data_version').pluck()
        memo = createMemo(() => version.get()!)
      } catch (cause) {
        const busy = (cause as { code?: string }).code === 'SQLITE_BUSY' && performance.now() < until
        if (!busy) throw unavailable(`cannot open ${file}`, cause)
        await setTimeout(RETRY_MILLISECONDS)
      }
    }
  }

  function read<R>(work: () => R): R {
    if (closing) throw unavailable('the store is closed')
    try {
      return work()
    } catch (cause) {
      throw unavailable('sqlite read', cause)
    }
  }

  const run = <R>({ statements, outcome }: Ask<R>): R => outcome(...statements.map(execute))

  const readiness = createReadiness<keyof StoreWrites>(
    (input) => writer.write({ verb: 'tryWriting', input }),
    verdictOn,
  )

  const store: Record<string, unknown> = {
    async ready() {
      await opened()
      read(() => run(reads.findGuest({ anonymousId: '' })))
      try {
        refuseOthers(file, place)
      } catch (cause) {
        throw unavailable('sqlite file', cause)
      }
      await readiness.check()
    },
    async otherVersions() {
      await opened()
      return read(() => run(versionsAfter))
    },
    close() {
      closing ??= Promise.allSettled([opening])
        .then(() => writer.close())
        .then(() => void db?.close())
      return closing
    },
  }
  for (const verb of Object.keys(reads) as (keyof StoreReads)[]) {
    const keyOf = remembered[verb] as ((input: unknown) => string) | undefined
    store[verb] = async (input: unknown) => {
      if (!db) await opened()
      const ask = () => run<unknown>(reads[verb](input as never))
      return read(keyOf ? () => memo(keyOf(input), ask) : ask)
    }
  }
  async function write(request: Write): Promise<unknown> {
    const since = performance.now()
    if (!db) await opened()
    const { verb, input } = request
    return readiness.noting({ verb, input }, writer.write(request, since))
  }
  return withWrites(store, write)
}

/** The reads that every request makes, and a key for what each finds. No id has a line break. */
const remembered: { [Verb in keyof StoreReads]?: (input: Parameters<StoreReads[Verb]>[0]) => string } = {
  findSession: ({ anonymousId, id }) => `${anonymousId}\n${id}`,
  sealedSessionEnded: ({ anonymousId }) => anonymousId,
}

/** Only a newer version can be seen, by the steps that it did. The claims of jobs hold an older one back. */
const versionsAfter = ask(sql(`SELECT step FROM ${STEPS_TABLE}`), (rows) =>
  newerVersions(rows.map(({ step }) => Number(step))),
)
