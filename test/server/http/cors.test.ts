// CORS: pages of registered clients may make requests with tokens only; other pages may not (THREATS, "CSRF, CORS, framing").

import supertest, { type Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import { ANONYMOUS_GRANT } from '../../../server/core/tokens/grants.ts'
import { endpoints as allDoors } from '../../../server/http/router.ts'
import type { TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { cookiesSet, expectErrorPage, expectOAuthRefusal, expectRefusal } from '../../support/refusals.ts'
import { tables } from '../../support/tables.ts'
import {
  anonymously,
  ask,
  bearer,
  granted,
  pageOrigin,
  refresh,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../support/tokens.ts'

const page = { Origin: pageOrigin, 'Sec-Fetch-Site': 'cross-site' }
/** The endpoints of a deployment with default options. */
const doors = allDoors.filter(({ isEnabled: isThere }) => !isThere)
const paths = [...new Set(doors.map(({ path }) => path))]
const urlOf = (path: string) =>
  path.startsWith('/.well-known/') ? path : `/guest${path.replace(':id', 'x'.repeat(43))}`

const preflight = (app: TestApp, path: string, origin: string, more: Record<string, string> = {}) =>
  supertest(app.server)
    .options(urlOf(path))
    .set({ Origin: origin, 'Access-Control-Request-Method': 'POST', ...more })

const corsOf = ({ headers }: Response) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')))

/** Origins that resemble a registered one and are not registered. */
const lookAlikes = [
  'null',
  '',
  '*',
  'https://spa.example.evil.example',
  'https://evilspa.example',
  'https://sub.spa.example',
  'https://spa.example:8443',
  'https://spa.example/',
  'https://SPA.example',
  'http://spa.example',
  'https://spa.example, https://evil.example',
  'https://spa.example@evil.example',
  'https://evil.example',
  'https://api.example',
]

describe('the page of a registered client', () => {
  test('gets an answer to its preflight at every endpoint, with the methods of that endpoint', async () => {
    const app = await startTokenApp()
    for (const path of paths) {
      const answer = await preflight(app, path, pageOrigin, {
        'Access-Control-Request-Headers': 'authorization,content-type,dpop',
      })
      expect(answer.status, path).toBe(204)
      const { 'access-control-allow-methods': methods, ...rest } = corsOf(answer)
      const own = doors.filter((door) => door.path === path).map(({ method }) => method)
      expect(methods!.split(', ').toSorted()).toEqual(own.toSorted())
      expect(rest).toEqual({
        'access-control-allow-origin': pageOrigin,
        'access-control-expose-headers': 'WWW-Authenticate, Retry-After, ETag, Date, Guest-Moment',
        'access-control-allow-headers': 'Authorization, Content-Type, DPoP, If-Match, If-None-Match',
        'access-control-max-age': '600',
      })
      expect(answer.headers.vary).toMatch(/\bOrigin\b/)
      expect(cookiesSet(answer)).toEqual([])
      expect(answer.text).toBe('')
    }
  })

  test('is allowed every header that it asks for by a name that is one', async () => {
    const app = await startTokenApp()
    const traced = ['sentry-trace', 'baggage', 'traceparent', 'tracestate', 'newrelic', 'x-datadog-trace-id']
    const allowedFor = async (asked: string) => {
      const answer = await preflight(app, '/token', pageOrigin, { 'Access-Control-Request-Headers': asked })
      expect(answer.status).toBe(204)
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
      expect(answer.headers.vary).toMatch(/\bAccess-Control-Request-Headers\b/)
      return answer.headers['access-control-allow-headers']!.split(', ')
    }
    const own = ['Authorization', 'Content-Type', 'DPoP', 'If-Match', 'If-None-Match']
    expect(await allowedFor(traced.join())).toEqual([...own, ...traced])
    expect(await allowedFor(`dpop, ${traced.join(' , ')},AUTHORIZATION`)).toEqual([...own, ...traced])
    expect(await allowedFor('')).toEqual(own)
    expect(await allowedFor(',, a b,"x",x:y,x;y,ü,{}, fine')).toEqual([...own, 'fine'])
    const sent = await anonymously(app, {}, { ...page, traceparent: '00-a-b-01', baggage: 'a=b' })
    expect(sent.status).toBe(200)
  })

  test.each([
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'http://tauri.localhost',
    'https://tauri.localhost',
    'app://obsidian.md',
    'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
    'moz-extension://1c5d9b5e-2f0a-4a5e-9d4f-0b8f1e2d3c4b',
    'safari-web-extension://1C5D9B5E-2F0A-4A5E-9D4F-0B8F1E2D3C4B',
    'com.example.app+web://localhost:8080',
  ])('may be in an app or an extension: %s', async (origin) => {
    const app = await startTokenApp({ clients: [{ id: 'spa', origins: [origin] }] })
    const answer = await preflight(app, '/token', origin)
    expect(answer.status).toBe(204)
    expect(answer.headers['access-control-allow-origin']).toBe(origin)
    const from = { Origin: origin, 'Sec-Fetch-Site': 'cross-site' }
    const tokens = await granted(anonymously(app, {}, from))
    const read = await ask(app, '/guest/userinfo', { ...from, ...bearer(tokens.access_token) })
    expect(read.status).toBe(200)
    expect(read.headers['access-control-allow-origin']).toBe(origin)
    const elsewhere = `${origin}.evil`
    expect((await preflight(app, '/token', elsewhere)).status).toBe(405)
  })

  test('in an app at localhost runs no ceremony of the RP ID localhost', async () => {
    const [website, inApp] = ['https://spa.localhost', 'capacitor://localhost']
    const app = await startTokenApp({ clients: [{ id: 'spa', origins: [website, inApp] }] })
    const registerFrom = async (origin: string) => {
      const { body: options } = await sendJson(app, 'passkeys/register/options', {}, { Origin: origin })
      const response = await app.device().create(options, { origin })
      return sendJson(app, 'passkeys/register', { ...response, client_id: 'spa' }, { Origin: origin })
    }
    expect((await registerFrom(website)).status).toBe(201)
    expect((await registerFrom(inApp)).body.code).toBe('registration_failed')
  })

  test('may read every response, also refusals, and never with credentials', async () => {
    const app = await startTokenApp()
    for (const { method, path } of doors) {
      const send = supertest(app.server)[method.toLowerCase() as 'get']
      const answer = await send(urlOf(path)).set({ ...page, 'Content-Type': 'application/json' })
      expect(corsOf(answer), path).toEqual({
        'access-control-allow-origin': pageOrigin,
        'access-control-expose-headers': 'WWW-Authenticate, Retry-After, ETag, Date, Guest-Moment',
      })
      expect(answer.headers.vary).toMatch(/\bOrigin\b/)
      expect(cookiesSet(answer), path).toEqual([])
    }
    const nowhere = await ask(app, '/guest/nowhere', page)
    expect(nowhere.headers['access-control-allow-origin']).toBe(pageOrigin)
    expect((await preflight(app, '/nowhere', pageOrigin)).status).toBe(404)
  })

  test('can sign in, ask and sign out with tokens alone', async () => {
    const app = await startTokenApp()
    const tokens = await granted(anonymously(app, {}, page))
    const next = await granted(refresh(app, tokens.refresh_token, {}, page))
    const by = { ...page, ...bearer(next.access_token) }
    expect((await ask(app, '/guest/userinfo', by)).status).toBe(200)
    expect((await sendJson(app, 'sign-in', { lookup_only: true }, by)).status).toBe(200)
    expect((await sendJson(app, 'passkeys/register/options', {}, by)).status).toBe(200)
    const left = await sendJson(app, 'sign-out', { force: true }, by)
    expect(left.status).toBe(204)
    expect(cookiesSet(left)).toEqual([])
    expect((await userinfo(app, next.access_token)).status).toBe(401)
  })

  test('is not signed in by a cookie that it sends, and the cookie stays as it is', async () => {
    const app = await startTokenApp()
    const { browser, guest } = await keptGuest(app)
    for (const site of ['cross-site', 'same-site', 'same-origin']) {
      const along = { Origin: pageOrigin, 'Sec-Fetch-Site': site, Cookie: browser.cookie! }
      for (const path of ['userinfo', 'sessions', 'passkeys'])
        await expectRefusal(app, () => ask(app, `/guest/${path}`, along), 401, 'not_signed_in')
      const signOut = await sendJson(app, 'sign-out', { force: true }, along)
      expect(signOut.status).toBe(204)
      expect(cookiesSet(signOut)).toEqual([])
      await expectRefusal(
        app,
        () => supertest(app.server).delete('/guest/sessions').set(along) as never,
        401,
        'not_signed_in',
      )
    }
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  })

  test('is who its bearer token says, even beside a cookie of another guest', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const { access_token } = await granted(anonymously(app, {}, page))
    const both = { ...page, ...bearer(access_token), Cookie: browser.cookie! }
    const { body: mine } = await userinfo(app, access_token)
    expect((await ask(app, '/guest/userinfo', both)).body).toEqual(mine)
    const twice = { ...both, Cookie: `${browser.cookie}; ${browser.cookie}` }
    expect((await ask(app, '/guest/userinfo', twice)).body).toEqual(mine)
  })

  test('gets no cookie and removes none: the browser keeps the session of our own pages', async () => {
    const app = await startTokenApp()
    const { browser, device, guest } = await keptGuest(app)
    const along = { ...page, Cookie: browser.cookie! }
    const signIn = () => sendJson(app, 'sign-in', {}, along)
    await expectRefusal(app, signIn, 403, 'cross_site_request')
    const asked = await sendJson(app, 'passkeys/authenticate/options', {}, along)
    const proof = await device.get(asked.body)
    const authenticate = () => sendJson(app, 'passkeys/authenticate', proof, along)
    expect(cookiesSet(await expectRefusal(app, authenticate, 403, 'cross_site_request'))).toEqual([])
    const creation = await sendJson(app, 'passkeys/register/options', {}, along)
    const registration = await app.device().create(creation.body)
    const register = () => sendJson(app, 'passkeys/register', registration, along)
    expect(cookiesSet(await expectRefusal(app, register, 403, 'cross_site_request'))).toEqual([])
    const dead = { ...along, ...bearer('gks_no.longer') }
    for (const door of ['sign-in', 'sign-out', 'passkeys/register/options']) {
      const refused = await expectRefusal(app, () => sendJson(app, door, {}, dead), 401, 'session_invalid')
      expect(cookiesSet(refused), door).toEqual([])
    }
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  })

  test('of one client is refused with the client_id of another', async () => {
    const clients = [
      { id: 'spa', origins: [pageOrigin] },
      { id: 'other', origins: ['https://other.example'] },
    ]
    const app = await startTokenApp({ clients })
    const foreign = () => anonymously(app, { client_id: 'other' }, page)
    const refused = await expectOAuthRefusal(app, foreign, 401, 'invalid_client')
    expect(refused.headers['access-control-allow-origin']).toBe(pageOrigin)
    const own = await granted(anonymously(app, { client_id: 'other' }, { Origin: 'https://other.example' }))
    await expectOAuthRefusal(
      app,
      () => refresh(app, own.refresh_token, { client_id: 'other' }, page),
      401,
      'invalid_client',
    )
    const revoke = () => sendJson(app, 'revoke', { client_id: 'other', token: own.refresh_token }, page)
    await expectOAuthRefusal(app, revoke, 401, 'invalid_client')
    await granted(refresh(app, own.refresh_token, { client_id: 'other' }))
  })
})

describe('another page', () => {
  test.each(lookAlikes)(
    'from the origin %j gets no preflight, no CORS header and no token',
    async (origin) => {
      const app = await startTokenApp()
      const { browser } = await keptGuest(app)
      const before = await tables(app.store)
      for (const path of paths) {
        const answer = await preflight(app, path, origin)
        expect(answer.status, path).toBe(405)
        expect(corsOf(answer)).toEqual({})
        expect(answer.headers.vary).toMatch(/\bOrigin\b/)
      }
      for (const { method, path, page, fromAnySite } of doors) {
        const send = supertest(app.server)[method.toLowerCase() as 'get']
        const answer = await send(urlOf(path)).set({ Origin: origin, Cookie: browser.cookie! })
        expect(corsOf(answer), path).toEqual({})
        expect(answer.headers.vary).toMatch(/\bOrigin\b/)
        // Apps send people to some pages by a form of their own (OpenID Connect Core 1.0, 3.1.2.1).
        if (method === 'GET' || fromAnySite) continue
        expect(answer.status, path).toBe(403)
        if (page) expectErrorPage(answer, 'cross_site_request')
        else expect(answer.body.code, path).toBe('cross_site_request')
      }
      expect({ ...(await tables(app.store)), signing_keys: [] }).toEqual(before)
      const token = () => anonymously(app, {}, { Origin: origin })
      await expectOAuthRefusal(app, token, 403, 'cross_site_request', 'invalid_request')
    },
  )

  test('of our own origin gets no CORS header, because it needs none', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    await browser.signIn()
    expect(corsOf(await browser.get('/guest/userinfo'))).toEqual({})
    expect((await preflight(app, '/token', app.origin)).status).toBe(405)
  })

  test("of a client's origin that is also ours counts as ours: its cookie counts", async () => {
    const app = await startTokenApp({
      origin: 'https://app.example',
      clients: [{ id: 'spa', origins: ['https://app.example'] }],
    })
    const browser = app.browser()
    const guest = await browser.signIn()
    const answer = await browser.get('/guest/userinfo')
    expect(answer.body.sub).toBe(guest.sub)
    expect(corsOf(answer)).toEqual({})
  })

  test('of a registered origin gets no CORS header from us on routes of the host', async () => {
    const app = await startTokenApp({}, (host) => void host.get('/api', (_req, res) => void res.json({})))
    expect(corsOf(await ask(app, '/api', page))).toEqual({})
  })

  test('of a registered client has the same grant types as any other program', async () => {
    const app = await startTokenApp()
    const wrong = () => anonymously(app, { grant_type: `${ANONYMOUS_GRANT}x` }, page)
    await expectOAuthRefusal(app, wrong, 400, 'unsupported_grant_type')
  })
})
