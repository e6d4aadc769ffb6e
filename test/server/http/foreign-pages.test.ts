// THREATS, "CSRF": the cookie in a change or a WebSocket handshake that a page of another origin sends is not the guest's,
// in the routes of a host and at /verify. SameSite=Lax lets the pages of other subdomains send it.

import type { ErrorRequestHandler, Express } from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { GuestError, type GuestKey } from '../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { cookiesSet } from '../../support/refusals.ts'

const origins = ['https://example.com', 'https://www.example.com']
const clients = [{ id: 'app', origins: ['https://app.example'] }]

const tellError: ErrorRequestHandler = (error, _req, res, _next) =>
  void res.status(error.status).json({ code: error instanceof GuestError ? error.code : String(error) })

function routes(app: Express, guests: GuestKey) {
  app.all('/contact', (_req, res) => void res.json({}))
  app.all('/who', (req, res) => void res.json({ guest: req.guest?.sub ?? null }))
  app.all('/cart', guests.requireGuest(), (req, res) => void res.json({ guest: req.guest!.sub }))
  app.post('/join', async (req, res) => {
    await guests.signInAnonymously(req, res)
    res.json({})
  })
  app.post('/assertion', async (req, res) => {
    res.json(await guests.signInAs(req, res, String(req.query.sub)))
  })
  app.use(tellError)
}

async function start() {
  const app = await startApp({ origin: origins, clients }, routes)
  const browser = app.browser()
  const { sub } = await browser.signIn()
  return { app, browser, sub }
}

type Headers = Record<string, string>
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
const ask = (app: TestApp, method: Method, path: string, browser: Browser, headers: Partial<Headers>) =>
  supertest(app.server)
    [method](path)
    .set('Cookie', browser.cookie!)
    .set(headers as Headers)

/** What browsers send with a change that a page of another origin makes them send. */
const foreign = [
  { Origin: 'https://blog.example.com', 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'https://blog.example.com' },
  { Origin: 'http://example.com', 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'https://app.example', 'Sec-Fetch-Site': 'cross-site' },
  { Origin: 'null', 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'null' },
  { 'Sec-Fetch-Site': 'same-site' },
]
/** What they send for our own pages; a program sends nothing of it. */
const own = [
  { Origin: 'https://example.com', 'Sec-Fetch-Site': 'same-origin' },
  { Origin: 'https://www.example.com', 'Sec-Fetch-Site': 'same-site' },
  { Origin: 'https://example.com' },
  { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }, // a form, with Referrer-Policy: no-referrer
  { 'Sec-Fetch-Site': 'none' },
  {},
]

describe('a change that a page of another origin sends to a route of the host', () => {
  test('is refused by a guard and by a route that reads req.guest', async () => {
    const { app, browser, sub } = await start()
    for (const headers of foreign) {
      for (const method of ['post', 'put', 'patch', 'delete'] as const) {
        for (const path of ['/cart', '/who']) {
          const { status, body } = await ask(app, method, path, browser, headers)
          expect(status, `${method} ${path} ${JSON.stringify(headers)}`).toBe(403)
          expect(body.code).toBe('cross_site_request')
        }
      }
      const joined = await ask(app, 'post', '/join', browser, headers)
      expect(joined.status).toBe(403)
      expect(cookiesSet(joined)).toEqual([])
    }
    for (const headers of own) {
      for (const path of ['/cart', '/who'])
        expect((await ask(app, 'post', path, browser, headers)).body).toEqual({ guest: sub })
    }
  })

  // It comes without the cookie (SameSite=Lax), and a new guest's cookie would replace that of the guest who is there.
  test('signs nobody in as a new guest by signInAnonymously, and sets no cookie', async () => {
    const { app } = await start()
    for (const headers of foreign) {
      if (headers.Origin === 'https://app.example') continue
      const joined = await supertest(app.server)
        .post('/join')
        .set(headers as Headers)
      expect([joined.status, joined.body.code], JSON.stringify(headers)).toEqual([403, 'cross_site_request'])
      expect(cookiesSet(joined)).toEqual([])
    }
    for (const headers of own) {
      const joined = await supertest(app.server)
        .post('/join')
        .set(headers as Headers)
      expect(joined.status).toBe(200)
      expect(cookiesSet(joined)).toHaveLength(1)
    }
    const client = await supertest(app.server).post('/join').set('Origin', 'https://app.example')
    expect([client.status, cookiesSet(client)]).toEqual([200, []])
  })

  test('passes if the route asks for no guest, if it only reads, or if it has no cookie of ours', async () => {
    const { app, browser, sub } = await start()
    for (const headers of foreign) {
      expect((await ask(app, 'post', '/contact', browser, headers)).status).toBe(200)
      expect((await ask(app, 'get', '/cart', browser, headers)).body).toEqual({ guest: sub })
      const nobody = await supertest(app.server).post('/who').set(headers).set('Cookie', 'theirs=1')
      expect(nobody.body).toEqual({ guest: null })
      const bearer = { ...headers, Authorization: `Bearer ${browser.token}` }
      expect((await supertest(app.server).post('/cart').set(bearer)).body).toEqual({ guest: sub })
    }
  })

  test('may sign somebody in by signInAs, because the host has checked a proof of its own', async () => {
    const { app, browser } = await start()
    const other = app.browser()
    const { sub } = await other.signIn()
    await app.guests.keep(sub)
    for (const headers of foreign) {
      const { status, body } = await ask(app, 'post', `/assertion?sub=${sub}`, browser, headers)
      expect(status).toBe(200)
      expect(body.guest.sub).toBe(sub)
    }
  })
})

describe('/verify behind a proxy that passes the headers of the browser on', () => {
  const handshakes = [
    { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'eA==' },
    { 'Sec-WebSocket-Key': 'eA==' }, // nginx, Caddy and Traefik leave Upgrade out
    { 'Sec-WebSocket-Version': '13' }, // HTTP/2 has no key (RFC 8441, 5)
  ]

  test('refuses a WebSocket that a page of another origin opens, and no other', async () => {
    const { app, browser, sub } = await start()
    const asked = (headers: Partial<Headers>, query = '') =>
      ask(app, 'get', `/guest/verify${query}`, browser, headers)
    for (const handshake of handshakes) {
      for (const { Origin } of foreign) {
        if (Origin === undefined) continue
        const { status, headers } = await asked({ ...handshake, Origin })
        expect(status, Origin).toBe(401)
        expect(headers['x-guest-id']).toBeUndefined()
        expect((await asked({ ...handshake, Origin }, '?optional=true')).headers['x-guest-id'] ?? '').toBe('')
      }
      for (const more of [{ Origin: 'https://www.example.com' }, {}])
        expect((await asked({ ...handshake, ...more })).headers['x-guest-id']).toBe(sub)
    }
  })

  test('takes no cookie from a change that a page of another origin sends, if the proxy names the method', async () => {
    const { app, browser, sub } = await start()
    const verify = (headers: Partial<Headers>, query = '') =>
      ask(app, 'get', `/guest/verify${query}`, browser, headers)
    for (const headers of foreign) {
      const change = { ...headers, 'X-Forwarded-Method': 'POST' }
      expect((await verify(change)).status).toBe(401)
      const optional = await verify(change, '?optional=true')
      expect(optional.status).toBe(200)
      expect(optional.headers['x-guest-id']).toBe('')
    }
    for (const headers of own)
      expect((await verify({ ...headers, 'X-Forwarded-Method': 'POST' })).headers['x-guest-id']).toBe(sub)
  })
})
