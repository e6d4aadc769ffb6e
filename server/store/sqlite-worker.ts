// The only writer of the SQLite file, in a thread of its own: what arrives together shares one durable commit,
// and neither a disk flush nor another process's lock holds up the event loop.

import { parentPort, workerData } from 'node:worker_threads'
import { drive } from './sql.ts'
import { writes } from './sql-store.ts'
import { createExecute, openFile } from './sqlite-file.ts'
import type { StoreWrites } from './store.ts'

export type WriteRequest = { verb: keyof StoreWrites; input: unknown }
export type WriteReply = { value: unknown } | { failure: { message: string; code: string | undefined } }
export type WorkerData = { file: string; busyMilliseconds: number }

const { file, busyMilliseconds } = workerData as WorkerData
const db = openFile(file, busyMilliseconds)
const execute = createExecute(db)
const run = ({ verb, input }: WriteRequest) => drive<unknown>(writes[verb](input as never), execute)

/** Inside the batch it is a savepoint: a verb that fails undoes itself and leaves the others alone. */
const runAlone = db.transaction(run)

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

const failure = (error: unknown): WriteReply => ({
  failure: { message: String(error), code: (error as { code?: string }).code },
})

function commit(requests: WriteRequest[]): WriteReply[] {
  try {
    return runBatch(requests)
  } catch (error) {
    return requests.map(() => failure(error))
  }
}

parentPort!.on('message', (requests: WriteRequest[] | 'close') => {
  if (requests !== 'close') return parentPort!.postMessage(commit(requests))
  db.close()
  parentPort!.close()
})
