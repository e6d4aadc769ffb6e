// Redirects of people who open a page of the host: by a guard to a page of the host and from there back, and by loadGuest
// to the same page without a dead cookie.

import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import express5, { type Express } from 'express'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type GuestKey, guestkey } from '../../../../server/index.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { brokenStore } from '../../../support/engine.ts'
import { cookiesSet } from '../../../support/refusals.ts'
import { anonymously, granted, startTokenApp } from '../../../support/tokens.ts'

const express4 = createRequire(import.meta.url)('express4') as typeof express5

/** A host with a welcome page, a page on which a passkey is proven, and pages behind the guards. */
function routes(host: Express, guests: GuestKey) {
  host.use((_req, res, next) => {
    res.cookie('theme', 'dark')
    next()
  })
  host.use(guests.router)
  host.get('/cart', guests.requireGuest({ redirect: '/welcome' }), (req, res) => {
    res.json({ sub: req.guest!.sub })
  })
  host.post('/cart', guests.requireGuest({ redirect: '/welcome' }), (_req, res) => void res.json({}))
  host.get(
    '/vault',
    guests.requirePasskey({ maxAgeSeconds: 60, redirect: '/confirm?step=1#passkey' }),
    (_req, res) => void res.json({}),
  )
  host.get('/welcome', (_req, res) => void res.send('<form method="post">'))
  host.post('/welcome', async (req, res) => {
    await guests.signInAnonymously(req, res)
    res.redirect(303, guests.returnTo(req))
  })
  const page = (path: string, redirect: string) =>
    host.get(path, guests.requireGuest({ redirect }), (_req, res) => void res.json({}))
  page('/confirm', '/welcome')
  page('/circle', '/circle?again=1')
  page('/here', '/there')
  page('/there', '/here')
}

/** An app of guestkey, and the host, which has a middleware of its own before the router. */
async function start(express = express5, app?: TestApp) {
  const started = app ?? (await startApp())
  const host = express()
  routes(host, started.guests)
  return { app: started, host }
}

const page = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none', Accept: 'text/html' }
type Headers = Record<string, string>
const open = (host: Express, path: string, headers: Headers = {}) =>
  supertest(host)
    .get(path)
    .set({ ...page, ...headers })
const cookieOf = (browser: Browser) => ({ Cookie: browser.cookie! })
const at = (answer: supertest.Response) => {
  const url = new URL(answer.headers.location!, 'http://host.example')
  expect(url.origin).toBe('http://host.example')
  return { path: url.pathname, back: url.searchParams.get('return_to'), url }
}

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('requireGuest({ redirect }) in %s', (_name, express) => {
  test('sends a person who opens a page to the page of the host, and back after the sign-in', async () => {
    const { app, host } = await start(express)
    const refused = await open(host, '/cart?item=7&size=%C3%A9')
    expect(refused.status).toBe(303)
    expect(refused.headers['cache-control']).toBe('no-store')
    expect(refused.headers['www-authenticate']).toBeUndefined()
    expect(at(refused)).toMatchObject({ path: '/welcome', back: '/cart?item=7&size=%C3%A9' })

    const welcome = refused.headers.location!
    expect((await open(host, welcome)).text).toBe('<form method="post">')
    const joined = await supertest(host)
      .post(welcome)
      .set({ Origin: app.origin, ...page })
    expect(joined.status).toBe(303)
    expect(joined.headers.location).toBe('/cart?item=7&size=%C3%A9')
    const cookie = cookiesSet(joined)
      .find((line) => line.startsWith('guestkey='))!
      .split(';')[0]!
    expect((await open(host, joined.headers.location!, { Cookie: cookie })).body.sub).toHaveLength(22)
  })

  test('names the path from the root of the host, wherever the guard is mounted', async () => {
    const { app } = await start(express)
    const host = express()
    const router = express.Router()
    router.get('/cart', app.guests.requireGuest({ redirect: '/welcome' }), (_req, res) => void res.end())
    host.use('/shop', router)
    expect(at(await open(host, '/shop/cart?a=b'))).toMatchObject({ path: '/welcome', back: '/shop/cart?a=b' })
  })
})

describe('a guard with redirect', () => {
  test('redirects GET and HEAD of pages, and answers everything else as it did without', async () => {
    const { host } = await start()
    expect((await supertest(host).head('/cart').set(page)).status).toBe(303)
    expect((await supertest(host).get('/cart').set('Accept', 'text/html,*/*')).status).toBe(303)
    const others = [
      supertest(host).get('/cart'),
      supertest(host).get('/cart').set('Accept', 'application/json'),
      supertest(host)
        .get('/cart')
        .set({ ...page, 'Sec-Fetch-Mode': 'cors' }),
      supertest(host).post('/cart').set(page),
      open(host, '/cart', { Connection: 'Upgrade', Upgrade: 'websocket' }),
    ]
    for (const { status, body, headers } of await Promise.all(others)) {
      expect(status).toBe(401)
      expect(headers.location).toBeUndefined()
      if (body.code) expect(body.code).toBe('not_signed_in')
    }
  })

  test('sends a guest who has to prove a passkey to its page, and lets through who has', async () => {
    const { app, host } = await start()
    const browser = app.browser()
    await browser.signIn()
    for (const headers of [{}, cookieOf(browser)]) {
      const refused = await open(host, '/vault', headers)
      expect(refused.status).toBe(303)
      expect(refused.headers.location).toBe('/confirm?step=1&return_to=%2Fvault#passkey')
      expect(refused.headers['www-authenticate']).toBeUndefined()
    }
    const fetched = await supertest(host).get('/vault').set(cookieOf(browser))
    expect([fetched.status, fetched.body.code]).toEqual([401, 'insufficient_user_authentication'])
    expect(fetched.headers['www-authenticate']).toContain('max_age=60')
    await browser.addPasskey(app.device())
    expect((await open(host, '/vault', cookieOf(browser))).status).toBe(200)
  })

  test('removes a dead cookie with the redirect, and keeps the cookies of the host', async () => {
    const { app } = await start()
    const host = express5()
    host.use((_req, res, next) => void next(res.cookie('theme', 'dark') && undefined))
    host.get('/cart', app.guests.requireGuest({ redirect: '/welcome' }), (_req, res) => void res.end())
    const refused = await open(host, '/cart', { Cookie: 'guestkey=x' })
    expect(at(refused)).toMatchObject({ path: '/welcome', back: '/cart' })
    expect(cookiesSet(refused)).toEqual([
      'theme=dark; Path=/',
      'guestkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    ])
  })

  test('answers with the error on the page that it names, and on a page that leads there, so nobody goes in a circle', async () => {
    const { host } = await start()
    const circle = await open(host, '/circle?a=b')
    expect([circle.status, circle.body.code]).toEqual([401, 'not_signed_in'])
    const first = await open(host, '/here')
    expect(first.headers.location).toBe('/there?return_to=%2Fhere')
    const second = await open(host, first.headers.location!)
    expect([second.status, second.body.code]).toEqual([401, 'not_signed_in'])
    expect((await open(host, '/there')).headers.location).toBe('/here?return_to=%2Fthere')
  })

  test('leads on from a page that is behind a guard itself, and back over both', async () => {
    const { host } = await start()
    const first = await open(host, '/vault')
    expect(at(first)).toMatchObject({ path: '/confirm', back: '/vault' })
    const second = at(await open(host, first.headers.location!.split('#')[0]!))
    expect(second).toMatchObject({ path: '/welcome', back: '/confirm?step=1&return_to=%2Fvault' })
  })

  test.each(['//evil.example/x', '/\\evil.example/x', '///evil.example', 'http://evil.example/x'])(
    'does not name %s as the way back',
    async (path) => {
      const { app } = await start()
      const guard = app.guests.requireGuest({ redirect: '/welcome' })
      const server = createServer((req, res) => {
        req.url = path
        guard(req, res, () => res.end())
      })
      expect(at(await supertest(server).get('/').set(page)).back).toBe('/')
    },
  )

  test('leaves a way back out that is too long for a URL', async () => {
    const { host } = await start()
    const refused = await open(host, `/cart?q=${'x'.repeat(3000)}`)
    expect(refused.headers.location).toBe('/welcome')
    expect(at(await open(host, `/cart?q=${'x'.repeat(1900)}`)).back).toContain('/cart?q=xxx')
  })

  test('answers a program that presents a token of ours with the error, and a person behind Basic with the redirect', async () => {
    const { app, host } = await start(express5, await startTokenApp())
    const { access_token } = await granted(anonymously(app))
    const program = await open(host, '/vault', { Authorization: `Bearer ${access_token}` })
    expect([program.status, program.body.code]).toEqual([401, 'insufficient_user_authentication'])
    expect((await open(host, '/cart', { Authorization: 'Basic eA==' })).status).toBe(303)
  })

  test('answers with any other error, which no sign-in mends: a store that cannot be reached stays a 503', async () => {
    const secret = 'a secret of more than 32 characters'
    const well = await startApp({ secret })
    const browser = well.browser()
    await browser.signIn()
    const guests = guestkey({
      ...{ origin: well.origin, store: brokenStore(), secret, cookieName: 'guestkey' },
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    })
    onTestFinished(() => guests.close())
    const host = express5()
    host.get('/cart', guests.requireGuest({ redirect: '/welcome' }), (_req, res) => void res.end())
    const { status, body } = await open(host, '/cart', cookieOf(browser))
    expect([status, body.code]).toEqual([503, 'unavailable'])
  })

  test.each<[string, unknown]>([
    ['another origin', 'https://evil.example/welcome'],
    ['two slashes', '//evil.example'],
    ['a backslash', '/\\evil.example'],
    ['a tab in between', '/\t/evil.example'],
    ['dots that end in two slashes', '/.//evil.example'],
    ['a relative path', 'welcome'],
    ['an empty text', ''],
    ['a URL', new URL('https://app.example/welcome')],
    ['true', true],
    ['null', null],
  ])('throws a TypeError at once for %s, and says what would be right', async (_what, redirect) => {
    const { guests } = await startApp()
    const message = /redirect must be the path of a page of your app, such as '\/welcome'/
    expect(() => guests.requireGuest({ redirect: redirect as string })).toThrow(message)
    expect(() => guests.requirePasskey({ maxAgeSeconds: 1, redirect: redirect as string })).toThrow(message)
  })

  test('throws a TypeError at once for an option that is misspelt', async () => {
    const { guests } = await startApp()
    const options = { redirct: '/welcome' } as object
    expect(() => guests.requireGuest(options)).toThrow(
      'requireGuest: unknown option redirct: did you mean redirect?',
    )
    expect(() => guests.requirePasskey({ maxAgeSeconds: 1, ...options })).toThrow(/unknown option redirct/)
  })
})

describe('returnTo()', () => {
  test.each([
    ['/cart?item=7&b=%C3%A9#x', '/cart?item=7&b=%C3%A9#x'],
    ['/', '/'],
    ['/a/../b', '/b'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['/\n/evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/a/..//evil.example', '/'],
    ['/%2e%2e//evil.example', '/'],
    ['https://evil.example/', '/'],
    ['javascript:alert(1)', '/'],
    ['cart', '/'],
    ['', '/'],
    ['/\r\nSet-Cookie: a=b', '/Set-Cookie:%20a=b'],
  ])('of return_to=%j is %j', async (wanted, path) => {
    const { app, host } = await start()
    const query = `return_to=${encodeURIComponent(wanted)}`
    const joined = await supertest(host).post(`/welcome?${query}`).set('Origin', app.origin)
    expect(joined.headers.location).toBe(path)
    expect(app.guests.returnTo(new Request(`https://app.example/welcome?${query}`))).toBe(path)
    // As a browser reads it, at this host.
    expect(new URL(joined.headers.location!, app.origin).origin).toBe(app.origin)
  })

  test('is / without return_to, and the first one if there are several', async () => {
    const { guests } = await startApp()
    const of = (url: string) => guests.returnTo({ url } as never)
    expect([of('/welcome'), of(''), of('/x?return_to=/a&return_to=//evil.example')]).toEqual(['/', '/', '/a'])
  })
})

// writeHead() replaced the cookies that the host had set before.
test('a page view with a dead cookie is redirected with the cookies that the host has set before', async () => {
  const { host } = await start()
  const answer = await open(host, '/welcome', { Cookie: 'guestkey=x' })
  expect(answer.status).toBe(303)
  expect(cookiesSet(answer)).toEqual([
    'theme=dark; Path=/',
    'guestkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
  ])
})
