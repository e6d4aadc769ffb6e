// The writer thread seen from the event loop: it starts with the first write, and while it commits one batch the
// next one gathers.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { unavailable } from '../unavailable.ts'
import type { WorkerData, WriteReply, WriteRequest } from './worker.ts'

type Waiting = WriteRequest & { resolve: (value: unknown) => void; reject: (error: unknown) => void }

/** `dataOf` tells a writer thread, when it starts, what it is to write to. */
export function createWriter(dataOf: () => WorkerData) {
  let worker: Worker | undefined
  let queue: Waiting[] = []
  let underWay: Waiting[] = []
  let scheduled = false
  let closed = false
  let idle: (() => void) | undefined

  function start(): Worker {
    // The same kind of file as this one: .ts when Node runs the sources, .js in the published package.
    const url = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
    const started = new Worker(url, { workerData: dataOf(), execArgv: [] }) // what the host was started with is not ours
    started.on('message', settle)
    // A writer that dies takes its batch along; the next write starts another.
    started.on('error', (cause) => lose(started, cause))
    started.on('exit', () => lose(started, new Error('the writer thread ended')))
    return started
  }

  function send(): void {
    scheduled = false
    if (underWay.length > 0 || queue.length === 0) return
    underWay = queue
    queue = []
    worker ??= start()
    worker.ref()
    try {
      worker.postMessage(underWay.map(({ verb, input }): WriteRequest => ({ verb, input })))
    } catch (cause) {
      const lost = underWay // what cannot be handed to a thread was never meant to be written
      underWay = []
      for (const { reject } of lost) reject(unavailable('sqlite writer', cause))
      rest()
    }
  }

  function settle(replies: WriteReply[]): void {
    const answered = underWay
    underWay = []
    send() // the next batch is committed while this one is answered
    for (const [i, { resolve, reject }] of answered.entries()) {
      const reply = replies[i]!
      if ('value' in reply) resolve(reply.value)
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
    write: ({ verb, input }: WriteRequest): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (closed) return reject(unavailable('the store is closed'))
        queue.push({ verb, input, resolve, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(send) // what arrives in one turn of the event loop shares a commit
      }),

    /** Waits for what was asked for before. */
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
      const exited = new Promise((resolve) => last.once('exit', resolve))
      last.postMessage('close')
      await exited
    },
  }
}
