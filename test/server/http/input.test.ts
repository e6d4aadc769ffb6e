// THREATS, "Input and exhaustion": an endpoint refuses hostile input with a plain error, and nothing changes.

import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { PublicKeyCredentialCreationOptionsJSON as CreationOptions } from '@simplewebauthn/server'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { type ErrorCode, errorCodes } from '../../../server/errors.ts'
import type { Endpoint } from '../../../server/http/contract/endpoint.ts'
import { endpoints as allEndpoints } from '../../../server/http/router.ts'
import { codeOfNow } from '../../../server/old-names.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { expectErrorPage } from '../../support/refusals.ts'

/** The endpoints of a deployment with default options. */
const endpoints = allEndpoints.filter(({ isEnabled: isThere }) => !isThere)

type Answer = { status: number; headers: Record<string, unknown>; text: string }

// Kept alive: if the server closes the connection on a body that it does not read, its response may be lost.
const agent = new Agent({ keepAlive: true, maxSockets: 16 })
afterAll(() => agent.destroy())

/** Sends the request of a program, with exactly this path and body. */
function ask(
  app: TestApp,
  method: string,
  path: string,
  { body, headers = {} }: { body?: string | Buffer; headers?: object } = {},
): Promise<Answer> {
  const { port } = new URL(app.origin)
  const json = body !== undefined && {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  }
  return new Promise((resolve, reject) => {
    const asked = request({ port, method, path, headers: { ...json, ...headers }, agent }, async (res) => {
      const text = Buffer.concat(await res.toArray()).toString()
      resolve({ status: res.statusCode!, headers: res.headers, text })
    })
    asked.on('error', reject).end(body)
  })
}

/** Sends exactly these bytes, and resolves with all that comes back until the server closes the connection. */
function rawly(app: TestApp, ...parts: string[]): Promise<string> {
  const socket = connect({ port: Number(new URL(app.origin).port) })
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  for (const part of parts) socket.write(part)
  return new Promise((resolve) => {
    socket.on('error', () => {}) // a server that closes on us while we still write
    socket.on('close', () => resolve(text))
  })
}

const post = (path: string, ...headers: string[]) =>
  `${[`POST ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n`

/** Expects the refusal in the form of this endpoint: a problem document, an OAuth error, or a page. */
function expectRefusal(
  answer: Answer,
  expected: number,
  code: ErrorCode,
  { oauth, page }: Pick<Endpoint, 'oauth' | 'page'> = {},
) {
  const { status, headers, text } = answer
  expect(status, text).toBe(expected)
  if (page) expectErrorPage(answer, code)
  else {
    expect(JSON.parse(text)).toMatchObject(
      oauth ? { error: 'invalid_request', code } : { status: expected, code },
    )
    expect(headers['content-type']).toBe(oauth ? 'application/json' : 'application/problem+json')
  }
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(headers['set-cookie']).toBeUndefined()
}

const bearer = (browser: Browser) => ({ Authorization: `Bearer ${browser.token}` })

/** A guest with a passkey, and the passkey's path. */
async function keptGuest(app: TestApp) {
  const browser = app.browser()
  const { body } = await browser.addPasskey(app.device())
  return { browser, passkey: `/guest/passkeys/${body.passkey.id}` }
}

describe('a body that the endpoint does not expect', () => {
  test.each([
    ['__proto__', '{"__proto__":{"collection":"users"}}'],
    ['__proto__ spelt in escapes', '{"\\u005f_proto__":{"lookup_only":true}}'],
    ['constructor', '{"constructor":{"prototype":{"lookup_only":true}}}'],
    ['prototype', '{"prototype":{}}'],
    ['toString', '{"toString":"users"}'],
    ['an unknown key', '{"lookup_onyl":true}'],
    ['an empty key', '{"":1}'],
    ['an array for a text', '{"collection":["users"]}'],
    ['an object for a text', '{"collection":{"$ne":null}}'],
    ['a number for a text', '{"collection":1}'],
    ['null for a text', '{"collection":null}'],
    ['a text for a boolean', '{"lookup_only":"true"}'],
    ['a number for a boolean', '{"lookup_only":1}'],
    ['a number larger than any double', '{"lookup_only":1e999}'],
    ['NUL', '{"collection":"users\\u0000"}'],
    ['NUL in a key', '{"collection\\u0000":"users"}'],
    ['a lone high surrogate', '{"collection":"\\ud800"}'],
    ['a lone low surrogate', '{"collection":"\\udc00users"}'],
    ['surrogates the wrong way round', '{"collection":"\\ude00\\ud83d"}'],
    ['a lone surrogate in a key', '{"\\ud800":1}'],
    ['10,000 combining marks', `{"a${'\\u0301'.repeat(10_000)}":true}`],
    ['60,000 characters for a boolean', `{"lookup_only":"${'u'.repeat(60_000)}"}`],
    ['an array', '[{"lookup_only":true}]'],
    ['a text', '"users"'],
    ['a number', '1'],
    ['null', 'null'],
    ['arrays in arrays', `{"collection":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['a depth bomb of objects', '{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000)],
    ['a depth bomb that never ends', '['.repeat(60_000)],
    ['a thousand keys', JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [i, 0])))],
    ['a thousand empty arrays', `[${'[],'.repeat(1000)}[]]`],
    ['half a document', '{"lookup_only":'],
    ['two documents', '{}{}'],
    ['a trailing comma', '{"lookup_only":true,}'],
    ['single quotes', "{'lookup_only':true}"],
    ['a comment', '{/* */}'],
    ['NaN', '{"lookup_only":NaN}'],
    ['a byte order mark', '\ufeff{}'],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
    ['a control character in a text', '{"collection":"us\u0001ers"}'],
    ['a form', 'lookup_only=true'],
    ['XML', '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'],
    ['nothing but space', '  '],
  ])('is refused with 400: %s', async (_name, body) => {
    const app = await startApp({ collections: ['users', 'members'] })
    const before = await app.rows()
    expectRefusal(await ask(app, 'POST', '/guest/sign-in', { body }), 400, 'invalid_request')
    expect(await app.rows()).toEqual(before)
    expect(Object.prototype).not.toHaveProperty('lookup_only')
  })

  test('with an identity or a role is refused at every endpoint: only the session says who asks', async () => {
    const app = await startApp()
    const { browser: victim } = await keptGuest(app)
    const { browser, passkey } = await keptGuest(app)
    const device = app.device()
    const valid: Record<string, object> = { '/passkeys/:id': { name: 'Phone' } }
    const ofBrowsers = ['/passkeys/register', '/passkeys/authenticate', '/passkeys/unknown']
    await browser.addPasskey(device)
    const { sub } = (await victim.get('/guest/userinfo')).body
    const before = [await app.rows(), (await victim.get('/guest/sessions')).body]
    const claims = {
      userId: sub,
      user_id: sub,
      sub,
      anonymous_id: sub,
      role: 'admin',
      is_anonymous: false,
      id: 0,
    }
    // OAuth ignores unknown params (RFC 6749, 3.2): see the tests of the token endpoint. So do the endpoints that take a
    // browser's response: see the next test.
    for (const door of endpoints.filter(({ method, oauth }) => method !== 'GET' && !oauth)) {
      const { method, path } = door
      // POST /userinfo reads no body. Requests of apps may have unknown params (RFC 6749, 3.1; RP-Initiated Logout 1.0, 2).
      if ([...ofBrowsers, '/userinfo', '/authorize', '/end-session'].includes(path)) continue
      for (const [claim, value] of Object.entries(claims)) {
        const body = JSON.stringify({ ...valid[path], [claim]: value })
        const url = path === '/passkeys/:id' ? passkey : `/guest${path.replace(':id', 'x')}`
        const answer = await ask(app, method, url, { body, headers: bearer(browser) })
        expectRefusal(answer, 400, 'invalid_request', door)
      }
    }
    expect([await app.rows(), (await victim.get('/guest/sessions')).body]).toEqual(before)
  })

  test('with an identity or a role beside a browser’s response is accepted, and only the proof says who asks', async () => {
    const app = await startApp()
    const { browser: victim } = await keptGuest(app)
    const { sub } = (await victim.get('/guest/userinfo')).body
    const others = { userId: sub, user_id: sub, sub, anonymous_id: sub, role: 'admin', is_anonymous: false }
    const before = [(await victim.get('/guest/sessions')).body, (await victim.get('/guest/passkeys')).body]
    const [browser, device] = [app.browser(), app.device()]
    const options = await browser.post('/guest/passkeys/register/options')
    const made = await browser.post('/guest/passkeys/register', {
      ...(await device.create(options.body)),
      ...others,
    })
    expect(made.status, made.text).toBe(201)
    expect(made.body.sub).not.toBe(sub)
    const visitor = app.browser()
    const asked = await visitor.post('/guest/passkeys/authenticate/options')
    const proof = { ...(await device.get(asked.body)), ...others }
    const there = await visitor.post('/guest/passkeys/authenticate', proof)
    expect(there.status, there.text).toBe(200)
    expect(there.body).toMatchObject({ sub: made.body.sub, isAnonymous: true })
    expect((await visitor.post('/guest/passkeys/unknown', proof)).body).toEqual({ unknown: false })
    expect([(await victim.get('/guest/sessions')).body, (await victim.get('/guest/passkeys')).body]).toEqual(
      before,
    )
  })

  // Schemas accept unknown members in a browser's response, so only these rules protect against them.
  test.each([
    ['__proto__', '"__proto__":{"x":1}'],
    ['NUL', '"x":"\\u0000"'],
    ['NUL in a key', '"\\u0000":1'],
    ['a lone surrogate', '"x":"\\ud800"'],
    ['a lone surrogate in a key', '"\\udfff":1'],
    ['nested arrays', `"x":${'['.repeat(10)}${']'.repeat(10)}`],
    ['1,000 values', `"x":[${Array(1000).fill(0)}]`],
  ])('with %s among the unknown members of a ceremony is refused', async (_what, more) => {
    const app = await startApp()
    const browser = app.browser()
    const { body: options } = await browser.post('/guest/passkeys/register/options')
    const response = await app.device().create(options as CreationOptions)
    const register = (members: string) => {
      const body = JSON.stringify(response).replace('"response":{', `"response":{${members},`)
      return ask(app, 'POST', '/guest/passkeys/register', { body })
    }
    expectRefusal(await register(more), 400, 'invalid_request')
    expect((await register('"x":[[1,"é😀"]]')).status).toBe(201)
  })
})

describe('the name of a passkey', () => {
  test.each([
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['a script', '</script><script>alert(1)</script>'],
    ['SQL', "'; DROP TABLE guests; --"],
    ['a template', '{{7*7}} <%= 7*7 %> %s %00'],
    ['a property of every object', '__proto__'],
    ['right-to-left', 'שלום abc'],
    ['combining marks', 'a\u0301\u0301\u0301'],
    ['emoji', '👩‍👩‍👧‍👦🔑'],
  ])('may hold %s: it is stored as it is, and answered as JSON with nosniff', async (_what, name) => {
    const app = await startApp()
    const { browser, passkey } = await keptGuest(app)
    const before = await app.rows()
    const renamed = await browser.patch(passkey, { name })
    expect(renamed.status, renamed.text).toBe(200)
    expect(renamed.body.name).toBe(name)
    const { body, headers } = await browser.get('/guest/passkeys')
    expect(body.passkeys.map((one: { name: string }) => one.name)).toEqual([name])
    expect(headers['content-type']).toBe('application/json')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(await app.rows()).toEqual(before)
  })

  test.each([
    ['a change of direction', 'שלום \u202e abc', 'שלום  abc'],
    ['a line break', 'one\ntwo', 'one two'],
  ])('loses %s, which nobody would see', async (_what, name, left) => {
    const app = await startApp()
    const { browser, passkey } = await keptGuest(app)
    expect((await browser.patch(passkey, { name })).body.name).toBe(left)
    expect((await browser.get('/guest/passkeys')).body.passkeys).toMatchObject([{ name: left }])
  })

  test.each([
    ['nothing', ''],
    ['spaces', ' \u00a0\t'],
    ['65 characters', 'x'.repeat(65)],
    ['10,000 combining marks', `a${'\u0301'.repeat(10_000)}`],
    ['NUL', 'a\0b'],
    ['a lone surrogate', 'a\ud83d'],
    ['an array', ['a']],
    ['an object', { toString: 'a' }],
    ['a number', 1],
    ['null', null],
    ['no name', undefined],
  ])('is refused with 400 if it is %s', async (_what, name) => {
    const app = await startApp()
    const { browser, passkey } = await keptGuest(app)
    const before = (await browser.get(passkey)).body
    const answer = await browser.patch(passkey, { name })
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('invalid_request')
    expect((await browser.get(passkey)).body).toEqual(before)
  })
})

describe('a large body', () => {
  const large = JSON.stringify({ collection: 'u'.repeat(65_600) })

  test('is refused by its Content-Length, before any of it is read', async () => {
    const app = await startApp()
    const answer = await rawly(app, post('/guest/sign-in', 'Content-Length: 65537', 'Connection: close'))
    expect(answer).toMatch(/^HTTP\/1.1 413 .*body_too_large/s)
  })

  test('without Content-Length is refused as soon as it is too long', async () => {
    const app = await startApp()
    const chunk = `${large.length.toString(16)}\r\n${large}` // and no last chunk
    const answer = await rawly(app, post('/guest/sign-in', 'Transfer-Encoding: chunked'), chunk)
    expect(answer).toMatch(/^HTTP\/1.1 413 .*body_too_large/s)
    expect(answer).not.toMatch(/set-cookie/i)
  })

  test('is refused in chunks of one byte as well', async () => {
    const app = await startApp({ maxBodyBytes: 100 })
    const crumbs = Array.from({ length: 200 }, () => '1\r\n \r\n')
    const answer = await rawly(app, post('/guest/sign-in', 'Transfer-Encoding: chunked'), ...crumbs)
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  test('is refused by every endpoint that accepts a body', async () => {
    const app = await startApp()
    for (const door of endpoints.filter(({ body }) => body)) {
      const answer = await ask(app, door.method, `/guest${door.path.replace(':id', 'x')}`, { body: large })
      expectRefusal(answer, 413, 'body_too_large', door)
    }
  })

  test('may be as large as maxBodyBytes', async () => {
    const app = await startApp({ maxBodyBytes: 100 })
    const body = '{}'.padEnd(100)
    expect((await ask(app, 'POST', '/guest/sign-in', { body })).status).toBe(200)
    expectRefusal(await ask(app, 'POST', '/guest/sign-in', { body: `${body} ` }), 413, 'body_too_large')
  })

  test('with 100,000 keys or values is a 400 even if maxBodyBytes allows its size', async () => {
    const app = await startApp({ maxBodyBytes: 4_000_000 })
    const keys = JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])))
    const values = JSON.stringify({ collection: Array(100_000).fill(0) })
    const nest = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    for (const body of [keys, values, nest, '['.repeat(1_000_000), '{"a":'.repeat(500_000)])
      expectRefusal(await ask(app, 'POST', '/guest/sign-in', { body }), 400, 'invalid_request')
  })

  test.each(['gzip', 'deflate', 'br', 'zstd', 'GZIP', 'identity, gzip', 'x'])(
    'cannot hide in a Content-Encoding: %s',
    async (encoding) => {
      const app = await startApp()
      const body = gzipSync(JSON.stringify({ collection: ' '.repeat(50_000_000) }))
      expect(body.length).toBeLessThan(65_536)
      const headers = { 'Content-Encoding': encoding }
      expectRefusal(
        await ask(app, 'POST', '/guest/sign-in', { body, headers }),
        415,
        'unsupported_media_type',
      )
    },
  )

  test.each([
    ['a negative length', ['Content-Length: -1']],
    ['a length that is no number', ['Content-Length: 2x']],
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3']],
    ['a length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['a length of 20 digits', ['Content-Length: 99999999999999999999', 'Connection: close']],
  ])('announced by %s is refused', async (_name, headers) => {
    const app = await startApp()
    expect(await rawly(app, post('/guest/sign-in', ...headers), '{}')).toMatch(/^HTTP\/1.1 4(00|13) /)
  })
})

describe('a slow body', () => {
  test('that stops half-way is a 408, and the server closes the connection', async () => {
    const app = await startApp({ bodySeconds: 1 })
    const before = await app.rows()
    const answer = await rawly(app, post('/guest/sign-in', 'Content-Length: 10'), '{"look')
    expect(answer).toMatch(/^HTTP\/1.1 408 .*request_timeout/s)
    expect(answer).toMatch(/\r\nConnection: close\r\n/i)
    expect(await app.rows()).toEqual(before)
  })

  test('gets no more time if it arrives byte by byte', async () => {
    const app = await startApp({ bodySeconds: 1 })
    const socket = connect({ port: Number(new URL(app.origin).port) })
    socket.on('error', () => {})
    socket.write(post('/guest/sign-in', 'Transfer-Encoding: chunked'))
    const drip = setInterval(() => socket.write('1\r\n \r\n'), 50)
    onTestFinished(() => clearInterval(drip))
    const [answer] = await once(socket.setEncoding('utf8'), 'data')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })

  test('whose sender goes away is logged as a refusal, not as a failure', async () => {
    const app = await startApp()
    const socket = connect({ port: Number(new URL(app.origin).port) })
    socket.write(`${post('/guest/sign-in', 'Content-Length: 10')}{"look`)
    await once(app.server, 'request')
    socket.destroy()
    await expect.poll(() => app.logs.find(({ message }) => message === 'refused')).toBeDefined()
    expect(app.logs.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
    expect((await app.browser().post('/guest/sign-in')).status).toBe(200)
  })
})

describe('an odd path', () => {
  const odd = [
    '/guest//sessions',
    '//guest/sessions',
    '/guest/%73essions',
    '/guest%2fsessions',
    '/guest/%2fsessions',
    '/guest/sessions/',
    '/guest/sessions//',
    '/guest/./sessions',
    '/guest/x/../sessions',
    '/guest/%2e%2e/guest/sessions',
    '/x/../guest/sessions',
    '/GUEST/sessions',
    '/guest/Sessions',
    '/guest/sessions%00',
    '/guest/sessions;x',
    '/guest/sessions%3fx',
    '/guest\\sessions',
    '/guest/sessions.json',
    '/guest/passkeys/:id',
    '/guest/passkeys/../sessions',
    '/guest/passkeys/..%2fsessions',
    '/guest/passkeys/a%2fb',
    '/guest/passkeys/%00',
    '/guest/__proto__',
    '/guest/constructor',
    '/guest/passkeys/__proto__',
    '/guest/',
    '/guest',
    'http://evil.example/guest/sessions',
    `/guest/${'x'.repeat(8000)}`,
  ]
  test.each(odd)('%s is no endpoint', async (path) => {
    const app = await startApp()
    const { browser } = await keptGuest(app)
    const before = (await browser.get('/guest/sessions')).body
    for (const method of ['GET', 'DELETE'])
      expect((await ask(app, method, path, { headers: bearer(browser) })).status).toBe(404)
    expect((await browser.get('/guest/sessions')).body).toEqual(before)
  })

  test.each([
    '/admin/x',
    '//admin/x',
    '/admin//x',
    '/admin/../admin/x',
    '/ADMIN/x',
    '/%61dmin/x',
    '/admin/x/',
    '/admin%2fx',
  ])('%s does not bypass the guard of a host', async (path) => {
    const app = await startApp({}, (host, guests) => {
      host.use('/admin', guests.requireGuest(), (_req, res) => void res.json({ secret: 1 }))
    })
    expect((await ask(app, 'GET', path)).status).toBeOneOf([401, 404])
  })
})

describe('a query', () => {
  test.each([
    'force=true&force=false',
    'force=true&force=true',
    'force=true&%66orce=true',
    'force=',
    'force',
    'force=1',
    'force=TRUE',
    'force[]=true',
    'force%00=true',
    'force=true%00',
    'force=%zz',
    '__proto__=true',
    'force=true&__proto__=true',
    'constructor=true',
    'user=x&force=true',
    'a&'.repeat(2000),
  ])('of %s is refused with 400 and does not remove the last passkey', async (query) => {
    const app = await startApp()
    const { browser, passkey } = await keptGuest(app)
    const answer = await ask(app, 'DELETE', `${passkey}?${query}`, { headers: bearer(browser) })
    expectRefusal(answer, 400, 'invalid_request')
    expect((await browser.get(passkey)).status).toBe(200)
  })

  test('of 100,000 params is refused by the HTTP parser', async () => {
    const app = await startApp()
    const path = `/guest/userinfo?${'a&'.repeat(100_000)}`
    const answer = await rawly(app, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 4(00|14|31) |^$/)
    expect(app.logs).toEqual([])
  })

  test('cannot present a session', async () => {
    const app = await startApp()
    const { browser } = await keptGuest(app)
    for (const name of ['token', 'access_token', 'guestkey', '__Host-guestkey'])
      expect((await ask(app, 'GET', `/guest/userinfo?${name}=${browser.token}`)).status).toBe(401)
  })
})

test('no response repeats a foreign Host, Forwarded or X-Forwarded-Host', async () => {
  const app = await startApp({}, (host) => void host.set('trust proxy', true))
  const { browser, passkey } = await keptGuest(app)
  const foreign = {
    'X-Forwarded-Host': 'evil.example',
    'X-Forwarded-Proto': 'evil.example',
    'X-Forwarded-Server': 'evil.example',
    'X-Original-URL': '/evil.example',
    'X-Rewrite-URL': '/evil.example',
    Forwarded: 'for=evil.example;host=evil.example;proto=https',
    Host: 'evil.example:1',
    Referer: 'https://evil.example/',
  }
  for (const { method, path } of endpoints) {
    for (const by of [bearer(browser), {}, { Origin: 'https://evil.example' }]) {
      const url = path === '/passkeys/:id' ? passkey : `/guest${path.replace(':id', 'x')}`
      const body = method === 'GET' ? {} : { body: '{}' }
      const answer = await ask(app, method, url, { ...body, headers: { ...foreign, ...by } })
      expect(JSON.stringify(answer), `${method} ${path}`).not.toContain('evil.example')
    }
  }
  const { text } = await ask(app, 'POST', '/guest/passkeys/register/options', {
    body: '{}',
    headers: foreign,
  })
  expect(JSON.parse(text).rp).toEqual({ id: 'localhost', name: 'localhost' })
})

describe('thousands of nearly valid bodies', () => {
  type Json = Record<string, unknown>
  type Random = (below: number) => number

  /** Random numbers that are the same in every run (mulberry32). */
  function randomFrom(seed: number): Random {
    let state = seed
    return (below) => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) % below
    }
  }

  const values = [
    ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', ' ', 'null', '\0', '\ud800', 'é', 'A', 'AA', '='],
    ...[
      '../../etc/passwd',
      "' OR 1=1 --",
      '<b>',
      '%00',
      'x'.repeat(5000),
      'public-key',
      [],
      {},
      [[]],
      [null],
    ],
    ...[{ length: 1 }, { toJSON: 1 }, { type: 'Buffer', data: [1] }, ['a', 1], Array(50).fill('x')],
  ]
  const keys = ['__proto__', 'constructor', 'toString', 'id', 'response', 'then', '\ud800', '\0', '']
  const broken = ['', '"', '{', ']', '\\', '\\u', '0', '\u0001', ',']

  /** Every place in a value that can be changed: an object, and one of its keys. */
  function placesIn(value: unknown): [Json, string][] {
    if (typeof value !== 'object' || value === null) return []
    const at = value as Json
    return Object.keys(at).flatMap((key) => [[at, key] as [Json, string], ...placesIn(at[key])])
  }

  type Change = (at: Json, key: string, random: Random) => void
  const changes: Change[] = [
    (at, key) => delete at[key],
    (at, key, random) => put(at, key, pick(values, random)),
    (at, _key, random) => put(at, pick(keys, random), pick(values, random)),
    (at, key, random) => put(at, key, textOf(at[key]).slice(0, random(200))),
    (at, key, random) => put(at, key, textOf(at[key]) + pick(['A', '=', '.', '+', '\n'], random)),
    (at, key) => put(at, key, [at[key]]),
    (at, key, random) => {
      const bytes = Buffer.from(textOf(at[key]), 'base64url')
      if (bytes.length > 0) bytes[random(bytes.length)]! ^= 1 << random(8)
      put(at, key, bytes.toString('base64url'))
    },
    (at, key, random) => {
      const data = jsonIn(at[key])
      if (data) put(data, pick(Object.keys(data), random), pick(values, random))
      if (data) put(at, key, Buffer.from(JSON.stringify(data)).toString('base64url'))
    },
  ]
  const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
  /** Client data as an object: base64url that holds JSON. */
  function jsonIn(text: unknown): Json | undefined {
    try {
      return { ...JSON.parse(Buffer.from(textOf(text), 'base64url').toString()), x: 1 }
    } catch {
      return undefined
    }
  }
  const pick = <T>(from: readonly T[], random: Random) => from[random(from.length)]!
  const put = (at: Json, key: string, value: unknown) =>
    Object.defineProperty(at, key, {
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })

  /** The body with one to three changes; in one of eight cases its text is broken as well. */
  function mutate(body: object, random: Random): string {
    const value = structuredClone(body) as Json
    for (let i = random(3); i >= 0; i--) {
      const places = placesIn(value)
      const [at, key] = places.length > 0 ? pick(places, random) : [value, 'x']
      pick(changes, random)(at, key, random)
    }
    const text = JSON.stringify(value)
    if (random(8) > 0) return text
    const cut = random(text.length)
    return text.slice(0, cut) + pick(broken, random) + text.slice(cut + random(3))
  }

  test('never get a 500, always a known code, and no part of a stack, SQL, path or challenge', async () => {
    const clientSecret = 'the secret of the backend, 32 characters at least'
    const app = await startApp({
      clients: [{ id: 'spa' }, { id: 'backend', kind: 'confidential', secret: clientSecret }],
    })
    const { browser, passkey } = await keptGuest(app)
    const grantType = 'urn:guestkey:params:oauth:grant-type:anonymous'
    const anonymous = { grant_type: grantType, client_id: 'spa', scope: '', resource: app.origin }
    const granted = await ask(app, 'POST', '/guest/token', { body: JSON.stringify(anonymous) })
    const { access_token, refresh_token } = JSON.parse(granted.text)
    const device = app.device()
    await app.browser().addPasskey(device)
    const anyone = app.browser()
    const creation = (await anyone.post('/guest/passkeys/register/options')).body
    const assertion = (await anyone.post('/guest/passkeys/authenticate/options')).body
    const registration = await app.device().create(creation)
    const proof = await device.get(assertion)
    const bodies: [string, string, object][] = [
      ['POST', '/guest/sign-in', { lookup_only: true, collection: 'users' }],
      ['POST', '/guest/sign-out', { everywhere: false, force: false }],
      ['POST', '/guest/passkeys/register/options', {}],
      ['POST', '/guest/passkeys/register', registration],
      ['POST', '/guest/passkeys/authenticate/options', { step_up: false }],
      ['POST', '/guest/passkeys/authenticate', proof],
      ['PATCH', passkey, { name: 'Phone' }],
      ['DELETE', '/guest/sessions/x', {}],
      ['POST', '/guest/token', anonymous],
      ['POST', '/guest/token', { grant_type: 'refresh_token', client_id: 'spa', refresh_token }],
      ['POST', '/guest/revoke', { token: `${refresh_token}x`, token_type_hint: 'x', client_id: 'spa' }],
      [
        'POST',
        '/guest/introspect',
        { token: access_token, client_id: 'backend', client_secret: clientSecret },
      ],
    ]
    const secrets = [
      clientSecret,
      access_token,
      refresh_token,
      creation.challenge,
      assertion.challenge,
      proof.response.clientDataJSON,
      browser.token!,
    ]
    const leak =
      /\bat .+:\d+|node_modules|[\\/](server|core|http|store|tmp)[\\/]|SELECT|INSERT|sqlite|Error:|cbor/i
    const random = randomFrom(20_240_101)
    const statuses: number[] = []

    async function one() {
      const [method, path, valid] = pick(bodies, random)
      const body = mutate(valid, random)
      const headers = method === 'POST' ? {} : bearer(browser)
      const { status, text } = await ask(app, method, path, { body, headers })
      statuses.push(status)
      expect(status, `${method} ${path} ${body}`).toBeLessThan(500)
      if (status < 400) return
      expect(errorCodes).toContain(codeOfNow(JSON.parse(text).code))
      expect(text).not.toMatch(leak)
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
    for (let round = 0; round < 250; round++) await Promise.all(Array.from({ length: 16 }, one))

    expect(statuses.filter((status) => status >= 400).length).toBeGreaterThan(3000)
    expect(app.logs.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])
    expect((await browser.get('/guest/userinfo')).status).toBe(200)
  })
})
