// What an app learns of a guest by OpenID Connect: the same in the ID token, at userinfo by GET and by POST, and by
// introspection; and no more than was granted.

import { createLocalJWKSet, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { keptGuest } from '../../../support/ceremonies.ts'
import { letKnow, openIdClient, secretOf, startProviding, tokensOf } from '../../../support/openid-app.ts'
import { expectRefusal } from '../../../support/refusals.ts'
import { ask, bearer, claimsOf, headerOf, send, sendJson, userinfo } from '../../../support/tokens.ts'

const scopes = ['openid', 'recoverability', 'collection']
const start = (more: object = {}) =>
  startProviding({
    collections: { users: {}, rare: {} },
    clients: [openIdClient('wiki', { scopes, ...more }), openIdClient('chat')],
  })

/** The claims that are about the guest. */
const about = ({
  sub,
  is_anonymous,
  is_verified,
  recoverability,
  collection,
  label,
}: Record<string, unknown>) =>
  JSON.parse(JSON.stringify({ sub, is_anonymous, is_verified, recoverability, collection, label }))

test('an app learns how a guest can come back, and the collection, only by scopes of their own', async () => {
  const app = await start()
  const browser = app.browser()
  expect((await browser.post('/guest/sign-in', { collection: 'rare' })).status).toBe(200)
  const kept = (await keptGuest(app)).browser
  const cases = [
    [browser, 'openid', {}],
    [browser, 'openid collection', { collection: 'rare' }],
    [browser, 'openid collection recoverability', { recoverability: 'none', collection: 'rare' }],
    [kept, 'openid recoverability', { recoverability: 'passkey' }],
    [kept, 'openid', {}],
  ] as const
  for (const [who, scope, granted] of cases) {
    const known = await letKnow(app, who, 'wiki', { scope, prompt: 'consent' })
    const said = ['learns how you can come back', 'learns which group you belong to']
    expect(
      said.map((text) => known.page.text.includes(text)),
      'said before',
    ).toEqual(['recoverability' in granted, 'collection' in granted])
    const tokens = await tokensOf(known)
    const { access_token: token, id_token } = tokens
    const whole = { sub: tokens.claims()!.sub, is_anonymous: true, is_verified: false, ...granted }
    expect(about(claimsOf(id_token!)), scope).toEqual(whole)
    expect(about(claimsOf(token)), scope).toEqual(whole)
    expect((await userinfo(app, token)).body, scope).toEqual(whole)
    expect((await send(app, 'userinfo', {}, bearer(token))).body, scope).toEqual(whole)
    const client = { client_id: 'wiki', client_secret: secretOf('wiki') }
    const { body } = await send(app, 'introspect', { token, ...client })
    expect(about(body), scope).toEqual(whole)
    expect(body).not.toHaveProperty('sealed')
    expect(JSON.stringify([claimsOf(token), body]).includes('rare'), scope).toBe('collection' in granted)
  }
  // Who the guest is, the token still says: in its collection, in another session than that of the browser.
  const tokens = await tokensOf(await letKnow(app, browser, 'wiki', { scope: 'openid collection' }))
  expect((await browser.get('/guest/userinfo')).body.collection).toBe('rare')
  expect((await userinfo(app, tokens.access_token)).body.collection).toBe('rare')
})

test('userinfo by POST is for such apps alone, and takes no cookie and no ID token', async () => {
  const app = await start()
  const browser = app.browser()
  await browser.signIn()
  const { access_token, id_token } = await tokensOf(await letKnow(app, browser))
  const post = (headers: Record<string, string>) => sendJson(app, 'userinfo', {}, headers)
  expect((await post(bearer(access_token))).status).toBe(200)
  await expectRefusal(app, () => post(bearer(id_token!)), 401, 'session_invalid')
  await expectRefusal(app, () => post({}), 401, 'not_signed_in')
  await expectRefusal(app, () => browser.post('/guest/userinfo'), 403, 'insufficient_scope')
})

test.each(['ES256', 'EdDSA', 'RS256'] as const)(
  'an ID token is signed with %s if its client is registered so, by a key of the JWKS; it is no access token',
  async (idTokenAlgorithm) => {
    const app = await start({ idTokenAlgorithm })
    const browser = app.browser()
    const { access_token, id_token } = await tokensOf(await letKnow(app, browser))
    const { body } = await ask(app, '/.well-known/jwks.json')
    const { payload } = await jwtVerify(id_token!, createLocalJWKSet(body), {
      ...{ issuer: app.origin, audience: 'wiki', typ: 'JWT', algorithms: [idTokenAlgorithm] },
      currentDate: new Date(app.clock.now()),
    })
    expect(payload.exp! - payload.iat!).toBe(600)
    expect(headerOf(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect((await userinfo(app, id_token!)).status).toBe(401)
    const client = { client_id: 'wiki', client_secret: secretOf('wiki') }
    const answer = await send(app, 'introspect', { token: id_token!, ...client })
    expect(answer.body).toEqual({ active: false })
  },
)
