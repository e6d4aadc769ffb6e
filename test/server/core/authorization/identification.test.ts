// Apps that ask who is signed in (OpenID Connect Core 1.0, 3.1): the page that says what they learn, the code, and the
// tokens. openid-client, which nobody here wrote, is the app.

import { hash } from 'node:crypto'
import * as openid from 'openid-client'
import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import {
  callback,
  openIdClients as clients,
  discover,
  letKnow,
  press,
  request,
  secretOf,
  startProviding as start,
  tokensOf as tokensFor,
} from '../../../support/openid-app.ts'
import { authorizationOf, fieldOf, openPage, pkce, postForm } from '../../../support/promotion.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import { askToken, claimsOf, headerOf, userinfo } from '../../../support/tokens.ts'

describe('an app that asks who is signed in', () => {
  test('learns of a new guest a number of its own, and nothing is written but that the code was used', async () => {
    const app = await start()
    const browser = app.browser()
    const known = await letKnow(app, browser)
    expect(known.page.text).toContain('Sign in to wiki.example')
    for (const text of [
      'wiki.example learns a number for you that nobody else gets.',
      'wiki.example learns that you are a guest.',
      'It does not learn your name here, your address or where else you go.',
    ])
      expect(known.page.text).toContain(text)
    expect(known.url.origin + known.url.pathname).toBe(callback)
    expect(known.url.searchParams.get('iss')).toBe(app.origin)
    const tokens = await tokensFor(known)
    const { sub } = (await browser.get('/guest/userinfo')).body
    const claims = tokens.claims()!
    expect(claims).toEqual({
      ...{ iss: app.origin, sub: expect.any(String), aud: 'wiki', nonce: known.checks.expectedNonce },
      ...{ iat: Math.floor(app.clock.now() / 1000), exp: Math.floor(app.clock.now() / 1000) + 600 },
      ...{ at_hash: expect.any(String), sid: expect.any(String), is_anonymous: true, is_verified: false },
    })
    const whole = hash('sha256', tokens.access_token, 'buffer') // at_hash is its left half (3.1.3.6), for ES256
    expect(claims.at_hash).toBe(whole.subarray(0, 16).toString('base64url'))
    expect(tokens).not.toHaveProperty('refresh_token')
    expect(JSON.stringify(claims) + tokens.access_token).not.toContain(sub)
    const info = await openid.fetchUserInfo(known.config, tokens.access_token, claims.sub)
    expect(info).toMatchObject({ sub: claims.sub, is_anonymous: true })
    const { spent, ...rows } = await app.rows()
    expect(spent).toBe(1)
    expect(rows).toMatchObject({ guests: 0, sessions: 0, codes: 0 })
  })

  test('learns the same number of the same guest, before it was kept and after', async () => {
    const app = await start()
    const browser = app.browser()
    const { label } = await browser.signIn()
    const before = await letKnow(app, browser)
    expect(before.page.text).toContain('Continue to wiki.example?')
    expect(before.page.text).toContain(label)
    const { sub } = (await tokensFor(before)).claims()!
    expect((await browser.addPasskey(app.device())).status).toBe(201)
    const after = (await tokensFor(await letKnow(app, browser))).claims()!
    expect(after).toMatchObject({ sub, is_anonymous: true, acr: 'phr', amr: ['pop', 'user', 'mfa'] })
  })

  test('learns other numbers than another app, and neither can act for the guest', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const [wiki, chat] = [await letKnow(app, browser), await letKnow(app, browser, 'chat')]
    const [one, other] = [await tokensFor(wiki), await tokensFor(chat)]
    for (const name of ['sub', 'sid', 'aud', 'at_hash'] as const)
      expect(one.claims()![name]).not.toBe(other.claims()![name])
    const bearer = { Authorization: `Bearer ${one.access_token}` }
    const refused = await fetch(`${app.origin}/guest/passkeys`, { headers: bearer })
    expect([refused.status, (await refused.json()).code]).toEqual([403, 'insufficient_scope'])
    expect((await userinfo(app, one.id_token!)).status, 'an ID token is no access token').toBe(401)
    expect(claimsOf(one.access_token).aud).not.toBe('wiki')
    // The type keeps the two apart, whichever the key signs first.
    expect([headerOf(one.id_token!).typ, headerOf(one.access_token).typ]).toEqual(['JWT', 'at+jwt'])
    expect([headerOf(other.id_token!).typ, headerOf(other.access_token).typ]).toEqual(['JWT', 'at+jwt'])
  })

  test('is told login_required or consent_required if nobody may be asked', async () => {
    const app = await start()
    const config = await discover(app)
    const errorFor = async (browser: Browser, more: Record<string, string>) => {
      const { headers, status } = await browser.get((await request(config, more)).path)
      expect(status).toBe(303)
      return new URL(headers.location!).searchParams.get('error')
    }
    const browser = app.browser()
    expect(await errorFor(browser, { prompt: 'none' })).toBe('login_required')
    await browser.signIn()
    expect(await errorFor(browser, { prompt: 'none' })).toBe('consent_required')
    app.clock.forward(1)
    expect(await errorFor(browser, { prompt: 'none', max_age: '0' })).toBe('login_required')
  })

  test('gets nothing if the person cancels', async () => {
    const app = await start()
    const browser = app.browser()
    const page = await browser.get((await request(await discover(app))).path)
    const href = /href="([^"]*\/authorize\/deny[^"]*)"/.exec(page.text)![1]!.replaceAll('&#38;', '&')
    const { headers } = await browser.get(href)
    expect(new URL(headers.location!).searchParams.get('error')).toBe('access_denied')
    expect(browser.cookie).toBeUndefined()
  })

  test('that is not pairwise, or asks without openid, gets the pages for login IDs or none', async () => {
    const open = { ...clients[0]!, id: 'open', pairwise: undefined }
    const app = await start({ clients: [...clients, open] })
    const asked = (more: Record<string, string>) =>
      openPage(app.browser(), authorizationOf(pkce().challenge, { redirect_uri: callback, ...more }))
    const page = await asked({ client_id: 'open', scope: 'openid' })
    expect(page.text).toContain('Use an address or an account that you have added here.')
    const { headers } = await asked({ client_id: 'wiki' })
    expect(new URL(headers.location!).searchParams.get('error')).toBe('unauthorized_client')
  })
})

describe('the page', () => {
  test('lets nobody know of another guest than the one whom it showed', async () => {
    const app = await start()
    const config = await discover(app)
    const browser = app.browser()
    const shown = await browser.get((await request(config)).path)
    await browser.signIn() // in another tab
    const late = await press(app, browser, shown)
    expect(late.headers.location).toMatch(/^\/guest\/authorize\?resume=/)
    const again = await browser.get(late.headers.location!)
    expect(again.text).toContain('name="whom"')
    const other = app.browser()
    await other.signIn()
    const swapped = await press(app, other, again)
    expect(swapped.headers.location).toMatch(/^\/guest\/authorize\?resume=/)
    expect((await press(app, browser, again)).headers.location).toMatch(/^https:\/\/wiki\.example\/cb\?code=/)
  })

  test('runs no script; the one of all ways to come back runs the elements and goes on, and nothing else', async () => {
    const app = await start()
    const browser = app.browser()
    const page = await browser.get((await request(await discover(app))).path)
    expect(page.headers['content-security-policy']).not.toContain('script-src')
    const sealed = new URLSearchParams({ request: fieldOf(page, 'request') })
    const { text, headers } = await browser.get(`/guest/authorize/sign-in?${sealed}`)
    const policy = headers['content-security-policy']!
    const [, inline] = /<script>(.*?)<\/script>/.exec(text)!
    expect(policy).toContain(`script-src 'self' 'sha256-${hash('sha256', inline!, 'base64')}';`)
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    const next = new URLSearchParams({ resume: sealed.get('request')! })
    expect(text).toContain(`data-next="/guest/authorize?${next}"`)
  })

  test('is no page for login IDs, and takes no form from another site', async () => {
    const app = await start()
    const browser = app.browser()
    const page = await browser.get((await request(await discover(app))).path)
    const fields = { request: fieldOf(page, 'request'), type: 'email', value: 'ada@example.org' }
    expect((await postForm(app, browser, '/guest/authorize/code', fields)).status).toBe(400)
    const foreign = { Origin: 'https://evil.example' }
    expect((await postForm(app, browser, '/guest/authorize/approve', fields, foreign)).status).toBe(403)
  })

  test('lets no new guest in while new guests are switched off', async () => {
    const app = await start({ guestSignIn: false })
    const browser = app.browser()
    const page = await browser.get((await request(await discover(app))).path)
    const refused = await press(app, browser, page)
    expect([refused.status, refused.text.includes('No new guests at the moment.')]).toEqual([403, true])
    expect(refused.text).toContain('Back to wiki.example')
  })
})

describe('a code for who is signed in', () => {
  const redeem = (app: TestApp, url: URL, verifier: string, more: Record<string, string> = {}) =>
    askToken(app, {
      ...{ grant_type: 'authorization_code', code: url.searchParams.get('code')!, redirect_uri: callback },
      ...{ code_verifier: verifier, client_id: 'wiki', client_secret: secretOf('wiki'), ...more },
    })

  test('is good once, for a minute, for its client, verifier and redirect URI, while the session lives', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    const { url, verifier } = await letKnow(app, browser)
    const refused = (more: Record<string, string>) =>
      expectOAuthRefusal(app, () => redeem(app, url, verifier, more), 400, 'invalid_grant')
    await refused({ client_id: 'chat', client_secret: secretOf('chat') })
    await refused({ code_verifier: pkce().verifier })
    await refused({ redirect_uri: `${callback}/` })
    await refused({ code: url.searchParams.get('code')!.slice(0, -2) })
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(app, url, verifier)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    await refused({})
    const late = await letKnow(app, browser)
    app.clock.forward(60)
    await expectOAuthRefusal(app, () => redeem(app, late.url, late.verifier), 400, 'invalid_grant')
    for (const own of [browser, (await keptGuest(app)).browser]) {
      const ended = await letKnow(app, own)
      expect((await own.post('/guest/sign-out', { force: true })).status).toBe(204)
      await expectOAuthRefusal(app, () => redeem(app, ended.url, ended.verifier), 400, 'invalid_grant')
    }
  })

  test('promotes nobody and signs nobody in, and cannot be read', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const { url, verifier } = await letKnow(app, browser)
    const code = url.searchParams.get('code')!
    for (const who of [copyOf(app, browser), app.browser()]) {
      const done = await who.post('/guest/promotion/finish', {
        code,
        code_verifier: verifier,
        client_id: 'wiki',
      })
      expect(done.status).toBe(401) // a pairwise client has no business there
      const own = await who.post('/guest/promotion/finish', { code, code_verifier: verifier })
      expect([own.status, own.body.code]).toEqual([400, 'invalid_grant'])
    }
    expect(code.split('.')).toHaveLength(5)
    expect(JSON.stringify(app.logs)).not.toContain(code)
  })
})
