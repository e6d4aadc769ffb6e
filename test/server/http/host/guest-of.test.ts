// guests.guestOf(): whom a request is from, be it Node's, an upgrade or the Fetch API's, and whom a token is from. And the
// methods that take a Request of the Fetch API.

import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test } from 'vitest'
import { GuestError, type GuestInSession, type GuestKey } from '../../../../server/index.ts'
import { guestOf, sessionIdOf, startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { guestRow, seenNow, unixSeconds } from '../../../support/guest-rows.ts'
import {
  anonymously,
  bySession,
  claimsOf,
  dpopKey,
  granted,
  keptClient,
  startTokenApp,
} from '../../../support/tokens.ts'

const day = 24 * 60 * 60

/** The code with which this rejects, or what it resolves to. */
const outcome = (asked: Promise<GuestInSession | null>): Promise<unknown> =>
  asked.then(
    (guest) => guest?.sub ?? null,
    (error: unknown) => (error instanceof GuestError ? error.code : error),
  )

type Headers_ = Record<string, string>
/** The ways to give headers to guestOf. */
const ways = {
  'a Request': (app: TestApp, headers: Headers_) => new Request(`${app.origin}/page?a=b`, { headers }),
  Headers: (_app: TestApp, headers: Headers_) => new Headers(headers),
  "a request of Node's": (app: TestApp, headers: Headers_) => nodeRequest(app, headers),
}
const sources = Object.entries(ways)
const cookie = (value: string | undefined) => ({ Cookie: `guestkey=${value}` })
const bearer = (token: string | undefined) => ({ Authorization: `Bearer ${token}` })

/** A request as a server of Node's gets it, before any middleware. */
async function nodeRequest(
  _app: TestApp,
  headers: Headers_,
  { method = 'GET', path = '/page?a=b' } = {},
): Promise<IncomingMessage> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  const isUpgrade = 'Upgrade' in headers
  const got = once(server, isUpgrade ? 'upgrade' : 'request')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write([`${method} ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n'), 'latin1')
  return (await got)[0] as IncomingMessage
}

const upgrade = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'eA==',
}

describe.each(sources)('guestOf() of %s', (_name, of) => {
  test('is the guest of the cookie or of the session token, and null for nobody', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = guestOf(await browser.signIn())
    for (const headers of [cookie(browser.token), bearer(browser.token)]) {
      const found = await app.guests.guestOf(await of(app, headers))
      expect(found).toEqual(guest)
      expect(found!.session_id).toBe(await sessionIdOf(browser))
    }
    for (const headers of [
      {},
      { Cookie: 'theirs=1' },
      bearer('of-the-host'),
      { Authorization: 'Basic eA==' },
    ])
      expect(await app.guests.guestOf(await of(app, headers))).toBeNull()
  })

  test('rejects if a credential is not valid, as loadGuest refuses it', async () => {
    const app = await startApp()
    const [left, one, other] = [app.browser(), app.browser(), app.browser()]
    await Promise.all([left, one, other].map((browser) => browser.signIn()))
    const ended = left.token
    await left.post('/guest/sign-out', { force: true })
    for (const [headers, code] of [
      [cookie(ended), 'session_invalid'],
      [bearer(ended), 'session_invalid'],
      [cookie(''), 'session_invalid'],
      [{ Cookie: `guestkey=${one.token}; guestkey=${other.token}` }, 'credentials_ambiguous'],
      [{ ...cookie(one.token), ...bearer(other.token) }, 'credentials_ambiguous'],
    ] as const)
      expect(await outcome(app.guests.guestOf(await of(app, headers))), JSON.stringify(headers)).toBe(code)
  })

  test('is null for a credential that is dead, where loadGuest lets it be nobody’s', async () => {
    const app = await startApp()
    const ignoring = await startApp({ deadCredentials: 'ignore' })
    const dead = cookie('gks_x')
    expect(await ignoring.guests.guestOf(await of(ignoring, dead))).toBeNull()
    expect(await app.guests.guestOf(await of(app, { ...dead, Authorization: 'Basic eA==' }))).toBeNull()
  })

  test('takes an access token that is for guestkey alone, and no other', async () => {
    const app = await startTokenApp()
    const own = await granted(anonymously(app))
    const sub = claimsOf(own.access_token).sub
    expect(await outcome(app.guests.guestOf(await of(app, bearer(own.access_token))))).toBe(sub)
    for (const client_id of ['front', 'diary']) {
      const { access_token } = await granted(anonymously(app, { client_id }))
      const asked = app.guests.guestOf(await of(app, bearer(access_token)))
      expect(await outcome(asked), client_id).toBe('insufficient_scope')
    }
    const key = await dpopKey()
    const proof = await key.prove(app, 'POST', '/guest/token')
    const bound = await granted(anonymously(app, { client_id: 'bound' }, { DPoP: proof }))
    expect(await outcome(app.guests.guestOf(await of(app, bearer(bound.access_token))))).toBe(
      'session_invalid',
    )
  })

  test('refuses the cookie of a WebSocket that a page of another origin opens, and no other', async () => {
    const app = await startApp({
      origin: ['https://example.com', 'https://www.example.com'],
      cookieName: 'g',
    })
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const asked = async (headers: Headers_) =>
      outcome(app.guests.guestOf(await of(app, { ...upgrade, ...headers })))
    const mine = { Cookie: browser.cookie! }
    for (const Origin of ['https://blog.example.com', 'null', 'http://example.com'])
      expect(await asked({ ...mine, Origin }), Origin).toBe('cross_site_request')
    expect(await asked({ ...mine, Origin: 'https://www.example.com' })).toBe(sub)
    expect(await asked(mine)).toBe(sub)
    expect(await asked({ ...bearer(browser.token), Origin: 'https://blog.example.com' })).toBe(sub)
  })

  test('slides what is promised to a kept guest', async () => {
    const app = await startApp()
    const { browser, guest } = await keptGuest(app)
    app.clock.forward(day)
    expect(await outcome(app.guests.guestOf(await of(app, cookie(browser.token))))).toBe(guest.sub)
    await seenNow(app, guest.sub)
  })
})

describe('guestOf() of a change that a page of another origin sends', () => {
  const foreign = { Origin: 'https://blog.example', 'Sec-Fetch-Site': 'same-site' }
  const own = { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }

  test('rejects for a Request, for Headers and for a request of Node’s', async () => {
    const app = await startApp()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const all = (headers: Headers_) => [
      new Request(`${app.origin}/cart`, { method: 'POST', headers }),
      new Headers(headers),
      nodeRequest(app, headers, { method: 'POST' }),
    ]
    for (const source of all({ ...cookie(browser.token), ...foreign }))
      expect(await outcome(app.guests.guestOf(await source))).toBe('cross_site_request')
    for (const source of all({ ...cookie(browser.token), ...own }))
      expect(await outcome(app.guests.guestOf(await source))).toBe(sub)
  })

  test('does not reject for a page that somebody reaches by a link', async () => {
    const app = await startApp()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const link = { ...cookie(browser.token), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    for (const [, of] of sources) expect(await outcome(app.guests.guestOf(await of(app, link)))).toBe(sub)
  })
})

describe('guestOf() of a token that is bound to a key', () => {
  test('wants the proof of a whole request, and takes it more than once for that request', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const first = await key.prove(app, 'POST', '/guest/token')
    const { access_token: token } = await granted(anonymously(app, { client_id: 'bound' }, { DPoP: first }))
    const { sub } = claimsOf(token)
    const prove = () => key.prove(app, 'POST', '/orders', { token })
    const headersWith = async () => ({ Authorization: `DPoP ${token}`, DPoP: await prove() })
    const headers = await headersWith()
    const request = new Request(`${app.origin}/orders?a=b`, { method: 'POST', headers })
    expect(await outcome(app.guests.guestOf(request))).toBe(sub)
    expect(await outcome(app.guests.guestOf(request))).toBe(sub)
    const again = new Request(`${app.origin}/orders`, { method: 'POST', headers })
    expect(await outcome(app.guests.guestOf(again)), 'a replay').toBe('invalid_dpop_proof')
    const elsewhere = new Request(`${app.origin}/other`, { method: 'POST', headers: await headersWith() })
    expect(await outcome(app.guests.guestOf(elsewhere))).toBe('invalid_dpop_proof')
    const node = await nodeRequest(app, await headersWith(), { method: 'POST', path: '/orders' })
    expect(await outcome(app.guests.guestOf(node))).toBe(sub)
    expect(await outcome(app.guests.guestOf(new Headers(await headersWith())))).toBe('invalid_dpop_proof')
    expect(await outcome(app.guests.guestOf(token)), 'without its proof').toBe('session_invalid')
  })
})

describe('guestOf() of a token', () => {
  test('is the guest of a session token or of an access token of ours', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    const { access_token } = await granted(bySession(app, browser.cookie))
    for (const token of [browser.token!, access_token])
      expect(await outcome(app.guests.guestOf(token))).toBe(sub)
    const { guest, tokens } = await keptClient(app)
    expect(await outcome(app.guests.guestOf(tokens.access_token))).toBe(guest.sub)
  })

  test('rejects if it is not ours, has ended, or is valid elsewhere', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    await browser.signIn()
    const { token } = browser
    await browser.post('/guest/sign-out', { force: true })
    const { access_token } = await granted(anonymously(app, { client_id: 'front' }))
    for (const dead of ['', 'x', 'gks_', `Bearer ${token}`, token!, 'eyJ.eyJ.x'])
      expect(await outcome(app.guests.guestOf(dead)), dead).toBe('session_invalid')
    expect(await outcome(app.guests.guestOf(access_token))).toBe('insufficient_scope')
  })

  test('counts as use of a session that is stored, and cannot extend one that is not', async () => {
    const app = await startApp()
    const { browser, guest } = await keptGuest(app)
    const sealed = app.browser()
    const { expires_at } = await sealed.signIn()
    app.clock.forward(day)
    await app.guests.guestOf(browser.token!)
    await seenNow(app, guest.sub)
    expect((await app.guests.guestOf(sealed.token!))!.expires_at).toBe(expires_at)
  })
})

test('guestOf() throws a TypeError that says what it takes', async () => {
  const { guests } = await startApp()
  for (const source of [undefined, null, 7, {}, { headers: undefined }])
    await expect(guests.guestOf(source as never)).rejects.toThrow(
      /^Give a request of Node, Express or the Fetch API, or its Headers, not /,
    )
})

describe('guestOf() in a host', () => {
  async function hosted(guests: GuestKey, use: (app: ReturnType<typeof express>) => void = () => {}) {
    const host = express()
    use(host)
    host.get('/who', async (req, res) => {
      const found = await guests.guestOf(req)
      res.json({ found, guest: (req as { guest?: unknown }).guest })
    })
    return host
  }

  test('notes the use, without the router or loadGuest before it', async () => {
    const app = await startApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const host = await hosted(app.guests)
    app.clock.forward(day)
    const { body, headers } = await supertest(host).get('/who').set('Cookie', browser.cookie!)
    expect(body.found).toMatchObject({ sub: guest.sub, expires_at: unixSeconds(app) + 90 * day })
    expect(body.guest).toEqual(body.found)
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^guestkey-seen=/)])
  })

  test('sets no cookie on a response that a shared cache may store', async () => {
    const app = await startApp()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(day)
    const host = await hosted(app.guests, (one) => {
      one.use((_req, res, next) => void next(res.set('Cache-Control', 'public, max-age=60') && undefined))
    })
    const { headers } = await supertest(host).get('/who').set('Cookie', browser.cookie!)
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('knows whom a sign-in or a sign-out in the same request has left', async () => {
    const app = await startApp({}, (host, guests) => {
      host.post('/all', async (req, res) => {
        const { guest } = await guests.signInAnonymously(req, res)
        const signedIn = await guests.guestOf(req)
        await guests.signOut(req, res, { force: true })
        res.json({ guest, signedIn, signedOut: await guests.guestOf(req) })
      })
    })
    const { body } = await app.browser().post('/all')
    expect(body.signedIn).toEqual(body.guest)
    expect(body.signedOut).toBeNull()
  })
})

describe('a WebSocket, for as long as it is open,', () => {
  const handshake = (token: string | undefined) => ({ ...upgrade, ...cookie(token) })
  test.each<[string, (app: TestApp, token: string | undefined) => Promise<IncomingMessage> | Request]>([
    ["a request of Node's", (app, token) => nodeRequest(app, handshake(token))],
    ['a Request', (app, token) => new Request(app.origin, { headers: handshake(token) })],
  ])('is asked for its guest anew each time, as %s: a session that has ended is refused', async (_, of) => {
    const app = await startApp()
    const { browser, guest } = await keptGuest(app)
    const req = await of(app, browser.token)
    expect(await outcome(app.guests.guestOf(req))).toBe(guest.sub)
    app.clock.forward(day)
    expect(await outcome(app.guests.guestOf(req))).toBe(guest.sub)
    await seenNow(app, guest.sub)
    const ended: string[] = []
    app.guests.on('session.ended', ({ session_id }) => void ended.push(session_id))
    const { session_id } = (await app.guests.guestOf(req))!
    await browser.post('/guest/sign-out')
    expect(ended).toEqual([session_id])
    expect(await outcome(app.guests.guestOf(req))).toBe('session_invalid')
    expect(await outcome(app.guests.accessToken(req) as never)).toBe('session_invalid')
  })
})

describe('a request that stays open, such as a stream or a long poll,', () => {
  test('is asked for its guest anew after a minute', async () => {
    const app = await startApp()
    const { browser, guest } = await keptGuest(app)
    const req = await nodeRequest(app, cookie(browser.token))
    expect(await outcome(app.guests.guestOf(req))).toBe(guest.sub)
    await browser.post('/guest/sign-out')
    app.clock.forward(59)
    expect(await outcome(app.guests.guestOf(req))).toBe(guest.sub)
    app.clock.forward(1)
    expect(await outcome(app.guests.guestOf(req))).toBe('session_invalid')
  })

  test('keeps the guest whom it signed in itself', async () => {
    const app = await startApp()
    const request = new Request(app.origin, { method: 'POST' })
    const { guest } = await app.guests.signInAnonymously(request)
    app.clock.forward(day)
    expect(await outcome(app.guests.guestOf(request))).toBe(guest.sub)
    await app.guests.signOut(request, { force: true })
    app.clock.forward(day)
    expect(await app.guests.guestOf(request)).toBeNull()
  })
})

describe('a Request of the Fetch API', () => {
  const post = (app: TestApp, headers: Headers_ = {}) =>
    new Request(`${app.origin}/join`, { method: 'POST', headers: { Origin: app.origin, ...headers } })
  const cookieIn = (headers: Headers) => /^guestkey=([^;]*)/.exec(headers.getSetCookie()[0]!)![1]!

  test('signs a visitor in by signInAnonymously: the headers have the cookie', async () => {
    const app = await startApp()
    const request = post(app)
    const { token, guest, headers } = await app.guests.signInAnonymously(request)
    expect(headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey=gks_.*; Path=\/; .*HttpOnly/)])
    expect(cookieIn(headers)).toBe(token)
    expect(await app.guests.guestOf(request)).toEqual(guest)
    const answer = Response.json(guest, { headers })
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    const again = await app.guests.signInAnonymously(post(app, cookie(token)))
    expect(again.guest).toEqual(guest)
    expect([...again.headers]).toEqual([])
  })

  test('gets the cookie of the first call again with the second one', async () => {
    const app = await startApp({ collections: ['users', 'customers'] })
    const request = post(app)
    const first = await app.guests.signInAnonymously(request)
    const second = await app.guests.signInAnonymously(request)
    expect(second.guest).toEqual(first.guest)
    expect(second.headers.getSetCookie()).toEqual(first.headers.getSetCookie())
    const out = await app.guests.signOut(request, { force: true })
    expect(out).toEqual({ headers: expect.any(Headers) })
    expect(out.headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey=; .*Max-Age=0/)])
    const other = await app.guests.signInAnonymously(request, { collection: 'customers' })
    expect(other.guest.collection).toBe('customers')
    expect(other.headers.getSetCookie()).toEqual([expect.stringMatching(/^guestkey=gks_/)])
    expect(await outcome(app.guests.guestOf(first.token))).toBe('session_invalid')
  })

  test('signs a guest in by signInAs, and ends the session that was there', async () => {
    const app = await startApp()
    const { guest } = await keptGuest(app)
    const visitor = app.browser()
    const left = await visitor.signIn()
    const signedIn = await app.guests.signInAs(post(app, cookie(visitor.token)), guest.sub)
    const { token, previous, headers } = signedIn
    expect([signedIn.guest.sub, previous?.anonymous_id]).toEqual([guest.sub, left.sub])
    expect(cookieIn(headers)).toBe(token)
    expect(await guestRow(app, guest.sub)).toMatchObject({ stage: 'active' })
  })

  test('gets access tokens, also by its Headers', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const { sub } = await browser.signIn()
    for (const source of [post(app, cookie(browser.token)), new Headers(cookie(browser.token))]) {
      const { access_token } = await app.guests.accessToken(source)
      expect(claimsOf(access_token).sub).toBe(sub)
    }
    const nobody = app.guests.accessToken(new Headers())
    await expect(nobody).rejects.toMatchObject({ code: 'not_signed_in' })
  })

  test('of a page of another origin signs nobody in or out', async () => {
    const app = await startApp()
    const foreign = { Origin: 'https://evil.example' }
    for (const asked of [
      app.guests.signInAnonymously(post(app, foreign)),
      app.guests.signOut(post(app, foreign), { force: true }),
    ])
      await expect(asked).rejects.toMatchObject({ code: 'cross_site_request' })
  })
})
