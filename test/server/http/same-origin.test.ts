// THREATS, "CSRF, CORS, framing": a request that another site makes a browser send changes nothing and reads nothing.

import { METHODS, request } from 'node:http'
import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../server/errors.ts'
import type { Endpoint } from '../../../server/http/contract/endpoint.ts'
import { endpoints as allDoors } from '../../../server/http/router.ts'
import { type Browser, startApp, type TestApp } from '../../support/app.ts'
import { expectErrorPage } from '../../support/refusals.ts'

const someId = 'x'.repeat(43)
const urlOf = (path: string) => `/guest${path.replace(':id', someId)}`
/** The endpoints of a deployment with default options. */
const doors = allDoors.filter(({ isEnabled: isThere }) => !isThere)
// POST /authorize comes from the page of an app, reads no cookie and changes nothing.
const mutations = doors.filter(({ method, fromAnySite }) => method !== 'GET' && !fromAnySite)
/** POST /userinfo reads no body. */
const withBody = mutations.filter(({ path }) => path !== '/userinfo')
const paths = [...new Set(doors.map(({ path }) => path))]

let app: TestApp
let kept: Browser

beforeEach(async () => {
  app = await startApp()
  kept = app.browser()
  await kept.addPasskey(app.device())
})

/** A request with exactly these headers. */
function ask(method: string, url: string, headers: Record<string, string> = {}, body?: string) {
  const agent = supertest(app.server) as unknown as Record<string, (url: string) => supertest.Test>
  const request = agent[method.toLowerCase()]!(url).set(headers)
  return body === undefined ? request : request.send(body)
}

const json = { 'Content-Type': 'application/json' }

/** Everything that would change visibly: the rows, and what the guest can read. */
async function everything() {
  const answers = await Promise.all(
    ['userinfo', 'passkeys', 'sessions'].map((of) => kept.get(`/guest/${of}`)),
  )
  return [await app.rows(), ...answers.map(({ status, body }) => ({ status, body }))]
}

/** Expects the refusal in the form of this endpoint: a problem document, an OAuth error, or a page. */
function expectRefusal(
  answer: supertest.Response,
  status: number,
  code: ErrorCode,
  { oauth, page }: Pick<Endpoint, 'oauth' | 'page'> = {},
) {
  expect(answer.status, answer.text).toBe(status)
  if (page) expectErrorPage(answer, code)
  else {
    const error = code === 'invalid_client' ? code : 'invalid_request'
    expect(answer.body).toMatchObject(oauth ? { error, code } : { status, code })
    expect(answer.headers['content-type']).toBe(oauth ? 'application/json' : 'application/problem+json')
  }
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['set-cookie']).toBeUndefined()
  expectNoCors(answer)
}

function expectNoCors({ headers }: supertest.Response) {
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  expect(headers.vary).toMatch(/\bOrigin\b/)
}

describe('a request from another site, to any endpoint that changes something,', () => {
  const foreign: [string, (own: string) => Record<string, string>][] = [
    ['Sec-Fetch-Site: cross-site', () => ({ 'Sec-Fetch-Site': 'cross-site' })],
    ['cross-site that names our origin', (own) => ({ 'Sec-Fetch-Site': 'cross-site', Origin: own })],
    ['same-site, from a sibling', () => ({ 'Sec-Fetch-Site': 'same-site' })],
    ['same-site that names our origin', (own) => ({ 'Sec-Fetch-Site': 'same-site', Origin: own })],
    ['Sec-Fetch-Site twice', (own) => ({ 'Sec-Fetch-Site': 'same-origin, cross-site', Origin: own })],
    ['Sec-Fetch-Site empty', (own) => ({ 'Sec-Fetch-Site': '', Origin: own })],
    ['Sec-Fetch-Site in another case', (own) => ({ 'Sec-Fetch-Site': 'SAME-ORIGIN', Origin: own })],
    ['Sec-Fetch-Site with an unknown value', (own) => ({ 'Sec-Fetch-Site': 'same', Origin: own })],
    ['a foreign Origin', () => ({ Origin: 'https://evil.example' })],
    [
      'a foreign Origin with Sec-Fetch-Site: same-origin',
      () => ({ 'Sec-Fetch-Site': 'same-origin', Origin: 'https://a.b' }),
    ],
    [
      'a foreign Origin with Sec-Fetch-Site: none',
      () => ({ 'Sec-Fetch-Site': 'none', Origin: 'https://evil.example' }),
    ],
    ['Origin: null', () => ({ Origin: 'null' })],
    [
      'Origin: null with Sec-Fetch-Site: same-origin',
      () => ({ 'Sec-Fetch-Site': 'same-origin', Origin: 'null' }),
    ],
    ['an empty Origin', () => ({ Origin: '' })],
    ['our Origin and a foreign one', (own) => ({ Origin: `${own}, https://evil.example` })],
    ['another scheme', (own) => ({ Origin: own.replace('http:', 'https:') })],
    ['another port', (own) => ({ Origin: own.replace(/\d+$/, '1') })],
    ['a longer port', (own) => ({ Origin: `${own}0` })],
    ['a subdomain', (own) => ({ Origin: own.replace('localhost', 'app.localhost') })],
    ['a look-alike', (own) => ({ Origin: `${own}.evil.example` })],
    ['userinfo', (own) => ({ Origin: own.replace('//', '//evil@') })],
    ['a path', (own) => ({ Origin: `${own}/` })],
    ['neither Origin nor Fetch Metadata', () => ({})],
  ]
  test.each(foreign)('is refused with 403: %s', async (_name, disguise) => {
    const before = await everything()
    for (const door of mutations) {
      const headers = { ...json, ...disguise(app.origin), Cookie: kept.cookie! }
      const answer = await ask(door.method, urlOf(door.path), headers, '{}')
      expectRefusal(answer, 403, 'cross_site_request', door)
    }
    expect(await everything()).toEqual(before)
  })

  test('is told which origin is right, and its own origin is not repeated', async () => {
    const { body } = await ask('POST', '/guest/sign-in', { ...json, Origin: 'https://evil.example' }, '{}')
    expect(body.detail).toContain(app.origin)
    expect(body.detail).not.toContain('evil')
  })
})

describe('a request that no other site made', () => {
  const own: [string, (origin: string) => Record<string, string>][] = [
    ['a page of ours', (origin) => ({ 'Sec-Fetch-Site': 'same-origin', Origin: origin })],
    ['a page of ours in a browser without Fetch Metadata', (origin) => ({ Origin: origin })],
    ['the person at the address bar', () => ({ 'Sec-Fetch-Site': 'none' })],
  ]
  test.each(own)('is accepted with the cookie from %s', async (_name, headers) => {
    const from = { ...json, ...headers(app.origin), Cookie: kept.cookie! }
    expect((await ask('POST', '/guest/sign-in', from, '{}')).status).toBe(200)
  })

  test('is accepted from a program, which sends neither Origin nor Fetch Metadata nor a cookie', async () => {
    expect((await ask('POST', '/guest/sign-in', json, '{}')).status).toBe(200)
    const authorization = { ...json, Authorization: `Bearer ${kept.token}` }
    expect((await ask('DELETE', '/guest/sessions', authorization, '{}')).status).toBe(200)
  })

  test('is accepted from each of several configured origins, and from no other', async () => {
    app = await startApp({ origin: ['https://example.com', 'https://app.example.com'] })
    const from = async (origin: string) =>
      (await ask('POST', '/guest/sign-in', { ...json, Origin: origin }, '{}')).status
    expect(await from('https://example.com')).toBe(200)
    expect(await from('https://app.example.com')).toBe(200)
    expect(await from('https://www.example.com')).toBe(403)
    expect(await from(`http://localhost:${new URL(app.origin).port}`)).toBe(403)
  })
})

describe('the Content-Type of a change', () => {
  const others = [
    'text/plain',
    'TEXT/PLAIN',
    'application/x-www-form-urlencoded',
    'Application/X-WWW-Form-Urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; charset=application/json',
    'text/plain, application/json',
    'application/json, text/plain',
    'application/jsonx',
    'application/json5',
    'application/problem+json',
    'application/json-patch+json',
    'text/json',
    'json',
    '*/*',
    '',
  ]
  /** Whether the server sees a form; superagent sends a body without a type as one. */
  const isForm = (type: string) => type === '' || /^application\/x-www-form-urlencoded$/i.test(type)

  test.each(others)('%j is not JSON and is refused with 415', async (type) => {
    const before = await everything()
    for (const door of withBody) {
      const headers = { 'Content-Type': type, Origin: app.origin, Cookie: kept.cookie! }
      const answer = await ask(door.method, urlOf(door.path), headers, '{}')
      // The OAuth endpoints and the pages accept forms, but this form has none of their params.
      if (door.path === '/par' && isForm(type)) expectRefusal(answer, 401, 'invalid_client', door)
      else if ((door.oauth || door.page) && isForm(type)) expectRefusal(answer, 400, 'invalid_request', door)
      else expectRefusal(answer, 415, 'unsupported_media_type', door)
    }
    expect(await everything()).toEqual(before)
  })

  test('if missing, is refused with 415, except for DELETE without a body', async () => {
    for (const door of withBody) {
      const answer = await ask(door.method, urlOf(door.path), { Origin: app.origin, Cookie: kept.cookie! })
      if (door.method === 'DELETE') expect(answer.status, door.path).not.toBe(415)
      else expectRefusal(answer, 415, 'unsupported_media_type', door)
    }
  })

  test.each(['Application/JSON', 'APPLICATION/JSON; charset=utf-8', 'application/json ;charset=UTF-8'])(
    '%j is accepted as JSON',
    async (type) => {
      const headers = { 'Content-Type': type, Origin: app.origin }
      expect((await ask('POST', '/guest/sign-in', headers, '{}')).status).toBe(200)
    },
  )
})

describe('the method of a change', () => {
  const others = METHODS.filter((method) => method !== 'CONNECT')
  test.each(paths)('%s answers every other method with 405 and Allow', async (path) => {
    const before = await everything()
    const methods: string[] = doors.filter((door) => door.path === path).map(({ method }) => method)
    const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods
    for (const method of others.filter((method) => !allowed.includes(method))) {
      const { status, allow } = await askAnyMethod(method, urlOf(path))
      expect(status, method).toBe(405)
      expect(allow?.split(', ').sort()).toEqual(allowed.toSorted())
    }
    expect(await everything()).toEqual(before)
  })

  /** Sends any method, also those that supertest does not know. */
  function askAnyMethod(method: string, url: string) {
    return new Promise<{ status: number; allow: string | undefined }>((resolve, reject) => {
      const headers = { Origin: app.origin, Cookie: kept.cookie! }
      const asked = request(app.origin + url, { method, headers, agent: false }, (res) => {
        res.resume()
        resolve({ status: res.statusCode!, allow: res.headers.allow })
      })
      asked.on('error', reject).end()
    })
  }

  test.each([
    ['GET', '/guest/sign-out', { 'X-HTTP-Method-Override': 'POST' }],
    ['GET', '/guest/sign-out?_method=POST', {}],
    ['GET', '/guest/passkeys/authenticate?_method=POST', { 'X-Method-Override': 'POST' }],
    ['POST', `/guest/passkeys/${someId}?_method=DELETE`, { 'X-HTTP-Method-Override': 'DELETE' }],
    ['POST', '/guest/sessions?_method=DELETE', { 'X-HTTP-Method': 'DELETE' }],
    ['HEAD', '/guest/sign-out', {}],
  ])('cannot be overridden by a header or a param: %s %s', async (method, url, override) => {
    const before = await everything()
    const headers = { ...json, ...override, Origin: app.origin, Cookie: kept.cookie! }
    const answer = await ask(method, url, headers, method === 'POST' ? '{"_method":"DELETE"}' : undefined)
    expect(answer.status).toBe(405)
    expect(await everything()).toEqual(before)
  })
})

describe('a response to another origin', () => {
  const origins = ['https://evil.example', 'null', 'http://localhost.evil.example']
  test.each(origins)('refuses a preflight from %s', async (origin) => {
    for (const { method, path } of doors) {
      const answer = await ask('OPTIONS', urlOf(path), {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'content-type',
        'Access-Control-Request-Private-Network': 'true',
      })
      expectRefusal(answer, 405, 'method_not_allowed')
    }
  })

  test.each(origins)('has no CORS header for %s, and Vary names Origin', async (origin) => {
    for (const { path } of doors.filter(({ method }) => method === 'GET')) {
      expectNoCors(await ask('GET', urlOf(path), { Origin: origin, Cookie: kept.cookie! }))
    }
    expectNoCors(await ask('GET', '/guest/nowhere', { Origin: origin }))
  })
})
