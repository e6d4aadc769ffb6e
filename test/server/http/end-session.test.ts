// Signing out for an app (OpenID Connect RP-Initiated Logout 1.0): our page always asks, and a guest is never lost unasked.

import * as openid from 'openid-client'
import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../../support/app.ts'
import { keptGuest } from '../../support/ceremonies.ts'
import {
  discover,
  letKnow,
  openIdClient,
  press,
  request,
  sendForm,
  startProviding,
  tokensOf,
} from '../../support/openid-app.ts'
import { fieldOf, postForm } from '../../support/promotion.ts'

const bye = 'https://wiki.example/bye?from=guestkey'
const clients = [openIdClient('wiki', { postLogoutRedirectUris: [bye] }), openIdClient('chat')]
const start = () => startProviding({ clients })

const open = (browser: Browser, asked: Record<string, string>) =>
  browser.get(`/guest/end-session?${new URLSearchParams(asked)}`)

/** Presses the button of the page that asks. */
function confirm(app: TestApp, browser: Browser, page: { text: string }, more: Record<string, string> = {}) {
  const names = [...page.text.matchAll(/<input type="hidden" name="(\w+)"/g)].map(([, name]) => name!)
  const fields = Object.fromEntries(names.map((name) => [name, fieldOf(page as never, name)]))
  return sendForm(app, browser, '/guest/end-session/confirm', { ...fields, ...more })
}

const isSignedIn = async (browser: Browser) => (await browser.get('/guest/userinfo')).status === 200

describe('an app that signs a person out', () => {
  test('leads to a page that asks, and gets the browser back with its state after it', async () => {
    const app = await start()
    const { browser, guest } = await keptGuest(app)
    const known = await letKnow(app, browser)
    const tokens = await tokensOf(known)
    const url = openid.buildEndSessionUrl(known.config, {
      ...{ id_token_hint: tokens.id_token!, post_logout_redirect_uri: bye, state: 'where I was' },
    })
    app.clock.forward(3 * 60 * 60) // the hint has expired
    const page = await browser.get(url.pathname + url.search)
    for (const text of ['Sign out of Jotter?', guest.label, 'Stay signed in'])
      expect(page.text.includes(text), text).toBe(true)
    expect(page.headers['content-security-policy']).toContain("form-action 'self' https://wiki.example;")
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(await isSignedIn(browser), 'the page only asks').toBe(true)
    const done = await confirm(app, browser, page)
    expect([done.status, done.headers.location]).toEqual([303, `${bye}&state=where+I+was`])
    expect(browser.cookies.size).toBe(0)
    const again = await browser.get(url.pathname + url.search)
    expect([again.status, again.headers.location], 'nobody to ask').toEqual([303, `${bye}&state=where+I+was`])
  })

  test('by a form of its own page leads there too, without the cookie', async () => {
    const app = await start()
    const fields = { client_id: 'wiki', post_logout_redirect_uri: bye, state: 's' }
    const foreign = { Origin: 'https://wiki.example', 'Sec-Fetch-Site': 'cross-site' }
    const sent = await postForm(app, app.browser(), '/guest/end-session', fields, foreign)
    expect([sent.status, sent.headers.location]).toEqual([
      303,
      `/guest/end-session?${new URLSearchParams(fields)}`,
    ])
    const wrong = { ...fields, post_logout_redirect_uri: 'https://evil.example/' }
    expect((await postForm(app, app.browser(), '/guest/end-session', wrong, foreign)).status).toBe(400)
  })

  test('without a URI leaves the person on our page', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const done = await confirm(app, browser, await open(browser, {}))
    expect([done.status, done.text.includes('You are signed out')]).toEqual([200, true])
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('is refused for any URI but its own, a hint that is not ours, or one of another client', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const tokens = await tokensOf(await letKnow(app, browser))
    const hint = tokens.id_token!
    const wrong: Record<string, string>[] = [
      { post_logout_redirect_uri: bye },
      { client_id: 'chat', post_logout_redirect_uri: bye },
      { client_id: 'nobody' },
      { client_id: 'chat', id_token_hint: hint },
      ...[
        `${bye}&x`,
        `${bye}#x`,
        bye.replace('wiki', 'evil'),
        bye.toUpperCase(),
        '//wiki.example/bye',
        'x',
      ].map((uri) => ({ client_id: 'wiki', post_logout_redirect_uri: uri })),
      ...[`${hint}x`, hint.slice(0, -5), tokens.access_token, 'x'].map((one) => ({ id_token_hint: one })),
    ]
    for (const asked of wrong) {
      const { status, headers } = await open(browser, asked)
      expect([status, headers.location], JSON.stringify(asked).slice(0, 80)).toEqual([400, undefined])
      const fields = { ...asked, whom: 'x' }
      expect((await postForm(app, browser, '/guest/end-session/confirm', fields)).status).toBe(400)
    }
    expect(await isSignedIn(browser)).toBe(true)
  })
})

describe('the page that asks', () => {
  test('says to a guest without a way back what is lost, and only its own button loses it', async () => {
    const app = await start()
    const browser = app.browser()
    const { label } = await browser.signIn()
    const page = await open(browser, { client_id: 'wiki', post_logout_redirect_uri: bye })
    for (const text of [`${label}</bdi> has no way back yet`, 'Sign out and lose it', 'class="button danger'])
      expect(page.text.includes(text), text).toBe(true)
    const { force, ...fields } = Object.fromEntries(
      ['client_id', 'post_logout_redirect_uri', 'whom', 'force'].map((name) => [name, fieldOf(page, name)]),
    )
    expect(force).toBe('true')
    const unforced = await postForm(app, browser, '/guest/end-session/confirm', fields as never)
    expect([unforced.status, await isSignedIn(browser)]).toEqual([409, true])
    expect((await confirm(app, browser, page)).headers.location).toBe(bye)
  })

  test('signs nobody out for another site, or another guest than the one whom it showed', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const page = await open(browser, {})
    const { browser: other } = await keptGuest(app)
    const asked = await confirm(app, other, page)
    expect([asked.status, asked.text.includes('Sign out of Jotter?')]).toEqual([200, true])
    expect(await isSignedIn(other)).toBe(true)
    const fields = { whom: fieldOf(page, 'whom') }
    const foreign = { Origin: 'https://wiki.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await postForm(app, browser, '/guest/end-session/confirm', fields, foreign)).status).toBe(403)
    expect(await isSignedIn(browser)).toBe(true)
  })
})

test('“Not you?” leads through the sign-out to the same request of the app, for somebody else', async () => {
  const app = await start()
  const { browser } = await keptGuest(app)
  const page = await browser.get((await request(await discover(app))).path)
  const href = /href="([^"]*\/authorize\/sign-out[^"]*)"/.exec(page.text)![1]!.replaceAll('&#38;', '&')
  const asks = await browser.get(href)
  expect(asks.text.includes('Sign out of Jotter?')).toBe(true)
  const done = await confirm(app, browser, asks)
  expect(done.headers.location).toMatch(/^\/guest\/authorize\?resume=/)
  const first = await browser.get(done.headers.location!)
  expect(first.text.includes('Sign in to wiki.example')).toBe(true)
  expect((await press(app, browser, first)).headers.location).toMatch(/^https:\/\/wiki\.example\/cb\?code=/)
})
