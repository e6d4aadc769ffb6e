// GET /verify (forward-auth): the identity of a request as headers, for a proxy that asks before it passes the request on.

import supertest, { type Response } from 'supertest'
import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import { cookiesSet, expectRefusal } from '../../support/refusals.ts'
import { tables } from '../../support/tables.ts'
import {
  anonymously,
  ask,
  bearer,
  claimsOf,
  granted,
  keptClient,
  pageOrigin,
  sendJson,
  startTokenApp,
} from '../../support/tokens.ts'

const unixSeconds = (app: TestApp) => Math.floor(app.clock.now() / 1000)
const verify = (app: TestApp, headers: Record<string, string> = {}, query = '') =>
  ask(app, `/guest/verify${query}`, headers)

/** The identity headers that a proxy would copy. */
const identityOf = ({ headers }: Response) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-guest-')))

const nobody = {
  ...{
    'x-guest-id': '',
    'x-guest-is-anonymous': '',
    'x-guest-is-verified': '',
    'x-guest-recoverability': '',
  },
  ...{ 'x-guest-label': '', 'x-guest-collection': '', 'x-guest-session-id': '' },
  ...{ 'x-guest-auth-time': '', 'x-guest-acr': '' },
}

/** Headers that an outsider might send to pose as somebody else. */
const spoofed = {
  ...{ 'X-Guest-Id': 'admin', 'x-guest-is-verified': 'true', 'X-GUEST-ACR': 'phr' },
  ...{ 'X-Guest-Recoverability': 'synced', 'X-Guest-Auth-Time': '9999999999' },
}

describe('the identity of a request', () => {
  test('is that of a guest without a row', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const answer = await verify(app, { Cookie: browser.cookie! })
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('')
    expect(identityOf(answer)).toEqual({
      ...nobody,
      'x-guest-id': guest.sub,
      'x-guest-is-anonymous': 'true',
      'x-guest-is-verified': 'false',
      'x-guest-recoverability': 'none',
      'x-guest-label': guest.label,
      'x-guest-collection': 'users',
      'x-guest-session-id': guest.sub,
    })
  })

  test('says when and how a passkey was proven', async () => {
    const app = await startTokenApp()
    const { browser, guest } = await keptGuest(app, { synced: true })
    const began = unixSeconds(app)
    app.clock.forward(60)
    const identity = identityOf(await verify(app, { Cookie: browser.cookie! }))
    const { sessions } = (await browser.get('/guest/sessions')).body
    expect(identity).toMatchObject({
      'x-guest-id': guest.sub,
      'x-guest-recoverability': 'synced',
      'x-guest-session-id': sessions[0].id,
      'x-guest-auth-time': String(began),
      'x-guest-acr': 'phr',
    })
    expect(identityOf(await verify(app, bearer(browser.token!)))).toEqual(identity)
  })

  test('is that of the access token', async () => {
    const app = await startTokenApp()
    for (const token of [
      (await granted(anonymously(app))).access_token,
      (await keptClient(app)).tokens.access_token,
    ]) {
      const claims = claimsOf(token)
      expect(identityOf(await verify(app, bearer(token)))).toMatchObject({
        'x-guest-id': claims.sub,
        'x-guest-recoverability': claims.recoverability,
        'x-guest-session-id': claims.sid,
        'x-guest-acr': claims.acr ?? '',
      })
    }
  })

  test('ignores identity headers in the request', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    await browser.signIn()
    const own = identityOf(await verify(app, { Cookie: browser.cookie! }))
    expect(identityOf(await verify(app, { ...spoofed, Cookie: browser.cookie! }))).toEqual(own)
    expect(identityOf(await verify(app, spoofed, '?optional=true'))).toEqual(nobody)
  })

  test('can be asked by HEAD too, and caches may not store it', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    await browser.signIn()
    const head = await supertest(app.server).head('/guest/verify').set('Cookie', browser.cookie!)
    const get = await verify(app, { Cookie: browser.cookie! })
    expect(head.status).toBe(200)
    expect(identityOf(head)).toEqual(identityOf(get))
    for (const answer of [head, get]) {
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(cookiesSet(answer)).toEqual([])
    }
  })

  test('is refused for methods other than GET and HEAD', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    for (const method of ['post', 'put', 'delete', 'options'] as const) {
      const asked = () =>
        supertest(app.server)[method]('/guest/verify').set('Cookie', browser.cookie!) as never
      await expectRefusal(app, asked, 405, 'method_not_allowed')
    }
  })

  test('can be asked for every file without writing to the store', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const before = await tables(app.store)
    for (let i = 0; i < 20; i++) expect((await verify(app, { Cookie: browser.cookie! })).status).toBe(200)
    expect(await tables(app.store)).toEqual(before)
  })
})

describe('a request without a guest', () => {
  test('is a 401 without identity headers', async () => {
    const app = await startTokenApp()
    const refused = await expectRefusal(app, () => verify(app, spoofed), 401, 'not_signed_in')
    expect(identityOf(refused)).toEqual({})
    expect(refused.headers['www-authenticate']).toBe('Bearer')
  })

  test('is a 200 with optional=true: every identity header is present and empty', async () => {
    const app = await startTokenApp()
    const answer = await verify(app, {}, '?optional=true')
    expect(answer.status).toBe(200)
    expect(identityOf(answer)).toEqual(nobody)
    await expectRefusal(app, () => verify(app, {}, '?optional=false'), 401, 'not_signed_in')
    for (const query of ['?optional', '?optional=1', '?optional=true&optional=true', '?x=1'])
      await expectRefusal(app, () => verify(app, {}, query), 400, 'invalid_request')
  })

  test.each(['', '?optional=true'])(
    'is not the same as one with an invalid credential, which is a 401: query "%s"',
    async (query) => {
      const app = await startTokenApp()
      const [left, kept] = [app.browser(), (await keptGuest(app)).browser]
      await left.signIn()
      const { access_token } = await granted(anonymously(app))
      const dead = left.cookie!
      await left.post('/guest/sign-out', { force: true })
      await sendJson(app, 'sign-out', { force: true }, bearer(access_token))
      const { access_token: other } = await granted(anonymously(app))
      // Proxies understand only 401 and 403, so several credentials and a wrong proof are 401 too.
      for (const headers of [
        { Cookie: dead },
        { Cookie: 'guestkey=x' },
        { Cookie: `${kept.cookie}; ${kept.cookie}` },
        { Cookie: kept.cookie!, ...bearer(other) },
        { Authorization: `DPoP ${other}` },
        bearer(access_token),
        bearer('x'),
      ]) {
        const refused = await expectRefusal(app, () => verify(app, headers, query), 401, 'session_invalid')
        expect(identityOf(refused)).toEqual({})
      }
    },
  )
})

test('a cookie from the page of a registered client identifies nobody, as at every endpoint', async () => {
  const app = await startTokenApp()
  const browser = app.browser()
  await browser.signIn()
  const headers = { Cookie: browser.cookie!, Origin: pageOrigin }
  await expectRefusal(app, () => verify(app, headers), 401, 'not_signed_in')
  const answer = await verify(app, headers, '?optional=true')
  expect(answer.status).toBe(200)
  expect(identityOf(answer)).toEqual(nobody)
})

describe('a proxy with an audience of its own', () => {
  const api = '?audience=https://api.example'

  test('accepts a token for its audience, which no other proxy accepts', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, { client_id: 'front' }))
    const { sub } = claimsOf(access_token)
    expect(identityOf(await verify(app, bearer(access_token), api))['x-guest-id']).toBe(sub)
    for (const query of ['', '?optional=true', '?audience=https://other.example', '?audience=']) {
      const asked = () => verify(app, bearer(access_token), query)
      expect(identityOf(await expectRefusal(app, asked, 403, 'insufficient_scope'))).toEqual({})
    }
  })

  test('also accepts a token for the issuer alone, and a cookie', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    expect((await verify(app, bearer(access_token), api)).status).toBe(200)
    const { browser } = await keptGuest(app)
    expect((await verify(app, { Cookie: browser.cookie! }, api)).status).toBe(200)
  })

  test('refuses the token of a pairwise client, because its sub is for that client only', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, { client_id: 'diary' }))
    for (const query of ['', `?audience=${app.origin}`, api]) {
      const asked = () => verify(app, bearer(access_token), query)
      await expectRefusal(app, asked, 403, 'insufficient_scope')
    }
  })
})
