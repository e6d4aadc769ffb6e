// A load balancer without sticky sessions: each request goes to the next node.

import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import { whenOver } from './when-over.ts'

export type Balancer = {
  /** The origin at which browsers reach the nodes: http://localhost:PORT. */
  origin: string
  /** The ports of the nodes, in the order of their turns. */
  nodes: number[]
  /** Which request went to which node, in order. */
  passed: { node: number; request: string }[]
}

/** The hop-by-hop headers (RFC 9110, 7.6.1). */
const hopByHop = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i

/** Listens on a free port until the test ends. The test adds the nodes once they run. */
export async function startBalancer(): Promise<Balancer> {
  // One connection for each request: a node may close a kept one while a request is on its way.
  const agent = new Agent({ keepAlive: false })
  const balancer: Balancer = { origin: '', nodes: [], passed: [] }
  let turn = 0
  const server = createServer((req, res) => {
    const node = turn++ % balancer.nodes.length
    balancer.passed.push({ node, request: `${req.method} ${req.url}` })
    forward(agent, balancer.nodes[node]!, req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  balancer.origin = `http://localhost:${(server.address() as AddressInfo).port}`
  whenOver(() => {
    server.close()
    server.closeAllConnections()
    agent.destroy()
  })
  return balancer
}

function forward(agent: Agent, port: number, req: IncomingMessage, res: ServerResponse): void {
  const { method, url } = req
  const headers = [...between(req.rawHeaders), 'X-Forwarded-For', req.socket.remoteAddress!]
  const hasBody = 'content-length' in req.headers || 'transfer-encoding' in req.headers
  if ('transfer-encoding' in req.headers) headers.push('Transfer-Encoding', 'chunked')
  const asked = request({ agent, host: '127.0.0.1', port, method, path: url, headers } as object)
  asked.on('response', (answer) => {
    res.writeHead(answer.statusCode!, answer.statusMessage, between(answer.rawHeaders))
    pipeline(answer, res, () => {})
  })
  asked.on('error', () => (res.headersSent ? res.destroy() : res.writeHead(502).end()))
  res.on('close', () => asked.destroy())
  if (hasBody) pipeline(req, asked, () => {})
  else asked.end()
}

/** Names and values in turn, without the hop-by-hop headers. */
function between(raw: string[]): string[] {
  return raw.filter((_, i) => !hopByHop.test(raw[i - (i % 2)]!))
}
