// Several processes of the service on one machine, so that it uses more than one core. They share one address and one store.

import cluster, { type Worker } from 'node:cluster'

/** How long to wait before another process takes the place of one that ended. */
const RESTART_MILLISECONDS = 1000

/** What a process of the service tells the first one when it serves. */
type Serving = { origin: string | string[] }

/** Says where the service is: once, however many processes serve it. */
export function announce(origin: Serving['origin']): void {
  if (cluster.isWorker) process.send!({ origin } satisfies Serving)
  else process.stdout.write(`guestkey is at ${origin}\n`)
}

/** Lets this process end, which could not serve: the channel to the first process would keep it alive. */
export const leave = (): void => void cluster.worker?.disconnect()

/** Whether this process begins others and serves nothing itself. */
export const startsWorkers = (workers: number): boolean => workers > 1 && cluster.isPrimary

/**
 * Runs this program in `count` processes until SIGTERM or SIGINT, which all of them get. The others begin when the first
 * one serves: so a wrong setting is said once, and one process makes the tables. A process that ends is replaced. Resolves
 * to the exit code: 1 if the first process could not serve, or if one of them failed as it stopped.
 */
export function runWorkers(count: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let serves = false
  let stopping = false
  let exitCode = 0
  let running = 0
  const begin = () => {
    running++
    cluster.fork()
  }

  function stop(signal: NodeJS.Signals): void {
    stopping = true
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill(signal)
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)

  cluster.on('message', (_worker: Worker, { origin }: Serving) => {
    if (serves) return
    serves = true
    announce(origin)
    if (!stopping) for (let i = 1; i < count; i++) begin()
  })
  cluster.on('exit', (worker, code, signal) => {
    running--
    if (serves && !stopping) {
      process.stderr.write(
        `guestkey: process ${worker.process.pid} ended (${signal ?? code}); another one takes its place\n`,
      )
      setTimeout(() => {
        if (!stopping) begin()
      }, RESTART_MILLISECONDS)
      return
    }
    // A process that is only beginning to start is ended by the signal itself.
    const isStopped = stopping && (signal === 'SIGTERM' || signal === 'SIGINT')
    if (code !== 0 && !isStopped) exitCode = 1
    if (running === 0) resolve(exitCode)
  })
  begin()
  return promise
}
