// The guards that a host puts in front of its routes, req.guest, signInAnonymously() and events.

import { once } from 'node:events'
import { request } from 'node:http'
import express, { type ErrorRequestHandler, type Express, type Response } from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { GuestError, type GuestEvents, type GuestKey, guestkey } from '../../../server/index.ts'
import { createClock, guestOf, sessionIdOf, startApp, type TestApp } from '../../support/app.ts'
import { brokenStore, engine } from '../../support/engine.ts'
import {
  anonymously,
  bySession,
  claimsOf,
  encode,
  granted,
  keptClient,
  sendJson,
  startTokenApp,
} from '../../support/tokens.ts'

const tellError: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(500).json({ thrown: error instanceof GuestError ? error.code : String(error) })
}

/** The routes of a host: a page for everybody, one that shows req.guest, and one behind each guard. */
function routes(app: Express, guests: GuestKey) {
  app.get('/public', (_req, res) => void res.send('hello'))
  app.get('/who', (req, res) => void res.json({ guest: req.guest }))
  app.get('/guests', guests.requireGuest(), (req, res) => void res.json({ guest: req.guest }))
  app.get('/vault', guests.requirePasskey({ maxAgeSeconds: 60 }), (req, res) => {
    res.json({ guest: req.guest })
  })
  app.get('/cached', guests.requireGuest(), (_req, res) => {
    res.set('Cache-Control', 'private, max-age=60').json({})
  })
  app.get('/cached-before', cacheForAMinute, guests.requireGuest(), (_req, res) => void res.json({}))
  app.post('/join', async (req, res) => {
    const { token, guest } = await guests.signInAnonymously(req, res, req.query)
    const again = await guests.signInAnonymously(req, res)
    res.json({ token, guest, here: req.guest, again })
  })
  app.use(tellError)
}

const cacheForAMinute = (_req: unknown, res: Response, next: () => void) => {
  res.set('Cache-Control', 'private, max-age=60')
  next()
}

const ask = (app: TestApp, path: string, headers: Record<string, string> = {}) =>
  supertest(app.server).get(path).set(headers)
const bearer = (token: string | undefined) => ({ Authorization: `Bearer ${token}` })

/** Invalid credentials, by name, as the headers that present them. */
async function invalidCredentials(app: TestApp): Promise<[string, Record<string, string>][]> {
  const [left, other, another] = [app.browser(), app.browser(), app.browser()]
  await Promise.all([left, other, another].map((browser) => browser.signIn()))
  const ended = left.token!
  await left.post('/guest/sign-out', { force: true })
  const [flipped, stored] = [`${other.token!.slice(0, -3)}AAA`, `gkt_${'A'.repeat(22)}.${'A'.repeat(43)}`]
  return [
    ['a session that has ended', { Cookie: `guestkey=${ended}` }],
    ['the same as bearer', bearer(ended)],
    ['a changed seal', { Cookie: `guestkey=${flipped}` }],
    ['a changed seal as bearer', bearer(flipped)],
    ['a stored session that never was', { Cookie: `guestkey=${stored}` }],
    ['a chosen session id', { Cookie: 'guestkey=chosen' }],
    ['an empty cookie', { Cookie: 'guestkey=' }],
    ['a quoted cookie', { Cookie: `guestkey="${other.token}"` }],
    ['two cookies', { Cookie: `guestkey=${other.token}; guestkey=${another.token}` }],
    ['the same cookie twice', { Cookie: `guestkey=${other.token}; guestkey=${other.token}` }],
    ['a good cookie and a bad bearer', { Cookie: `guestkey=${other.token}`, ...bearer(ended) }],
    ['a bad cookie and a good bearer', { Cookie: 'guestkey=x', ...bearer(other.token) }],
    ['two guests at once', { Cookie: `guestkey=${other.token}`, ...bearer(another.token) }],
    ['a prefix and nothing else', bearer('gks_')],
    ['8 KB', { Cookie: `guestkey=gks_${'A'.repeat(8000)}` }],
  ]
}

describe('req.guest', () => {
  test('is null if nobody is signed in', async () => {
    const app = await startApp({}, routes)
    expect((await ask(app, '/who')).body).toEqual({ guest: null })
    expect((await ask(app, '/who', { Cookie: 'theme=dark; GUESTKEY=x; xguestkey=y' })).body.guest).toBeNull()
  })

  test('is the guest that userinfo shows, by cookie and by bearer token', async () => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    const guest = await browser.signIn()
    expect((await browser.get('/who')).body).toEqual({ guest: guestOf(guest) })
    expect((await ask(app, '/who', bearer(browser.token))).body).toEqual({ guest: guestOf(guest) })
    const { body } = await browser.addPasskey(app.device())
    expect((await browser.get('/who')).body.guest).toMatchObject({
      sub: guest.sub,
      recoverability: 'passkey',
    })
    expect(body.sub).toBe(guest.sub)
  })
})

describe('a request with an invalid credential', () => {
  test('reaches no route of the host, only its error handler, with a GuestError', async () => {
    const app = await startApp({}, routes)
    for (const [name, headers] of await invalidCredentials(app)) {
      for (const path of ['/public', '/who', '/guests', '/vault', '/join']) {
        const { status, body } = await ask(app, path, headers)
        expect(status, name).toBe(500)
        expect(body.thrown, name).toBeOneOf(['session_invalid', 'credentials_ambiguous'])
      }
    }
  })

  test('is answered 401 if the host leaves errors to Express', async () => {
    const app = await startApp({}, (host) => host.get('/who', (req, res) => void res.json(req.guest)))
    expect((await ask(app, '/who', { Cookie: 'guestkey=x' })).status).toBe(401)
  })

  test('that opens a page is redirected to that page, without the invalid cookie', async () => {
    const app = await startApp({}, routes)
    const navigation = { Cookie: 'guestkey=x', 'Sec-Fetch-Mode': 'navigate' }
    const { status, headers } = await ask(app, '/public?a=b', navigation)
    expect(status).toBe(303)
    expect(headers.location).toBe('/public?a=b')
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^guestkey=; .*Max-Age=0/)])
    expect((await ask(app, headers.location!, { 'Sec-Fetch-Mode': 'navigate' })).text).toBe('hello')
  })

  test.each(['//evil.example/x', '/\\evil.example/x', '///evil.example', 'http://evil.example/x'])(
    'for %s is not redirected to another host',
    async (path) => {
      const app = await startApp({}, routes)
      const { port } = new URL(app.origin)
      const headers = { Cookie: 'guestkey=x', 'Sec-Fetch-Mode': 'navigate' }
      const [res] = await once(request({ port, path, headers }).end(), 'response')
      res.resume()
      const { location = '/' } = res.headers
      expect(new URL(location, app.origin).host).toBe(new URL(app.origin).host)
    },
  )

  test('is not redirected in a circle if there is no cookie to remove', async () => {
    const app = await startApp({}, routes)
    const { status, body } = await ask(app, '/public', { ...bearer('gks_x'), Accept: 'text/html,*/*' })
    expect(`${status} ${body.thrown}`).toBe('500 session_invalid')
  })
})

describe('an invalid credential is refused and never ignored', () => {
  test('by the guards and signInAnonymously(), also without the router before them', async () => {
    const app = await startApp()
    const bare = express()
    routes(bare, app.guests)
    for (const [name, headers] of await invalidCredentials(app)) {
      for (const path of ['/guests', '/vault']) {
        const { status, body } = await supertest(bare).get(path).set(headers)
        expect(`${status} ${body.code}`, name).toBeOneOf(['401 session_invalid', '400 ambiguous_credentials'])
      }
      const joined = await supertest(bare).post('/join').set(headers)
      expect(joined.body.thrown, name).toBeOneOf(['session_invalid', 'credentials_ambiguous'])
      expect([joined.headers['set-cookie'] ?? []].flat().join(), name).not.toContain('gks_')
    }
  })

  async function expectNobodyIn(app: TestApp, headers: Record<string, string>, name?: string) {
    const json = { ...headers, Origin: app.origin, 'Content-Type': 'application/json' }
    const signIn = await supertest(app.server).post('/guest/sign-in').set(json).send('{}')
    const userinfo = await ask(app, '/guest/userinfo', headers)
    for (const { status, body } of [signIn, userinfo]) {
      expect(`${status} ${body.code}`, name).toBeOneOf(['401 session_invalid', '400 ambiguous_credentials'])
    }
    expect([signIn.headers['set-cookie'] ?? []].flat().join(), name).not.toContain('gks_')
  }

  test('by the endpoints', async () => {
    const app = await startApp()
    for (const [name, headers] of await invalidCredentials(app)) await expectNobodyIn(app, headers, name)
  })

  test.each(['Bearer eyJhbGciOiJub25lIn0.e30.', 'BEARER x', 'Bearer', 'Bearer   ', 'Bearer\tgks_x'])(
    'by the endpoints, also if the bearer token is not ours: Authorization: %s',
    async (authorization) => {
      await expectNobodyIn(await startApp(), { Authorization: authorization })
    },
  )
})

describe("a host's own Authorization header", () => {
  test.each([
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Bearer abc',
    'Basic Z3Vlc3Q6Z3Vlc3Q=',
    'Digest x',
    'Bearer',
    'x',
  ])('%s is ignored on its routes', async (authorization) => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    const guest = await browser.signIn()
    expect((await ask(app, '/who', { Authorization: authorization })).body).toEqual({ guest: null })
    const both = { Authorization: authorization, Cookie: browser.cookie! }
    expect((await ask(app, '/who', both)).body).toEqual({ guest: guestOf(guest) })
    expect((await ask(app, '/guests', both)).body).toEqual({ guest: guestOf(guest) })
    expect((await ask(app, '/guests', { Authorization: authorization })).body.code).toBe('not_signed_in')
  })
})

describe('an access token', () => {
  /** The host of the other tests, with a route that gets an access token for a service behind it. */
  const hosting = (options: Parameters<typeof startTokenApp>[0] = {}) =>
    startTokenApp(options, (host, guests) => {
      host.get('/token', async (req, res) => {
        const { clientId, resource, scope } = req.query as Record<string, string>
        const wish = { ...(clientId && { clientId }), ...(resource && { resource }), ...(scope && { scope }) }
        res.json(await guests.accessToken(req, wish))
      })
      routes(host, guests)
    })

  test('signs in the guest it was issued to, on every route of the host', async () => {
    const app = await hosting()
    const tokens = await granted(anonymously(app))
    const { body: guest } = await ask(app, '/guest/userinfo', bearer(tokens.access_token))
    expect((await ask(app, '/who', bearer(tokens.access_token))).body).toEqual({ guest: guestOf(guest) })
    expect((await ask(app, '/guests', bearer(tokens.access_token))).body).toEqual({ guest: guestOf(guest) })
    expect((await ask(app, '/vault', bearer(tokens.access_token))).body.code).toBe(
      'insufficient_user_authentication',
    )
    const { tokens: kept } = await keptClient(app)
    expect((await ask(app, '/vault', bearer(kept.access_token))).body.guest.recoverability).toBe('passkey')
    app.clock.forward(61)
    const stale = await ask(app, '/vault', bearer(kept.access_token))
    expect(stale.headers['www-authenticate']).toMatch(/acr_values="phr", max_age=60/)
  })

  test('is accepted by the guards without the router before them', async () => {
    const app = await startTokenApp()
    const bare = express()
    routes(bare, app.guests)
    const { access_token } = await granted(anonymously(app))
    expect((await supertest(bare).get('/guests').set(bearer(access_token))).status).toBe(200)
    expect((await supertest(bare).get('/vault').set(bearer(access_token))).status).toBe(401)
  })

  test('begets no cookie, even if the session that it is for is due for renewal', async () => {
    const app = await hosting()
    const day = 24 * 60 * 60
    app.clock.forward(day - (Math.floor(app.clock.now() / 1000) % day) - 60)
    const browser = app.browser()
    const guest = await browser.signIn()
    const { access_token } = await granted(bySession(app, browser.cookie))
    app.clock.forward(60)
    for (const path of ['/who', '/guests', '/guest/verify', '/guest/sessions']) {
      for (const mode of ['navigate', 'cors']) {
        for (const cookie of [{}, { Cookie: browser.cookie! }]) {
          const headers = { ...bearer(access_token), ...cookie, 'Sec-Fetch-Mode': mode }
          const answer = await ask(app, path, headers)
          expect(answer.status, answer.text).toBe(200)
          expect(answer.headers['set-cookie'], `${path} ${mode}`).toBeUndefined()
        }
      }
    }
    const page = await ask(app, '/guests', { Cookie: browser.cookie!, 'Sec-Fetch-Mode': 'navigate' })
    expect(page.body.guest.sub).toBe(guest.sub)
    expect(page.headers['set-cookie'], 'the session was due').toHaveLength(1)
  })

  test('that has expired, has ended or is forged reaches no route', async () => {
    const app = await hosting()
    const [ended, expired] = [await granted(anonymously(app)), await granted(anonymously(app))]
    await sendJson(app, 'sign-out', { force: true }, bearer(ended.access_token))
    app.clock.forward(631)
    const fresh = await granted(anonymously(app))
    const [head, payload] = fresh.access_token.split('.')
    for (const token of [ended.access_token, expired.access_token, `${head}.${payload}.AAAA`]) {
      for (const path of ['/public', '/who', '/guests', '/vault', '/token'])
        expect((await ask(app, path, bearer(token))).body.thrown, path).toBe('session_invalid')
    }
    expect((await ask(app, '/guests', bearer(fresh.access_token))).status).toBe(200)
  })

  test('of another issuer is ignored, because a host may have JWTs of its own', async () => {
    const app = await hosting()
    const foreign = await startTokenApp()
    const { access_token } = await granted(anonymously(foreign))
    const theirs = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: app.origin, sub: 'x' })}.x`
    for (const token of [access_token, theirs]) {
      expect((await ask(app, '/who', bearer(token))).body).toEqual({ guest: null })
      expect((await ask(app, '/guests', bearer(token))).body.code).toBe('not_signed_in')
    }
  })

  test('that is valid at another service too, or is of a pairwise client, is refused by the host', async () => {
    const app = await hosting()
    for (const client_id of ['front', 'diary']) {
      const { access_token } = await granted(anonymously(app, { client_id }))
      for (const path of ['/who', '/guests', '/vault']) {
        const { body } = await ask(app, path, bearer(access_token))
        expect(body.thrown ?? body.code, path).toBe('insufficient_scope')
      }
    }
  })

  test('can be issued by the host for the guest who is signed in, for a service behind it', async () => {
    const clients = [
      { id: 'guestkey', audiences: ['https://a.example', 'https://b.example'], scopes: ['read'] },
    ]
    const app = await hosting({ clients: [...clients, { id: 'bound', dpop: 'required' }] })
    const browser = app.browser()
    const guest = await browser.signIn()
    const drawn = await browser.get('/token')
    expect(drawn.body).toEqual({
      ...{ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600, scope: 'read' },
    })
    const claims = claimsOf(drawn.body.access_token)
    expect(claims).toMatchObject({
      sub: guest.sub,
      aud: ['https://a.example', app.origin],
      client_id: 'guestkey',
    })
    const other = await browser.get('/token?resource=https://b.example')
    expect(claimsOf(other.body.access_token).aud).toEqual(['https://b.example', app.origin])
    for (const [query, code] of [
      ['resource=https://evil.example', 'invalid_target'],
      ['scope=admin', 'invalid_scope'],
      ['clientId=nobody', 'invalid_client'],
      ['clientId=bound', 'invalid_dpop_proof'],
    ])
      expect((await browser.get(`/token?${query}`)).body.thrown).toBe(code)
    expect((await ask(app, '/token')).body.thrown).toBe('not_signed_in')
    expect((await ask(app, '/token', bearer(drawn.body.access_token))).status).toBe(500)
    await browser.post('/guest/sign-out', { force: true })
    const over = await ask(app, '/guest/userinfo', bearer(drawn.body.access_token))
    expect(over.body.code).toBe('session_invalid')
  })
})

describe('requireGuest', () => {
  test('lets a guest through and answers everybody else 401 with a problem document', async () => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    const guest = await browser.signIn()
    expect((await browser.get('/guests')).body).toEqual({ guest: guestOf(guest) })
    const { status, body, headers } = await ask(app, '/guests')
    expect(status).toBe(401)
    expect(body).toMatchObject({ status: 401, code: 'not_signed_in' })
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer',
    })
  })

  test('marks responses as private, unless the host sets its own Cache-Control', async () => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    await browser.signIn()
    expect((await browser.get('/guests')).headers['cache-control']).toBe('private, no-store')
    expect((await browser.get('/cached')).headers['cache-control']).toBe('private, max-age=60')
    expect((await browser.get('/cached-before')).headers['cache-control']).toBe('private, max-age=60')
    expect((await ask(app, '/cached-before')).headers['cache-control']).toBe('no-store')
    expect((await ask(app, '/public')).headers['cache-control']).toBeUndefined()
  })

  // A shared cache may store Set-Cookie with such a response, and give it to the next visitor.
  test.each([
    ['public, max-age=60', 0],
    ['max-age=60, Public', 0],
    ['s-maxage=60', 0],
    ['max-age=60', 0],
    ['no-cache', 0],
    ['private="X-Name", max-age=60', 0],
    ['private, max-age=60', 1],
    ['no-store', 1],
  ])('sets on a response with Cache-Control: %s of the host %i cookies', async (value, count) => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    app.clock.forward(24 * 60 * 60)
    const host = express()
    host.use((_req, res, next) => {
      res.set('Cache-Control', value)
      next()
    })
    host.use(app.guests.router)
    host.get('/who', (req, res) => void res.json({ guest: req.guest }))
    host.get('/guests', app.guests.requireGuest(), (req, res) => void res.json({ guest: req.guest }))
    for (const path of ['/who', '/guests']) {
      for (const mode of ['cors', 'navigate']) {
        const asked = supertest(host).get(path).set({ Cookie: browser.cookie!, 'Sec-Fetch-Mode': mode })
        const { body, headers } = await asked
        expect(body.guest.sub).toBe(guest.sub)
        expect(headers['cache-control']).toBe(value)
        expect(headers['set-cookie'] ?? [], `${path} ${mode}`).toHaveLength(count)
      }
    }
    // The response of an endpoint of ours is never stored, whatever the host set before.
    const { headers } = await supertest(host).get('/guest/sessions').set('Cookie', browser.cookie!)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['set-cookie']).toHaveLength(1)
  })

  test('works without the router before it, and loadGuest alone sets req.guest', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const bare = express()
    bare.get('/guests', app.guests.requireGuest(), (req, res) => void res.json({ guest: req.guest }))
    bare.get('/who', app.guests.loadGuest, (req, res) => void res.json({ guest: req.guest }))
    bare.get('/vault', app.guests.requirePasskey({ maxAgeSeconds: 1 }), (_req, res) => void res.end())
    bare.use(tellError)
    const get = (path: string, headers = {}) => supertest(bare).get(path).set(headers)
    const cookie = { Cookie: browser.cookie }
    expect((await get('/guests', cookie)).body).toEqual({ guest: guestOf(guest) })
    expect((await get('/guests')).status).toBe(401)
    expect((await get('/who', cookie)).body).toEqual({ guest: guestOf(guest) })
    expect((await get('/who')).body).toEqual({ guest: null })
    expect((await get('/who', { Cookie: 'guestkey=x' })).body.thrown).toBe('session_invalid')
    expect((await get('/vault', cookie)).body.code).toBe('insufficient_user_authentication')
    expect((await get('/guest/userinfo', cookie)).status).toBe(404)
  })

  test('keeps a guest who opens a page every day signed in, until sessions.absoluteSeconds have passed', async () => {
    const day = 24 * 60 * 60
    const limits = { sessions: { idleSeconds: 3 * day, absoluteSeconds: 10 * day } }
    const app = await startApp(limits, routes)
    const browser = app.browser()
    await browser.signIn()
    let cookie = browser.cookie!
    const visit = async () => {
      app.clock.forward(day)
      const page = await ask(app, '/guests', { Cookie: cookie, 'Sec-Fetch-Mode': 'navigate' })
      cookie = /^[^;]+/.exec(page.headers['set-cookie']?.[0] ?? cookie)![0]
      return page
    }
    for (let i = 1; i < 10; i++) expect((await visit()).status, `day ${i}`).toBe(200)
    expect((await visit()).status).toBe(303)
    expect(cookie).toBe('guestkey=')
  })
})

describe('requirePasskey', () => {
  const challenge = /^Bearer error="insufficient_user_authentication", .*\bacr_values="phr", max_age=60$/

  test('asks a guest for a proof (RFC 9470), accepts it, and asks again when it is too old', async () => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    const device = app.device()
    await browser.signIn()
    const refused = await browser.get('/vault')
    expect(refused.status).toBe(401)
    expect(refused.body.code).toBe('insufficient_user_authentication')
    expect(refused.headers['www-authenticate']).toMatch(challenge)
    expect(refused.headers['set-cookie']).toBeUndefined()

    await browser.addPasskey(device)
    expect((await browser.get('/vault')).body.guest.recoverability).toBe('passkey')
    app.clock.forward(60)
    expect((await browser.get('/vault')).status).toBe(200)
    app.clock.forward(1)
    const stale = await browser.get('/vault')
    expect(stale.status).toBe(401)
    expect(stale.headers['www-authenticate']).toMatch(challenge)
    expect((await browser.get('/guests')).status).toBe(200)

    expect((await browser.signInWithPasskey(device, { stepUp: true })).status).toBe(200)
    expect((await browser.get('/vault')).status).toBe(200)
  })

  test('accepts a proof only from the session that gave it', async () => {
    const app = await startApp({}, routes)
    const [phone, laptop] = [app.browser(), app.browser()]
    const device = app.device()
    await phone.addPasskey(device)
    app.clock.forward(61)
    await laptop.signInWithPasskey(device)
    expect((await laptop.get('/vault')).status).toBe(200)
    expect((await phone.get('/vault')).status).toBe(401)
  })

  test('answers not_signed_in without a step-up challenge if nobody is signed in', async () => {
    const app = await startApp({}, routes)
    const { status, body, headers } = await ask(app, '/vault')
    expect(status).toBe(401)
    expect(body.code).toBe('not_signed_in')
    expect(headers['www-authenticate']).toBe('Bearer')
  })

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60', undefined])(
    'throws if maxAgeSeconds is %s',
    async (maxAgeSeconds) => {
      const { guests } = await startApp()
      expect(() => guests.requirePasskey({ maxAgeSeconds: maxAgeSeconds as number })).toThrow(/maxAgeSeconds/)
    },
  )
})

describe('signInAnonymously', () => {
  test('signs a visitor in: returns token and guest, sets the cookie and req.guest', async () => {
    const app = await startApp({}, routes)
    const before = await app.rows()
    const browser = app.browser()
    const { token, guest, here, again } = (await browser.post('/join')).body
    expect(guest).toMatchObject({ isAnonymous: true, recoverability: 'none', collection: 'users' })
    expect(here).toEqual(guest)
    expect(again).toEqual({ token, guest })
    expect(browser.token).toBe(token)
    expect((await browser.get('/guest/userinfo')).body).toEqual({ ...guest, prompts: [] })
    expect((await ask(app, '/who', bearer(token))).body.guest).toEqual(guest)
    expect(await app.rows()).toEqual(before)
  })

  test('returns the guest who is signed in already', async () => {
    const app = await startApp({}, routes)
    const browser = app.browser()
    const guest = guestOf(await browser.signIn())
    const { body, headers } = await browser.post('/join')
    expect(body).toMatchObject({ token: browser.token, guest, here: guest })
    expect(headers['set-cookie']).toBeUndefined()
    await browser.addPasskey(app.device())
    expect((await browser.post('/join')).body.guest).toMatchObject({
      sub: guest.sub,
      recoverability: 'passkey',
    })
  })

  test('accepts a collection that exists and that the guest belongs to', async () => {
    const app = await startApp({ collections: ['users', 'members'] }, routes)
    const browser = app.browser()
    expect((await browser.post('/join?collection=nobody')).body).toEqual({ thrown: 'collection_unknown' })
    expect(browser.token).toBeUndefined()
    expect((await browser.post('/join?collection=members')).body.guest.collection).toBe('members')
    expect((await browser.post('/join?collection=users')).body).toEqual({ thrown: 'collection_mismatch' })
    expect((await browser.post('/join')).body.guest.collection).toBe('members')
  })
})

describe('events', () => {
  /** The events that a host gets, in order. */
  function listen({ guests }: TestApp) {
    const heard: [keyof GuestEvents, GuestEvents[keyof GuestEvents]][] = []
    for (const name of [
      ...(['guest.signed_in', 'guest.signed_out', 'guest.kept', 'passkey.added'] as const),
      ...(['passkey.removed', 'passkey.counter_regressed', 'guest.merged'] as const),
    ]) {
      guests.on(name, (event) => void heard.push([name, event]))
    }
    return heard
  }

  test('follow a guest from sign-in to merge, each event once', async () => {
    const app = await startApp({}, routes)
    const heard = listen(app)
    const browser = app.browser()
    const device = app.device()
    const guest = guestOf(await browser.signIn())
    const { anonymous_id } = guest
    expect(heard.splice(0)).toEqual([
      ['guest.signed_in', { anonymous_id, guest, session_id: guest.sub, method: 'anonymous' }],
    ])

    await browser.signIn()
    await browser.get('/guest/userinfo')
    expect(heard).toEqual([])

    const { passkey, ...kept } = (await browser.addPasskey(device)).body
    expect(heard.splice(0)).toEqual([
      ['guest.kept', { anonymous_id, guest: guestOf(kept) }],
      ['passkey.added', { anonymous_id, passkey_id: passkey.id, first: true }],
    ])

    const session_id = await sessionIdOf(browser)
    await browser.post('/guest/sign-out')
    expect(heard.splice(0)).toEqual([['guest.signed_out', { anonymous_id, session_id, everywhere: false }]])

    const left = (await browser.post('/join')).body.guest
    const joined = { anonymous_id: left.sub, guest: left, session_id: left.sub, method: 'anonymous' }
    expect(heard.splice(0)).toEqual([['guest.signed_in', joined]])

    const { previous, merged, ticket, ...back } = (await browser.signInWithPasskey(device)).body
    expect(previous.anonymous_id).toBe(left.anonymous_id)
    expect([merged, typeof ticket]).toEqual([true, 'string'])
    const { label, collection, recoverability } = back
    const into = { anonymous_id, label, collection, recoverability }
    const signedIn = {
      guest: guestOf(back),
      session_id: await sessionIdOf(browser),
      method: 'passkey',
      previous,
    }
    const folded = { ticket: expect.any(String), from: previous, into, undo_until: expect.any(Number) }
    expect(heard.splice(0)).toEqual([
      ['guest.signed_in', { anonymous_id, ...signedIn }],
      ['guest.merged', { anonymous_id, ...folded }],
    ])

    await browser.delete(`/guest/passkeys/${passkey.id}?force=true`)
    expect(heard.splice(0)).toEqual([['passkey.removed', { anonymous_id, passkey_id: passkey.id }]])
  })

  test('report a guest who begins with a passkey, and a passkey that may have been cloned', async () => {
    const app = await startApp()
    const heard = listen(app)
    const device = app.device({ counter: 'increasing' })
    const { passkey, ...guest } = (await app.browser().addPasskey(device)).body
    const { anonymous_id } = guest
    expect(heard.splice(0).map(([name]) => name)).toEqual(['guest.kept', 'guest.signed_in', 'passkey.added'])
    const clone = device.copy()
    await app.browser().signInWithPasskey(device)
    expect(heard.splice(0)).toHaveLength(1)
    expect((await app.browser().signInWithPasskey(clone)).status).toBe(401)
    expect(heard).toEqual([['passkey.counter_regressed', { anonymous_id, passkey_id: passkey.id }]])
  })

  test('with a listener that throws fail no request, and the error is logged', async () => {
    const app = await startApp()
    app.guests.on('guest.signed_in', () => {
      throw new Error('thrown')
    })
    app.guests.on('guest.signed_in', async () => {
      throw new Error('rejected')
    })
    const heard = listen(app)
    expect((await app.browser().post('/guest/sign-in')).status).toBe(200)
    expect(heard).toHaveLength(1)
    const failures = app.logs.filter(({ level }) => level === 'error')
    expect(failures.map(({ fields }) => (fields.err as Error).message)).toEqual(['thrown', 'rejected'])
  })

  test('do not reach a listener that was stopped', async () => {
    const app = await startApp()
    let heard = 0
    const stop = app.guests.on('guest.signed_in', () => heard++)
    await app.browser().signIn()
    stop()
    stop()
    await app.browser().signIn()
    expect(heard).toBe(1)
  })
})

describe('a store that cannot be opened', () => {
  /** A host whose store is missing, and a guest who signed in before. */
  async function startBroken() {
    const secret = 'a secret of more than 32 characters'
    const { now } = createClock()
    const well = await startApp({ secret, now })
    const browser = well.browser()
    await browser.signIn()
    const logs: object[] = []
    const log = (fields: object) => void logs.push(fields)
    const guests = guestkey({
      ...{ origin: well.origin, store: brokenStore(), secret, now, rateLimit: false, cookieName: 'guestkey' },
      logger: { debug: log, info: log, warn: log, error: log },
    })
    const app = express()
    app.use(guests.router)
    routes(app, guests)
    const headers = { Cookie: browser.cookie!, Origin: well.origin, 'Content-Type': 'application/json' }
    const send = (method: 'get' | 'post', path: string) => supertest(app)[method](path).set(headers)
    const bare = express()
    routes(bare, guests)
    const unrouted = (path: string) => supertest(bare).get(path).set(headers)
    return { guests, app, send, unrouted, logs }
  }

  test('rejects ready(), and neither guestkey() nor close() throws', async () => {
    const { guests } = await startBroken()
    await expect(guests.ready()).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    await guests.close()
  })

  test('is a 503 with Retry-After at endpoints and guards, never a 401 or a new guest', async () => {
    const { send, unrouted } = await startBroken()
    const asked = [
      send('get', '/guest/userinfo'),
      send('get', '/guest/sessions'),
      send('post', '/guest/sign-in').send('{}'),
      send('post', '/guest/sign-out').send('{"force":true}'),
      send('post', '/guest/passkeys/register/options').send('{}'),
      ...['/guests', '/vault'].flatMap((path) => [send('get', path), unrouted(path)]),
    ]
    for (const { status, headers, body, text } of await Promise.all(asked)) {
      expect(status, text).toBe(503)
      expect(body.code).toBe('unavailable')
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      expect(headers['set-cookie']).toBeUndefined()
      expect(text).not.toMatch(/sqlite|postgres|EISDIR|guestkey\.db|not_there/i)
    }
    expect((await send('post', '/join')).body).toEqual({ thrown: 'unavailable' })
  })

  test('makes req.guest throw, so that a guest is not taken for nobody', async () => {
    const { send } = await startBroken()
    expect((await send('get', '/who')).body).toEqual({ thrown: 'unavailable' })
  })

  test('does not affect public pages of the host, for visitors and for guests', async () => {
    const { send, app } = await startBroken()
    expect((await supertest(app).get('/public')).text).toBe('hello')
    expect((await send('get', '/public')).text).toBe('hello')
  })

  test('is explained in the log', async () => {
    const { send, logs } = await startBroken()
    await send('get', '/guest/userinfo')
    expect(JSON.stringify(logs)).toMatch(engine === 'sqlite' ? /EISDIR/ : /not_there.* does not exist/)
  })
})
