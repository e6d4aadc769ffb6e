// Several processes of the service on one machine, so that it uses more than one core. They share one address and one store.

import cluster, { type Worker } from 'node:cluster'

/** The longest that a process may take to stop, after the drain: longer than it takes by itself. */
const STOP_MILLISECONDS = 10_000
/** How long to wait before another process takes the place of one that ended, and at most if those do not serve either. */
const RESTART_MILLISECONDS = { least: 1000, most: 60_000 }

/** Set in the processes that runWorkers begins, and in no other worker of Node's cluster. */
const MARK = 'WORKER_OF_GUESTKEY'
export const isOneOfSeveral = cluster.isWorker && process.env[MARK] !== undefined

/** What a process of the service tells the first one when it serves. */
type Serving = { origin: string | string[] }

const sayWhere = (origin: Serving['origin']): void => void process.stdout.write(`guestkey is at ${origin}\n`)

/** Says where the service is, once it listens. If there are several processes, the first one says it. */
export function announce(origin: Serving['origin']): void {
  if (!isOneOfSeveral) sayWhere(origin)
}

/** Tells the first process that this one can use the store, or goes on without it for a while. */
export function tellServing(origin: Serving['origin']): void {
  if (isOneOfSeveral) process.send!({ origin } satisfies Serving)
}

/** Lets this process end, which could not serve: the channel to the first process would keep it alive. */
export function leave(): void {
  if (isOneOfSeveral) cluster.worker!.disconnect()
}

/** Whether this process begins others and serves nothing itself. */
export const startsWorkers = (workers: number): boolean => workers > 1 && !isOneOfSeveral

/**
 * Runs this program in `count` processes until SIGTERM or SIGINT, which all of them get. The others begin when the first
 * one serves: so what is wrong is said once, and one process makes the tables. A process that ends is replaced. If one ends
 * before it serves, and no other one serves, all of them stop. Resolves to the exit code: 1 then, or if one failed as it
 * stopped or did not stop in time.
 */
export function runWorkers(count: number, drainSeconds: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const serving = new Set<Worker>()
  let running = 0
  let hasServed = false
  let stopping = false
  let exitCode = 0
  let delay = RESTART_MILLISECONDS.least

  function begin(): void {
    if (stopping) return
    running++
    cluster.fork({ [MARK]: '1' })
  }
  function kill(signal: NodeJS.Signals): void {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
  }
  function stop(signal: NodeJS.Signals): void {
    stopping = true
    kill(signal)
    if (running === 0) resolve(exitCode)
    setTimeout(kill, drainSeconds * 1000 + STOP_MILLISECONDS, 'SIGKILL').unref()
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)

  cluster.on('message', (worker: Worker, { origin }: Serving) => {
    serving.add(worker)
    delay = RESTART_MILLISECONDS.least
    if (hasServed) return
    hasServed = true
    sayWhere(origin)
    for (let i = 1; i < count; i++) begin()
  })
  cluster.on('exit', (worker, code, signal) => {
    running--
    const served = serving.delete(worker)
    if (stopping) {
      // A process that is only beginning to start is ended by the signal itself.
      if (code !== 0 && signal !== 'SIGTERM' && signal !== 'SIGINT') exitCode = 1
      if (running === 0) resolve(exitCode)
    } else if (!served && serving.size === 0) {
      exitCode = 1
      stop('SIGTERM')
    } else {
      process.stderr.write(
        `guestkey: process ${worker.process.pid} ended (${signal ?? code}); another one takes its place\n`,
      )
      setTimeout(begin, delay)
      if (!served) delay = Math.min(2 * delay, RESTART_MILLISECONDS.most)
    }
  })
  begin()
  return promise
}
