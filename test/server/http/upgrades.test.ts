// The middleware in front of a WebSocket handshake, and with responses that are not Node's own: no error ends the process.

import { once } from 'node:events'
import { createServer, type IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GuestError, type GuestKey } from '../../../server/index.ts'
import { startApp } from '../../support/app.ts'

/** The response object that Engine.IO 6 passes to the middleware of `io.engine.use()` for a handshake. */
class EngineResponse {
  readonly #headers: Record<string, unknown> = {}
  readonly #socket: Socket
  constructor(socket: Socket) {
    this.#socket = socket
  }
  setHeader(name: string, value: unknown) {
    this.#headers[name] = value
  }
  getHeader(name: string) {
    return this.#headers[name]
  }
  removeHeader(name: string) {
    delete this.#headers[name]
  }
  write() {}
  writeHead() {}
  end() {
    this.#socket.destroy()
  }
}

const responses: Record<string, (req: IncomingMessage, socket: Socket) => ServerResponse> = {
  "Node's own, without a socket": (req) => new ServerResponse(req),
  "Engine.IO's": (_req, socket) => new EngineResponse(socket) as never,
  'an object without methods': () => ({}) as never,
}

type Use = (guests: GuestKey) => GuestKey['loadGuest']
const load: Record<string, Use> = {
  loadGuest: ({ loadGuest }) => loadGuest,
  router: ({ router }) => router,
}
const guard: Record<string, Use> = {
  requireGuest: ({ requireGuest }) => requireGuest(),
  requirePasskey: ({ requirePasskey }) => requirePasskey({ maxAgeSeconds: 60 }),
}

/** What a middleware did: the errors with which it called `next`, the request, and whether it ended the response. */
type Done = { nexts: unknown[]; req: IncomingMessage & { guest?: { sub: string } | null }; ended: boolean }

/** A server of a host that calls the middleware for every upgrade and every other request. */
async function startServer(
  middleware: GuestKey['loadGuest'],
  respond: (req: IncomingMessage, socket: Socket) => ServerResponse,
  prepare: (req: IncomingMessage) => void = () => {},
) {
  const failures: unknown[] = []
  const fail = (error: unknown) => void failures.push(error)
  process.on('unhandledRejection', fail)
  const server = createServer()
  const done: Done[] = []
  const look = (req: IncomingMessage, socket: Socket) => {
    prepare(req)
    const res = respond(req, socket)
    const one: Done = { nexts: [], req, ended: false }
    done.push(one)
    try {
      middleware(req, res, (error) => void one.nexts.push(error))
    } catch (error) {
      failures.push(error)
    }
    // Waits 20 ms longer than the middleware needs, so that a second call of next would be noticed.
    const wait = setInterval(() => {
      one.ended = res.writableEnded === true
      if (one.nexts.length + failures.length === 0 && !one.ended && !socket.destroyed) return
      clearInterval(wait)
      setTimeout(() => {
        server.emit('looked')
        socket.destroy()
      }, 20)
    }, 5)
  }
  server.on('request', (req) => look(req, req.socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    process.off('unhandledRejection', fail)
    server.closeAllConnections()
    server.close()
  })

  async function send(path: string, lines: string[]): Promise<Done> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
    const looked = once(server, 'looked')
    socket.write([`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n'), 'latin1')
    await looked
    socket.destroy()
    expect(failures).toEqual([])
    return done.at(-1)!
  }
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  return {
    send,
    handshake(path: string, lines: string[]): Promise<Done> {
      if (server.listenerCount('upgrade') === 0)
        server.on('upgrade', (req, socket) => look(req, socket as Socket))
      return send(path, [...upgrade, 'Sec-WebSocket-Key: eA==', 'Accept: text/html', ...lines])
    },
  }
}

const codesOf = ({ nexts }: Done) => nexts.map((error) => error && (error as GuestError).code)
const socketIo = '/socket.io/?EIO=4&transport=websocket'

describe.each(Object.entries(responses))('a WebSocket handshake whose response is %s', (_kind, respond) => {
  test.each(Object.entries({ ...load, ...guard }))(
    'is refused by %s through next, if its cookie is invalid',
    async (name, use) => {
      const app = await startApp()
      const { handshake } = await startServer(use(app.guests), respond)
      for (const [cookie, code] of [
        ['guestkey=x', 'session_invalid'],
        ['guestkey=', 'session_invalid'],
        ['guestkey=x; guestkey=y', 'credentials_ambiguous'],
      ]) {
        for (const more of [[], ['Sec-Fetch-Mode: navigate'], ['Sec-Fetch-Mode: websocket']]) {
          const done = await handshake(socketIo, [`Cookie: ${cookie}`, ...more])
          expect(codesOf(done), `${name} ${cookie}`).toEqual([code])
          expect(done.nexts[0]).toBeInstanceOf(GuestError)
          expect(done.ended).toBe(false)
        }
      }
    },
  )

  test.each(Object.entries(load))('is passed on by %s, with its guest or null', async (_name, use) => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const { handshake } = await startServer(use(app.guests), respond)
    for (const [cookie, sub] of [
      [browser.cookie!, guest.sub],
      ['theirs=1', undefined],
    ]) {
      const { nexts, req } = await handshake(socketIo, [`Cookie: ${cookie}`])
      expect(nexts).toEqual([undefined])
      expect(req.guest?.sub).toBe(sub)
    }
    expect((await handshake(socketIo, [])).req.guest).toBeNull()
  })

  test('is passed on by the guards only for a guest', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    const [requireGuest, requirePasskey] = Object.values(guard).map((use) => use(app.guests))
    const plain = await startServer(requireGuest!, respond)
    const strict = await startServer(requirePasskey!, respond)
    const lines = [`Cookie: ${browser.cookie}`]
    expect(codesOf(await plain.handshake(socketIo, lines))).toEqual([undefined])
    expect(codesOf(await plain.handshake(socketIo, []))).toEqual(['not_signed_in'])
    expect(codesOf(await strict.handshake(socketIo, lines))).toEqual(['insufficient_user_authentication'])
    expect(codesOf(await strict.handshake(socketIo, []))).toEqual(['not_signed_in'])
  })

  test.each(Object.entries({ ...load, requireGuest: guard.requireGuest! }))(
    'is refused by %s, if a page of another origin sends the cookie',
    async (_name, use) => {
      const clients = [{ id: 'app', origins: ['https://app.example'] }]
      const app = await startApp({ origin: ['https://example.com', 'https://www.example.com'], clients })
      const browser = app.browser()
      const guest = await browser.signIn()
      const { handshake } = await startServer(use(app.guests), respond)
      const foreign = ['https://blog.example.com', 'http://example.com', 'https://app.example', 'null', '']
      for (const origin of foreign) {
        for (const more of [[], ['Sec-Fetch-Site: same-site'], ['Sec-Fetch-Site: same-origin']]) {
          const lines = [`Cookie: ${browser.cookie}`, `Origin: ${origin}`, ...more]
          const { nexts, req, ended } = await handshake(socketIo, lines)
          expect(nexts, origin).toEqual([
            expect.objectContaining({ code: 'cross_site_request', status: 403 }),
          ])
          expect((nexts[0] as GuestError).message).toContain('https://www.example.com')
          expect(req.guest).toBeUndefined()
          expect(ended).toBe(false)
        }
      }
      for (const origin of [
        'Origin: https://example.com',
        'Origin: https://www.example.com',
        'X-Program: 1',
      ]) {
        const { nexts, req } = await handshake(socketIo, [`Cookie: ${browser.cookie}`, origin])
        expect(nexts).toEqual([undefined])
        expect(req.guest?.sub).toBe(guest.sub)
      }
      // What a page cannot make the browser send by itself counts as before.
      const bearer = [`Authorization: Bearer ${browser.token}`, 'Origin: https://blog.example.com']
      expect((await handshake(socketIo, bearer)).req.guest?.sub).toBe(guest.sub)
    },
  )

  test('to an endpoint is answered or passed to next, once', async () => {
    const clients = [{ id: 'app', origins: ['https://app.example'] }]
    const app = await startApp({ clients })
    const { handshake } = await startServer(app.guests.router, respond)
    for (const path of ['/guest/userinfo', '/guest/nowhere', '/guest/authorize', '/guest/verify']) {
      for (const lines of [['Cookie: guestkey=x'], [], ['Origin: https://app.example']]) {
        const { nexts, ended } = await handshake(path, lines)
        expect(nexts.length + Number(ended), path).toBe(1)
      }
    }
  })
})

describe('an error in the middleware goes to next, once', () => {
  const respondNothing = responses['an object without methods']!
  const dead = ['Cookie: guestkey=x']
  const navigation = ['Sec-Fetch-Mode: navigate']

  test.each(Object.entries({ ...load, ...guard }))(
    'if a response without methods makes %s throw',
    async (_name, use) => {
      const app = await startApp({ clients: [{ id: 'app', origins: ['https://app.example'] }] })
      const browser = app.browser()
      await browser.signIn()
      const { send } = await startServer(use(app.guests), respondNothing)
      for (const path of ['/page', '/guest/userinfo']) {
        for (const lines of [dead, [...dead, ...navigation], ['Origin: https://app.example', ...dead]]) {
          const { nexts } = await send(path, lines)
          expect(nexts).toEqual([expect.any(Error)])
        }
      }
      const { nexts } = await send('/page', [`Cookie: ${browser.cookie}`, ...navigation])
      expect(nexts).toHaveLength(1)
    },
  )

  test.each(Object.entries({ ...load, ...guard }))(
    'if the host has made req.guest read-only, in %s',
    async (name, use) => {
      const app = await startApp()
      const browser = app.browser()
      await browser.signIn()
      const taken = (req: IncomingMessage) =>
        void Object.defineProperty(req, 'guest', { get: () => 'theirs', configurable: false })
      const { send } = await startServer(use(app.guests), (req) => new ServerResponse(req), taken)
      const { nexts, ended } = await send('/page', [`Cookie: ${browser.cookie}`])
      expect(nexts.length + Number(ended)).toBe(1)
      if (name in load) {
        expect(nexts).toEqual([expect.any(Error)])
        expect((await send('/page', [])).nexts).toEqual([expect.any(Error)])
      }
    },
  )

  test.each(Object.entries({ ...load, ...guard }))('if the logger throws in %s', async (_name, use) => {
    const broken = () => {
      throw new Error('the disk is full')
    }
    const logger = { debug: broken, info: broken, warn: broken, error: broken }
    const app = await startApp({ logger })
    const { send } = await startServer(use(app.guests), (req) => new ServerResponse(req))
    const { nexts } = await send('/page', dead)
    expect(nexts).toEqual([expect.objectContaining({ message: 'the disk is full' })])
  })
})

test('a request for an upgrade that no listener handles is refused and not redirected', async () => {
  const app = await startApp({}, (host, guests) => {
    host.get('/vault', guests.requireGuest(), (_req, res) => void res.end())
  })
  const ask = (path: string) =>
    supertest(app.server)
      .get(path)
      .set({ Connection: 'Upgrade', Upgrade: 'websocket', Accept: 'text/html', Cookie: 'guestkey=x' })
  for (const path of ['/page', '/vault']) {
    const { status, headers } = await ask(path)
    expect(status).toBe(401)
    expect(headers['set-cookie']).toBeUndefined()
  }
})
