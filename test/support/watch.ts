// Watches a node as a supervisor does: asks all the time whether it lives and whether it is ready.

import { setTimeout } from 'node:timers/promises'
import type { Service } from './service.ts'

export type Seen = {
  /** Every response of /healthz that was not 200. */
  sick: unknown[]
  /** Whether /readyz ever answered 503, and its last response. */
  wasNotReady: boolean
  ready: boolean
  /** The longest wait for a response, in milliseconds. */
  slowestAlive: number
  slowestReady: number
}

/** Asks each node until the test stops it. */
export function watch(nodes: Service[]): { stop: () => Promise<Seen[]> } {
  let stopped = false
  const seen = nodes.map(
    (): Seen => ({ sick: [], wasNotReady: false, ready: false, slowestAlive: 0, slowestReady: 0 }),
  )
  const asking = nodes.flatMap((node, i) => [
    repeat(async () => {
      const [status, milliseconds] = await asked(node, '/healthz')
      if (status !== 200) seen[i]!.sick.push(status)
      seen[i]!.slowestAlive = Math.max(seen[i]!.slowestAlive, milliseconds)
    }),
    repeat(async () => {
      const [status, milliseconds] = await asked(node, '/readyz')
      seen[i]!.ready = status === 200
      seen[i]!.wasNotReady ||= status === 503
      seen[i]!.slowestReady = Math.max(seen[i]!.slowestReady, milliseconds)
    }),
  ])
  async function repeat(work: () => Promise<void>): Promise<void> {
    do {
      await work()
      await setTimeout(20)
    } while (!stopped)
  }
  return {
    async stop() {
      stopped = true
      await Promise.all(asking)
      return seen
    },
  }
}

async function asked(node: Service, path: string): Promise<[unknown, number]> {
  const start = performance.now()
  const status = await node.ask(path).then(
    (answer) => answer.status,
    (error) => error,
  )
  return [status, performance.now() - start]
}
