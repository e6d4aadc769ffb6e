// The row of a flood of new guests, from ten thousand networks, beside people who sign in: how long these wait.

import { Worker } from 'node:worker_threads'
import { newDirectory, removeDirectory, start } from './contenders.ts'
import { origin } from './endpoints.ts'
import type { Columns } from './report.ts'
import { LANES, latencies, quantiles } from './sweep.ts'
import { comeBack, newGuests } from './throughput.ts'

const ASKED_PER_SECOND = 20_000
const NETWORKS = 10_000

/** Latencies of a passkey sign-in in calm and beside the flood, and how much of the flood this machine could make. */
export async function measureFlood(rounds: number): Promise<Columns> {
  const directory = newDirectory('flood')
  const server = await start('standalone', directory, [], {
    GUESTKEY_RATE_LIMIT: '1000000',
    GUESTKEY_TRUST_PROXY: '1',
    // The guests who sign in begin as many guests of one network.
    GUESTKEY_OPTIONS: JSON.stringify({ proofOfWork: { perNetwork: 1_000_000 } }),
  })
  try {
    const work = comeBack(server, await newGuests(server, 500), LANES)
    const [calm, beside]: number[][] = [[], []]
    const total = { asked: 0, letIn: 0 }
    let milliseconds = 0
    for (let round = 0; round < rounds; round++) {
      calm!.push(...(await latencies(server.ports[0]!, work)))
      const flood = new Worker(new URL('./flooding.ts', import.meta.url), {
        workerData: { port: server.ports[0], perSecond: ASKED_PER_SECOND, networks: NETWORKS, origin },
      })
      const began = performance.now()
      beside!.push(...(await latencies(server.ports[0]!, work)))
      milliseconds += performance.now() - began
      const counts = new Promise<{ asked: number; letIn: number }>((done) => flood.once('message', done))
      flood.postMessage('end')
      const { asked, letIn } = await counts
      total.asked += asked
      total.letIn += letIn
    }
    return {
      calm: quantiles(calm!),
      flood: {
        ...quantiles(beside!),
        'asked/s': (total.asked * 1000) / milliseconds,
        'let in/s': (total.letIn * 1000) / milliseconds,
      },
    }
  } finally {
    await server.stop()
    removeDirectory(directory)
  }
}
