// Our authorization pages (RFC 6749, 4.1; RFC 7636; RFC 9126): what they accept, where they send the browser, and what
// an authorization code then does.

import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Options } from '../../../../server/index.ts'
import type { Browser, TestApp } from '../../../support/app.ts'
import { copyOf, flipBit, keptGuest } from '../../../support/ceremonies.ts'
import { livingSessions } from '../../../support/merging.ts'
import {
  authorizationOf,
  authorized,
  fieldOf,
  finish,
  loginIdsOf,
  not,
  openPage,
  pkce,
  postForm,
  promotedUser,
  startPromotingApp,
  throughPages,
} from '../../../support/promotion.ts'
import { sendRaw } from '../../../support/raw-http.ts'
import { expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  askToken,
  backendSecret,
  bearer,
  claimsOf,
  dpopKey,
  granted,
  refresh,
  send,
  sendJson,
  userinfo,
} from '../../../support/tokens.ts'

const ada = 'ada@example.org'
const back = 'https://app.example/back'
const native = 'com.example.app:/back'

const clients = [
  { id: 'spa', origins: ['https://spa.example'], redirectUris: ['https://spa.example/back'] },
  { id: 'app', redirectUris: [native, 'http://127.0.0.1:4711/back'] },
  { id: 'front', redirectUris: [back], audiences: ['https://api.example'] },
  {
    id: 'backend',
    kind: 'confidential',
    secret: backendSecret,
    redirectUris: ['https://backend.example/cb?a=b'],
  },
  {
    id: 'other',
    kind: 'confidential',
    secret: `${backendSecret}!`,
    redirectUris: ['https://other.example/cb'],
  },
] as const

const start = (options: Partial<Options> = {}, routes?: Parameters<typeof startPromotingApp>[1]) =>
  startPromotingApp({ redirectUris: [back], clients: [...clients], ...options } as Partial<Options>, routes)

async function startWithGuest(options?: Partial<Options>) {
  const started = await start(options)
  const browser = started.app.browser()
  const guest = await browser.signIn()
  return { ...started, browser, guest }
}

/** Expects an error page: it redirects nowhere, sets no cookie (but may delete one) and changes no row. */
async function expectPage(
  app: TestApp,
  ask: () => Promise<{ status: number; text: string; headers: Record<string, string> }>,
  status = 400,
  label = '',
) {
  const before = await tables(app.store)
  const answer = await ask()
  expect(answer.status, `${label} ${answer.text}`).toBe(status)
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.headers.location).toBeUndefined()
  for (const cookie of [answer.headers['set-cookie'] ?? []].flat())
    expect(cookie).toMatch(/^[\w-]+=; .*Max-Age=0\b/)
  expect(answer.text).toContain('role="alert"')
  expectStrict(answer)
  expect(await tables(app.store)).toEqual(before)
  return answer
}

/** Expects a page that runs no script and that no other page can frame. */
function expectStrict({ text, headers }: { text: string; headers: Record<string, string> }) {
  const policy = headers['content-security-policy']!
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain("base-uri 'none'")
  expect(policy).not.toContain('unsafe')
  expect(policy).not.toContain('script-src')
  expect(headers['x-frame-options']).toBe('DENY')
  expect(text).not.toMatch(/<script|javascript:|\son\w+=/i)
}

const isUser = async (browser: Browser) => (await browser.get('/guest/userinfo')).body.isAnonymous === false

const par = (browser: Browser, asked: Record<string, string>) => browser.post('/guest/par', asked)

describe('a guest', () => {
  test('adds an address on our pages, and returns as a regular user with the same sub and a new session', async () => {
    const started = await startWithGuest()
    const { app, browser, guest, sent } = started
    const { to, ...redeemed } = await authorized(started, browser, ada)
    expect(to.origin + to.pathname).toBe(back)
    expect([...to.searchParams.keys()].toSorted()).toEqual(['code', 'iss', 'state'])
    expect(to.searchParams.get('state')).toBe('a state')
    expect(to.searchParams.get('iss')).toBe(app.origin)
    expect(sent).toMatchObject([{ value: ada, purpose: 'promote' }])
    expect(await isUser(browser), 'not promoted until the code is redeemed').toBe(false)
    const old = copyOf(app, browser)
    const done = await finish(browser, redeemed)
    expect(done.body, done.text).toMatchObject({ sub: guest.sub, isAnonymous: false, expires_at: null })
    expect(browser.token).not.toBe(old.token)
    await expectRefusal(app, () => old.get('/guest/userinfo'), 401, 'session_invalid')
    expect(await loginIdsOf(browser)).toMatchObject([{ value: ada }])
  })

  test('can push the request first, and open our page with the request_uri', async () => {
    const started = await startWithGuest()
    const { app, browser, guest } = started
    const { verifier, challenge } = pkce()
    const asked = authorizationOf(challenge, { purpose: 'promote' })
    const pushed = await par(browser, asked)
    expect(pushed.status, pushed.text).toBe(201)
    expect(pushed.body).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
      expires_in: 30 * 60,
    })
    const { request_uri } = pushed.body
    await expectPage(app, () => openPage(browser, { client_id: 'spa', request_uri }))
    await expectPage(app, () => openPage(browser, { request_uri }))
    const first = await openPage(app.browser(), { client_id: 'guestkey', request_uri })
    const to = await throughPages(started, app.browser(), first, ada)
    const done = await finish(browser, { code: to.searchParams.get('code')!, verifier })
    expect(done.body).toMatchObject({ sub: guest.sub, isAnonymous: false })
  })

  test('who cancels is sent back with access_denied', async () => {
    const { browser, app } = await startWithGuest()
    const first = await openPage(browser, authorizationOf(pkce().challenge))
    const href = /href="([^"]*\/authorize\/deny[^"]*)"/.exec(first.text)![1]!
    const away = await browser.get(href)
    expect(away.status).toBe(303)
    expect(away.headers.location).toBe(
      `${back}?${new URLSearchParams({ error: 'access_denied', state: 'a state', iss: app.origin })}`,
    )
    expect(await isUser(browser)).toBe(false)
  })

  test('who mistypes sees the error on the page, and can continue there', async () => {
    const { browser, app, codeTo } = await startWithGuest()
    const first = await openPage(browser, authorizationOf(pkce().challenge))
    const request = fieldOf(first, 'request')
    const bad = await postForm(app, browser, '/guest/authorize/code', {
      request,
      type: 'email',
      value: 'ada@',
    })
    expect([bad.status, fieldOf(bad, 'value')]).toEqual([400, 'ada@'])
    expect(bad.text).toContain('This is not an e-mail address.')
    const second = await postForm(app, browser, '/guest/authorize/code', {
      request,
      type: 'email',
      value: ada,
    })
    const transaction = fieldOf(second, 'transaction')
    const give = (code: string) =>
      postForm(app, browser, '/guest/authorize/verify', { request, transaction, code, value: ada })
    for (let i = 0; i < 4; i++) {
      const wrong = await give(not(codeTo(ada)))
      expect([wrong.status, fieldOf(wrong, 'transaction')]).toEqual([400, transaction])
      expectStrict(wrong)
    }
    expect((await give(codeTo(ada))).status).toBe(303)
    const used = await give(codeTo(ada))
    expect([used.status, used.headers.location]).toEqual([400, undefined])
    expect(used.text).toContain('role="alert"')
  })

  test('who asks for too many codes sees an error page with Retry-After', async () => {
    const { browser, app } = await startWithGuest()
    const first = await openPage(browser, authorizationOf(pkce().challenge))
    const fields = { request: fieldOf(first, 'request'), type: 'email', value: ada }
    for (let i = 0; i < 5; i++) await postForm(app, browser, '/guest/authorize/code', fields)
    const limited = await postForm(app, browser, '/guest/authorize/code', fields)
    expect([limited.status, limited.headers['retry-after']]).toEqual([429, '3600'])
    expect(limited.text).toContain('Too many codes')
  })

  test('who has a passkey must have proven it within stepUpSeconds', async () => {
    const { app } = await start({ stepUpSeconds: 300 })
    const { browser } = await keptGuest(app)
    app.clock.forward(301)
    const asked = authorizationOf(pkce().challenge, { purpose: 'promote' })
    await expectOAuthRefusal(
      app,
      () => par(browser, asked),
      401,
      'insufficient_user_authentication',
      'invalid_request',
    )
    await expectPage(app, () => openPage(browser, asked), 401)
  })
})

describe('signing in on our pages', () => {
  test('signs the same user in on another device, and merges the guest who was there', async () => {
    const started = await start()
    const { app } = started
    const user = await promotedUser(started, ada)
    const laptop = app.browser()
    const guest = await laptop.signIn()
    const redeemed = await authorized(started, laptop, ada, { purpose: 'sign_in' })
    const done = await finish(laptop, redeemed)
    expect(done.body, done.text).toMatchObject({
      ...{ sub: user.guest.sub, isAnonymous: false, merged: true },
      previous: { anonymous_id: guest.sub },
    })
    const nobody = app.browser()
    const again = await authorized(started, nobody, ada)
    expect((await finish(nobody, again)).body.sub).toBe(user.guest.sub)
    expect(await livingSessions(app, user.guest.sub)).toHaveLength(3)
  })

  test('shows the same pages for a known and an unknown address, and sends a code only to the known one', async () => {
    const started = await start()
    const { app, sent } = started
    await promotedUser(started, ada)
    sent.length = 0
    const browser = app.browser()
    const first = await openPage(browser, authorizationOf(pkce().challenge))
    const shown: string[] = []
    for (const value of [ada, 'eve@example.org']) {
      const fields = { request: fieldOf(first, 'request'), type: 'email', value }
      const { status, text } = await postForm(app, browser, '/guest/authorize/code', fields)
      shown.push(
        `${status} ${text.replaceAll(value, 'X').replace(/value="[\w.-]{40,}"|(request|resume)=[\w.-]+/g, '')}`,
      )
    }
    expect(shown[0]).toBe(shown[1])
    expect(sent.map(({ value }) => value)).toEqual([ada])
  })
})

describe('a loopback redirect URI that is registered without a port', () => {
  const registered = ['http://127.0.0.1/back', 'http://[::1]/back', 'http://localhost/back']
  const clients = [{ id: 'desktop', redirectUris: registered }]
  const askedAt = (redirect_uri: string) =>
    authorizationOf(pkce().challenge, { client_id: 'desktop', redirect_uri, purpose: 'sign_in' })

  test('leads an app back to every port (RFC 8252, 7.3)', async () => {
    const started = await startPromotingApp({ clients })
    await promotedUser(started, ada)
    const { app } = started
    for (const uri of [registered[0]!, 'http://127.0.0.1:4711/back', 'http://[::1]:50000/back']) {
      const first = await openPage(app.browser(), askedAt(uri))
      const to = await throughPages(started, app.browser(), first, ada)
      expect(to.href.startsWith(`${uri}?code=`), to.href).toBe(true)
    }
  })

  test('allows no other host, path or scheme, no port that is none, and no port of localhost', async () => {
    const { app } = await startPromotingApp({ clients })
    for (const uri of [
      ...['http://127.0.0.1:4711/back/more', 'https://127.0.0.1:4711/back', 'http://127.0.0.1:99999/back'],
      ...['http://127.0.0.1:/back', 'http://127.0.0.1:80@evil.example/back', 'http://127.0.0.10:80/back'],
      ...['http://127.0.0.1.evil.example:80/back', 'http://localhost:4711/back', 'http://[::2]:80/back'],
    ])
      await expectPage(app, () => openPage(app.browser(), askedAt(uri)), 400, uri)
  })
})

describe('a redirect URI that is not registered', () => {
  const others = [
    ...['https://app.example/back/more', 'https://app.example/backup', 'https://app.example/back?x=1'],
    ...['https://app.example/x/../back', 'https://app.example/back/..', 'https://app.example/./back'],
    ...['https://app.example@evil.example/back', 'https://user@app.example/back'],
    ...[
      'https://app.example%2fback',
      'https://app.example/%2fback',
      'https://app.example%2f@evil.example/back',
    ],
    ...[
      'https://app.example\\back',
      'https://evil.example\\@app.example/back',
      'https:\\\\app.example\\back',
    ],
    ...['https://app.example/back#x', 'https://app.example/back#', 'https://app.example/back/'],
    ...['HTTPS://app.example/back', 'https://APP.example/back', 'https://app.example:443/back'],
    ...['http://app.example/back', '//app.example/back', '/back', 'back', '', ' https://app.example/back'],
    ...['https://app.example.evil/back', 'https://app.example/back\r\nX: y', 'https://app.example/back%00'],
    ...['javascript:alert(1)', 'data:text/html,x', 'http://[', 'https://spa.example/back', native],
  ]

  test('is answered with an error page, not with a redirect', async () => {
    const { app, browser } = await startWithGuest()
    for (const redirect_uri of others) {
      const asked = authorizationOf(pkce().challenge, { redirect_uri })
      const { text } = await expectPage(app, () => openPage(browser, asked), 400, redirect_uri)
      expect(text).not.toMatch(/evil\.example|example\.evil/)
    }
  })

  test('is refused when it is pushed', async () => {
    const { app, browser } = await startWithGuest()
    for (const redirect_uri of others) {
      const asked = authorizationOf(pkce().challenge, { redirect_uri })
      await expectOAuthRefusal(app, () => par(browser, asked), 400, 'invalid_request')
    }
  })

  test('is refused if it is missing', async () => {
    const { app, browser } = await startWithGuest()
    const { redirect_uri, ...asked } = authorizationOf(pkce().challenge)
    await expectPage(app, () => openPage(browser, asked))
    await expectOAuthRefusal(app, () => par(browser, asked), 400, 'invalid_request')
  })
})

describe('an authorization request', () => {
  const good = () => authorizationOf(pkce().challenge)

  test('that is not valid is told to the client, and cannot be pushed', async () => {
    const { app, browser } = await startWithGuest()
    const wrongs: Record<string, Record<string, string>> = {
      'without PKCE': { code_challenge: '' },
      'with a challenge of 42 characters': { code_challenge: 'x'.repeat(42) },
      'with a challenge of 44 characters': { code_challenge: `${pkce().challenge}=` },
      'with plain PKCE': { code_challenge_method: 'plain' },
      'with a method in lower case': { code_challenge_method: 's256' },
      'without a method': { code_challenge_method: '' },
      'for a token': { response_type: 'token' },
      'for more than a code': { response_type: 'code id_token' },
      'without a state': { state: '' },
      'by a fragment': { response_mode: 'fragment' },
      'with a signed request': { request: 'e30.e30.' },
      'with a request elsewhere': { request_uri: 'https://evil.example/request' },
    }
    const names: Record<string, string> = {
      'for a token': 'unsupported_response_type',
      'for more than a code': 'unsupported_response_type',
      'with a signed request': 'request_not_supported',
      'with a request elsewhere': 'request_uri_not_supported',
    }
    const refusesToPush = async (label: string, wrong: Record<string, string>) => {
      const pushed = await par(browser, { ...good(), ...wrong })
      expect([400, 401], label).toContain(pushed.status)
      expect(pushed.body).not.toHaveProperty('request_uri')
      return pushed.body.error
    }
    const before = await tables(app.store)
    for (const [label, wrong] of Object.entries(wrongs)) {
      const { status, headers } = await openPage(browser, { ...good(), ...wrong })
      expect(status, label).toBe(303)
      const { origin, pathname, searchParams } = new URL(headers.location!)
      const { state = 'a state' } = wrong
      expect(origin + pathname).toBe(back)
      expect(Object.fromEntries(searchParams), label).toEqual({
        ...{ error: names[label] ?? 'invalid_request', error_description: expect.any(String) },
        ...{ state, iss: app.origin },
      })
      expect(await refusesToPush(label, wrong), label).toBe(names[label] ?? 'invalid_request')
    }
    expect(await tables(app.store)).toEqual(before)
  })

  test('whose client or state cannot be trusted is answered with an error page, and cannot be pushed', async () => {
    const { app, browser } = await startWithGuest()
    const wrongs: Record<string, Record<string, string>> = {
      'with a state of 513 characters': { state: 'x'.repeat(513) },
      'with a line break in the state': { state: 'a\nb' },
      'of an unknown client': { client_id: 'nobody' },
      'without a client': { client_id: '' },
      'for an unknown purpose': { purpose: 'admin' },
    }
    for (const [label, wrong] of Object.entries(wrongs)) {
      await expectPage(app, () => openPage(browser, { ...good(), ...wrong }), 400, label)
      const pushed = await par(browser, { ...good(), ...wrong })
      expect([400, 401], label).toContain(pushed.status)
      expect(pushed.body).not.toHaveProperty('request_uri')
    }
    // The longest state that can be pushed can also be shown.
    const { body } = await par(browser, { ...good(), state: '~'.repeat(512) })
    const { request_uri } = body
    expect((await openPage(browser, { client_id: 'guestkey', request_uri })).status).toBe(200)
  })

  test('to promote without a session is answered with an error page', async () => {
    const { app } = await start()
    const asked = { ...good(), purpose: 'promote' }
    await expectPage(app, () => openPage(app.browser(), asked), 401)
    await expectOAuthRefusal(app, () => par(app.browser(), asked), 401, 'not_signed_in', 'invalid_request')
  })

  test('with a repeated parameter or an unreadable query is answered with an error page', async () => {
    const { app, browser } = await startWithGuest()
    const query = new URLSearchParams(good()).toString()
    for (const name of ['redirect_uri', 'client_id', 'state', 'code_challenge', 'anything'])
      await expectPage(app, () => browser.get(`/guest/authorize?${query}&${name}=x&${name}=x`))
    for (const twice of [
      `${query}&redirect_uri=https://evil.example`,
      `redirect_uri=https://evil.example&${query}`,
    ])
      await expectPage(app, () => browser.get(`/guest/authorize?${twice}`))
    const paths = [
      '?',
      '?%',
      '?%zz=%',
      '?redirect_uri=http://[',
      `?${'x'.repeat(3000)}`,
      `?${query}&state=%`,
      '?=&=',
    ]
    for (const path of paths) await expectPage(app, () => browser.get(`/guest/authorize${path}`))
    for (const door of ['deny', 'provider', 'callback/example'])
      for (const path of paths) await expectPage(app, () => browser.get(`/guest/authorize/${door}${path}`))
    for (const path of [
      `http://[/guest/authorize?${query}`,
      '/guest/authorize?\\',
      '/guest/authorize?http://%',
    ]) {
      const { status, text } = await sendRaw(app.server, { path, lines: [] })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
      expect(text).not.toMatch(/^location:/im)
    }
  })

  test('that was changed, or is older than 30 minutes, is answered with an error page', async () => {
    const { app, browser, guest } = await startWithGuest()
    const { body } = await par(browser, good())
    const request = body.request_uri.split(':').at(-1) as string
    const [said, seal] = request.split('.') as [string, string]
    const changed = (more: object) =>
      Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(said, 'base64url').toString()), ...more }),
      ).toString('base64url')
    const wrong = [
      `${changed({ redirectUri: 'https://evil.example' })}.${seal}`,
      `${changed({ whom: 'another' })}.${seal}`,
      ...[`${said}.${flipBit(seal, 0)}`, said, `.${seal}`, '.', 'x'],
      // The request shows the MAC that stands for its guest, which the same key made.
      `whom ${guest.sub}.${JSON.parse(Buffer.from(said, 'base64url').toString()).whom}`,
    ]
    const give = (sealed: string) => [
      () =>
        openPage(browser, {
          client_id: 'guestkey',
          request_uri: `urn:ietf:params:oauth:request_uri:${sealed}`,
        }),
      () => openPage(browser, { resume: sealed }),
      () => browser.get(`/guest/authorize/deny?request=${encodeURIComponent(sealed)}`),
      () => postForm(app, browser, '/guest/authorize/code', { request: sealed, type: 'email', value: ada }),
      () =>
        postForm(app, browser, '/guest/authorize/verify', {
          request: sealed,
          transaction: 'x',
          code: '1',
          value: ada,
        }),
    ]
    for (const sealed of wrong) for (const ask of give(sealed)) await expectPage(app, ask)
    app.clock.forward(30 * 60 - 1)
    expect((await openPage(browser, { resume: request })).status).toBe(200)
    expect((await openPage(browser, { request })).status, 'a link on a page of 0.5').toBe(200)
    app.clock.forward(1)
    for (const ask of give(request)) await expectPage(app, ask)
  })

  test('of a client or a redirect URI that the options name no more is answered with an error page', async () => {
    const secret = 'a secret that both nodes share, of more than 32 characters'
    const before = await start({ secret })
    const browser = before.app.browser()
    const ask = async (more: Record<string, string>) =>
      fieldOf(await openPage(browser, authorizationOf(pkce().challenge, more)), 'request')
    const [ours, apps] = [await ask({}), await ask({ client_id: 'app', redirect_uri: native })]
    const { store, origin, clock } = before.app
    const node = (options: Partial<Options>) => start({ secret, store, origin, now: clock.now, ...options })
    const { app: same } = await node({})
    for (const request of [ours, apps])
      expect((await openPage(same.browser(), { resume: request })).status).toBe(200)
    const { app: other } = await node({ redirectUris: ['https://app.example/other'], clients: [] })
    for (const request of [ours, apps])
      await expectPage(other, () => openPage(other.browser(), { resume: request }))
  })

  test('from another site is refused, both as a form and when it is pushed', async () => {
    const { app, browser } = await startWithGuest()
    const first = await openPage(browser, good())
    const fields = { request: fieldOf(first, 'request'), type: 'email', value: ada }
    for (const site of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: app.origin, 'Sec-Fetch-Site': 'cross-site' },
    ]) {
      await expectPage(app, () => postForm(app, browser, '/guest/authorize/code', fields, site), 403)
      const headers = { Cookie: browser.cookie!, ...site } as Record<string, string>
      expect((await sendJson(app, 'par', good(), headers)).status).toBe(403)
    }
  })
})

describe('an authorization code', () => {
  const refused = (app: TestApp, browser: Browser, given: Parameters<typeof finish>[1], more?: object) =>
    expectRefusal(app, () => finish(browser, given, more), 400, 'invalid_grant')

  test('is good for one minute, and only with its verifier, its redirect URI and its client', async () => {
    const started = await startWithGuest()
    const { app, browser } = started
    const { to, ...given } = await authorized(started, browser, ada)
    app.clock.forward(59)
    await refused(app, browser, { ...given, verifier: pkce().verifier })
    await refused(app, browser, { ...given, redirectUri: `${back}/` })
    await refused(app, browser, { ...given, redirectUri: 'https://evil.example' })
    await refused(app, browser, { ...given, code: given.code.slice(0, -2) })
    await refused(app, browser, { ...given, code: 'x' })
    await refused(app, browser, given, { client_id: 'spa' }).catch(() => refusedBySite(app, browser, given))
    expect(await isUser(browser)).toBe(false)
    expect((await finish(browser, given)).status).toBe(200)
    const late = await startWithGuest()
    const { to: _, ...old } = await authorized(late, late.browser, ada)
    late.app.clock.forward(60)
    await refused(late.app, late.browser, old)
    for (const verifier of ['', 'short', `${'x'.repeat(43)}!`, 'x'.repeat(129)])
      await expectRefusal(late.app, () => finish(late.browser, { ...old, verifier }), 400, 'invalid_request')
  })

  // A page of our origin cannot act as the client `spa`, which has another origin.
  const refusedBySite = (app: TestApp, browser: Browser, given: Parameters<typeof finish>[1]) =>
    expectRefusal(app, () => finish(browser, given, { client_id: 'spa' }), 401, 'invalid_client')

  test('is refused to every client except the one that it was issued to', async () => {
    const started = await start()
    await promotedUser(started, ada)
    const { app } = started
    const { to, ...given } = await authorized(started, app.browser(), ada, {
      client_id: 'front',
      purpose: 'sign_in',
    })
    const ask = (client_id: string) =>
      sendJson(app, 'promotion/finish', { code: given.code, code_verifier: given.verifier, client_id })
    await expectRefusal(app, () => ask('app'), 400, 'invalid_grant')
    await expectRefusal(app, () => ask('guestkey'), 400, 'invalid_grant')
    await expectRefusal(app, () => ask('backend'), 401, 'invalid_client')
    const done = await ask('front')
    expect(claimsOf(done.body.tokens.access_token)).toMatchObject({ is_anonymous: false, client_id: 'front' })
  })

  test('that is used a second time may be stolen: the session that it led to ends', async () => {
    const started = await startWithGuest()
    const { app, browser, guest } = started
    const { to, ...given } = await authorized(started, browser, ada)
    const thief = copyOf(app, browser)
    expect((await finish(browser, given)).status).toBe(200)
    expect(await isUser(browser)).toBe(true)
    expect((await finish(thief, given)).status).toBe(401) // the promotion ended the session of before
    expect((await finish(browser, given)).body.code).toBe('code_expired')
    await expectRefusal(app, () => browser.get('/guest/userinfo'), 401, 'session_invalid')
    expect(await livingSessions(app, guest.sub)).toEqual([])
    const signIn = await authorized(started, app.browser(), ada, { purpose: 'sign_in' })
    const [one, other] = [app.browser(), app.browser()]
    expect((await finish(one, signIn)).body.sub).toBe(guest.sub)
    expect((await finish(other, signIn)).body.code).toBe('code_expired')
    await expectRefusal(app, () => one.get('/guest/userinfo'), 401, 'session_invalid')
  })

  test('that 10 requests redeem at once works for one of them, and then its session ends', async () => {
    const started = await start()
    const { app } = started
    const { guest } = await promotedUser(started, ada)
    const given = await authorized(started, app.browser(), ada, { purpose: 'sign_in' })
    const answers = await Promise.all(Array.from({ length: 10 }, () => finish(app.browser(), given)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await livingSessions(app, guest.sub)).toHaveLength(1) // the one from the promotion
  })

  test('for an address of another account is refused with 409 and a ticket, and the guest stays signed in', async () => {
    const started = await start()
    const { app } = started
    const user = await promotedUser(started, ada)
    const browser = app.browser()
    const guest = await browser.signIn()
    const { to, ...given } = await authorized(started, browser, ada)
    const taken = await finish(browser, given)
    expect(taken.body).toMatchObject({ status: 409, code: 'login_id_taken', ticket: expect.any(String) })
    expect((await browser.get('/guest/userinfo')).body).toMatchObject({ sub: guest.sub, isAnonymous: true })
    const done = await user.browser.post('/guest/merge', { ticket: taken.body.ticket })
    expect(done.body).toMatchObject({ sub: user.guest.sub, merged: { anonymous_id: guest.sub } })
  })

  test('cannot be read by somebody who sees the URL', async () => {
    const started = await startWithGuest()
    const { to } = await authorized(started, started.browser, ada)
    const parts = to.searchParams.get('code')!.split('.')
    expect(parts).toHaveLength(5)
    for (const part of parts) expect(Buffer.from(part, 'base64url').toString()).not.toContain('example')
    expect(JSON.stringify(started.app.logs)).not.toContain(parts.at(-1))
  })
})

describe('a flow that an attacker began', () => {
  test('is refused in the victim’s browser if it is a promotion, and the victim’s session stays', async () => {
    const started = await startWithGuest()
    const { app, browser: attacker } = started
    const victim = app.browser()
    const guest = await victim.signIn()
    const { token } = victim
    const given = await authorized(started, attacker, 'attacker@example.org')
    await expectRefusal(app, () => finish(victim, given), 400, 'invalid_grant')
    await expectRefusal(app, () => finish(app.browser(), given), 401, 'not_signed_in')
    expect([victim.token, (await victim.get('/guest/userinfo')).body]).toMatchObject([
      token,
      { sub: guest.sub, isAnonymous: true },
    ])
    // The attacker also cannot get the victim's address by leading the victim to the attacker's page.
    const { verifier, challenge } = pkce()
    const first = await openPage(attacker, authorizationOf(challenge))
    const to = await throughPages(started, victim, first, 'victim@example.org')
    const code = to.searchParams.get('code')!
    await expectRefusal(app, () => finish(victim, { code, verifier }), 400, 'invalid_grant')
    await expectRefusal(app, () => finish(victim, { code, verifier: pkce().verifier }), 400, 'invalid_grant')
  })

  test('is refused with another verifier if it is a sign-in, and the victim’s session stays', async () => {
    const started = await start()
    const { app } = started
    await promotedUser(started, 'attacker@example.org')
    const victim = app.browser()
    const guest = await victim.signIn()
    const given = await authorized(started, app.browser(), 'attacker@example.org', { purpose: 'sign_in' })
    await expectRefusal(
      app,
      () => finish(victim, { ...given, verifier: pkce().verifier }),
      400,
      'invalid_grant',
    )
    expect((await victim.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  })

  test('cannot be confirmed with a code that was sent for another guest or for another purpose', async () => {
    const started = await startWithGuest()
    const { app, browser, codeTo } = started
    const victim = app.browser()
    await victim.signIn()
    const mine = fieldOf(await openPage(browser, authorizationOf(pkce().challenge)), 'request')
    const theirs = fieldOf(await openPage(victim, authorizationOf(pkce().challenge)), 'request')
    const signIn = fieldOf(
      await openPage(browser, authorizationOf(pkce().challenge, { purpose: 'sign_in' })),
      'request',
    )
    const second = await postForm(app, victim, '/guest/authorize/code', {
      request: theirs,
      type: 'email',
      value: ada,
    })
    const transaction = fieldOf(second, 'transaction')
    for (const request of [mine, signIn]) {
      const fields = { request, transaction, code: codeTo(ada), value: ada }
      await expectPage(app, () => postForm(app, browser, '/guest/authorize/verify', fields))
    }
  })
})

describe('our pages', () => {
  test('run no script, cannot be framed, and send forms only to us or on to the client', async () => {
    const started = await startWithGuest()
    const first = await openPage(started.browser, authorizationOf(pkce().challenge))
    expect(first.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(first.headers['cache-control']).toBe('no-store')
    expectStrict(first)
    expect(first.headers['content-security-policy']).toContain("form-action 'self' https://app.example;")
    // With no-referrer the browser would send our forms with `Origin: null`, which we refuse (Fetch Standard, 3.2).
    expect(first.headers['referrer-policy']).toBe('same-origin')
    const fields = { request: fieldOf(first, 'request'), type: 'email', value: ada }
    const second = await postForm(started.app, started.browser, '/guest/authorize/code', fields)
    expectStrict(second)
    // The policy allows the one style sheet that the page has, and no other.
    for (const { text, headers } of [first, second]) {
      const css = /<style>(.*?)<\/style>/.exec(text)![1]!
      const source = `'sha256-${hash('sha256', css, 'base64')}'`
      expect(headers['content-security-policy']).toContain(`style-src ${source};`)
      expect(text).not.toMatch(/\sstyle=/)
    }
  })

  test('escape everything that comes from options or from the request', async () => {
    const started = await startWithGuest({
      rpName: '<b>"Jotter" & \'Co\'</b>',
      loginIds: { providers: [{ id: 'p', name: '<i>$& P</i>', issuer: 'https://p.example', clientId: 'x' }] },
      pages: { texts: { en: { email: '<u>Address</u>' } } },
    } as Partial<Options>)
    const { app, browser } = started
    const first = await openPage(
      browser,
      authorizationOf(pkce().challenge, { ui_locales: '"><script>alert(1)</script>' }),
    )
    expect(first.text).not.toMatch(/<[biu]>|<\/[biu]>/)
    expect(first.text).toContain('&#60;i&#62;$&#38; P')
    expectStrict(first)
    const request = fieldOf(first, 'request')
    const value = '"><img src=x onerror=alert(1)>@example.org'
    const wrong = await postForm(app, browser, '/guest/authorize/code', { request, type: 'email', value })
    expect(wrong.text).not.toContain('<img')
    expect(fieldOf(wrong, 'value')).toBe(value)
    const odd = "$&$'x@example.org"
    const verify = await postForm(app, browser, '/guest/authorize/verify', {
      ...{ request, transaction: '"><script>', code: '1', value: odd },
    })
    expect(verify.text).not.toContain('<script')
    expect(verify.text).toMatch(/If <bdi[^>]*>\$&#38;\$&#39;x@example\.org<\/bdi> can be reached/)
  })

  test('speak the language that ui_locales or Accept-Language asks for, from page to page', async () => {
    const started = await startWithGuest({
      pages: {
        texts: {
          fr: { promoteTitle: 'Ajouter' },
          de: { sendCode: 'Los' },
          'de-AT': { promoteTitle: 'Dabei bleiben' },
        },
      },
    })
    const { app, browser } = started
    const asked = authorizationOf(pkce().challenge)
    const inGerman = await openPage(browser, { ...asked, ui_locales: 'gsw de-CH' })
    expect(inGerman.text).toContain('<html lang="de" dir="ltr">')
    expect(inGerman.text).toContain('E-Mail-Adresse')
    expect(inGerman.text).toContain('>Los</button>')
    const fields = {
      ...{ request: fieldOf(inGerman, 'request'), ui_locales: fieldOf(inGerman, 'ui_locales') },
      ...{ type: 'email', value: ada },
    }
    const second = await postForm(app, browser, '/guest/authorize/code', fields, { 'Accept-Language': 'en' })
    expect(second.text).toContain('Code eingeben')
    expect(second.text).toMatch(/\/authorize\?resume=[^"]+ui_locales=gsw\+de-CH"/)
    const inAustria = await openPage(browser, { ...asked, ui_locales: 'de-AT-1996' })
    expect(inAustria.text).toContain('<html lang="de-AT" dir="ltr">')
    expect(inAustria.text).toContain('>Dabei bleiben</h1>')
    expect(inAustria.text).toContain('>Los</button>')
    expect(inAustria.text).toContain('E-Mail-Adresse')
    const inFrench = await openPage(browser, { ...asked, ui_locales: 'fr' })
    expect(inFrench.text).toContain('>Ajouter</h1>')
    expect(inFrench.text).toContain('Adresse e-mail')
    const first = await openPage(browser, asked)
    expect(first.text).toContain('<html lang="en" dir="ltr">')
    const { request } = { request: fieldOf(first, 'request') }
    const said = await postForm(
      app,
      browser,
      '/guest/authorize/code',
      { request, type: 'email', value: ada },
      {
        'Accept-Language': 'xx, de;q=0.9, en;q=0.8',
      },
    )
    expect(said.text).toContain('<html lang="de" dir="ltr">')
  })

  test('work if the router is mounted below a path', async () => {
    const started = await start({}, (app, guests) => void app.use('/x', guests.router))
    const { app } = started
    const browser = app.browser()
    const guest = await browser.signIn()
    const { verifier, challenge } = pkce()
    const first = await openPage(browser, authorizationOf(challenge), '/x')
    expect(first.text).toContain('action="/x/guest/authorize/code"')
    const to = await throughPages(started, browser, first, ada)
    const done = await finish(browser, { code: to.searchParams.get('code')!, verifier })
    expect(done.body).toMatchObject({ sub: guest.sub, isAnonymous: false })
    const { body } = await browser.get('/x/guest/.well-known/oauth-authorization-server')
    expect(body.authorization_endpoint).toBe(`${app.origin}/x/guest/authorize`)
  })

  test('send the browser back to a native app, and to a URI that has a query', async () => {
    const started = await start()
    await promotedUser(started, ada)
    const { app } = started
    for (const [client_id, redirect_uri, prefix, target] of [
      ['app', native, 'com.example.app:/back?code=', 'com.example.app:'],
      ['app', 'http://127.0.0.1:4711/back', 'http://127.0.0.1:4711/back?code=', 'http://127.0.0.1:4711'],
      [
        'backend',
        'https://backend.example/cb?a=b',
        'https://backend.example/cb?a=b&code=',
        'https://backend.example',
      ],
    ] as const) {
      const { challenge } = pkce()
      const asked = authorizationOf(challenge, {
        client_id,
        redirect_uri,
        purpose: 'sign_in',
        state: '&b=c #?%20+"<',
      })
      const first = await openPage(app.browser(), asked)
      expect(first.headers['content-security-policy']).toContain(`form-action 'self' ${target};`)
      const to = await throughPages(started, app.browser(), first, ada)
      expect(to.href.startsWith(prefix), to.href).toBe(true)
      expect(to.searchParams.get('state')).toBe('&b=c #?%20+"<')
    }
  })
})

describe('a client', () => {
  test('pushes a promotion with a token that is bound to its key, and receives new tokens after it', async () => {
    const started = await start()
    const { app } = started
    const key = await dpopKey()
    const before = await granted(
      anonymously(app, { client_id: 'app' }, { DPoP: await key.prove(app, 'POST', '/guest/token') }),
    )
    const proven = async (path: string) => ({
      Authorization: `DPoP ${before.access_token}`,
      DPoP: await key.prove(app, 'POST', path, { token: before.access_token }),
    })
    const { verifier, challenge } = pkce()
    const asked = authorizationOf(challenge, { client_id: 'app', redirect_uri: native, purpose: 'promote' })
    expect((await sendJson(app, 'par', asked, bearer(before.access_token))).status).toBe(401)
    expect((await sendJson(app, 'par', asked)).status).toBe(401)
    const pushed = await send(app, 'par', asked, await proven('/guest/par'))
    expect(pushed.status, pushed.text).toBe(201)
    const first = await openPage(app.browser(), { client_id: 'app', request_uri: pushed.body.request_uri })
    const to = await throughPages(started, app.browser(), first, ada)
    const given = { code: to.searchParams.get('code'), code_verifier: verifier, redirect_uri: native }
    const stranger = app.browser()
    await stranger.signIn()
    expect((await stranger.post('/guest/promotion/finish', given)).body.code).toBe('invalid_grant')
    const done = await sendJson(app, 'promotion/finish', given, await proven('/guest/promotion/finish'))
    expect(done.body, done.text).toMatchObject({
      ...{ sub: claimsOf(before.access_token).sub, isAnonymous: false },
      tokens: { token_type: 'DPoP' },
    })
    expect(claimsOf(done.body.tokens.access_token)).toMatchObject({
      cnf: { jkt: key.jkt },
      is_anonymous: false,
    })
    await expectRefusal(app, () => userinfo(app, done.body.tokens.access_token), 401, 'session_invalid')
    expect((await refresh(app, before.refresh_token, { client_id: 'app' })).body.error).toBe('invalid_grant')
  })

  test('that is a backend redeems a sign-in code at the token endpoint with its secret', async () => {
    const started = await start()
    const { guest } = await promotedUser(started, ada)
    const { app } = started
    const redirect_uri = 'https://backend.example/cb?a=b'
    const more = { client_id: 'backend', redirect_uri, purpose: 'sign_in' }
    const given = await authorized(started, app.browser(), ada, more)
    const wish = {
      ...{ grant_type: 'authorization_code', code: given.code, code_verifier: given.verifier },
      ...{ redirect_uri, client_id: 'backend', client_secret: backendSecret },
    }
    for (const [wrong, status, code] of [
      [{ client_secret: `${backendSecret}?` }, 401, 'invalid_client'],
      [{ client_secret: undefined }, 401, 'invalid_client'],
      [{ client_id: 'other', client_secret: `${backendSecret}!` }, 400, 'invalid_grant'],
      [{ code_verifier: pkce().verifier }, 400, 'invalid_grant'],
      [{ redirect_uri: 'https://backend.example/cb' }, 400, 'invalid_grant'],
      [{ redirect_uri: undefined }, 400, 'invalid_request'],
      [{ code_verifier: undefined }, 400, 'invalid_request'],
      [{ code: undefined }, 400, 'invalid_request'],
    ] as const)
      await expectOAuthRefusal(app, () => askToken(app, { ...wish, ...wrong }), status, code)
    const tokens = await granted(askToken(app, wish))
    expect(claimsOf(tokens.access_token)).toMatchObject({
      ...{ sub: guest.sub, is_anonymous: false, client_id: 'backend' },
    })
    const proof = { client_id: 'backend', client_secret: backendSecret }
    const next = await granted(refresh(app, tokens.refresh_token, proof))
    const again = await askToken(app, wish)
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
    expect((await refresh(app, next.refresh_token, proof)).body.error).toBe('invalid_grant')
    expect((await send(app, 'introspect', { token: next.access_token, ...proof })).body).toEqual({
      active: false,
    })
  })

  test('that is a backend is told 503 if the store cannot be asked, and its code is still good', async () => {
    const started = await start()
    const { guest } = await promotedUser(started, ada)
    const { app } = started
    const redirect_uri = 'https://backend.example/cb?a=b'
    const more = { client_id: 'backend', redirect_uri, purpose: 'sign_in' }
    const given = await authorized(started, app.browser(), ada, more)
    const wish = {
      ...{ grant_type: 'authorization_code', code: given.code, code_verifier: given.verifier },
      ...{ redirect_uri, client_id: 'backend', client_secret: backendSecret },
    }
    await execute(app.store, 'ALTER TABLE login_ids RENAME TO away')
    const refused = await askToken(app, wish)
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
    await execute(app.store, 'ALTER TABLE away RENAME TO login_ids')
    expect(claimsOf((await granted(askToken(app, wish))).access_token).sub).toBe(guest.sub)
  })

  test('that is a backend cannot redeem a code that promotes a guest', async () => {
    const started = await startWithGuest()
    const { app, browser } = started
    const redirect_uri = 'https://backend.example/cb?a=b'
    const given = await authorized(started, browser, ada, {
      client_id: 'backend',
      redirect_uri,
      purpose: 'promote',
    })
    const wish = {
      ...{ grant_type: 'authorization_code', code: given.code, code_verifier: given.verifier },
      ...{ redirect_uri, client_id: 'backend', client_secret: backendSecret },
    }
    await expectOAuthRefusal(app, () => askToken(app, wish), 400, 'invalid_grant')
    expect(await isUser(browser)).toBe(false)
  })

  test('finds the endpoints and what they support in the metadata', async () => {
    const { app } = await start()
    const { body } = await app.browser().get('/.well-known/oauth-authorization-server')
    expect(body).toMatchObject({
      issuer: app.origin,
      authorization_endpoint: `${app.origin}/guest/authorize`,
      pushed_authorization_request_endpoint: `${app.origin}/guest/par`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    })
    expect(body.grant_types_supported).toContain('authorization_code')
  })
})

test('codes and verifiers are neither in the log nor in the store, and addresses are not in the log', async () => {
  const started = await startWithGuest()
  const { app, browser, sent } = started
  const { to, ...given } = await authorized(started, browser, ada)
  await finish(browser, given)
  const all = JSON.stringify(app.logs) + JSON.stringify(await tables(app.store))
  for (const secret of [given.code, given.verifier]) expect(all).not.toContain(secret)
  expect(JSON.stringify(app.logs)).not.toContain('example.org')
  expect(sent).toHaveLength(1)
})
