// guests.signOut(): the guest of a request leaves by a route of the host, by the rules of the endpoint.

import express, { type ErrorRequestHandler, type Express } from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { GuestError, type GuestEvents, type GuestKey } from '../../../../server/index.ts'
import { type Browser, sessionIdOf, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { cookiesSet } from '../../../support/refusals.ts'
import {
  anonymously,
  bearer,
  bySession,
  granted,
  keptClient,
  startTokenApp,
} from '../../../support/tokens.ts'

const day = 24 * 60 * 60
const removed = (name: string) => `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`

const tellError: ErrorRequestHandler = (error, _req, res, _next) => {
  const { status = 500, headers = {} } = error as Partial<GuestError>
  res
    .status(status)
    .set(headers)
    .json({ code: error instanceof GuestError ? error.code : String(error) })
}

/** A shop that knows two kinds of guests, and lets each begin and leave. */
function routes(app: Express, guests: GuestKey) {
  app.get('/who', (req, res) => void res.json({ sub: req.guest?.sub ?? null }))
  app.all('/logout', async (req, res) => {
    const { everywhere, force } = req.query
    await guests.signOut(req, res, { everywhere: everywhere === 'true', force: force === 'true' })
    res.json({ guest: req.guest })
  })
  app.post('/logout-twice', async (req, res) => {
    await guests.signOut(req, res, { force: true })
    await guests.signOut(req, res, { force: true })
    res.json({ guest: req.guest })
  })
  // "Try before you buy" makes guests of the default collection, "guest checkout" those of another one.
  app.post('/try', async (req, res) => void res.json(await guests.signInAnonymously(req, res)))
  app.post('/checkout', async (req, res) => {
    if (req.guest && req.guest.collection !== 'customers') await guests.signOut(req, res, { force: true })
    const { token, guest } = await guests.signInAnonymously(req, res, { collection: 'customers' })
    res.json({ token, guest, here: req.guest })
  })
  app.use(tellError)
}

const collections = ['users', 'customers']
const start = () => startApp({ collections }, routes)
const whoIs = async (browser: Browser) => (await browser.get('/who')).body.sub as string | null
const isDead = async (app: TestApp, copy: Browser) => (await copyOf(app, copy).get('/who')).status === 401

describe('signOut() in a route of the host', () => {
  test('ends the session, removes the cookie, makes req.guest null, and tells listeners once', async () => {
    const app = await start()
    const told: GuestEvents['guest.signed_out'][] = []
    app.guests.on('guest.signed_out', (event) => void told.push(event))
    const { browser, device, guest } = await keptGuest(app)
    const copy = copyOf(app, browser)
    const session_id = await sessionIdOf(browser)
    const answer = await browser.post('/logout')
    expect(answer.body).toEqual({ guest: null })
    expect(cookiesSet(answer)).toEqual([removed('guestkey')])
    expect(browser.cookie).toBeUndefined()
    expect(await isDead(app, copy)).toBe(true)
    expect(told).toEqual([{ anonymous_id: guest.sub, session_id, everywhere: false }])
    expect((await browser.signInWithPasskey(device)).body.sub).toBe(guest.sub)
  })

  test('removes the seen cookie, too, and the one that this response was to set', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(day)
    await browser.get('/who')
    expect([...browser.cookies.keys()]).toEqual(['guestkey', 'guestkey-seen'])
    app.clock.forward(day)
    const answer = await browser.post('/logout?force=true')
    expect(cookiesSet(answer)).toEqual([removed('guestkey'), removed('guestkey-seen')])
  })

  test('refuses a guest who could not come back, unless force is set', async () => {
    const app = await start()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    for (const query of ['', '?everywhere=true']) {
      const { status, body, headers } = await browser.post(`/logout${query}`)
      expect([status, body.code]).toEqual([409, 'would_lose_account'])
      expect(headers['set-cookie']).toBeUndefined()
    }
    expect(await whoIs(browser)).toBe(sub)
    const copy = copyOf(app, browser)
    expect((await browser.post('/logout?force=true')).status).toBe(200)
    expect(await isDead(app, copy)).toBe(true)
  })

  test('with everywhere ends the sessions of all devices', async () => {
    const app = await start()
    const { browser, device } = await keptGuest(app)
    const laptop = app.browser()
    await laptop.signInWithPasskey(device)
    expect((await laptop.post('/logout')).status).toBe(200)
    expect(await whoIs(browser)).not.toBeNull()
    await laptop.signInWithPasskey(device)
    const copy = copyOf(app, browser)
    expect((await laptop.post('/logout?everywhere=true')).status).toBe(200)
    expect(await isDead(app, copy)).toBe(true)
  })

  test('does no harm if nobody is signed in, and if it is called twice', async () => {
    const app = await start()
    const nobody = app.browser()
    expect((await nobody.post('/logout')).body).toEqual({ guest: null })
    expect((await nobody.post('/logout?everywhere=true')).status).toBe(200)
    await nobody.signIn()
    const twice = await nobody.post('/logout-twice')
    expect(twice.body).toEqual({ guest: null })
    expect(cookiesSet(twice)).toEqual([removed('guestkey')])
  })

  test('only removes the cookie of a session that is over; everywhere cannot be done then', async () => {
    const app = await startApp({ deadCredentials: 'ignore' }, routes)
    const browser = app.browser()
    await browser.signIn()
    const [dead, again] = [copyOf(app, browser), copyOf(app, browser)]
    await browser.post('/logout?force=true')
    const answer = await dead.post('/logout')
    expect([answer.status, answer.body]).toEqual([200, { guest: null }])
    expect(dead.cookie).toBeUndefined()
    const refused = await again.post('/logout?everywhere=true')
    expect([refused.status, refused.body.code]).toEqual([401, 'session_invalid'])
    expect(again.cookie).toBeUndefined()
  })

  test('refuses several session cookies, and removes them', async () => {
    const app = await startApp()
    const bare = express()
    routes(bare, app.guests)
    const [one, other] = [app.browser(), app.browser()]
    await Promise.all([one.signIn(), other.signIn()])
    const { status, body, headers } = await supertest(bare)
      .post('/logout?force=true')
      .set('Cookie', `guestkey=${one.token}; guestkey=${other.token}`)
    expect([status, body.code]).toEqual([400, 'credentials_ambiguous'])
    expect(headers['set-cookie']).toContain(removed('guestkey'))
    expect(await whoIs(one)).not.toBeNull()
  })

  test('works without the router before it', async () => {
    const app = await startApp()
    const bare = express()
    bare.post('/logout', async (req, res) => {
      await app.guests.signOut(req, res, { force: true })
      res.json({ guest: req.guest })
    })
    const browser = app.browser()
    await browser.signIn()
    const { body } = await supertest(bare).post('/logout').set('Cookie', browser.cookie!)
    expect(body).toEqual({ guest: null })
    expect((await browser.get('/guest/userinfo')).body.code).toBe('session_invalid')
  })
})

describe('signOut() by a request of a page of another origin', () => {
  const foreign = [
    { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    { Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ]

  test.each(['get', 'post'] as const)('is refused, by %s, with the cookie and without it', async (method) => {
    const app = await start()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    for (const headers of foreign) {
      for (const cookie of [browser.cookie!, 'theirs=1']) {
        const asked = supertest(app.server)[method]('/logout?force=true')
        const answer = await asked.set({ ...headers, Cookie: cookie } as Record<string, string>)
        expect([answer.status, answer.body.code]).toEqual([403, 'cross_site_request'])
        expect(cookiesSet(answer)).toEqual([])
      }
    }
    expect(await whoIs(browser)).toBe(sub)
  })

  test('is done for our own pages, whatever their Referrer-Policy, and for an address that was typed', async () => {
    const app = await start()
    const own = [
      ['post', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
      ['post', { Origin: app.origin }],
      ['get', { 'Sec-Fetch-Site': 'none' }],
      ['get', { 'Sec-Fetch-Site': 'same-origin' }],
      ['get', {}],
    ] as const
    for (const [method, headers] of own) {
      const browser = app.browser()
      await browser.signIn()
      const asked = supertest(app.server)[method]('/logout?force=true')
      const answer = await asked.set({ ...headers, Cookie: browser.cookie! } as Record<string, string>)
      expect(answer.status, JSON.stringify(headers)).toBe(200)
      expect(await isDead(app, browser)).toBe(true)
    }
  })
})

describe('signOut() by a bearer token', () => {
  const out = (app: TestApp, token: string) =>
    supertest(app.server).post('/logout?force=true').set(bearer(token))

  test('ends the session of a session token', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    expect((await out(app, browser.token!)).status).toBe(200)
    expect(await isDead(app, browser)).toBe(true)
  })

  test('ends it for a page of another origin, too: no page makes a browser send a token by itself', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    const asked = out(app, browser.token!).set({
      Origin: 'https://app.example',
      'Sec-Fetch-Site': 'cross-site',
    })
    expect((await asked).status).toBe(200)
    expect(await isDead(app, browser)).toBe(true)
  })

  test('lets a client end its own session, and sets no cookie', async () => {
    const app = await startTokenApp({}, routes)
    for (const tokens of [await granted(anonymously(app)), (await keptClient(app)).tokens]) {
      const answer = await out(app, tokens.access_token)
      expect([answer.status, answer.body]).toEqual([200, { guest: null }])
      expect(cookiesSet(answer)).toEqual([])
      expect((await out(app, tokens.access_token)).body.code).toBe('session_invalid')
    }
  })

  test("refuses an access token for a browser's session, and one that is valid elsewhere", async () => {
    const app = await startTokenApp({}, routes)
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const ofBrowser = await granted(bySession(app, browser.cookie))
    const elsewhere = await granted(anonymously(app, { client_id: 'front' }))
    for (const { access_token } of [ofBrowser, elsewhere]) {
      const { status, body } = await out(app, access_token)
      expect([status, body.code]).toEqual([403, 'insufficient_scope'])
    }
    expect(await whoIs(browser)).toBe(sub)
  })
})

describe('two collections in one app', () => {
  test('follow each other in one browser, each guest under its own id', async () => {
    const app = await start()
    const browser = app.browser()
    const tried = (await browser.post('/try')).body.guest
    expect(tried.collection).toBe('users')
    const copy = copyOf(app, browser)

    const bought = await browser.post('/checkout')
    expect(bought.status).toBe(200)
    expect(bought.body.guest).toMatchObject({ collection: 'customers', isAnonymous: true })
    expect(bought.body.here).toEqual(bought.body.guest)
    expect(bought.body.guest.sub).not.toBe(tried.sub)
    expect(cookiesSet(bought)).toEqual([expect.stringMatching(/^guestkey=gks_/)])
    expect(browser.token).toBe(bought.body.token)
    expect(await whoIs(browser)).toBe(bought.body.guest.sub)
    expect(await isDead(app, copy)).toBe(true)

    expect((await browser.post('/checkout')).body.guest).toEqual(bought.body.guest)
    const other = await browser.post('/guest/sign-in', { collection: 'users' })
    expect(other.body.code).toBe('collection_mismatch')
    expect((await browser.post('/logout?force=true')).status).toBe(200)
    expect((await browser.post('/try')).body.guest).toMatchObject({ collection: 'users' })
  })

  test('follow each other after a day, when the response was to set the seen cookie', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.post('/try')
    app.clock.forward(day)
    await browser.get('/who')
    app.clock.forward(day)
    const { body } = await browser.post('/checkout')
    expect(await whoIs(browser)).toBe(body.guest.sub)
    app.clock.forward(day)
    expect(await whoIs(browser)).toBe(body.guest.sub)
  })
})
