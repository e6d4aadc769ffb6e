// The apps that know who is signed in: the browser remembers them, no row does. The second time nobody is asked.

import * as openid from 'openid-client'
import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import {
  discover,
  letKnow,
  openIdClient,
  openIdClients,
  press,
  request,
  startProviding,
  tokensOf,
} from '../../../support/openid-app.ts'
import { promote, startPromotingApp } from '../../../support/promotion.ts'

const COOKIE = 'guestkey-apps'

/** What an app gets that asks with this: an error, a code, or a page. */
async function ask(app: TestApp, browser: Browser, more: Record<string, string> = {}, id = 'wiki') {
  const answer = await browser.get((await request(await discover(app, id), more)).path)
  if (answer.status === 200) return 'page'
  const to = new URL(answer.headers.location!).searchParams
  return to.get('error') ?? (to.has('code') ? 'code' : 'nothing')
}

describe('an app that knows the guest', () => {
  test('gets a code at once, also with prompt=none, until the guest signs out', async () => {
    const app = await startProviding()
    for (const browser of [app.browser(), (await keptGuest(app)).browser]) {
      const first = await letKnow(app, browser)
      const { sub } = (await tokensOf(first)).claims()!
      const again = await letKnow(app, browser)
      expect(again.page.status, 'nobody is asked').toBe(303)
      expect((await tokensOf(again)).claims()!.sub).toBe(sub)
      expect(await ask(app, browser, { prompt: 'none' })).toBe('code')
      expect(await ask(app, browser, { prompt: 'consent' })).toBe('page')
      expect(await ask(app, browser, { prompt: 'select_account' })).toBe('page')
      expect(await ask(app, browser, { prompt: 'none' }, 'chat')).toBe('consent_required')
      expect(await ask(app, browser, {}, 'chat')).toBe('page')
      const kept = browser.cookies.get(COOKIE)!
      expect((await browser.post('/guest/sign-out', { force: true })).status).toBe(204)
      expect(browser.cookies.has(COOKIE)).toBe(false)
      expect(await ask(app, browser, { prompt: 'none' })).toBe('login_required')
      await browser.signIn()
      browser.cookies.set(COOKIE, kept)
      expect(await ask(app, browser, { prompt: 'none' }), 'the cookie of another guest').toBe(
        'consent_required',
      )
    }
  })

  test('is remembered in no row, and the cookie says nothing to whoever reads it', async () => {
    const app = await startProviding()
    const browser = app.browser()
    await browser.signIn()
    const before = await app.rows()
    await letKnow(app, browser)
    await letKnow(app, browser)
    expect(await app.rows()).toEqual(before)
    const cookie = browser.cookies.get(COOKIE)!
    expect(Buffer.from(cookie.split('.').join(''), 'base64url').toString()).not.toContain('wiki')
  })

  test('has the prefix __Host- on https, is HttpOnly, and ends with the session', async () => {
    const app = await startProviding({ origin: 'https://app.example', rpId: 'app.example' })
    const browser = app.browser()
    await browser.signIn()
    const client = openIdClients[0]!
    const { path } = await request(
      new openid.Configuration(
        { issuer: app.origin, authorization_endpoint: `${app.origin}/guest/authorize` },
        client.id,
      ),
    )
    const { headers } = await press(app, browser, await browser.get(path))
    const [line] = [headers['set-cookie'] ?? []].flat().filter((one) => one.includes('-apps='))
    expect(line).toMatch(/^__Host-guestkey-apps=.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
    expect(Number(/Max-Age=(\d+)/.exec(line!)![1])).toBeGreaterThan(60 * 60)
  })

  test('asks again after its cookie was changed, sent twice, or has expired', async () => {
    const app = await startProviding({ sessions: { absoluteSeconds: 1000 } })
    const { browser, device } = await keptGuest(app)
    await letKnow(app, browser)
    const cookie = browser.cookies.get(COOKIE)!
    for (const wrong of [
      '',
      'x',
      `${cookie.slice(0, -3)}AAA`,
      `${cookie}; ${COOKIE}=${cookie}`,
      'x'.repeat(9000),
    ]) {
      browser.cookies.set(COOKIE, wrong)
      expect(await ask(app, browser, { prompt: 'none' }), wrong.slice(0, 20)).toBe('consent_required')
    }
    browser.cookies.set(COOKIE, cookie)
    app.clock.forward(900)
    expect((await browser.signInWithPasskey(device)).status).toBe(200)
    expect(await ask(app, browser, { prompt: 'none', max_age: '100' })).toBe('code')
    browser.cookies.set(COOKIE, cookie)
    app.clock.forward(101)
    expect(await ask(app, browser, { prompt: 'none' }), 'the session in which it was told is over').toBe(
      'consent_required',
    )
  })

  test('asks again if it would be told more: another scope, an address, a regular user', async () => {
    const wide = openIdClient('wiki', { scopes: ['openid', 'email', 'notes'] })
    const promoting = await startPromotingApp({ clients: [wide] })
    const { app } = promoting
    const browser = app.browser()
    await letKnow(app, browser, 'wiki', { scope: 'openid notes' })
    expect(await ask(app, browser, { prompt: 'none', scope: 'openid' }), 'less').toBe('code')
    expect(await ask(app, browser, { prompt: 'none', scope: 'openid notes' })).toBe('consent_required')
    expect(await ask(app, browser, { scope: 'openid email' })).toBe('page')
    expect((await promote(promoting, browser, 'ada@example.org')).status).toBe(200)
    expect(await ask(app, browser, { prompt: 'none', scope: 'openid' })).toBe('consent_required')
    await letKnow(app, browser)
    expect(await ask(app, browser, { prompt: 'none', scope: 'openid' })).toBe('code')
  })

  test('is forgotten with its client, and after sixteen others; the cookie stays below the limit of browsers', async () => {
    const many = Array.from({ length: 18 }, (_, i) => openIdClient(`${i}`.padStart(128, 'x')))
    const clients = [
      openIdClients[0]!,
      ...Array.from({ length: 17 }, (_, i) => openIdClient(`app${i}`)),
      ...many,
    ]
    const app = await startProviding({ clients })
    const browser = app.browser()
    await letKnow(app, browser)
    for (let i = 0; i < 15; i++) await letKnow(app, browser, `app${i}`)
    expect(await ask(app, browser, { prompt: 'none' })).toBe('code') // the last used one now
    await letKnow(app, browser, 'app15')
    expect(await ask(app, browser, { prompt: 'none' }, 'app0')).toBe('consent_required')
    expect(await ask(app, browser, { prompt: 'none' })).toBe('code')
    for (const { id } of many) await letKnow(app, browser, id)
    const cookie = browser.cookies.get(COOKIE)!
    expect(cookie.length + '__Host--apps'.length + 58 + 64).toBeLessThanOrEqual(4096)
    expect(await ask(app, browser, { prompt: 'none' }, many.at(-1)!.id)).toBe('code')
    expect(await ask(app, browser, { prompt: 'none' })).toBe('consent_required')
  })
})

describe('the address for an app that insists on one', () => {
  const emailAlias = 'guest-{sub}@guests.example.invalid'
  const clients = ['wiki', 'chat', 'none'].map((id) =>
    openIdClient(id, {
      scopes: ['openid', 'email'],
      name: `The ${id}`,
      ...(id !== 'none' && { emailAlias }),
    }),
  )
  const scope = 'openid email'

  test('is shown on the page, told by ID token and userinfo, never verified, and another one for each app', async () => {
    const app = await startProviding({ clients })
    const browser = app.browser()
    await browser.signIn()
    const known = await letKnow(app, browser, 'wiki', { scope })
    const tokens = await tokensOf(known)
    const { sub, email, email_verified } = tokens.claims()!
    expect([email, email_verified]).toEqual([`guest-${sub}@guests.example.invalid`, false])
    const said = `The wiki gets the address <bdi dir="ltr">${email}</bdi>.`
    expect(known.page.text.includes(said)).toBe(true)
    expect(await openid.fetchUserInfo(known.config, tokens.access_token, sub)).toMatchObject({
      email,
      email_verified: false,
    })
    const other = (await tokensOf(await letKnow(app, browser, 'chat', { scope }))).claims()!
    expect(other.email).toBe(`guest-${other.sub}@guests.example.invalid`)
    expect(other.email).not.toBe(email)
  })

  test('is told to no app without the scope email or without the option', async () => {
    const app = await startProviding({ clients })
    const browser = app.browser()
    for (const [id, asked] of [
      ['wiki', 'openid'],
      ['none', scope],
    ] as const) {
      const known = await letKnow(app, browser, id, { scope: asked })
      expect(known.page.text.includes('guests.example.invalid')).toBe(false)
      const tokens = await tokensOf(known)
      expect(tokens.claims()).not.toHaveProperty('email')
      const info = await openid.fetchUserInfo(known.config, tokens.access_token, tokens.claims()!.sub)
      expect(info).not.toHaveProperty('email')
    }
  })

  test('of a new guest is shown without the number, because there is none yet', async () => {
    const app = await startProviding({ clients })
    const page = await app.browser().get((await request(await discover(app), { scope })).path)
    for (const text of ['Sign in to The wiki', 'guest-…@guests.example.invalid'])
      expect(page.text.includes(text), text).toBe(true)
  })
})

test('an app on the device, without a secret and at an address that any program can have, is asked about each time', async () => {
  const native = {
    id: 'native',
    pairwise: 'a secret for the native app, of more than 32 characters',
    scopes: ['openid'],
    redirectUris: ['http://127.0.0.1/cb'],
  }
  const app = await startProviding({ clients: [native] })
  const browser = app.browser()
  await browser.signIn()
  const at = (port: number, more: Record<string, string> = {}) =>
    `/guest/authorize?${new URLSearchParams({
      ...{ client_id: 'native', response_type: 'code', scope: 'openid', state: 'a state', ...more },
      ...{ redirect_uri: `http://127.0.0.1:${port}/cb`, code_challenge_method: 'S256' },
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    })}`
  const told = await press(app, browser, await browser.get(at(4444)))
  expect(told.headers.location).toContain('code=')
  expect((await browser.get(at(5555))).status).toBe(200)
  const { headers } = await browser.get(at(5555, { prompt: 'none' }))
  expect(new URL(headers.location!).searchParams.get('error')).toBe('consent_required')
})
