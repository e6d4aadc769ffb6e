// The ways in which a guest is seen, in a browser that keeps cookies as real ones do, and guests of each kind.

import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  request,
  type Server,
  ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import express from 'express'
import type { Response } from 'supertest'
import { expect, onTestFinished } from 'vitest'
import type { Guest, GuestInSession, GuestKey, Options } from '../../server/index.ts'
import type { Browser, TestApp } from './app.ts'
import { keptGuest } from './ceremonies.ts'
import { DeviceKey } from './device-key.ts'
import { guestWithKey } from './device-keys.ts'
import { unixSeconds } from './guest-rows.ts'
import {
  anonymously,
  bearer,
  type Granted,
  granted,
  refresh,
  sendJson,
  signInAs,
  startTokenApp,
} from './tokens.ts'

export const day = 24 * 60 * 60

/** How long an unused session lives, and how long each kind of guest is remembered. All differ. */
export const idle = 20 * day
export const ownRetention = 16 * day
export const retention = { none: 18 * day, device: 60 * day, passkey: 100 * day, synced: 150 * day }

/** Longer than the tests take. The browser's own limit is 400 days. */
export const options: Partial<Options> = {
  sessions: { idleSeconds: idle, absoluteSeconds: 1000 * day },
  retention,
  collections: { users: {}, customers: { retention: { none: ownRetention } } },
}

/** What somebody who asked was told about the guest. `expiresAt` is undefined if it does not say until when. */
export type Seen = { sub: string; expiresAt?: number | null | undefined } | undefined

/** `body` is the object in the JSON, or undefined. */
type Answer = { status: number; headers: IncomingHttpHeaders; body: Response['body'] }
type Mode = 'navigate' | 'cors'

const agent = new Agent({ keepAlive: true, maxSockets: 8 })

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function send(
  server: Server,
  path: string,
  { method = 'GET', body, ...headers }: Record<string, string | undefined>,
): Promise<Answer> {
  const given = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined)
  const asked = request({
    ...{ agent, host: '127.0.0.1', port: portOf(server), path, method },
    headers: {
      ...Object.fromEntries(given),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
  })
  asked.end(body)
  const [answer] = await once(asked, 'response')
  const said = await text(answer)
  const isJson = /json/.test(answer.headers['content-type'] ?? '')
  return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(said) : undefined }
}

/** A browser that drops each cookie when its Max-Age is over. */
export class Jar {
  readonly #app: Pick<TestApp, 'clock' | 'server' | 'origin'>
  readonly #cookies = new Map<string, { value: string; until: number }>()
  constructor(app: Pick<TestApp, 'clock' | 'server' | 'origin'>) {
    this.#app = app
  }

  get cookie(): string {
    const alive = [...this.#cookies].filter(([, { until }]) => until > unixSeconds(this.#app))
    return alive.map(([name, { value }]) => `${name}=${value}`).join('; ')
  }

  get token(): string {
    return this.#cookies.get('guestkey')!.value
  }

  take(lines: string[]): void {
    for (const line of lines) {
      const [, name, value, age] = /^([^=]+)=([^;]*);.*Max-Age=(\d+)/.exec(line)!
      this.#cookies.set(name!, { value: value!, until: unixSeconds(this.#app) + Number(age) })
    }
  }

  /** The headers with which a page of the app sends a request. */
  headers(mode: Mode): Record<string, string> {
    const { origin } = this.#app
    return {
      ...{ Cookie: this.cookie, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Site': 'same-origin' },
      ...(mode === 'cors' && { Origin: origin }),
    }
  }

  /** A request as a browser sends it. The response may set the session cookie and the seen cookie. */
  async send(
    method: 'get' | 'post',
    path: string,
    mode: Mode = 'cors',
    { body, server = this.#app.server }: { body?: object; server?: Server } = {},
  ): Promise<Answer> {
    const sent = { method: method.toUpperCase(), body: body && JSON.stringify(body) }
    const answer = await send(server, path, { ...this.headers(mode), ...sent })
    this.take(answer.headers['set-cookie'] ?? [])
    return answer
  }
}

/** The app, and a host beside it in which neither the router nor loadGuest has seen a request. */
export type VisitedApp = TestApp & { bare: Server }

/** An app whose host asks who is signed in, in every possible way. */
export async function startVisitedApp(more: Partial<Options> = {}): Promise<VisitedApp> {
  const app = await startTokenApp({ ...options, ...more }, (host, guests) => {
    host.get('/who', (req, res) => void res.json(req.guest))
    host.get('/members', guests.requireGuest(), (req, res) => void res.json(req.guest))
  })
  const host = express()
  host.get('/who', async (req, res) => void res.json(await app.guests.guestOf(req).catch(() => null)))
  const bare = createServer(host)
  for (const server of [app.server, bare]) server.on('upgrade', answerUpgrades(app.guests))
  bare.listen(0, '127.0.0.1')
  await once(bare, 'listening')
  onTestFinished(() => {
    bare.closeAllConnections()
    bare.close()
  })
  return Object.assign(app, { bare })
}

/** Opens a WebSocket for whoever asks, and says in its headers who that is: by loadGuest, or at `/of` by guestOf. */
const answerUpgrades =
  ({ loadGuest, guestOf }: GuestKey) =>
  (req: Parameters<GuestKey['loadGuest']>[0] & { guest?: GuestInSession | null }, socket: Socket) => {
    const answer = (guest: GuestInSession | null | undefined) =>
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Guest: ${JSON.stringify(guest ?? null)}\r\n\r\n`,
      )
    if (req.url === '/of') guestOf(req).then(answer, () => answer(null))
    else loadGuest(req, new ServerResponse(req), () => answer(req.guest))
  }

async function openWebSocket({ app, jar }: Held, path: string): Promise<Seen> {
  const asked = request({
    ...{ host: '127.0.0.1', port: portOf(app.server), path },
    headers: {
      ...{ Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' },
      ...{ 'Sec-WebSocket-Key': 'eA==', Origin: app.origin, Cookie: jar.cookie },
    },
  })
  asked.end()
  const [answer, socket] = await once(asked, 'upgrade')
  socket.destroy()
  return seen(JSON.parse(answer.headers['x-guest']))
}

/** A guest, with the browser or the client that has the session. */
export type Held = { app: VisitedApp; sub: string; jar: Jar; tokens?: Granted }
export type Way = (held: Held) => Promise<Seen>

const seen = (guest: { sub?: string; expires_at?: number | null } | null): Seen =>
  guest?.sub === undefined ? undefined : { sub: guest.sub, expiresAt: guest.expires_at }
const inBody = async (answer: Promise<Answer>): Promise<Seen> => seen((await answer).body ?? null)
const inHeaders = async (answer: Promise<Answer>): Promise<Seen> =>
  seen({ sub: (await answer).headers['x-guest-id'] as string })
const withoutDate = (found: Promise<Seen>): Promise<Seen> => found.then((one) => one && { sub: one.sub })
const byHost = (asked: Promise<GuestInSession | null>): Promise<Seen> => asked.then(seen, () => undefined)

/** Every way to ask who is signed in in a browser, by its name in the README. Undefined means nobody. */
export const inBrowsers: Record<string, Way> = {
  '`req.guest`, on a page view': ({ jar }) => inBody(jar.send('get', '/who', 'navigate')),
  '`req.guest`, on a `fetch`': ({ jar }) => inBody(jar.send('get', '/who', 'cors')),
  '`requireGuest()`, on a page view': ({ jar }) => inBody(jar.send('get', '/members', 'navigate')),
  '`requireGuest()`, on a `fetch`': ({ jar }) => inBody(jar.send('get', '/members', 'cors')),
  '`guestOf(req)`, in a route': ({ app, jar }) =>
    inBody(jar.send('get', '/who', 'cors', { server: app.bare })),
  '`/guest/verify`, on a page view': ({ jar }) => inHeaders(jar.send('get', '/guest/verify', 'navigate')),
  '`/guest/verify`, on a `fetch`': ({ jar }) => inHeaders(jar.send('get', '/guest/verify', 'cors')),
  '`/guest/userinfo`': ({ jar }) => inBody(jar.send('get', '/guest/userinfo', 'cors')),
  '`/guest/sign-in`': ({ jar }) => inBody(jar.send('post', '/guest/sign-in', 'cors', { body: {} })),
  'any other endpoint': async ({ jar, sub }) =>
    (await jar.send('get', '/guest/sessions', 'cors')).status === 200 ? { sub } : undefined,
  'an access token that a page asks for': async ({ app, jar }) => {
    const asked = { grant_type: 'urn:guestkey:params:oauth:grant-type:session', client_id: 'guestkey' }
    const { access_token } = (await jar.send('post', '/guest/token', 'cors', { body: asked })).body
    // The request for the token counts, and is written in the background, so the next answer may not have the new date.
    return access_token && withoutDate(inBody(send(app.server, '/members', bearer(access_token))))
  },
  'a WebSocket, by `loadGuest` or `guestOf(req)`': async (held) => {
    const found = await openWebSocket(held, '/load')
    expect(await openWebSocket(held, '/of')).toEqual(found)
    return found
  },
  '`guestOf()` of a `Request`, of `Headers` or of a token': async ({ app, jar }) => {
    const headers = jar.headers('cors')
    const found = await byHost(app.guests.guestOf(new Request(`${app.origin}/who`, { headers })))
    expect(await byHost(app.guests.guestOf(new Headers(headers)))).toEqual(found)
    if (found) expect((await byHost(app.guests.guestOf(jar.token)))?.sub).toBe(found.sub)
    return found
  },
  'its token as bearer': ({ app, jar }) => inBody(send(app.server, '/members', bearer(jar.token))),
}

/** The way of a client that has tokens. */
export const inClient: Way = async (held) => {
  const answer = await refresh(held.app, held.tokens!.refresh_token)
  if (answer.status !== 200) return undefined
  held.tokens = answer.body as Granted
  return withoutDate(inBody(send(held.app.server, '/members', bearer(held.tokens.access_token))))
}

/** A guest of one kind, in a browser or in a client. */
export type Kind = {
  inBrowser: (app: VisitedApp) => Promise<Held>
  inClient: (app: VisitedApp) => Promise<Held>
}

type Begun = Held & { guest: Guest }

async function beginInBrowser(app: VisitedApp, collection = 'users'): Promise<Begun> {
  const jar = new Jar(app)
  const { body: guest } = await jar.send('post', '/guest/sign-in', 'cors', { body: { collection } })
  return { app, sub: guest.sub, jar, guest }
}

async function beginInClient(app: VisitedApp, collection = 'users'): Promise<Begun> {
  const tokens = await granted(anonymously(app, { collection }))
  const { body: guest } = await send(app.server, '/guest/userinfo', bearer(tokens.access_token))
  return { app, sub: guest.sub, jar: new Jar(app), tokens, guest }
}

/** The session of a browser in a jar. */
function heldBy(app: VisitedApp, { token }: Browser, sub: string): Held {
  const jar = new Jar(app)
  jar.take([`guestkey=${token}; Max-Age=${400 * day}`])
  return { app, sub, jar }
}

const tokensIn = (answer: Response): Granted => {
  expect(answer.status, answer.text).toBe(200)
  return answer.body.tokens ?? answer.body
}

async function kept({ guest, ...held }: Begun): Promise<Held> {
  expect(await held.app.guests.keep(guest)).toBe(true)
  return held
}

let people = 0

/** A regular user with a passkey, whom the host has promoted by the id. */
async function regularUser(app: VisitedApp) {
  const user = await keptGuest(app)
  const loginId = { type: 'email', value: `person${people++}@example.org` } as const
  await app.guests.promote(user.guest.sub, { loginId, verified: true })
  return user
}

/** The kinds of guests, by their names in the README. */
export const kinds: Record<string, Kind> = {
  'without a row': { inBrowser: (app) => beginInBrowser(app), inClient: (app) => beginInClient(app) },
  kept: {
    inBrowser: async (app) => kept(await beginInBrowser(app)),
    inClient: async (app) => kept(await beginInClient(app)),
  },
  'device key': {
    async inBrowser(app) {
      const { browser, guest } = await guestWithKey(app)
      return heldBy(app, browser, guest.sub)
    },
    async inClient(app) {
      const { guest: _, ...held } = await beginInClient(app)
      const token = bearer(held.tokens!.access_token)
      const asked = await sendJson(app, 'device-keys/challenge', { purpose: 'register' }, token)
      const about = { ...asked.body, issuer: app.origin, anonymousId: held.sub }
      const added = await sendJson(
        app,
        'device-keys',
        { proof: new DeviceKey('ES256').registration(about) },
        token,
      )
      expect(added.status, added.text).toBe(201)
      return held
    },
  },
  passkey: {
    async inBrowser(app) {
      const { browser, guest } = await keptGuest(app)
      return heldBy(app, browser, guest.sub)
    },
    async inClient(app) {
      const { device, guest } = await keptGuest(app)
      return { app, sub: guest.sub, jar: new Jar(app), tokens: tokensIn(await signInAs(app, device, 'spa')) }
    },
  },
  'regular user': {
    async inBrowser(app) {
      const { device, guest } = await regularUser(app)
      const browser = app.browser()
      expect((await browser.signInWithPasskey(device)).status).toBe(200)
      return heldBy(app, browser, guest.sub)
    },
    async inClient(app) {
      const { device, guest } = await regularUser(app)
      return { app, sub: guest.sub, jar: new Jar(app), tokens: tokensIn(await signInAs(app, device, 'spa')) }
    },
  },
  'kept, in a collection with its own retention': {
    inBrowser: async (app) => kept(await beginInBrowser(app, 'customers')),
    inClient: async (app) => kept(await beginInClient(app, 'customers')),
  },
}
