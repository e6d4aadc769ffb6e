// Apps behind a proxy, which learn who is signed in only from headers.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { whenOver } from '../support/when-over.ts'

/** The headers of a request, in the order in which they came. */
export type Seen = { method: string; url: string; headers: [string, string][]; body: string }

/**
 * An app on plain node:http that records its requests and answers with what it got, with the `Cache-Control` that the
 * request asks for in `?cache=`.
 */
export async function startNodeApp(): Promise<{ port: number; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer(async (req, res) => {
    let body = ''
    for await (const chunk of req.setEncoding('utf8')) body += chunk
    const names = req.rawHeaders.filter((_, i) => i % 2 === 0)
    const headers = names.map((name, i): [string, string] => [name, req.rawHeaders[2 * i + 1]!])
    seen.push({ method: req.method!, url: req.url!, headers, body })
    const text = JSON.stringify(seen.at(-1))
    const cache = URL.parse(req.url!, 'http://app.invalid')?.searchParams.get('cache')
    if (cache) res.setHeader('Cache-Control', cache)
    res.setHeader('Content-Length', Buffer.byteLength(text)).end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  whenOver(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, seen }
}

/** A WSGI app that answers with its environ. WSGI takes `X_Guest_Id` and `X-Guest-Id` for one name (PEP 3333, CGI). */
export async function startWsgiApp(python: string): Promise<{ port: number }> {
  const file = join(import.meta.dirname, 'environ.py')
  const child = spawn(python, ['-I', file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  whenOver(async () => {
    child.kill()
    await gone
  })
  for await (const line of createInterface(child.stdout)) return { port: Number(line) }
  throw new Error('the WSGI app ended')
}
