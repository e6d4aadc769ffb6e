// The only writer of the SQLite file, in a thread of its own: what arrives together shares one durable commit,
// and neither a disk flush nor another process's lock holds up the event loop.

import { closeSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { migrations } from './migrations.ts'
import { type Row, type Statement, type Steps, writes } from './sql-store.ts'
import type { StoreWrites } from './store.ts'

export type WriteRequest = { verb: keyof StoreWrites; input: unknown }
export type WriteReply = { value: unknown } | { failure: { message: string; code: string | undefined } }
export type WorkerMessage =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  | { kind: 'replies'; replies: WriteReply[] }
export type WorkerData = { file: string; busyMilliseconds: number }

const { file, busyMilliseconds } = workerData as WorkerData
const port = parentPort!
const post = (message: WorkerMessage) => port.postMessage(message)

const failure = (error: unknown): WriteReply => ({
  failure: { message: String(error), code: (error as { code?: string }).code },
})

function open(): Database.Database {
  // Created readable by its owner alone; SQLite gives its WAL the same mode.
  closeSync(openSync(file, 'a', 0o600))
  const db = new Database(file, { timeout: busyMilliseconds })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  migrate(db)
  return db
}

function migrate(db: Database.Database): void {
  db.exec('CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY)')
  for (const [step, statements] of migrations.entries()) {
    // IMMEDIATE: of two processes that start at once, one does the step and the other finds it done.
    db.transaction(() => {
      if (db.prepare('SELECT 1 FROM schema_steps WHERE step = ?').get(step)) return
      for (const statement of statements) db.exec(statement)
      db.prepare('INSERT INTO schema_steps (step) VALUES (?)').run(step)
    }).immediate()
  }
}

function serve(db: Database.Database): void {
  const prepared = new Map<string, Database.Statement<unknown[], Row>>()
  const execute = ({ sql, values }: Statement): Row[] => {
    let statement = prepared.get(sql)
    if (!statement) {
      statement = db.prepare<unknown[], Row>(sql)
      prepared.set(sql, statement)
    }
    if (statement.reader) return statement.all(...values)
    statement.run(...values)
    return []
  }
  const run = ({ verb, input }: WriteRequest): unknown => {
    const steps = writes[verb](input as never) as Steps<unknown>
    let next = steps.next()
    while (!next.done) next = steps.next(execute(next.value))
    return next.value
  }
  const runAlone = db.transaction(run) // nested in the batch: a savepoint, so that one failure undoes itself only
  const runBatch = db.transaction((requests: WriteRequest[]) =>
    requests.map((request): WriteReply => {
      try {
        return { value: runAlone(request) }
      } catch (error) {
        if (!db.inTransaction) throw error // SQLite gave up the whole batch, e.g. on a full disk
        return failure(error)
      }
    }),
  ).immediate

  port.on('message', (requests: WriteRequest[] | 'close') => {
    if (requests === 'close') {
      db.close()
      port.close()
      return
    }
    let replies: WriteReply[]
    try {
      replies = runBatch(requests)
    } catch (error) {
      replies = requests.map(() => failure(error))
    }
    post({ kind: 'replies', replies })
  })
}

try {
  serve(open())
  post({ kind: 'ready' })
} catch (error) {
  post({ kind: 'failed', message: String(error) })
}
