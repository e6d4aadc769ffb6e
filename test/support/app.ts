// The real app over real HTTP: an Express host with guestkey in it, a clock that the test moves, and browsers.

import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type Express } from 'express'
import supertest from 'supertest'
import { expect, inject } from 'vitest'
import { errorsOf as adminErrorsOf } from '../../server/http/admin/openapi.ts'
import { adminEndpoints } from '../../server/http/admin/router.ts'
import { errorsOf } from '../../server/http/contract/openapi.ts'
import { endpoints } from '../../server/http/router.ts'
import { type GuestKey, guestkey, type Options } from '../../server/index.ts'
import { isPostgres } from '../../server/options/options.ts'
import { type AuthenticatorOptions, SoftwareAuthenticator } from './authenticator.ts'
import { storeWithTables } from './engine.ts'
import { countRows } from './tables.ts'
import { throughFetch } from './through-fetch.ts'
import { whenOver } from './when-over.ts'

/** A clock that stands still until the test moves it. */
export type Clock = { now: () => number; forward: (seconds: number) => void }

export function createClock(start = Date.now()): Clock {
  let time = start
  return {
    now: () => time,
    forward(seconds) {
      time += seconds * 1000
    },
  }
}

/** All lines of the log so far. */
export type LogLines = { level: string; fields: Record<string, unknown>; message: string }[]

export type TestApp = {
  guests: GuestKey
  server: Server
  /** The origin that browsers use: http://localhost:PORT. */
  origin: string
  clock: Clock
  logs: LogLines
  /** The SQLite file, or the URL of the database. */
  store: string
  /** A new browser: it keeps cookies, and sends the headers of a browser. */
  browser: () => Browser
  device: (options?: Partial<AuthenticatorOptions>) => SoftwareAuthenticator
  /** How many rows each table has. */
  rows: () => Promise<Record<string, number>>
  close: () => Promise<void>
}

/**
 * Starts a host app on a free port. It stops when the test ends, or the file, if its tests share it. If the store has its tables, this does not wait for
 * it: a test that writes nothing needs no writer thread. `routes` mounts the host's own routes after the router.
 * Rate limits and proofs of work are off unless the test sets them. The default store is a new one on the engine of this run.
 */
export async function startApp(
  options: Partial<Options> = {},
  routes: (app: Express, guests: GuestKey) => void = () => {},
): Promise<TestApp> {
  const store = options.store ?? (await storeWithTables())
  const clock = createClock()
  const logs: LogLines = []
  const log = (level: string) => (fields: object, message: string) =>
    void logs.push({ level, fields: { ...fields }, message })
  const app = express()
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const guests = guestkey({
    origin,
    store,
    cookieName: 'guestkey',
    ...(isPostgres(store) && { secret: randomBytes(32).toString('base64') }), // a SQLite file has its secret beside it
    rateLimit: false,
    now: clock.now,
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    ...options,
  })
  if (inject('mount') === 'fetch') app.use(throughFetch(guests))
  app.use(guests.router)
  routes(app, guests)
  if (options.store) await guests.ready() // it may have no tables yet

  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= (async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await guests.close()
    })()
    return closed
  }
  whenOver(close)
  whenOver(() => expectDocumented(logs))
  const said = [options.origin ?? origin].flat()[0]!
  return {
    guests,
    server,
    origin: said,
    clock,
    logs,
    store,
    browser: () => new Browser(server, said),
    device: (deviceOptions) => new SoftwareAuthenticator({ origin: said, ...deviceOptions }),
    rows: () => countRows(store),
    close,
  }
}

/** The OpenAPI document lists each error that an endpoint answered in this test. */
function expectDocumented(logs: LogLines): void {
  for (const { fields } of logs) {
    if (!fields.code) continue
    const one = endpoints.find(({ method, path }) => `${method} ${path}` === fields.endpoint)
    const ofAdmin = adminEndpoints.find(({ method, path }) => `${method} /admin${path}` === fields.endpoint)
    const codes = one ? errorsOf(one) : ofAdmin ? adminErrorsOf(ofAdmin) : undefined
    if (codes) expect([...codes], `errors of ${fields.endpoint}`).toContain(fields.code)
  }
}

/** A browser as the server sees it: one cookie jar, same-origin requests with Origin and Sec-Fetch-Site. */
export class Browser {
  readonly origin: string
  readonly #agent: ReturnType<typeof supertest>
  /** The cookie jar, by name. It keeps Secure cookies too, though the test uses plain http. */
  readonly cookies = new Map<string, string>()

  constructor(server: Server, origin: string) {
    this.#agent = supertest(server)
    this.origin = origin
  }

  /** The session cookie as the browser would send it, or undefined. */
  get cookie(): string | undefined {
    if (this.cookies.size === 0) return undefined
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get token(): string | undefined {
    return [...this.cookies.values()][0]
  }

  get(path: string): Promise<supertest.Response> {
    return this.#send(this.#agent.get(path))
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<supertest.Response> {
    return this.#send(
      this.#agent
        .post(path)
        .set({ 'Content-Type': 'application/json', ...headers })
        .send(JSON.stringify(body)),
    )
  }

  patch(path: string, body: object = {}): Promise<supertest.Response> {
    return this.#send(
      this.#agent.patch(path).set('Content-Type', 'application/json').send(JSON.stringify(body)),
    )
  }

  delete(path: string, body?: object): Promise<supertest.Response> {
    const request = this.#agent.delete(path)
    return this.#send(
      body ? request.set('Content-Type', 'application/json').send(JSON.stringify(body)) : request,
    )
  }

  async #send(request: supertest.Test): Promise<supertest.Response> {
    if (this.cookie) request.set('Cookie', this.cookie)
    const response = await request.set('Origin', this.origin).set('Sec-Fetch-Site', 'same-origin')
    for (const line of (response.headers['set-cookie'] as unknown as string[] | undefined) ?? []) {
      const [, name, value, attributes] = /^([^=]+)=([^;]*);(.*)$/.exec(line)!
      if (/max-age=0\b/i.test(attributes!)) this.cookies.delete(name!)
      else this.cookies.set(name!, value!)
    }
    return response
  }

  /** Continues as guest. Returns the userinfo. */
  async signIn(): Promise<Userinfo> {
    return (await this.post('/guest/sign-in')).body as Userinfo
  }

  /** Runs the whole registration ceremony with this device. Returns the response to its last step. */
  async addPasskey(device: SoftwareAuthenticator): Promise<supertest.Response> {
    const options = await this.post('/guest/passkeys/register/options')
    if (options.status !== 200) return options
    return this.post('/guest/passkeys/register', await device.create(options.body))
  }

  /** Runs the whole authentication ceremony with this device. Returns the response to its last step. */
  async signInWithPasskey(
    device: SoftwareAuthenticator,
    { stepUp = false } = {},
  ): Promise<supertest.Response> {
    const options = await this.post('/guest/passkeys/authenticate/options', stepUp ? { step_up: true } : {})
    if (options.status !== 200) return options
    return this.post('/guest/passkeys/authenticate', await device.get(options.body))
  }
}

export type Userinfo = {
  sub: string
  anonymous_id: string
  is_anonymous: boolean
  is_verified: boolean
  isAnonymous: boolean
  isVerified: boolean
  recoverability: string
  label: string
  collection: string
  expires_at: number
  prompts: string[]
}

/** The id of the browser's session, by the list of all sessions. */
export async function sessionIdOf(browser: Browser): Promise<string> {
  const { sessions } = (await browser.get('/guest/sessions')).body as {
    sessions: { id: string; current: boolean }[]
  }
  return sessions.find(({ current }) => current)!.id
}

/** What the host sees of a guest: userinfo without the prompts that are due, which are only for the browser. */
export const guestOf = ({ prompts, ...guest }: Userinfo) => guest
