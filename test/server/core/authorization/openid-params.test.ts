// What an app may ask of a sign-in (OpenID Connect Core 1.0, 3.1.2.1): its params, what it is told if one is wrong, and how it
// is answered. By GET, by POST, and pushed.

import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { press } from '../../../support/openid-app.ts'
import { authorizationOf, fieldOf, openPage, pkce, postForm } from '../../../support/promotion.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import { askToken, claimsOf, send } from '../../../support/tokens.ts'

const secret = 'a secret of a client, of more than 32 characters'
const callback = 'https://wiki.example/cb?a=b'

const client = (id: string, more: object = {}) => ({
  ...{ id, kind: 'confidential' as const, secret: `${secret} ${id}`, pairwise: `${secret} for ${id}` },
  ...{ scopes: ['openid'], redirectUris: [callback], ...more },
})
const native = {
  id: 'native',
  pairwise: `${secret} for native`,
  scopes: ['openid'],
  redirectUris: ['a.b:/c'],
}
const clients = [client('wiki'), client('chat'), client('plain', { pkce: 'optional' }), native]

const start = () => startApp({ rpName: 'Jotter', clients })

const { verifier, challenge } = pkce()
const asked = (more: Record<string, string | undefined> = {}): Record<string, string> => {
  const all = { client_id: 'wiki', redirect_uri: callback, scope: 'openid', nonce: 'a nonce', ...more }
  const whole = { ...authorizationOf(challenge), ...all }
  return JSON.parse(JSON.stringify(whole)) // without what is undefined
}

/** What the app is told at its redirect URI; undefined if the browser was not sent there. */
function told(answer: { headers: Record<string, string> }, uri = callback) {
  const { location = '' } = answer.headers
  const here = uri.split('?')[0]!
  return location.startsWith(here) ? Object.fromEntries(new URL(location).searchParams) : undefined
}

/** Lets the app know who is in this browser: by the page, or at once if it knows already. */
async function letKnow(app: TestApp, browser: Browser, params: Record<string, string>) {
  const page = await openPage(browser, params)
  return page.status === 303 ? page : press(app, browser, page)
}

const redeem = (app: TestApp, code: string, id = 'wiki', more: Record<string, string | undefined> = {}) =>
  askToken(app, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier },
    ...{ client_id: id, client_secret: `${secret} ${id}`, ...more },
  })

/** The claims of the ID token that the app gets for whoever is in this browser. */
async function idTokenFor(app: TestApp, browser: Browser, more: Record<string, string | undefined> = {}) {
  const { code = '' } = told(await letKnow(app, browser, asked(more)))!
  const { body, text } = await redeem(app, code, more.client_id)
  expect(body.id_token, text).toBeTruthy()
  return { token: body.id_token as string, claims: claimsOf(body.id_token) }
}

/** What comes: a code at once, or a page with a person to be confirmed, with nobody yet, or with the ways to come back. */
const shown = (page: { status: number; text: string; headers: Record<string, string> }) =>
  told(page)?.code === undefined && !page.text.includes('name="code"') ? pageOf(page) : 'code'

const pageOf = ({ text }: { text: string }) =>
  text.includes('<guestkey-sign-in') ? 'sign_in' : text.includes('name="whom"') ? 'consent' : 'enter'

describe('an app is told at its redirect URI', () => {
  const wrong: [string, string, Record<string, string | undefined>][] = [
    ['request_not_supported', 'a signed request', { request: 'e30.e30.' }],
    ['request_uri_not_supported', 'a request elsewhere', { request_uri: 'https://evil.example/r' }],
    ['unsupported_response_type', 'another response type', { response_type: 'id_token' }],
    ['invalid_request', 'no response type', { response_type: undefined }],
    ['invalid_request', 'another response mode', { response_mode: 'fragment' }],
    ['invalid_request', 'no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['invalid_request', 'plain PKCE', { code_challenge_method: 'plain' }],
    ['invalid_request', 'no state', { state: undefined }],
    ['invalid_request', 'a long nonce', { nonce: 'x'.repeat(256) }],
    ['invalid_request', 'prompt none with another', { prompt: 'none login' }],
    ['invalid_request', 'max_age that is no number', { max_age: '-1' }],
    ['invalid_request', 'claims that are no JSON', { claims: '{' }],
    ['invalid_request', 'claims that are no object', { claims: '[]' }],
    ['invalid_request', 'claims of an ID token that are no object', { claims: '{"id_token":5}' }],
    ['invalid_request', 'a hint that is no ID token', { id_token_hint: 'x' }],
    ['unmet_authentication_requirements', 'an acr that we do not have', { claims: acr('urn:x') }],
    ['unauthorized_client', 'no openid', { scope: 'email' }],
  ]

  test.each(wrong)('%s: %s, by GET, by POST and when it is pushed', async (error, _, more) => {
    const app = await start()
    const browser = app.browser()
    const { state } = asked(more)
    const all = {
      ...{ error, error_description: expect.any(String), iss: app.origin, a: 'b' },
      ...(state !== undefined && { state }),
    }
    expect(told(await openPage(browser, asked(more)))).toEqual(all)
    if (more.scope === undefined) {
      const foreign = { Origin: 'https://wiki.example', 'Sec-Fetch-Site': 'cross-site' }
      expect(told(await postForm(app, browser, '/guest/authorize', asked(more), foreign))).toEqual(all)
    }
    const pushed = await send(app, 'par', { ...asked(more), client_secret: `${secret} wiki` })
    expect([pushed.status, pushed.body.error]).toEqual([400, error])
    expect(browser.cookie).toBeUndefined()
  })

  test('nothing if it is unknown, or if it does not own the redirect URI: the page says so', async () => {
    const app = await start()
    for (const more of [{ client_id: 'nobody' }, { redirect_uri: 'https://wiki.example/cb' }]) {
      const wrong = asked({ ...more, response_type: 'token' })
      for (const page of [
        await openPage(app.browser(), wrong),
        await postForm(app, app.browser(), '/guest/authorize', wrong),
      ])
        expect([page.status, page.headers.location]).toEqual([400, undefined])
    }
  })

  test('nothing of params that it may send and we do not need', async () => {
    const app = await start()
    const more = {
      ...{ display: 'popup', ui_locales: 'fr en', claims_locales: 'fr', login_hint: 'ada@example.org' },
      ...{ acr_values: 'urn:x phr', scope: 'openid profile email address', prompt: 'create', extra: 'x' },
      claims: '{"userinfo":{"email":null},"id_token":{"acr":null,"name":{"essential":true}}}',
    }
    const page = await openPage(app.browser(), asked(more))
    expect([page.status, shown(page)]).toEqual([200, 'enter'])
    expect(page.text).not.toContain('ada@example.org')
  })
})

function acr(...values: string[]): string {
  return JSON.stringify({ id_token: { acr: { essential: true, values } } })
}

describe('a sign-in that the app demands', () => {
  test('prompt=login: the page of all ways comes first, and only a new sign-in is let through', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    app.clock.forward(1)
    const page = await openPage(browser, asked({ prompt: 'login' }))
    expect(shown(page)).toBe('sign_in')
    const next = /data-next="([^"]*)"/.exec(page.text)![1]!
    expect(shown(await browser.get(next)), 'still the one from before').toBe('sign_in')
    // Who approves by a form that was never shown for this session is led back to the page.
    const request = new URL(next, app.origin).searchParams.get('resume')!
    const { text } = await openPage(browser, asked())
    const forced = await postForm(app, browser, '/guest/authorize/approve', {
      request,
      whom: fieldOf({ text } as never, 'whom'),
    })
    expect(forced.headers.location).toMatch(/^\/guest\/authorize\?resume=/)
    await browser.post('/guest/sign-out', { force: true })
    await browser.signIn()
    const after = await browser.get(next)
    expect(shown(after)).toBe('consent')
    expect(told(await press(app, browser, after))).toHaveProperty('code')
  })

  test('max_age: a sign-in that is older does not do; auth_time says the earliest time it can have been', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    app.clock.forward(60)
    const now = Math.floor(app.clock.now() / 1000)
    expect((await idTokenFor(app, browser, { max_age: '60' })).claims.auth_time).toBe(now - 60)
    expect((await idTokenFor(app, browser, { max_age: '100' })).claims.auth_time).toBe(now - 100)
    expect((await idTokenFor(app, browser)).claims).not.toHaveProperty('auth_time')
    expect(shown(await openPage(browser, asked({ max_age: '59' })))).toBe('sign_in')
    expect(shown(await openPage(browser, asked({ max_age: '0' })))).toBe('sign_in')
    const late = await openPage(browser, asked({ max_age: '60', prompt: 'consent' }))
    app.clock.forward(1)
    const { headers } = await press(app, browser, late)
    expect(headers.location, 'too old when the button is pressed').toMatch(/^\/guest\/authorize\?resume=/)
  })

  test('max_age=0: a sign-in while the request is open does', async () => {
    const app = await start()
    const browser = app.browser()
    const page = await openPage(browser, asked({ max_age: '0' }))
    expect(shown(page)).toBe('enter')
    app.clock.forward(5)
    const { code = '' } = told(await press(app, browser, page))!
    const { body } = await redeem(app, code)
    expect(claimsOf(body.id_token).auth_time).toBe(Math.floor(app.clock.now() / 1000))
  })

  test('claims: auth_time is told if it is asked for, and an essential acr needs a passkey', async () => {
    const app = await start()
    const { browser } = await keptGuest(app)
    const now = Math.floor(app.clock.now() / 1000)
    const claims = '{"id_token":{"auth_time":{"essential":true}}}'
    const stepUp = 5 * 60
    expect((await idTokenFor(app, browser, { claims })).claims.auth_time).toBe(now - stepUp)
    app.clock.forward(stepUp + 1)
    const later = await idTokenFor(app, browser, { claims })
    expect(later.claims.auth_time).toBeLessThan(now - stepUp)
    expect((await idTokenFor(app, browser, { claims: acr('urn:x', 'phr') })).claims.acr).toBe('phr')
    const guest = app.browser()
    expect(shown(await openPage(guest, asked({ claims: acr('phr') })))).toBe('sign_in')
    await guest.signIn()
    expect(shown(await openPage(guest, asked({ claims: acr() })))).toBe('sign_in')
    const none = await openPage(guest, asked({ claims: acr('phr'), prompt: 'none' }))
    expect(told(none)?.error).toBe('login_required')
  })

  test('id_token_hint: only the guest of the hint does, also of a token that has expired', async () => {
    const app = await start()
    const browser = app.browser()
    await browser.signIn()
    const { token } = await idTokenFor(app, browser)
    app.clock.forward(60 * 60)
    expect(shown(await openPage(browser, asked({ id_token_hint: token })))).toBe('code')
    const errorOf = async (who: Browser) =>
      told(await openPage(who, asked({ id_token_hint: token, prompt: 'none' })))?.error
    expect(await errorOf(browser)).toBeUndefined()
    const other = app.browser()
    expect(await errorOf(other)).toBe('login_required')
    await other.signIn()
    expect(await errorOf(other)).toBe('login_required')
    expect(shown(await openPage(other, asked({ id_token_hint: token })))).toBe('sign_in')
    const sub = (await browser.get('/guest/userinfo')).body.sub
    const { text } = await openPage(browser, asked({ id_token_hint: token, prompt: 'consent' }))
    const carried = Buffer.from(fieldOf({ text } as never, 'request').split('.')[0]!, 'base64url').toString()
    expect(carried).not.toContain(sub)
  })

  test('id_token_hint of another app, or an access token, is refused', async () => {
    const app = await start()
    const browser = app.browser()
    const { token } = await idTokenFor(app, browser)
    const hint = (id_token_hint: string, client_id = 'wiki') => asked({ id_token_hint, client_id })
    expect(told(await openPage(browser, hint(token, 'chat')))?.error).toBe('invalid_request')
    const { code = '' } = told(await letKnow(app, browser, asked()))!
    const { body } = await redeem(app, code)
    expect(told(await openPage(browser, hint(body.access_token)))?.error).toBe('invalid_request')
  })
})

describe('a client without PKCE', () => {
  const bare = { client_id: 'plain', code_challenge: undefined, code_challenge_method: undefined }
  const plain = (more: Record<string, string | undefined> = {}) =>
    asked({ ...bare, state: undefined, ...more })

  test('needs neither challenge nor state, but a nonce, which its ID token has', async () => {
    const app = await start()
    const browser = app.browser()
    const back = told(await letKnow(app, browser, plain()))!
    expect(back).toEqual({ a: 'b', code: expect.any(String), iss: app.origin })
    const { body } = await redeem(app, back.code!, 'plain', { code_verifier: undefined })
    expect(claimsOf(body.id_token).nonce).toBe('a nonce')
    for (const nonce of [undefined, ''])
      expect(told(await openPage(browser, plain({ nonce })))?.error).toBe('invalid_request')
  })

  test('cannot be made to leave out what it sent: challenge and verifier come together', async () => {
    const app = await start()
    const browser = app.browser()
    const codeFor = async (params: Record<string, string>) => told(await letKnow(app, browser, params))!.code!
    const without = await codeFor(plain())
    await expectOAuthRefusal(app, () => redeem(app, without, 'plain'), 400, 'invalid_grant')
    const with_ = await codeFor(asked({ client_id: 'plain' }))
    const bare = { code_verifier: undefined }
    await expectOAuthRefusal(app, () => redeem(app, with_, 'plain', bare), 400, 'invalid_grant')
    expect((await redeem(app, with_, 'plain')).status).toBe(200)
  })
})

describe('an answer by a form', () => {
  test('is a page that sends it by itself, by its hash, and by a button, to the redirect URI and nowhere else', async () => {
    const app = await start()
    const browser = app.browser()
    const page = await press(app, browser, await openPage(browser, asked({ response_mode: 'form_post' })))
    expect(page.status).toBe(200)
    const [, script] = /<script>(.*?)<\/script>/.exec(page.text)!
    const policy = page.headers['content-security-policy']!
    expect(policy).toContain(`script-src 'sha256-${hash('sha256', script!, 'base64')}';`)
    expect(policy).toContain("form-action 'self' https://wiki.example;")
    expect(policy).not.toContain('unsafe')
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.text).toContain('<form method="post" action="https://wiki.example/cb?a=b">')
    expect(page.text).toMatch(/<button class="button primary wide">Continue<\/button>/)
    expect([fieldOf(page, 'state'), fieldOf(page, 'iss')]).toEqual(['a state', app.origin])
    expect((await redeem(app, fieldOf(page, 'code'))).status).toBe(200)
  })

  test('tells errors too, and is none for the scheme of an app', async () => {
    const app = await start()
    const form = { response_mode: 'form_post' }
    const none = await openPage(app.browser(), asked({ ...form, prompt: 'none' }))
    expect(fieldOf(none, 'error')).toBe('login_required')
    const wrong = await openPage(app.browser(), asked({ ...form, state: '"><script>', prompt: 'none login' }))
    expect([fieldOf(wrong, 'error'), fieldOf(wrong, 'state')]).toEqual(['invalid_request', '"><script>'])
    expect(wrong.text.match(/<script/g)).toHaveLength(1)
    const app_ = { client_id: 'native', redirect_uri: 'a.b:/c' }
    const refused = await openPage(app.browser(), asked({ ...form, ...app_ }))
    expect(told(refused, 'a.b:/c')?.error).toBe('invalid_request')
    const page = await openPage(app.browser(), asked(form))
    const cancel = /href="([^"]*\/authorize\/deny[^"]*)"/.exec(page.text)![1]!.replaceAll('&#38;', '&')
    expect(fieldOf(await app.browser().get(cancel), 'error')).toBe('access_denied')
  })
})

test('a request that comes by POST from the page of the app leads to the same page by GET', async () => {
  const app = await start()
  const browser = app.browser()
  const foreign = { Origin: 'https://wiki.example', 'Sec-Fetch-Site': 'cross-site' }
  const sent = await postForm(app, browser, '/guest/authorize', asked({ ui_locales: 'fr' }), foreign)
  expect([sent.status, sent.headers['set-cookie']]).toEqual([303, undefined])
  const page = await browser.get(sent.headers.location!)
  expect([shown(page), page.headers['content-language']]).toEqual(['enter', 'fr'])
  expect(told(await press(app, browser, page))).toHaveProperty('code')
})

test('a request is pushed by an app that proves who it is, and shown to whoever opens it', async () => {
  const app = await start()
  const browser = app.browser()
  const push = (more: Record<string, string | undefined>) =>
    send(app, 'par', { ...asked({ prompt: 'login', response_mode: 'form_post' }), ...more })
  await expectOAuthRefusal(app, () => push({}), 401, 'invalid_client')
  const { status, body } = await push({ client_secret: `${secret} wiki` })
  expect(status).toBe(201)
  const { request_uri } = body
  const page = await openPage(browser, { client_id: 'wiki', request_uri })
  expect(shown(page)).toBe('enter')
  expect((await redeem(app, fieldOf(await press(app, browser, page), 'code'))).status).toBe(200)
  expect((await openPage(browser, { client_id: 'chat', request_uri })).status).toBe(400)
  app.clock.forward(1)
  expect(shown(await openPage(browser, { client_id: 'wiki', request_uri }))).toBe('code')
})
