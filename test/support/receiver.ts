// A receiver of webhooks, as a host writes one: it verifies signatures, and it can be down.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { onTestFinished } from 'vitest'
import type { Clock } from './app.ts'
import { freePort } from './free-port.ts'

export const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`

export type Payload = { type: string; timestamp: string; data: Record<string, unknown> }
export type Sent = { id: string; headers: IncomingHttpHeaders; body: string; payload: Payload }

/** How it handles a request: with a status, or with a function. */
type Behaviour = number | ((response: ServerResponse) => unknown)

/** The payload, if it was signed with this secret at about the time of this clock. Throws if it was not. */
export function verify(
  secret: string,
  { headers, body }: Omit<Sent, 'payload' | 'id'>,
  clock: Clock,
): Payload {
  const { now } = Date
  Date.now = clock.now // the library has no other clock
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Payload
  } finally {
    Date.now = now
  }
}

/** Listens on a free port. It stops when the test ends. */
export async function startReceiver() {
  const secret = newSecret()
  const sent: Sent[] = []
  const receiver = {
    secret,
    url: '',
    /** The requests that it got, in order, unverified. */
    sent,
    /** How it handles the next requests, one each. */
    behaviours: [] as Behaviour[],
    /** How it handles all requests after those. Default 204. */
    behaviour: 204 as Behaviour,
    ids: () => sent.map(({ id }) => id),
    types: () => sent.map(({ payload }) => payload.type),
    stop,
    start,
  }
  const port = await freePort()
  let server = newServer()
  function newServer() {
    return createServer(async (request, response) => {
      const body = await text(request)
      const { headers } = request
      sent.push({ id: String(headers['webhook-id']), headers, body, payload: JSON.parse(body) as Payload })
      const behave = receiver.behaviours.shift() ?? receiver.behaviour
      if (typeof behave === 'function') behave(response)
      else response.writeHead(behave).end()
    })
  }
  /** Takes it down: it refuses connections. */
  async function stop(): Promise<void> {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  async function start(): Promise<void> {
    server = newServer()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  await start()
  receiver.url = `http://127.0.0.1:${port}/hooks?of=guests`
  onTestFinished(() => void (server.listening && stop()))
  return receiver
}

export type Receiver = Awaited<ReturnType<typeof startReceiver>>
