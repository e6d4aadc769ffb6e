// What a supervisor sees of a node: whether it lives and whether it is ready, asked all the time.

import { setTimeout } from 'node:timers/promises'
import type { Service } from './service.ts'

export type Seen = {
  /** Every answer at /healthz that was not 200. */
  sick: unknown[]
  /** Whether /readyz was ever 503, and what it said last. */
  wasNotReady: boolean
  ready: boolean
  /** The longest wait for an answer, in milliseconds. */
  slowestAlive: number
  slowestReady: number
}

/** Asks each node until it is stopped. */
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
