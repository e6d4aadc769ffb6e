// Fh: the hand-written routes on bare node:http.

import type { IncomingMessage } from 'node:http'
import { cookieOf, routes, sessionOf } from './hand-written.ts'
import { listen } from './listen.ts'

async function readJson(req: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of req.setEncoding('utf8')) text += chunk
  return JSON.parse(text)
}

listen(async (req, res) => {
  const route = routes[`${req.method} ${req.url}`]
  if (!route) return res.writeHead(404).end()
  try {
    const posted = req.method === 'POST' ? await readJson(req) : undefined
    const { status, body, session } = await route(sessionOf(req.headers.cookie), posted)
    const text = JSON.stringify(body)
    res.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(session && { 'set-cookie': cookieOf(session) }),
    })
    res.end(text)
  } catch {
    res.writeHead(400).end()
  }
})
