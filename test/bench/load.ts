// The load generator: keep-alive HTTP/1.1 over bare sockets, so that it uses little of the machine itself.

import { once } from 'node:events'
import { connect } from 'node:net'

export type Answer = { status: number; head: string; body: string }
export type Send = (request: string) => Promise<Answer>

/** The result of one contender in one round. Latencies are in milliseconds for one unit of work. */
export type Round = {
  count: number
  perSecond: number
  p50: number
  p99: number
  /** The share of one core that the generator itself used. Near 1, it has measured only itself. */
  generatorCpu: number
}

/** Repeats `work` on `lanes` connections at once for some seconds. A lane sends again once it has its response. */
export async function load(options: {
  /** The ports over which the lanes are spread. */
  ports: number[]
  lanes: number
  seconds: number
  work: (send: Send, lane: number, turn: number) => Promise<unknown>
}): Promise<Round> {
  const { ports, lanes } = options
  const connections = await Promise.all(
    Array.from({ length: lanes }, (_, lane) => open(ports[lane % ports.length]!)),
  )
  const latencies: number[] = []
  const cpu = process.cpuUsage()
  const start = performance.now()
  const end = start + options.seconds * 1000
  await Promise.all(
    connections.map(async ({ send }, lane) => {
      for (let turn = 0, now = start; now < end; turn++) {
        const began = now
        await options.work(send, lane, turn)
        now = performance.now()
        latencies.push(now - began)
      }
    }),
  )
  const elapsed = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  for (const connection of connections) connection.close()
  latencies.sort((a, b) => a - b)
  return {
    count: latencies.length,
    perSecond: (latencies.length * 1000) / elapsed,
    p50: latencies[Math.floor(latencies.length * 0.5)]!,
    p99: latencies[Math.floor(latencies.length * 0.99)]!,
    generatorCpu: (user + system) / 1000 / elapsed,
  }
}

/** Opens one connection, which carries one request at a time. */
export async function open(port: number): Promise<{ send: Send; close: () => void }> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1')
  await once(socket, 'connect')
  let received = ''
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined
  const fail = (error: Error) => {
    waiting?.reject(error)
    waiting = undefined
  }
  socket.on('data', (chunk) => {
    received += chunk
    const answer = parseAnswer(received)
    if (!answer) return
    received = ''
    waiting?.resolve(answer)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server closed the connection.')))
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request, 'latin1')
      }),
    close: () => socket.destroy(),
  }
}

/** The response; undefined until it is complete. */
function parseAnswer(text: string): Answer | undefined {
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = text.slice(0, headEnd)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: (\d+)/i.exec(head)
  if (length) {
    const bodyEnd = headEnd + 4 + Number(length[1])
    return text.length < bodyEnd ? undefined : { status, head, body: text.slice(headEnd + 4, bodyEnd) }
  }
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return { status, head, body: '' }
  let body = ''
  for (let at = headEnd + 4; ; ) {
    const sizeEnd = text.indexOf('\r\n', at)
    if (sizeEnd < 0) return undefined
    const size = Number.parseInt(text.slice(at, sizeEnd), 16)
    const next = sizeEnd + 2 + size + 2
    if (text.length < next) return undefined
    if (size === 0) return { status, head, body }
    body += text.slice(sizeEnd + 2, next - 2)
    at = next
  }
}
