// The event loop's side of the writer thread, which starts with the first write. While the thread commits one batch,
// the next batch gathers here.

import type { Worker } from 'node:worker_threads'
import { within } from '../../within.ts'
import type { NotedEvent } from '../store.ts'
import { unavailable } from '../unavailable.ts'
import { inWords } from './faults.ts'
import { leaveThread, takeThread, threadFile } from './thread.ts'
import type { Batch, Opening, WriteReply, WriteRequest } from './worker.ts'

/** How long a commit may take. After that nobody waits for it, as on a disk that hangs, and it may still be done. */
const COMMIT_MILLISECONDS = 5000

/** How long the thread waits for the lock at a time. In between, a stop can end the wait. */
const LOCK_MILLISECONDS = 1000
/** How long writes may wait for the lock when the store is closed. */
const CLOSE_MILLISECONDS = 1000

/** Throws a sentence if the writer thread cannot be started: Node forbids it (`--permission`), or its file is not there. */
export function refuseWithoutThread(): void {
  if (process.permission?.has('worker') === false)
    throw new Error(
      'Node runs with --permission and without --allow-worker, and a thread writes to SQLite: add --allow-worker',
    )
  threadFile()
}

/** `until`: how long it waits for another process's lock, by `performance.now()`. */
type Waiting = {
  request: WriteRequest
  until: number
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

/**
 * `openingOf` tells a writer thread, when it begins, which file to write to. `tell` gets the events of each write that
 * is committed, before the write resolves. `committed` gets how many writes shared
 * a commit. `write` resolves to the verb's result.
 * Errors: `write` rejects with `unavailable` if the verb fails, the thread dies, the store is closed, or another process
 * holds the lock for longer than `busyMilliseconds`, counted from `since` (`performance.now()`, default now). So it does
 * if a commit takes more than 5 seconds longer.
 */
export function createWriter(
  openingOf: () => Opening,
  tell: (events: NotedEvent[]) => void,
  committed: (writes: number) => void = () => {},
) {
  let worker: Worker | undefined
  /** The writes that are not done yet, the oldest first; with those that are under way. */
  const queue = new Set<Waiting>()
  let underWay: Waiting[] = []
  /** Whether another process had the lock at the last attempt. */
  let locked = false
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
    const [oldest] = queue
    if (underWay.length > 0 || !oldest) return
    // The batch waits for the lock until its oldest write has waited long enough. The others are then tried again. While
    // another process has the lock, one write alone asks for it: to hand all of them over each time would be slow.
    underWay = locked ? [oldest] : [...queue]
    const left = Math.max(0, Math.ceil(oldest.until - performance.now()))
    const lockMilliseconds = Math.min(left, LOCK_MILLISECONDS)
    try {
      worker ??= start()
      worker.ref()
      const requests = underWay.map(({ request }) => request)
      worker.postMessage({ requests, lockMilliseconds } satisfies Batch)
    } catch (cause) {
      giveUp(cause) // no thread, or an input that cannot be cloned for it: the whole batch fails
      locked = false
      send()
      rest()
    }
  }

  function settle(replies: WriteReply[]): void {
    const answered = underWay
    underWay = []
    locked = isBusy(replies[0]!)
    if (locked) rejectLate(replies[0]!)
    else {
      committed(answered.length)
      for (const one of answered) queue.delete(one)
    }
    send() // the thread commits the next batch while this one is answered
    if (!locked) for (const [i, one] of answered.entries()) answer(one, replies[i]!)
    rest()
  }

  function answer({ resolve, reject }: Waiting, reply: WriteReply): void {
    if ('done' in reply) {
      tell(reply.done.events)
      resolve(reply.done.result)
    } else {
      const { code, message } = reply.failure
      reject(unavailable(`sqlite write: ${code}`, new Error(inWords(message, code))))
    }
  }

  /** Rejects the writes that have waited long enough for another process's lock. */
  function rejectLate(reply: WriteReply): void {
    for (const one of queue) {
      if (one.until > performance.now()) return
      queue.delete(one)
      answer(one, reply)
    }
  }

  function lose(dead: Worker, cause: unknown): void {
    if (worker !== dead) return
    worker = undefined
    giveUp(cause)
    send()
    rest()
  }

  /** Rejects what is under way. */
  function giveUp(cause: unknown): void {
    const lost = underWay
    underWay = []
    for (const one of lost) {
      queue.delete(one)
      one.reject(unavailable('sqlite writer', cause))
    }
  }

  /** An idle writer keeps no process alive. */
  function rest(): void {
    if (underWay.length === 0) worker?.unref()
  }

  return {
    async write(request: WriteRequest, since = performance.now()): Promise<unknown> {
      if (closed) throw unavailable('the store is closed')
      const until = since + openingOf().busyMilliseconds
      const { promise, resolve, reject } = Promise.withResolvers<unknown>()
      const waiting: Waiting = { request, until, resolve, reject }
      queue.add(waiting)
      if (!scheduled) {
        scheduled = true
        setImmediate(send) // writes of one turn of the event loop share a commit
      }
      try {
        return await within(until - performance.now() + COMMIT_MILLISECONDS, promise, tooSlow)
      } finally {
        queue.delete(waiting)
        if (queue.size === 0) idle?.()
      }
    },

    /** Waits for the writes that are under way: for one second if another process has the lock. */
    async close(): Promise<void> {
      closed = true
      const until = performance.now() + CLOSE_MILLISECONDS
      for (const one of queue) one.until = Math.min(one.until, until)
      while (queue.size > 0) {
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
      const ended = within(COMMIT_MILLISECONDS, end, tooSlow).catch(() => last.unref())
      if ((await ended) === 'closed') leaveThread(last)
    },
  }
}

/** Whether another process had the lock, so that nothing of the batch was done. */
const isBusy = (reply: WriteReply): boolean =>
  'failure' in reply && (reply.failure.code ?? '').startsWith('SQLITE_BUSY')

const tooSlow = () => unavailable('sqlite write: no answer in time')
