// A thread that asks for new guests as fast as it may, each from one of many networks, until it is told to end.

import { parentPort, workerData } from 'node:worker_threads'
import { open } from './load.ts'

const { port, perSecond, networks, origin } = workerData as {
  port: number
  perSecond: number
  networks: number
  origin: string
}
const LANES = 64

let isOver = false
let asked = 0
let letIn = 0

async function flood(lane: number): Promise<void> {
  const { send, close } = await open(port)
  const began = performance.now()
  for (let turn = 0; !isOver; turn++) {
    // A lane that is ahead of its share waits; one that is behind does not.
    const ahead = (turn * LANES * 1000) / perSecond - (performance.now() - began)
    if (ahead > 1) await new Promise((resolve) => setTimeout(resolve, ahead))
    const network = (turn * LANES + lane) % networks
    const { status } = await send(
      `POST /guest/sign-in HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nContent-Type: application/json\r\n` +
        `X-Forwarded-For: 10.0.${network >> 8}.${network & 255}\r\nContent-Length: 2\r\n\r\n{}`,
    )
    asked++
    if (status === 200) letIn++
  }
  close()
}

const lanes = Array.from({ length: LANES }, (_, lane) => flood(lane))
parentPort!.once('message', async () => {
  isOver = true
  await Promise.all(lanes)
  parentPort!.postMessage({ asked, letIn })
})
