// The event loop's side of the writer thread, which starts with the first write. While the thread commits one batch,
// the next batch gathers here.

import type { Worker } from 'node:worker_threads'
import type { Done } from '../sql/statement.ts'
import { unavailable } from '../unavailable.ts'
import { leaveThread, takeThread, threadFile } from './thread.ts'
import type { Opening, WriteReply, WriteRequest } from './worker.ts'

/** Throws a sentence if the writer thread cannot be started: Node forbids it (`--permission`), or its file is not there. */
export function refuseWithoutThread(): void {
  if (process.permission?.has('worker') === false)
    throw new Error(
      'Node runs with --permission and without --allow-worker, and a thread writes to SQLite: add --allow-worker',
    )
  threadFile()
}

type Waiting = WriteRequest & { resolve: (done: Done<unknown>) => void; reject: (error: unknown) => void }

/**
 * `openingOf` tells a writer thread, when it begins, which file to write to. `write` resolves to the verb's result
 * and events.
 * Errors: `write` rejects with `unavailable` if the verb fails, the thread dies, or the store is closed.
 */
export function createWriter(openingOf: () => Opening) {
  let worker: Worker | undefined
  let queue: Waiting[] = []
  let underWay: Waiting[] = []
  let scheduled = false
  let closed = false
  let idle: (() => void) | undefined

  function start(): Worker {
    const started = takeThread()
    started.postMessage(openingOf())
    started.on('message', settle)
    // If the writer dies, its batch fails. The next write starts another writer.
    started.on('error', (cause) => lose(started, cause))
    started.on('exit', () => lose(started, new Error('the writer thread ended')))
    return started
  }

  function send(): void {
    scheduled = false
    if (underWay.length > 0 || queue.length === 0) return
    underWay = queue
    queue = []
    try {
      worker ??= start()
      worker.ref()
      worker.postMessage(underWay.map(({ verb, input }): WriteRequest => ({ verb, input })))
    } catch (cause) {
      const lost = underWay // no thread, or an input that cannot be cloned for it: the whole batch fails
      underWay = []
      for (const { reject } of lost) reject(unavailable('sqlite writer', cause))
      rest()
    }
  }

  function settle(replies: WriteReply[]): void {
    const answered = underWay
    underWay = []
    send() // the thread commits the next batch while this one is answered
    for (const [i, { resolve, reject }] of answered.entries()) {
      const reply = replies[i]!
      if ('done' in reply) resolve(reply.done)
      else reject(unavailable(`sqlite write: ${reply.failure.code}`, new Error(reply.failure.message)))
    }
    rest()
  }

  function lose(dead: Worker, cause: unknown): void {
    if (worker !== dead) return
    worker = undefined
    const lost = underWay
    underWay = []
    for (const { reject } of lost) reject(unavailable('sqlite writer', cause))
    send()
    rest()
  }

  /** An idle writer keeps no process alive. */
  function rest(): void {
    if (underWay.length > 0) return
    worker?.unref()
    idle?.()
  }

  return {
    write: ({ verb, input }: WriteRequest): Promise<Done<unknown>> =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unavailable('the store is closed'))
        queue.push({ verb, input, resolve, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(send) // writes of one turn of the event loop share a commit
      }),

    /** Waits for the writes that are under way. */
    async close(): Promise<void> {
      closed = true
      while (queue.length > 0 || underWay.length > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve
        })
      }
      const last = worker
      if (!last) return
      worker = undefined
      last.ref()
      const end = new Promise((resolve) => {
        last.removeAllListeners().once('message', resolve).once('exit', resolve).once('error', resolve)
      })
      last.postMessage('close')
      if ((await end) === 'closed') leaveThread(last)
    },
  }
}
