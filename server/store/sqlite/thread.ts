// The threads that writers run in. When a store is closed, its thread waits for the next store that this process opens.

import { Worker } from 'node:worker_threads'
import { isSource, ownFile } from '../../own-files.ts'

/** A thread without a store. At most one waits; it keeps no process alive. */
let spare: Worker | undefined

/** The thread that waits, or a new one, which takes a tenth of a second to start. */
export function takeThread(): Worker {
  const taken = spare ?? startThread()
  spare = undefined
  return taken.removeAllListeners()
}

/** The file that the thread runs. Throws a sentence if it cannot be found. */
export const threadFile = (): string =>
  ownFile(isSource ? 'server/store/sqlite/worker.ts' : 'dist/server/store/sqlite/worker.js')

function startThread(): Worker {
  // `node --watch` sets this: a thread then sends what it imports to us, as if that were an answer (Node 24 and newer).
  const { WATCH_REPORT_DEPENDENCIES: _, ...env } = process.env
  return new Worker(threadFile(), { execArgv: [], env }) // not the flags of the host's own process
}

/** Gives a thread back whose file is closed. */
export function leaveThread(thread: Worker): void {
  thread.removeAllListeners().unref()
  if (spare) return void thread.terminate()
  spare = thread
  const forget = () => {
    if (spare === thread) spare = undefined
  }
  thread.on('error', forget).on('exit', forget)
}
