// The SQLite driver: reads on this thread (WAL readers wait for nobody), writes through one worker thread.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { GuestError } from '../errors.ts'
import { type Row, reads, type Steps, writes } from './sql-store.ts'
import type { WorkerData, WorkerMessage, WriteReply, WriteRequest } from './sqlite-worker.ts'
import type { Store, StoreReads, StoreWrites } from './store.ts'

type Waiting = WriteRequest & { resolve: (value: unknown) => void; reject: (error: unknown) => void }

const unavailable = (reason: string, cause?: unknown) =>
  new GuestError('unavailable', { reason, cause, headers: { 'Retry-After': '1' } })

/**
 * Opens (and where needed creates) the SQLite file. Returns at once; what needs the file waits for it.
 * Errors: every verb rejects with `unavailable` where the file cannot be opened, read or written, or where
 * another process holds the write lock for longer than `busyMilliseconds`.
 */
export function openSqlite(file: string, { busyMilliseconds = 5000 } = {}): Store {
  const writer = startWriter({ file, busyMilliseconds })
  const reader = openReader(file)
  const ready = () => writer.ready

  const store: Record<string, unknown> = {
    ready,
    async close() {
      reader.close() // first, so that the writer is the last to leave and takes the WAL along
      await writer.close()
    },
  }
  for (const verb of Object.keys(reads) as (keyof StoreReads)[]) {
    store[verb] = async (input: unknown) => {
      if (!writer.isReady()) await ready()
      return reader.run(reads[verb](input as never) as Steps<unknown>)
    }
  }
  for (const verb of Object.keys(writes) as (keyof StoreWrites)[]) {
    store[verb] = (input: unknown) => writer.write({ verb, input })
  }
  return store as unknown as Store
}

function openReader(file: string) {
  let db: Database.Database | undefined
  const prepared = new Map<string, Database.Statement<unknown[], Row>>()
  return {
    run<R>(steps: Steps<R>): R {
      try {
        db ??= new Database(file, { readonly: true, fileMustExist: true })
        let next = steps.next()
        while (!next.done) {
          const { sql, values } = next.value
          let statement = prepared.get(sql)
          if (!statement) {
            statement = db.prepare<unknown[], Row>(sql)
            prepared.set(sql, statement)
          }
          next = steps.next(statement.all(...values))
        }
        return next.value
      } catch (error) {
        throw unavailable('sqlite read failed', error)
      }
    },
    close: () => db?.close(),
  }
}

function startWriter(workerData: WorkerData) {
  // The same file as this one: .ts when Node runs the sources, .js in the published package.
  const worker = new Worker(new URL(`./sqlite-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData,
  })
  let isReady = false
  let dead: GuestError | undefined
  let queue: Waiting[] = []
  let underWay: Waiting[] = []
  let scheduled = false
  const { promise: ready, resolve: becomeReady, reject: neverReady } = Promise.withResolvers<void>()
  ready.catch(() => {}) // it may fail long before anybody asks; whoever asks is told
  const { promise: exited, resolve: exit } = Promise.withResolvers<void>()

  const send = () => {
    scheduled = false
    if (underWay.length > 0 || queue.length === 0) return
    underWay = queue
    queue = []
    worker.postMessage(underWay.map(({ verb, input }): WriteRequest => ({ verb, input })))
  }
  const settle = (replies: WriteReply[]) => {
    const answered = underWay
    underWay = []
    send() // the next batch is committed while this one is answered
    if (underWay.length === 0) worker.unref()
    for (const [i, { resolve, reject }] of answered.entries()) {
      const reply = replies[i]!
      if ('value' in reply) resolve(reply.value)
      else reject(unavailable(`sqlite write failed: ${reply.failure.code}`, new Error(reply.failure.message)))
    }
  }
  const fail = (error: GuestError) => {
    dead = error
    neverReady(error)
    for (const { reject } of [...underWay, ...queue]) reject(error)
    underWay = queue = []
  }

  worker.unref() // an idle store keeps no process alive
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'replies') return settle(message.replies)
    if (message.kind === 'failed') return fail(unavailable(`sqlite cannot open: ${message.message}`))
    isReady = true
    becomeReady()
  })
  worker.on('error', (error) => fail(unavailable('sqlite writer failed', error)))
  worker.on('exit', () => {
    fail(dead ?? unavailable('the store is closed'))
    exit()
  })

  return {
    ready,
    isReady: () => isReady,
    write: ({ verb, input }: WriteRequest): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (dead) return reject(dead)
        queue.push({ verb, input, resolve, reject })
        worker.ref()
        if (scheduled) return
        scheduled = true
        setImmediate(send) // what arrives in one turn of the event loop shares a commit
      }),
    async close() {
      while (!dead && (queue.length > 0 || underWay.length > 0)) {
        await Promise.allSettled([new Promise((resolve) => setImmediate(resolve))])
      }
      worker.ref()
      worker.postMessage('close')
      await exited
    },
  }
}
