// POST /token: which clients may ask for which tokens, and that a refused request changes nothing.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { ANONYMOUS_GRANT, SESSION_GRANT } from '../../../../server/core/tokens/grants.ts'
import type { ErrorCode } from '../../../../server/index.ts'
import { guestOf, type TestApp } from '../../../support/app.ts'
import { copyOf, keptGuest } from '../../../support/ceremonies.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { countRows, tables } from '../../../support/tables.ts'
import {
  anonymously,
  ask,
  askToken,
  backendSecret,
  bearer,
  bySession,
  claimsOf,
  dpopKey,
  granted,
  keptClient,
  pageOrigin,
  refresh,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const anonymous = { grant_type: ANONYMOUS_GRANT }
const basic = (id: string, secret: string) => ({
  Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})
/** A part of HTTP Basic, form-encoded as RFC 6749, 2.3.1 and Appendix B want it. */
const formEncoded = (text: string) => new URLSearchParams({ x: text }).toString().slice(2)

/** Posts this very body to the token endpoint. */
const post = (app: TestApp, body: string, headers: Record<string, string>) =>
  supertest(app.server).post('/guest/token').set(headers).send(body)

describe('the token endpoint', () => {
  test('answers as RFC 6749, 5.1 says, with no-store and without a cookie', async () => {
    const app = await startTokenApp()
    const answer = await anonymously(app, { scope: 'read' })
    expect(answer.body).toEqual({
      access_token: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: expect.stringMatching(/^gkrs_[\w-]+\.[\w-]+$/),
      scope: 'read',
    })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(cookiesSet(answer)).toEqual([])
  })

  test('calls a token that is bound to a key a DPoP token', async () => {
    const app = await startTokenApp()
    const proof = await (await dpopKey()).prove(app, 'POST', '/guest/token')
    expect((await anonymously(app, {}, { DPoP: proof })).body).toMatchObject({ token_type: 'DPoP' })
  })

  test('makes a new guest each time, and emits guest.signed_in', async () => {
    const app = await startTokenApp({ collections: ['users', 'members'] })
    const events: unknown[] = []
    app.guests.on('guest.signed_in', (event) => events.push(event))
    const { access_token } = await granted(anonymously(app, { collection: 'members' }))
    const { body: guest } = await userinfo(app, access_token)
    expect(guest.collection).toBe('members')
    const { sub } = guest
    const told = { anonymous_id: sub, guest: guestOf(guest), session_id: sub, method: 'anonymous' }
    expect(events).toEqual([told])
    const another = await granted(anonymously(app, { collection: 'members' }))
    expect(claimsOf(another.access_token).sub).not.toBe(guest.sub)
    const nowhere = () => anonymously(app, { collection: 'nowhere' })
    await expectOAuthRefusal(app, nowhere, 400, 'collection_unknown', 'invalid_request')
  })

  test('writes only the signing key for a thousand anonymous grants', async () => {
    const app = await startTokenApp()
    const before = await countRows(app.store)
    expect(before.signing_keys).toBe(0)
    const body = new URLSearchParams({ ...anonymous, client_id: 'app' })
    const ask = () => fetch(`${app.origin}/guest/token`, { method: 'POST', body })
    for (let i = 0; i < 1000; i += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, ask))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      await Promise.all(answers.map((answer) => answer.arrayBuffer()))
    }
    expect(await countRows(app.store)).toEqual({ ...before, signing_keys: 1 })
  })

  test('accepts JSON as well as a form', async () => {
    const app = await startTokenApp()
    const { status, body } = await sendJson(app, 'token', { ...anonymous, client_id: 'spa', scope: 'read' })
    expect(status).toBe(200)
    expect(body.scope).toBe('read')
    const again = { grant_type: 'refresh_token', client_id: 'spa', refresh_token: body.refresh_token }
    expect((await sendJson(app, 'token', again)).status).toBe(200)
  })

  test.each([
    'application/x-www-form-urlencoded',
    'Application/X-WWW-Form-URLencoded',
    'application/x-www-form-urlencoded; charset=UTF-8',
    'application/x-www-form-urlencoded ;charset=utf-8',
  ])('accepts a form with the Content-Type %j', async (type) => {
    const app = await startTokenApp()
    const body = new URLSearchParams({ ...anonymous, client_id: 'spa' }).toString()
    expect((await post(app, body, { 'Content-Type': type })).status).toBe(200)
  })

  test('takes no identity, role or lifetime from the params, and ignores unknown ones', async () => {
    const app = await startTokenApp()
    const { tokens, guest } = await keptClient(app)
    const claims = {
      sub: guest.sub,
      anonymous_id: guest.sub,
      user_id: guest.sub,
      id: guest.sub,
      sid: guest.sub,
    }
    const more = {
      ...claims,
      role: 'admin',
      is_anonymous: 'false',
      exp: '9999999999',
      aud: 'https://evil.example',
    }
    const before = await tables(app.store)
    for (const send of [
      anonymously(app, more),
      sendJson(app, 'token', { ...anonymous, client_id: 'spa', ...more }),
    ]) {
      const said = claimsOf((await granted(send)).access_token)
      expect(said.sub).not.toBe(guest.sub)
      expect(said).toMatchObject({ is_anonymous: true, aud: app.origin })
      expect(said).not.toHaveProperty('role')
      expect(said.exp).toBe(said.iat + 600)
    }
    expect(await tables(app.store)).toEqual(before)
    const other = claimsOf((await granted(refresh(app, tokens.refresh_token, { sub: 'x' }))).access_token)
    expect(other.sub).toBe(guest.sub)
  })
})

describe('a client', () => {
  test('that is public gives its id; a confidential one also its secret, in the body or by HTTP Basic', async () => {
    const app = await startTokenApp()
    const proofs: [Record<string, string>, Record<string, string>?][] = [
      [{ client_id: 'spa' }],
      [{ client_id: 'backend', client_secret: backendSecret }],
      [{}, basic('backend', formEncoded(backendSecret))],
      [{ client_id: 'backend' }, basic('backend', formEncoded(backendSecret))],
      [{}, basic('b%61ckend', encodeURIComponent(backendSecret))],
    ]
    for (const [parameters, headers] of proofs) {
      const { access_token } = await granted(askToken(app, { ...anonymous, ...parameters }, headers))
      expect(claimsOf(access_token).client_id).toBe(parameters.client_id ?? 'backend')
    }
  })

  const wrong: [string, Record<string, string>, Record<string, string>?, ErrorCode?][] = [
    ['without an id', {}],
    ['with an empty id', { client_id: '' }],
    ['that is not registered', { client_id: 'nobody' }],
    ['with the id __proto__', { client_id: '__proto__' }],
    ['with its id in another case', { client_id: 'SPA' }],
    ['that is public with a secret', { client_id: 'spa', client_secret: backendSecret }],
    ['that is public with an empty secret', { client_id: 'spa', client_secret: '' }],
    ['that is public with HTTP Basic', {}, basic('spa', '')],
    ['that is confidential without a secret', { client_id: 'backend' }],
    ['with an empty secret', { client_id: 'backend', client_secret: '' }],
    ['with a wrong secret', { client_id: 'backend', client_secret: `${backendSecret}x` }],
    ['with the beginning of its secret', { client_id: 'backend', client_secret: backendSecret.slice(0, -1) }],
    ["with another's secret", { client_id: 'other', client_secret: backendSecret }],
    ['with a wrong secret by Basic', {}, basic('backend', 'wrong')],
    ['with its secret by Basic, not form-encoded', {}, basic('backend', backendSecret)],
    ['unknown by Basic', {}, basic('nobody', formEncoded(backendSecret))],
    ['by Basic in a broken encoding', {}, basic('backend', '%zz')],
    ['by Basic without a colon', { client_id: 'spa' }, { Authorization: `Basic ${btoa('backend')}` }],
    ['by Basic that is not base64', { client_id: 'spa' }, { Authorization: 'Basic !!' }],
    ['by Basic that is empty', { client_id: 'spa' }, { Authorization: 'Basic' }],
    [
      'named in two ways',
      { client_id: 'spa' },
      basic('backend', formEncoded(backendSecret)),
      'invalid_request',
    ],
    [
      'proven in two ways',
      { client_id: 'backend', client_secret: backendSecret },
      basic('backend', formEncoded(backendSecret)),
      'invalid_request',
    ],
    [
      'proven by a secret beside Basic',
      { client_secret: backendSecret },
      basic('backend', formEncoded(backendSecret)),
      'invalid_request',
    ],
  ]
  test.each(['token', 'revoke', 'introspect'])(
    'that does not prove who it is is refused at /%s',
    async (door) => {
      const app = await startTokenApp()
      const { tokens } = await keptClient(app)
      const parameters: Record<string, Record<string, string>> = {
        token: anonymous,
        revoke: { token: tokens.refresh_token },
        introspect: { token: tokens.refresh_token },
      }
      for (const [name, client, headers = {}, code = 'invalid_client'] of wrong) {
        const form = new URLSearchParams({ ...parameters[door], ...client }).toString()
        const send = () => supertest(app.server).post(`/guest/${door}`).set(headers).type('form').send(form)
        const status = code === 'invalid_client' ? 401 : 400
        const refused = await expectOAuthRefusal(app, send as never, status, code).catch((error) => {
          throw new Error(`${name}: ${error.message}`)
        })
        // Only if HTTP Basic was tried (RFC 6749, 5.2): this header makes a browser ask for a password.
        const challenge = 'Authorization' in headers ? 'Basic realm="guestkey"' : undefined
        if (status === 401) expect(refused.headers['www-authenticate'], name).toBe(challenge)
      }
      expect((await userinfo(app, tokens.access_token)).status).toBe(200)
    },
  )

  test('with pages of its own is accepted from their origin and from no other', async () => {
    const app = await startTokenApp()
    expect((await anonymously(app, {}, { Origin: pageOrigin })).status).toBe(200)
    for (const client_id of ['app', 'diary', 'guestkey']) {
      const foreign = () => anonymously(app, { client_id }, { Origin: pageOrigin })
      await expectOAuthRefusal(app, foreign, 401, 'invalid_client')
    }
    const fromOurs = () => anonymously(app, { client_id: 'spa' }, { Origin: app.origin })
    await expectOAuthRefusal(app, fromOurs, 401, 'invalid_client')
    expect((await anonymously(app, { client_id: 'guestkey' }, { Origin: app.origin })).status).toBe(200)
  })
})

describe('a wrong token request', () => {
  const byCode = {
    ...{ grant_type: 'authorization_code', code: 'x', code_verifier: 'v'.repeat(43) },
    redirect_uri: 'https://app.example/back',
  }
  const refusals: [string, Record<string, string>, ErrorCode][] = [
    ['no grant type', { grant_type: '' }, 'unsupported_grant_type'],
    [
      'another grant type',
      { grant_type: 'password', username: 'a', password: 'b' },
      'unsupported_grant_type',
    ],
    ['client credentials', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['a code without its verifier', { ...byCode, code_verifier: '' }, 'invalid_request'],
    ['a code without its redirect URI', { ...byCode, redirect_uri: '' }, 'invalid_request'],
    ['no code', { ...byCode, code: '' }, 'invalid_request'],
    ['a code that is not ours', byCode, 'invalid_grant'],
    ['a grant type in another case', { grant_type: 'REFRESH_TOKEN' }, 'unsupported_grant_type'],
    ['the grant type __proto__', { grant_type: '__proto__' }, 'unsupported_grant_type'],
    ['a scope that the client may not have', { ...anonymous, scope: 'admin' }, 'invalid_scope'],
    ['one scope too many', { ...anonymous, scope: 'read write admin' }, 'invalid_scope'],
    [
      'an audience that the client may not have',
      { ...anonymous, resource: 'https://x.example' },
      'invalid_target',
    ],
    ['no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
    ['an empty refresh token', { grant_type: 'refresh_token', refresh_token: '' }, 'invalid_request'],
    [
      'a refresh token that is not ours',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      'invalid_grant',
    ],
    ['NUL', { ...anonymous, scope: 'read\0' }, 'invalid_request'],
  ]
  test('is refused with the error codes of RFC 6749 and RFC 8707', async () => {
    const app = await startTokenApp()
    await granted(anonymously(app))
    for (const [name, parameters, code] of refusals) {
      const send = () => askToken(app, { client_id: 'spa', ...parameters })
      await expectOAuthRefusal(app, send, 400, code).catch((error) => {
        throw new Error(`${name}: ${error.message}`)
      })
    }
  })

  const good = new URLSearchParams({ ...anonymous, client_id: 'spa' }).toString()
  const bodies: [string, string][] = [
    ['a parameter twice', `${good}&client_id=spa`],
    ['a parameter twice, once with escapes in its name', `${good}&client%5Fid=app`],
    ['an unknown parameter twice', `${good}&x=1&x=2`],
    ['two scopes', `${good}&scope=read&scope=write`],
    ['no grant type', 'client_id=spa'],
    ['nothing', ''],
    ['JSON', JSON.stringify({ ...anonymous, client_id: 'spa' })],
    ['a thousand parameters', `${good}${Array.from({ length: 1000 }, (_, i) => `&p${i}=`).join('')}`],
    ['a __proto__', `${good}&__proto__=x`],
    ['NUL in a name', `${good}&%00=x`],
  ]
  test.each(bodies)('is refused if the form holds %s', async (_name, body) => {
    const app = await startTokenApp()
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await expectOAuthRefusal(app, () => post(app, body, type) as never, 400, 'invalid_request')
  })

  test('is refused if a JSON value is not a text', async () => {
    const app = await startTokenApp()
    for (const body of [
      { ...anonymous, client_id: ['spa'] },
      { ...anonymous, client_id: { id: 'spa' } },
      { ...anonymous, client_id: 'spa', scope: ['read'] },
      { ...anonymous, client_id: 'spa', scope: null },
      { ...anonymous, client_id: 1 },
      { grant_type: [ANONYMOUS_GRANT], client_id: 'spa' },
      [anonymous],
    ])
      await expectOAuthRefusal(app, () => sendJson(app, 'token', body), 400, 'invalid_request')
  })

  test.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'application/x-www-form-urlencodedx',
  ])('is refused with the Content-Type %s', async (type) => {
    const app = await startTokenApp()
    const send = () => post(app, good, { 'Content-Type': type }) as never
    await expectOAuthRefusal(app, send, 415, 'unsupported_media_type', 'invalid_request')
  })

  test('is refused if the body is too large, or if requests come too often', async () => {
    const app = await startTokenApp({ maxBodyBytes: 500, rateLimit: { perMinute: 3 } })
    const send = () => anonymously(app, { x: 'x'.repeat(500) })
    const large = await expectOAuthRefusal(app, send, 413, 'body_too_large', 'invalid_request')
    expect(large.body.error_description).toMatch(/larger/)
    expect((await anonymously(app)).status).toBe(200)
    expect((await anonymously(app)).status).toBe(200)
    const often = () => anonymously(app)
    const refused = await expectOAuthRefusal(app, often, 429, 'too_many_requests', 'temporarily_unavailable')
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  })

  test('is logged with its error code, but without the secret or the token', async () => {
    const app = await startTokenApp()
    const { refresh_token } = await granted(anonymously(app))
    const wrongSecret = 'a wrong secret that somebody tried here'
    await anonymously(app, { client_id: 'backend', client_secret: wrongSecret })
    await refresh(app, `${refresh_token}x`)
    const logged = JSON.stringify(app.logs)
    expect(logged).toContain('invalid_client')
    expect(logged).toContain('invalid_grant')
    expect(logged).not.toContain(wrongSecret)
    expect(logged).not.toContain(refresh_token.slice(10, 40))
  })
})

describe('the session grant', () => {
  test('gives an access token for the cookie’s session, no refresh token, and changes no row', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const answer = await bySession(app, browser.cookie)
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 600,
    })
    expect(cookiesSet(answer)).toEqual([])
    const claims = claimsOf(answer.body.access_token)
    expect(claims).toMatchObject({ sub: guest.sub, client_id: 'guestkey', aud: app.origin })
    expect((await userinfo(app, answer.body.access_token)).body).toMatchObject({ sub: guest.sub })
    expect((await browser.get('/guest/userinfo')).body).toEqual(guest)

    const kept = await keptGuest(app)
    const before = await tables(app.store)
    const { access_token } = await granted(bySession(app, kept.browser.cookie))
    expect(claimsOf(access_token)).toMatchObject({
      sub: kept.guest.sub,
      acr: 'phr',
      auth_time: expect.any(Number),
    })
    expect(await tables(app.store)).toEqual(before)
  })

  test('can ask for the audience of a microservice', async () => {
    const app = await startTokenApp()
    const audiences = ['https://orders.example', 'https://stock.example']
    const own = await startTokenApp({
      origin: app.origin,
      clients: [{ id: 'guestkey', origins: [app.origin], audiences }],
    })
    const browser = own.browser()
    await browser.signIn()
    const { access_token } = await granted(bySession(own, browser.cookie, { resource: audiences[1]! }))
    expect(claimsOf(access_token).aud).toEqual([audiences[1], own.origin])
  })

  test('accepts the session token as a bearer token, but not an access token', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const drawn = await granted(bySession(app, undefined, {}, bearer(browser.token!)))
    expect(claimsOf(drawn.access_token).sub).toBe(guest.sub)
    const others = await granted(anonymously(app, { client_id: 'guestkey' }))
    for (const { access_token } of [drawn, others]) {
      const asked = () => bySession(app, undefined, {}, bearer(access_token))
      await expectOAuthRefusal(app, asked, 400, 'invalid_grant')
      const both = { ...bearer(access_token), Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' }
      await expectOAuthRefusal(app, () => bySession(app, browser.cookie, {}, both), 400, 'invalid_grant')
    }
  })

  const foreign: [string, (app: TestApp) => Record<string, string>][] = [
    ['cross-site', () => ({ 'Sec-Fetch-Site': 'cross-site' })],
    ['cross-site with our Origin', (app) => ({ 'Sec-Fetch-Site': 'cross-site', Origin: app.origin })],
    ['a sibling', (app) => ({ 'Sec-Fetch-Site': 'same-site', Origin: app.origin })],
    ['a foreign Origin', () => ({ Origin: 'https://evil.example' })],
    ['Origin null', () => ({ Origin: 'null' })],
    ['no Origin', () => ({})],
  ]
  test.each(foreign)('is refused to another site: %s', async (_name, headers) => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const send = () => bySession(app, browser.cookie, {}, headers(app))
    await expectOAuthRefusal(app, send, 403, 'cross_site_request', 'invalid_request')
  })

  test("is refused to a registered client's page, whatever cookie it brings", async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    for (const site of ['cross-site', 'same-site', 'same-origin']) {
      const headers = { Origin: pageOrigin, 'Sec-Fetch-Site': site }
      const send = () => bySession(app, browser.cookie, { client_id: 'spa' }, headers)
      await expectOAuthRefusal(app, send, 403, 'cross_site_request', 'invalid_request')
    }
  })

  test('is refused without a session, with an ended one, and with two', async () => {
    const app = await startTokenApp()
    await expectOAuthRefusal(app, () => bySession(app, undefined), 400, 'invalid_grant')
    const { browser } = await keptGuest(app)
    const left = copyOf(app, browser)
    await browser.post('/guest/sign-out')
    for (const cookie of [left.cookie, 'guestkey=x', 'guestkey=', 'guestkey=a; guestkey=b'])
      await expectOAuthRefusal(app, () => bySession(app, cookie), 400, 'invalid_grant')
    const other = app.browser()
    await other.signIn()
    const { access_token } = await granted(anonymously(app))
    const both = { ...bearer(access_token), Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' }
    await expectOAuthRefusal(app, () => bySession(app, other.cookie, {}, both), 400, 'invalid_grant')
  })

  test('is in the metadata under its one name', async () => {
    const app = await startTokenApp()
    const { body } = await ask(app, '/.well-known/oauth-authorization-server')
    expect(body.grant_types_supported).toEqual([
      'authorization_code',
      'refresh_token',
      ANONYMOUS_GRANT,
      SESSION_GRANT,
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ])
  })
})

test('the token, revocation and introspection endpoints accept only POST', async () => {
  const app = await startTokenApp()
  for (const door of ['token', 'revoke', 'introspect'])
    await expectRefusal(app, () => ask(app, `/guest/${door}`), 405, 'method_not_allowed')
})
