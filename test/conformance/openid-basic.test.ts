// What the OpenID Foundation's suite checks of a provider in its Basic and Config plans, module by module, over HTTP. README.md
// says which module is covered here, which by another test, and which is not.

import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Browser, TestApp } from '../support/app.ts'
import { callback, letKnow, openIdClient, request, secretOf, startProviding } from '../support/openid-app.ts'
import { ask, askToken, bearer, claimsOf, headerOf } from '../support/tokens.ts'

const clients = [
  openIdClient('wiki'),
  openIdClient('post', { tokenEndpointAuthMethod: 'client_secret_post' }),
]
const start = () => startProviding({ clients })

type Known = Awaited<ReturnType<typeof letKnow>>

/** Redeems the code, as a form. `by`: how the client proves who it is. */
function redeem(app: TestApp, { url, verifier }: Known, id = 'wiki', by: 'basic' | 'post' = 'post') {
  const form = {
    ...{ grant_type: 'authorization_code', code: url.searchParams.get('code')!, redirect_uri: callback },
    code_verifier: verifier,
  }
  const basic = Buffer.from(`${id}:${encodeURIComponent(secretOf(id))}`).toString('base64')
  return by === 'basic'
    ? askToken(app, form, { Authorization: `Basic ${basic}` })
    : askToken(app, { ...form, client_id: id, client_secret: secretOf(id) })
}

/** The whole flow with these params. Returns the token response and the ID token's claims. */
async function signIn(app: TestApp, more: Record<string, string> = {}, browser: Browser = app.browser()) {
  const known = await letKnow(app, browser, 'wiki', more)
  const { status, body } = await redeem(app, known)
  expect(status, JSON.stringify(body)).toBe(200)
  return { known, tokens: body, claims: claimsOf(body.id_token) }
}

const json = async (app: TestApp, path: string) => (await ask(app, path)).body

describe('the Basic plan', () => {
  test('oidcc-server: code, state and iss come back, and the token response is as it must be', async () => {
    const app = await start()
    const known = await letKnow(app, app.browser())
    expect(known.url.searchParams.get('state')).toBe(known.checks.expectedState)
    expect(known.url.searchParams.get('iss')).toBe(app.origin)
    const { status, body, headers } = await redeem(app, known, 'wiki', 'basic')
    expect(status, JSON.stringify(body)).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) })
    const claims = claimsOf(body.id_token)
    const now = Math.floor(app.clock.now() / 1000)
    expect(claims).toMatchObject({
      iss: app.origin,
      aud: 'wiki',
      nonce: known.checks.expectedNonce,
      iat: now,
    })
    expect(claims.exp).toBeGreaterThan(now)
    expect(claims.sub).toMatch(/^[\x20-\x7E]{1,255}$/)
  })

  test('oidcc-server-client-secret-post: the secret in the body does, and no other way does', async () => {
    const app = await start()
    const known = await letKnow(app, app.browser(), 'post')
    expect((await redeem(app, known, 'post', 'basic')).status).toBe(401)
    expect((await redeem(app, known, 'post', 'post')).status).toBe(200)
  })

  test('oidcc-idtoken-signature: a key of jwks_uri has signed the ID token, and its header names it', async () => {
    const app = await start()
    const { tokens } = await signIn(app)
    const { jwks_uri } = await json(app, '/.well-known/openid-configuration')
    const keys = createLocalJWKSet(await json(app, new URL(jwks_uri).pathname))
    const currentDate = new Date(app.clock.now())
    const options = { issuer: app.origin, audience: 'wiki', currentDate }
    const { protectedHeader } = await jwtVerify(tokens.id_token, keys, options)
    expect(protectedHeader).toMatchObject({ alg: 'ES256', kid: expect.any(String) })
    const [head, , signature] = tokens.id_token.split('.')
    const changed = Buffer.from(JSON.stringify({ ...claimsOf(tokens.id_token), sub: 'x' })).toString(
      'base64url',
    )
    await expect(jwtVerify(`${head}.${changed}.${signature}`, keys, options)).rejects.toThrow()
  })

  test('oidcc-idtoken-unsigned: none is not offered, and every ID token is signed', async () => {
    const app = await start()
    const { id_token_signing_alg_values_supported: algorithms } = await json(
      app,
      '/.well-known/openid-configuration',
    )
    expect(algorithms).not.toContain('none')
    expect(headerOf((await signIn(app)).tokens.id_token).alg).toBe('ES256')
  })

  test('oidcc-userinfo-get: the same sub as in the ID token', async () => {
    const app = await start()
    const { tokens, claims } = await signIn(app)
    const { status, body } = await ask(app, '/guest/userinfo', bearer(tokens.access_token))
    expect([status, body.sub]).toEqual([200, claims.sub])
  })

  test.each([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ui-locales', { ui_locales: 'se de' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-login-hint', { login_hint: 'bob@example.org' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
  ])('%s: the flow succeeds with %j', async (_module, more) => {
    const app = await start()
    const { claims } = await signIn(app, more)
    expect(claims.sub).toBeDefined()
  })

  test('oidcc-ui-locales: the page is in the first language that it has', async () => {
    const app = await start()
    const { page } = await letKnow(app, app.browser(), 'wiki', { ui_locales: 'se de' })
    expect(page.headers['content-language']).toBe('de')
  })

  test('oidcc-alternate-happy-flow and oidcc-ensure-request-with-valid-pkce-succeeds: twice in one browser, the same sub', async () => {
    const app = await start()
    const browser = app.browser()
    const first = await signIn(app, {}, browser)
    const second = await signIn(app, {}, browser)
    expect(second.claims.sub).toBe(first.claims.sub)
    expect(second.claims.nonce).not.toBe(first.claims.nonce)
  })

  test('oidcc-codereuse and oidcc-codereuse-30seconds: the second use is refused', async () => {
    const app = await start()
    const known = await letKnow(app, app.browser())
    expect((await redeem(app, known)).status).toBe(200)
    for (const seconds of [0, 30]) {
      app.clock.forward(seconds)
      const { status, body } = await redeem(app, known)
      expect([status, body.error]).toEqual([400, 'invalid_grant'])
    }
  })

  test('oidcc-ensure-registered-redirect-uri: our page says so, and sends the browser nowhere', async () => {
    const app = await start()
    const { config } = await letKnow(app, app.browser())
    const { path } = await request(config, { redirect_uri: `${callback}?foo=bar` })
    const { status, headers } = await app.browser().get(path)
    expect([status, headers.location]).toEqual([400, undefined])
  })
})

describe('the Config plan', () => {
  test('oidcc-discovery-endpoint-verification: the document has what it must, and its URLs are at the issuer', async () => {
    const app = await start()
    const { status, body, headers } = await ask(app, '/.well-known/openid-configuration')
    expect([status, headers['content-type']]).toEqual([200, 'application/json'])
    expect(body).toMatchObject({
      issuer: app.origin,
      response_types_supported: ['code'],
      subject_types_supported: ['pairwise'],
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'acr']),
      grant_types_supported: expect.arrayContaining(['authorization_code']),
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    })
    const urls = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']
    for (const name of urls) expect(new URL(body[name]).origin).toBe(app.origin)
    const { keys } = await json(app, new URL(body.jwks_uri).pathname)
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) {
      expect(key).toMatchObject({ kid: expect.any(String), use: 'sig' })
      for (const secret of ['d', 'p', 'q', 'k']) expect(key).not.toHaveProperty(secret)
    }
  })
})
