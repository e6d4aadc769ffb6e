// The threads that writers run in. When a store is closed, its thread waits for the next store that this process opens.

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'

/** A thread without a store. At most one waits; it keeps no process alive. */
let spare: Worker | undefined

/** The thread that waits, or a new one, which takes a tenth of a second to start. */
export function takeThread(): Worker {
  const taken = spare ?? startThread()
  spare = undefined
  return taken.removeAllListeners()
}

function startThread(): Worker {
  // The same kind of file as this one: .ts when Node runs the sources, .js in the published package.
  const url = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
  return new Worker(url, { execArgv: [] }) // not the flags of the host's own process
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
