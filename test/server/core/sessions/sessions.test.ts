// Sessions by cookie and bearer token: what is accepted, how long they live, how they are listed and ended.

import { randomBytes } from 'node:crypto'
import express from 'express'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import {
  canComeBack,
  daysSeenNow,
  listSessions,
  longestAbsolute,
  longestIdle,
  type Session,
  sessionRef,
  storedSession,
} from '../../../../server/core/sessions/sessions.ts'
import type { SessionWithGuest } from '../../../../server/store/store.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import {
  askToRegister,
  askToSignIn,
  authenticate,
  copyOf,
  flipBit,
  keptGuest,
} from '../../../support/ceremonies.ts'
import { sendRaw } from '../../../support/raw-http.ts'
import { cookiesSet, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import { anotherNode, startTokenApp } from '../../../support/tokens.ts'

const day = 24 * 60 * 60
const unixSeconds = (app: TestApp) => Math.floor(app.clock.now() / 1000)
const userinfo = (browser: Browser) => browser.get('/guest/userinfo')

/** When the browser's session ends unless it is used. */
const endOf = async (browser: Browser): Promise<number> => {
  const { sessions } = (await browser.get('/guest/sessions')).body
  return sessions.find(({ current }: { current: boolean }) => current).expires_at
}

/** Moves the clock on to the next midnight (UTC). */
const toMidnight = ({ clock }: TestApp) => clock.forward(day - (Math.floor(clock.now() / 1000) % day))

/** A request with just these headers, as something other than a browser sends it. */
const ask = (app: TestApp, headers: Record<string, string>, path = '/guest/userinfo') =>
  supertest(app.server).get(path).set(headers)

async function sealedGuest(app: TestApp) {
  const browser = app.browser()
  return { browser, guest: await browser.signIn() }
}

/** Both kinds of session, each with its guest. */
const kinds = { sealed: sealedGuest, stored: (app: TestApp) => keptGuest(app) }
const eachKind = Object.entries(kinds)

describe('the cookie', () => {
  test.each([
    ['https://app.example', '__Host-guestkey', ['HttpOnly', 'SameSite=Lax', 'Secure']],
    ['http://localhost:3000', 'guestkey', ['HttpOnly', 'SameSite=Lax']],
  ])('at %s has the name %s', async (origin, name, attributes) => {
    const app = await startApp({ origin })
    const [guest, device] = [app.browser(), app.device()]
    const given = {
      signIn: await guest.post('/guest/sign-in'),
      register: await guest.addPasskey(device),
      authenticate: await guest.signInWithPasskey(device),
    }
    for (const [door, response] of Object.entries(given)) {
      const [cookie, ...more] = cookiesSet(response)
      expect(more, door).toEqual([])
      const [pair, ...rest] = cookie!.split('; ')
      expect(pair).toMatch(new RegExp(`^${name}=gk[st]_[\\w.-]+$`))
      expect(rest.toSorted(), door).toEqual([...attributes, `Max-Age=${365 * day}`, 'Path=/'].toSorted())
      expect(Buffer.byteLength(cookie!), door).toBeLessThan(512)
    }
    const [removal] = cookiesSet(await guest.post('/guest/sign-out'))
    expect(removal!.split('; ').toSorted()).toEqual(
      [...attributes, 'Max-Age=0', 'Path=/', `${name}=`].toSorted(),
    )
  })

  test.each([
    [['https://app.example', 'http://localhost:3000']],
    [['http://localhost:3000', 'https://app.localhost']],
    [['https://app.example', 'https://shop.app.example']],
  ])(
    'at the origins %j has the prefix __Host- and is Secure, whatever Host a request names',
    async (origin) => {
      const app = await startApp({ origin, rpId: new URL(origin[0]!).hostname })
      for (const Host of ['app.example', 'localhost:3000', 'localhost', 'evil.example']) {
        for (const Origin of origin) {
          const json = { Host, Origin, 'Content-Type': 'application/json' }
          const given = await supertest(app.server).post('/guest/sign-in').set(json).send('{}')
          const [cookie, ...more] = cookiesSet(given)
          expect(more).toEqual([])
          expect(cookie).toMatch(/^__Host-guestkey=gks_.*; Path=\/; .*; Secure$/)
          const [, token] = /=([^;]+)/.exec(cookie!)!
          const plain = { Host, Cookie: `guestkey=${token}` }
          await expectRefusal(app, () => ask(app, plain), 401, 'not_signed_in')
          expect((await ask(app, { Host, Cookie: `__Host-guestkey=${token}` })).status).toBe(200)
        }
      }
    },
  )

  test('at several hosts of http://localhost has no prefix and is not Secure', async () => {
    const app = await startApp({ origin: ['http://localhost:3000', 'http://app.localhost:3000'] })
    const [cookie] = cookiesSet(await app.browser().post('/guest/sign-in'))
    expect(cookie).toMatch(/^guestkey=/)
    expect(cookie).not.toContain('Secure')
  })

  test('is not read if its name differs, even in case only', async () => {
    const app = await startApp({ origin: 'https://app.example' })
    const { token } = (await sealedGuest(app)).browser
    for (const name of [
      'guestkey',
      '__host-guestkey',
      '__HOST-GUESTKEY',
      '__Host-Guestkey',
      '__Secure-guestkey',
    ]) {
      const refused = await expectRefusal(
        app,
        () => ask(app, { Cookie: `${name}=${token}` }),
        401,
        'not_signed_in',
      )
      expect(cookiesSet(refused)).toEqual([])
    }
    expect((await ask(app, { cookie: `__Host-guestkey=${token}` })).status).toBe(200)
  })

  test('is refused if it is sent twice, even if only one of the two is valid', async () => {
    const app = await startApp()
    const { token } = (await sealedGuest(app)).browser
    for (const [first, second] of [
      [token, token],
      ['rubbish', token],
      [token, ''],
    ]) {
      const Cookie = `guestkey=${first}; guestkey=${second}`
      await expectRefusal(app, () => ask(app, { Cookie }), 400, 'credentials_ambiguous')
      const lines = [`Cookie: guestkey=${first}`, `Cookie: guestkey=${second}`]
      expect((await sendRaw(app.server, { path: '/guest/userinfo', lines })).status).toBe(400)
    }
  })

  test.each([' ', '\t', ' \t '])('is read with the blanks %j around it', async (blank) => {
    const app = await startApp({ origin: 'https://app.example' })
    const { browser, guest } = await sealedGuest(app)
    const lines = [`Cookie: theirs=1;${blank}__Host-guestkey=${browser.token}${blank};${blank}more=1`]
    const { status, text } = await sendRaw(app.server, { path: '/guest/userinfo', lines })
    expect(status).toBe(200)
    expect(text).toContain(guest.sub)
  })

  // A subdomain may set such a name for its siblings, because the browser does not see our prefix in it.
  test.each(['\u00a0', '\u00a0\u00a0', ' \u00a0', '\u00a0\t', '\u0085'])(
    'is not read if its name begins with the bytes %j',
    async (bytes) => {
      const app = await startApp({ origin: 'https://app.example' })
      const { browser, guest } = await sealedGuest(app)
      const { browser: attacker } = await sealedGuest(app)
      const send = (...cookies: string[]) =>
        sendRaw(app.server, { path: '/guest/userinfo', lines: [`Cookie: ${cookies.join('; ')}`] })
      const forged = `${bytes}__Host-guestkey=${attacker.token}`
      const own = `__Host-guestkey=${browser.token}`
      expect((await send(forged)).text).toContain('"code":"not_signed_in"')
      for (const cookies of [
        [forged, own],
        [own, forged],
      ]) {
        const { status, text } = await send(...cookies)
        expect(status).toBe(200)
        expect(text).toContain(guest.sub)
      }
      expect((await send(`${own}${bytes.trimEnd()}\u00a0`)).text).toContain('"code":"session_invalid"')
    },
  )

  test.each([
    ['empty', ''],
    ['quoted', '"gks_x.y"'],
    ['of 8 KB', 'a'.repeat(8192)],
    ['of 8 KB that looks like a sealed session', `gks_${'a'.repeat(4000)}.${'b'.repeat(4100)}`],
    ['of 8 KB that looks like a stored session', `gkt_${'a'.repeat(4000)}.${'b'.repeat(4100)}`],
    ['full of dots', `gks_${'.'.repeat(8000)}`],
    ['percent-encoded', 'gks_%00%0d%0a'],
    ['not of ASCII', 'gks_\u00e9\u00ff'],
    ['a name of JavaScript', '__proto__'],
  ])('is an invalid session, never an absent one, if its value is %s', async (_name, value) => {
    const app = await startApp()
    const browser = () => {
      const visitor = app.browser()
      visitor.cookies.set('guestkey', value)
      return visitor
    }
    await expectRefusal(app, () => userinfo(browser()), 401, 'session_invalid')
    await expectRefusal(app, () => browser().post('/guest/sign-in'), 401, 'session_invalid')
    await expectRefusal(app, () => browser().post('/guest/passkeys/register/options'), 401, 'session_invalid')
  })

  test.each(['\u0000', '\u0001', '\u0008', '\u000b', '\u001b', '\u007f', '\n', '\r'])(
    'signs nobody in if it holds the control character %j',
    async (character) => {
      const app = await startApp()
      const { token } = (await sealedGuest(app)).browser
      const before = await tables(app.store)
      for (const value of [`${character}${token}`, `${token}${character}`, `gks_${character}`]) {
        const lines = [`Cookie: guestkey=${value}; more=1`]
        const { status, text } = await sendRaw(app.server, { path: '/guest/userinfo', lines })
        expect(status).toBeGreaterThanOrEqual(400)
        expect(status).toBeLessThan(500)
        expect(text).not.toMatch(/set-cookie: guestkey=gk/i)
      }
      expect(await tables(app.store)).toEqual(before)
    },
  )

  test('is read beside 8 KB of other cookies', async () => {
    const app = await startApp()
    const { browser, guest } = await sealedGuest(app)
    browser.cookies.set('theirs', 'x'.repeat(8192))
    browser.cookies.set('xguestkey', 'x')
    expect((await userinfo(browser)).body.sub).toBe(guest.sub)
  })
})

describe('a bearer token', () => {
  test.each(eachKind)('of a %s session opens what the cookie opens', async (_kind, makeGuest) => {
    const app = await startApp()
    const { browser, guest } = await makeGuest(app)
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect((await ask(app, { Authorization: `${scheme} ${browser.token}` })).body.sub).toBe(guest.sub)
    }
    expect(
      (await ask(app, { Authorization: `Bearer ${browser.token}`, Cookie: browser.cookie! })).status,
    ).toBe(200)
  })

  test('is refused if it is sent twice, or beside another scheme', async () => {
    const app = await startApp()
    const { token } = (await sealedGuest(app)).browser
    for (const lines of [
      [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
      [`Authorization: Bearer ${token}`, 'authorization: Basic eDp5'],
      ['Authorization: Basic eDp5', `AUTHORIZATION: Bearer ${token}`],
    ]) {
      for (const [method, path] of [
        ['GET', '/guest/userinfo'],
        ['POST', '/guest/sign-in'],
      ] as const) {
        const posted = method === 'POST' ? ['Content-Type: application/json', 'Content-Length: 0'] : []
        const { status, text } = await sendRaw(app.server, { method, path, lines: [...posted, ...lines] })
        expect(status, text).toBe(400)
        expect(text).toContain('"code":"ambiguous_credentials"')
        expect(text).not.toMatch(/set-cookie: guestkey=gk/i)
      }
    }
  })

  test('is not read under another scheme', async () => {
    const app = await startApp()
    const { browser, guest } = await sealedGuest(app)
    for (const Authorization of [`Basic ${browser.token}`, `Digest ${browser.token}`, browser.token!]) {
      await expectRefusal(app, () => ask(app, { Authorization }), 401, 'not_signed_in')
      expect((await ask(app, { Authorization, Cookie: browser.cookie! })).body.sub).toBe(guest.sub)
    }
  })

  test.each<[string, (app: TestApp) => Promise<string>]>([
    ['empty', async () => ''],
    ['random', async () => randomBytes(32).toString('base64url')],
    ['a JWT', async () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'],
    ['sealed by nobody', async (app) => (await sealedToken(app)).replace(/\.[^.]+$/, '.')],
    ['sealed with another secret', async () => sealedToken(await startApp())],
    ['sealed for another guest', async (app) => withPayload(await sealedToken(app), { a: 'A'.repeat(22) })],
    ['sealed with a longer life', async (app) => withPayload(await sealedToken(app), { i: 9e9, s: 9e9 })],
    ['sealed with a changed bit', async (app) => changed(await sealedToken(app))],
    ['sealed with something after it', async (app) => `${await sealedToken(app)}.x`],
    ['stored on another server', async () => storedToken(await startApp())],
    ['stored with a changed bit', async (app) => changed(await storedToken(app))],
    ['stored with something after it', async (app) => `${await storedToken(app)}.x`],
    ['stored without a secret', async (app) => (await storedToken(app)).replace(/\.[^.]+$/, '.')],
    ['two tokens', async (app) => `${await sealedToken(app)} ${await sealedToken(app)}`],
    [
      "one guest's id with another's secret",
      async (app) => {
        const [mine, theirs] = [await storedToken(app), await storedToken(app)]
        return `${theirs.split('.')[0]}.${mine.split('.')[1]}`
      },
    ],
    [
      'the id of a session',
      async (app) => {
        const { browser, guest } = await keptGuest(app)
        const [session] = (await browser.get('/guest/sessions')).body.sessions
        return `gkt_${guest.sub}.${session.id}`
      },
    ],
  ])('that is %s is refused, as bearer token and as cookie', async (_name, forge) => {
    const app = await startApp()
    const forged = await forge(app)
    for (const headers of [{ Authorization: `Bearer ${forged}` }, { Cookie: `guestkey=${forged}` }]) {
      const refused = await expectRefusal(app, () => ask(app, headers), 401, 'session_invalid')
      expect(refused.headers['www-authenticate']).toBe('Bearer error="invalid_token"')
    }
  })

  const sealedToken = async (app: TestApp) => (await sealedGuest(app)).browser.token!
  const storedToken = async (app: TestApp) => (await keptGuest(app)).browser.token!

  /** The token with other claims under the old seal. */
  function withPayload(token: string, claims: object): string {
    const [payload, seal] = token.slice(4).split('.')
    const read = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    return `gks_${Buffer.from(JSON.stringify({ ...read, ...claims })).toString('base64url')}.${seal}`
  }
  const changed = (token: string) => {
    const [head, secret] = token.split('.')
    return `${head}.${flipBit(secret!, 5)}`
  }
})

describe.each<[string, (mine: string, other: string) => Record<string, string>]>([
  [
    'a cookie and a bearer of two guests',
    (a, b) => ({ Cookie: `guestkey=${a}`, Authorization: `Bearer ${b}` }),
  ],
  ['a cookie and a dead bearer', (a) => ({ Cookie: `guestkey=${a}`, Authorization: 'Bearer gks_no.longer' })],
  ['two cookies', (a, b) => ({ Cookie: `guestkey=${a}; guestkey=${b}` })],
])('%s in one request', (_name, headersOf) => {
  test.each([
    'userinfo',
    'sessions',
    'sign-in',
    'sign-out',
    'passkeys/register/options',
    'passkeys/register',
    'passkeys/authenticate/options',
    'passkeys/authenticate',
  ])('are refused at %s, and neither guest loses a session', async (door) => {
    const app = await startApp()
    const [mine, other] = [await sealedGuest(app), await keptGuest(app)]
    const bodies: Record<string, () => Promise<object>> = {
      'sign-out': async () => ({ force: true }),
      'passkeys/register': async () => app.device().create(await askToRegister(mine.browser)),
      'passkeys/authenticate': async () => other.device.get(await askToSignIn(app.browser())),
    }
    const headers = headersOf(mine.browser.token!, other.browser.token!)
    const body = await bodies[door]?.()
    const send = async () =>
      door === 'userinfo' || door === 'sessions'
        ? ask(app, headers, `/guest/${door}`)
        : supertest(app.server)
            .post(`/guest/${door}`)
            .set({ ...headers, Origin: app.origin })
            .send(body ?? {})
    const refused = await expectRefusal(app, send, 400, 'credentials_ambiguous')
    // The one cookie beside a bearer token may be good. To clear it would cost a guest who is not kept everything.
    if (headers.Authorization) expect(cookiesSet(refused)).toEqual([])
    expect((await userinfo(mine.browser)).body.sub).toBe(mine.guest.sub)
    expect((await userinfo(other.browser)).body.sub).toBe(other.guest.sub)
  })
})

describe('a browser with two cookies of our name', () => {
  type Kept = { name: string; value: string; path: string }

  /** The jar after the answer: without the cookies that it removes, and with those that it sets. */
  function store(jar: Kept[], response: supertest.Response): Kept[] {
    let kept = response.headers['clear-site-data'] === '"cookies"' ? [] : jar
    for (const line of cookiesSet(response)) {
      const [, name, value, path] = /^([^=]+)=([^;]*); Path=([^;]+)/.exec(line)!
      kept = kept.filter((one) => one.name !== name || one.path !== path)
      if (!line.includes('Max-Age=0')) kept.push({ name: name!, value: value!, path: path! })
    }
    return kept
  }

  /** A browser in which another app, or an attacker, planted a second cookie: a session of its own guest. */
  async function startPlanted(origin: string | undefined, path: string) {
    const app = await startApp(origin ? { origin } : {}, (host) => {
      host.get('/pages/one', (req, res) => void res.json({ guest: req.guest }))
    })
    const [{ browser }, { browser: attacker, guest: planted }] = [
      await sealedGuest(app),
      await sealedGuest(app),
    ]
    const [[name, value]] = [...browser.cookies] as [[string, string]]
    let jar: Kept[] = [
      { name, value: attacker.token!, path },
      { name, value, path: '/' },
    ]
    const send = async (method: 'get' | 'post', url: string, headers: Record<string, string> = {}) => {
      const sent = jar.filter((one) => url.startsWith(one.path)).map((one) => `${one.name}=${one.value}`)
      const response = await supertest(app.server)
        [method](url)
        .set({ ...headers, Origin: app.origin, ...(sent.length > 0 && { Cookie: sent.join('; ') }) })
        .send(method === 'post' ? {} : undefined)
      jar = store(jar, response)
      return response
    }
    return { send, planted, jar: () => jar }
  }

  const navigation = { 'Sec-Fetch-Mode': 'navigate' }
  test.each([
    ['on http://localhost', undefined, '/guest'],
    ['on http://localhost, at the same path', undefined, '/guest/sign-in'],
    ['on https', 'https://app.example', '/'],
  ])(
    '%s has none left after it tries to sign in, and becomes neither guest',
    async (_where, origin, path) => {
      const { send, planted, jar } = await startPlanted(origin, path)
      const refused = await send('post', '/guest/sign-in')
      expect(`${refused.status} ${refused.body.code}`).toBe('400 ambiguous_credentials')
      expect(jar()).toEqual([])
      const { status, body } = await send('post', '/guest/sign-in')
      expect(status).toBe(200)
      expect(body.sub).not.toBe(planted.sub)
      expect((await send('get', '/guest/userinfo')).body.sub).toBe(body.sub)
    },
  )

  test.each([
    ['on http://localhost', undefined, '/pages'],
    ['on http://localhost, at a path that ends in a slash', undefined, '/pages/'],
    ['on https', 'https://app.example', '/'],
  ])('%s is redirected to the page that it opens, and sees it as nobody', async (_where, origin, path) => {
    const { send, jar } = await startPlanted(origin, path)
    const { status, headers } = await send('get', '/pages/one', navigation)
    expect([status, headers.location]).toEqual([303, '/pages/one'])
    expect(jar()).toEqual([])
    expect((await send('get', '/pages/one', navigation)).body).toEqual({ guest: null })
  })

  test.each(['passkeys/authenticate/options', 'passkeys/register/options', 'sign-out'])(
    'has none left after it asks at %s',
    async (door) => {
      const { send, jar } = await startPlanted(undefined, '/guest')
      expect((await send('post', `/guest/${door}`)).body.code).toBe('ambiguous_credentials')
      expect(jar()).toEqual([])
    },
  )

  test.each(['join', 'enter'])("has none left after it asks at the host's own route %s", async (route) => {
    const { guests } = await startApp()
    const bare = express()
    bare.post('/join', async (req, res) => void res.json(await guests.signInAnonymously(req, res)))
    bare.post('/enter', async (req, res) => void res.json(await guests.signInAs(req, res, 'A'.repeat(22))))
    const refused = await supertest(bare).post(`/${route}`).set('Cookie', 'guestkey=a; guestkey=b')
    expect(refused.status).toBe(400)
    expect(cookiesSet(refused)).toEqual([
      expect.stringMatching(/^guestkey=; Path=\/; Max-Age=0;/),
      expect.stringMatching(new RegExp(`^guestkey=; Path=/${route}; Max-Age=0;`)),
    ])
  })

  test('keeps both after a mere GET, whose answer could arrive after that of a sign-in', async () => {
    const { send, jar } = await startPlanted(undefined, '/guest')
    expect((await send('get', '/guest/userinfo')).status).toBe(400)
    expect(jar()).toHaveLength(2)
  })
})

test('a token in the query string signs nobody in', async () => {
  const app = await startApp()
  const { browser } = await sealedGuest(app)
  for (const name of ['access_token', 'token', 'guestkey', 'session']) {
    const query = `?${name}=${browser.token}`
    await expectRefusal(app, () => ask(app, {}, `/guest/userinfo${query}`), 401, 'not_signed_in')
    await expectRefusal(app, () => app.browser().delete(`/guest/passkeys/x${query}`), 400, 'invalid_request')
  }
})

describe('a session that an attacker chose', () => {
  test('is never adopted: a token from elsewhere is refused, and a passkey brings a new one', async () => {
    const app = await startApp()
    const { device, guest } = await keptGuest(app)
    const chosen = `gkt_${guest.sub}.${'A'.repeat(43)}`
    const victim = app.browser()
    victim.cookies.set('guestkey', chosen)
    await expectRefusal(app, () => userinfo(copyOf(app, victim)), 401, 'session_invalid')
    expect((await victim.signInWithPasskey(device)).body.sub).toBe(guest.sub)
    expect(victim.token).not.toBe(chosen)
    await expectRefusal(app, () => ask(app, { Cookie: `guestkey=${chosen}` }), 401, 'session_invalid')
  })

  test.each(eachKind)(
    "is not the victim's: a planted %s session ends when the victim signs in",
    async (kind, makeGuest) => {
      const app = await startApp()
      const { browser: attacker } = await makeGuest(app)
      const { device, guest } = await keptGuest(app)
      const victim = copyOf(app, attacker)
      expect((await victim.signInWithPasskey(device)).body.sub).toBe(guest.sub)
      expect(victim.token).not.toBe(attacker.token)
      // A planted guest who could not come back is merged into the victim, and gains nothing by it.
      const code = kind === 'sealed' ? 'guest_merged' : 'session_invalid'
      await expectRefusal(app, () => userinfo(attacker), 401, code)
    },
  )

  test('does not become a kept one, because the first passkey brings a new token', async () => {
    const app = await startApp()
    const { browser: victim, guest } = await sealedGuest(app)
    const attacker = copyOf(app, victim)
    expect((await victim.addPasskey(app.device())).status).toBe(201)
    expect(victim.token).toMatch(/^gkt_/)
    await expectRefusal(app, () => userinfo(attacker), 401, 'session_invalid')
    await expectRefusal(app, () => attacker.post('/guest/sign-in'), 401, 'session_invalid')
    expect((await userinfo(victim)).body.sub).toBe(guest.sub)
  })
})

test('every passkey proof brings a new token, and the old one stops working', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  for (const stepUp of [false, true]) {
    const old = copyOf(app, browser)
    expect((await browser.signInWithPasskey(device, { stepUp })).body.sub).toBe(guest.sub)
    expect(browser.token).not.toBe(old.token)
    await expectRefusal(app, () => userinfo(old), 401, 'session_invalid')
  }
  expect((await app.rows()).sessions).toBe(1)
})

test('a proof that fails leaves the session as it was', async () => {
  const app = await startApp()
  const { browser, device, guest } = await keptGuest(app)
  const { token } = browser
  await expectRefusal(
    app,
    () => authenticate(browser, device, { badSignature: 'wrong' }),
    401,
    'authentication_failed',
  )
  expect(browser.token).toBe(token)
  expect((await userinfo(browser)).body.sub).toBe(guest.sub)
})

describe('lifetimes', () => {
  const limits = { sessions: { idleSeconds: 1000, absoluteSeconds: 3000 } }

  test.each(eachKind)(
    'end a %s session that was not used for sessions.idleSeconds',
    async (_kind, makeGuest) => {
      const app = await startApp(limits)
      const [used, idle] = [await makeGuest(app), await makeGuest(app)]
      expect(await endOf(used.browser)).toBe(unixSeconds(app) + 1000)
      app.clock.forward(999)
      expect((await userinfo(used.browser)).body.sub).toBe(used.guest.sub)
      await written(used.browser)
      app.clock.forward(1)
      await expectRefusal(app, () => userinfo(idle.browser), 401, 'session_invalid')
      await expectRefusal(app, () => idle.browser.post('/guest/sign-in'), 401, 'session_invalid')
      expect((await userinfo(used.browser)).body.sub).toBe(used.guest.sub)
    },
  )

  test.each(eachKind)(
    'let use extend a %s session, but not past sessions.absoluteSeconds',
    async (_kind, makeGuest) => {
      const app = await startApp(limits)
      const { browser, guest } = await makeGuest(app)
      const end = unixSeconds(app) + 3000
      for (const passed of [900, 1800, 2700]) {
        app.clock.forward(900)
        expect((await userinfo(browser)).body.sub, `after ${passed} s`).toBe(guest.sub)
        await written(browser)
        expect(await endOf(browser)).toBe(Math.min(unixSeconds(app) + 1000, end))
      }
      app.clock.forward(299)
      expect(await endOf(browser)).toBe(end)
      await written(browser)
      app.clock.forward(1)
      await expectRefusal(app, () => userinfo(browser), 401, 'session_invalid')
    },
  )

  test.each(eachKind)(
    'let use every minute keep a %s session with an idle limit of five minutes',
    async (_kind, makeGuest) => {
      const app = await startApp({ sessions: { idleSeconds: 300 } })
      const { browser, guest } = await makeGuest(app)
      for (let minute = 1; minute <= 15; minute++) {
        app.clock.forward(60)
        expect((await userinfo(browser)).body.sub, `minute ${minute}`).toBe(guest.sub)
        await written(browser)
      }
    },
  )

  test.each([
    ['ten minutes', {}, 600],
    ['quarter of a short idle limit', { sessions: { idleSeconds: 400 } }, 100],
  ])('have the use of a stored session written at most every %s', async (_, options, every) => {
    const app = await startApp(options)
    const { browser } = await keptGuest(app)
    const seen = async () => JSON.parse((await tables(app.store)).sessions![0]!).last_seen_at
    const before = await seen()
    const useAfter = async (seconds: number) => {
      app.clock.forward(seconds)
      expect((await userinfo(browser)).status).toBe(200)
      await written(browser)
      return (await seen()) - before
    }
    expect(await useAfter(every - 1)).toBe(0)
    expect(await useAfter(1)).toBe(every)
    expect(await useAfter(every - 1)).toBe(every)
    expect(await useAfter(1)).toBe(2 * every)
  })

  test('let use renew a sealed session, while earlier copies keep their own date', async () => {
    const app = await startApp()
    toMidnight(app)
    const { browser, guest } = await sealedGuest(app)
    const early = copyOf(app, browser)
    app.clock.forward(day - 1)
    expect(cookiesSet(await userinfo(browser))).toEqual([])
    app.clock.forward(1)
    const renewed = await userinfo(browser)
    expect(cookiesSet(renewed)[0]).toContain(`Max-Age=${364 * day};`)
    expect(renewed.body).toEqual({ ...guest, expires_at: unixSeconds(app) + 90 * day })
    expect(browser.token).not.toBe(early.token)
    app.clock.forward(89 * day)
    expect((await userinfo(browser)).body.sub).toBe(guest.sub)
    await expectRefusal(app, () => userinfo(early), 401, 'session_invalid')
  })

  test('let use renew a sealed session on every UTC day', async () => {
    const app = await startApp()
    toMidnight(app)
    app.clock.forward(day - 60)
    const { browser } = await sealedGuest(app)
    app.clock.forward(59)
    expect(cookiesSet(await userinfo(browser))).toEqual([])
    app.clock.forward(1)
    expect(cookiesSet(await userinfo(browser))).toHaveLength(1)
    app.clock.forward(day - 1)
    expect(cookiesSet(await userinfo(browser))).toEqual([])
  })

  test('let use renew a sealed session after a quarter of a short idle limit', async () => {
    const app = await startApp(limits)
    toMidnight(app)
    const { browser } = await sealedGuest(app)
    app.clock.forward(249)
    expect(cookiesSet(await userinfo(browser))).toEqual([])
    app.clock.forward(1)
    expect(cookiesSet(await userinfo(browser))).toHaveLength(1)
  })

  test('that later options make shorter count at once for a sealed session, and longer ones not at all', async () => {
    const app = await startTokenApp({ sessions: { idleSeconds: 400, absoluteSeconds: 1000 } })
    const { browser, guest } = await sealedGuest(app)
    const use = async (seconds: number) => {
      app.clock.forward(seconds)
      expect((await browser.post('/guest/sign-in')).status).toBe(200)
    }
    for (const seconds of [300, 300, 200]) await use(seconds)
    const at = async (absoluteSeconds: number) =>
      copyOf(await anotherNode(app, { sessions: { idleSeconds: 400, absoluteSeconds } }), browser)
    const [shorter, enough, longer] = [await at(800), await at(801), await at(5000)]
    await expectRefusal(app, () => userinfo(shorter), 401, 'session_invalid')
    expect((await userinfo(enough)).body.sub).toBe(guest.sub)
    app.clock.forward(199)
    expect(cookiesSet(await longer.post('/guest/sign-in')), 'the session is renewed').toHaveLength(1)
    app.clock.forward(1)
    await expectRefusal(app, () => userinfo(longer), 401, 'session_invalid')
  })

  test('are extended for a sealed session without a write', async () => {
    const app = await startApp()
    const { browser } = await sealedGuest(app)
    const before = await tables(app.store)
    for (let week = 0; week < 10; week++) {
      app.clock.forward(7 * day)
      expect((await browser.post('/guest/sign-in')).status).toBe(200)
    }
    expect(await tables(app.store)).toEqual(before)
  })

  test('begin anew with the session of a first passkey', async () => {
    const app = await startApp(limits)
    const { browser } = await sealedGuest(app)
    app.clock.forward(900)
    const { body } = await browser.addPasskey(app.device())
    expect(await endOf(browser)).toBe(unixSeconds(app) + 1000)
    expect(body.expires_at, 'the guest is remembered longer than the session lives').toBe(
      unixSeconds(app) + 730 * day,
    )
    expect(cookiesSet(await browser.post('/guest/sign-in'))).toEqual([])
  })

  /** Waits until the use of a stored session is written in the background: a later write in the same queue. */
  const written = (browser: Browser) => browser.patch('/guest/passkeys/nobodys', { name: 'x' })
})

describe('the list of sessions', () => {
  test('of a guest who is not kept names the session of this browser', async () => {
    const app = await startApp()
    const { browser, guest } = await sealedGuest(app)
    const now = unixSeconds(app)
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(sessions).toEqual([
      {
        id: expect.any(String),
        created_at: now,
        last_seen_at: now,
        expires_at: guest.expires_at,
        auth_time: null,
        current: true,
      },
    ])
    const door = `/guest/sessions/${sessions[0].id}`
    await expectRefusal(app, () => browser.delete('/guest/sessions/other'), 404, 'not_found')
    await expectRefusal(app, () => browser.delete(door), 409, 'would_lose_account')
    expect((await browser.delete('/guest/sessions')).body).toEqual({ ended: 0 })
    const copy = copyOf(app, browser)
    expect((await browser.delete(`${door}?force=true`)).status).toBe(204)
    expect(browser.token).toBeUndefined()
    await expectRefusal(app, () => userinfo(copy), 401, 'session_invalid')
  })

  test('of a kept guest names every session, the latest first, and no token', async () => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app)
    const now = unixSeconds(app)
    app.clock.forward(60)
    const laptop = app.browser()
    await laptop.signInWithPasskey(device)
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(sessions).toMatchObject([
      { created_at: now + 60, auth_time: now + 60, current: false },
      { created_at: now, auth_time: now, current: true },
    ])
    for (const secret of [browser, laptop].map(({ token }) => token!.split('.')[1]!)) {
      expect(JSON.stringify(sessions)).not.toContain(secret)
    }
  })

  test('lets the guest end one session, and no other', async () => {
    const app = await startApp()
    const { browser, device, guest } = await keptGuest(app)
    const [lost, laptop] = [app.browser(), app.browser()]
    await lost.signInWithPasskey(device)
    await laptop.signInWithPasskey(device)
    const idOf = async (of: Browser) =>
      (await of.get('/guest/sessions')).body.sessions.find(({ current }: { current: boolean }) => current).id
    const id = await idOf(lost)
    expect((await browser.delete(`/guest/sessions/${id}`)).status).toBe(204)
    expect(browser.token).toBeDefined()
    await expectRefusal(app, () => userinfo(lost), 401, 'session_invalid')
    await expectRefusal(app, () => browser.delete(`/guest/sessions/${id}`), 404, 'not_found')
    expect((await userinfo(laptop)).body.sub).toBe(guest.sub)

    const own = await browser.delete(`/guest/sessions/${await idOf(browser)}`)
    expect(own.status).toBe(204)
    expect(cookiesSet(own)).toEqual(['guestkey=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax'])
    expect((await userinfo(laptop)).body.sub).toBe(guest.sub)
  })

  test("lets the guest end all others, and no other guest's", async () => {
    const app = await startApp()
    const { browser, device } = await keptGuest(app)
    const [laptop, tablet, other] = [app.browser(), app.browser(), (await keptGuest(app)).browser]
    await laptop.signInWithPasskey(device)
    await tablet.signInWithPasskey(device)
    expect((await browser.delete('/guest/sessions')).body).toEqual({ ended: 2 })
    for (const ended of [laptop, tablet]) {
      await expectRefusal(app, () => userinfo(ended), 401, 'session_invalid')
    }
    expect((await userinfo(browser)).status).toBe(200)
    const [theirs] = (await other.get('/guest/sessions')).body.sessions
    await expectRefusal(app, () => browser.delete(`/guest/sessions/${theirs.id}`), 404, 'not_found')
    expect((await userinfo(other)).status).toBe(200)
  })

  test('holds one session after a first passkey, even if the guest had a passkey before', async () => {
    const app = await startApp()
    const { browser, device, guest, passkeyId } = await keptGuest(app)
    const laptop = app.browser()
    await laptop.signInWithPasskey(device)
    await browser.delete(`/guest/passkeys/${passkeyId}?force=true`)
    expect((await userinfo(laptop)).body).toMatchObject({ sub: guest.sub, recoverability: 'none' })
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    await expectRefusal(app, () => userinfo(laptop), 401, 'session_invalid')
    expect((await app.rows()).sessions).toBe(1)
  })
})

test.each([
  [0, 0, 0],
  [0, 86_399, 0],
  [0, 86_400, 1],
  [86_399, 86_400, 1],
  [86_400, 86_400, 0],
  [86_400, 172_799, 0],
  [86_400, 0, 0],
  [0, 8_640_000, 1],
])('a guest who was seen at %i and is seen at %i was here on %i days more', (lastSeenAt, now, more) => {
  expect(daysSeenNow({ now: () => now } as Context, { daysSeen: 3, lastSeenAt })).toBe(3 + more)
})

describe('a session in code', () => {
  const ctx = {
    now: () => 1000,
    config: {
      sessions: { idleSeconds: 50, absoluteSeconds: 300 },
      clients: [
        { refreshIdleSeconds: 20, refreshAbsoluteSeconds: 900 },
        { refreshIdleSeconds: 70, refreshAbsoluteSeconds: 100 },
      ],
    },
  } as unknown as Context

  test('lives at most as long as the longest limit of browsers and clients', () => {
    expect([longestIdle(ctx), longestAbsolute(ctx)]).toEqual([70, 900])
    const sessions = { ...ctx.config.sessions, idleSeconds: 71, absoluteSeconds: 901 }
    const longer = { ...ctx, config: { ...ctx.config, sessions } }
    expect([longestIdle(longer), longestAbsolute(longer)]).toEqual([71, 901])
  })

  test.each([
    ['none', null, false],
    ['device', null, true],
    ['passkey', null, true],
    ['none', 5, true],
  ] as const)(
    'of a guest with recoverability %s, promoted at %s: could come back without it: %s',
    (...one) => {
      const [recoverability, promotedAt, expected] = one
      expect(canComeBack({ recoverability, promotedAt })).toBe(expected)
    },
  )

  test('is named for the store by its kind, and a sealed one stays ended for as long as any copy could live', () => {
    const session = { anonymousId: 'guest', id: 'id', endsAt: 5000, carried: null }
    const refOf = (more: object) => sessionRef(ctx, { ...session, ...more } as Session)
    expect(refOf({ kind: 'sealed' })).toEqual({ kind: 'sealed', anonymousId: 'guest', endedUntil: 1070 })
    expect(refOf({ kind: 'sealed', endsAt: 1060 })).toMatchObject({ endedUntil: 1060 })
    expect(refOf({ kind: 'stored', carried: {} })).toEqual({ kind: 'carried', anonymousId: 'guest' })
    expect(refOf({ kind: 'stored' })).toEqual({ kind: 'stored', anonymousId: 'guest', id: 'id' })
  })

  test('of a client has its scopes one by one, and a browser’s has no grant', () => {
    const grantOf = (grant: object | null) => storedSession({ grant } as SessionWithGuest).grant
    const grant = { clientId: 'spa', jkt: null, refreshes: 3 }
    expect(grantOf({ ...grant, scope: 'read write' })).toEqual({
      clientId: 'spa',
      jkt: null,
      scope: ['read', 'write'],
    })
    expect(grantOf({ ...grant, scope: '' })).toMatchObject({ scope: [] })
    expect(grantOf(null)).toBe(null)
  })

  test('in the list is the one of the request with what its token knows, and others with what their rows say', async () => {
    const row = { anonymousId: 'guest', createdAt: 0, lastSeenAt: 0, expiresAt: 2000, authTime: null }
    const store = { listSessions: async () => [row, row].map((one, i) => ({ ...one, id: `id ${i}` })) }
    const session = { kind: 'stored', anonymousId: 'guest', id: 'id 1', createdAt: 100, lastSeenAt: 900 }
    const listed = await listSessions({ ...ctx, store } as unknown as Context, session as Session)
    expect(listed).toEqual([
      { id: 'id 0', created_at: 0, last_seen_at: 0, expires_at: 2000, auth_time: null, current: false },
      { id: 'id 1', created_at: 100, last_seen_at: 900, expires_at: 2000, auth_time: null, current: true },
    ])
  })
})
