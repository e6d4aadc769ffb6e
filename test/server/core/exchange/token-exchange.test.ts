// POST /token with the token of another issuer (RFC 8693): whom it becomes here, and what is refused.

import { CompactSign } from 'jose'
import * as openid from 'openid-client'
import { describe, expect, test } from 'vitest'
import { EXCHANGE_GRANT } from '../../../../server/core/exchange/token-exchange.ts'
import type { Options } from '../../../../server/index.ts'
import { SoftwareAuthenticator } from '../../../support/authenticator.ts'
import { newKey, type SigningKey, startIssuer } from '../../../support/issuer.ts'
import { providerClient, signInAt, startProvider } from '../../../support/openid-provider.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import {
  anonymously,
  ask,
  askToken,
  bearer,
  claimsOf,
  dpopKey,
  type Granted,
  granted,
  refresh,
  sendJson,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const idToken = 'urn:ietf:params:oauth:token-type:id_token'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

type Issuer = Awaited<ReturnType<typeof startIssuer>>
type IssuerOptions = Partial<NonNullable<Options['trustedIssuers']>[number]>

/** A token as Firebase makes them for its anonymous users. */
const tokenOf = (issuer: Issuer, claims: object = {}, header: object = {}) =>
  issuer.sign({ aud: 'my-project', sub: 'uid-of-somebody', ...claims }, { typ: 'JWT', ...header })

/** An app that trusts the issuer, with the same clock. */
const appThatTrusts = (issuer: Issuer, more: IssuerOptions = {}, options: Partial<Options> = {}) =>
  startTokenApp({
    trustedIssuers: [{ issuer: issuer.issuer, audience: 'my-project', algorithms: ['ES256'], ...more }],
    now: issuer.now,
    ...options,
  })

type App = Awaited<ReturnType<typeof startTokenApp>>

const exchange = (
  app: App,
  subject_token: string,
  more: Record<string, string> = {},
  headers?: Record<string, string>,
) =>
  askToken(
    app,
    { grant_type: EXCHANGE_GRANT, client_id: 'spa', subject_token, subject_token_type: idToken, ...more },
    headers,
  )

const refused = (
  app: App,
  token: string,
  code: Parameters<typeof expectOAuthRefusal>[3] = 'invalid_request',
  error?: string,
) => expectOAuthRefusal(app, () => exchange(app, token), 400, code, error)

/** The guest of the tokens saves a passkey. Returns the tokens of the session after it. */
async function savePasskey(app: App, { access_token }: Granted): Promise<Granted> {
  const headers = bearer(access_token)
  const options = await sendJson(app, 'passkeys/register/options', {}, headers)
  const made = await new SoftwareAuthenticator({ origin: app.origin }).create(options.body)
  const { body } = await sendJson(app, 'passkeys/register', made, headers)
  return body.tokens
}

describe('a token of a trusted issuer', () => {
  test('becomes the same guest each time, with tokens of every client', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const answer = await exchange(app, await tokenOf(issuer), { scope: 'read' })
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      issued_token_type: accessToken,
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'read',
    })
    const id = `${issuer.issuer.slice('http://'.length)}|uid-of-somebody`
    expect(claimsOf(answer.body.access_token)).toMatchObject({
      sub: id,
      is_anonymous: true,
      recoverability: 'none',
    })
    issuer.forward(3600)
    for (const client_id of ['spa', 'app']) {
      const again = await granted(exchange(app, await tokenOf(issuer), { client_id }))
      expect(claimsOf(again.access_token).sub).toBe(id)
    }
    expect((await userinfo(app, answer.body.access_token)).status).toBe(401) // it has expired
    const next = await granted(refresh(app, answer.body.refresh_token))
    expect((await userinfo(app, next.access_token)).body).toMatchObject({ sub: id })
    expect((await app.rows()).guests).toBe(1)
    const trail = await app.guests.auditTrail({ anonymousId: id })
    expect(trail.map(({ action }) => action).toSorted()).toEqual([
      'guest.imported',
      ...Array(3).fill('guest.signed_in'),
    ])
  })

  test('is the guest that was imported with its id, if the ids are kept', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, { idPrefix: '' })
    await app.guests.import([{ sub: 'uid-of-somebody', label: 'from-before' }])
    const { access_token } = await granted(exchange(app, await tokenOf(issuer)))
    expect(claimsOf(access_token)).toMatchObject({ sub: 'uid-of-somebody', label: 'from-before' })
    const other = await granted(exchange(app, await tokenOf(issuer, { sub: 'somebody-else' })))
    expect(claimsOf(other.access_token).sub).toBe('somebody-else')
  })

  test('gives a pairwise client its own name for the guest, and a key its bound token', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const token = await tokenOf(issuer)
    const { access_token } = await granted(exchange(app, token, { client_id: 'diary' }))
    const again = await granted(exchange(app, token, { client_id: 'diary' }))
    const other = await granted(exchange(app, token, { client_id: 'shop' }))
    const subs = [access_token, again.access_token, other.access_token].map((one) => claimsOf(one).sub)
    expect(subs[0]).toBe(subs[1])
    expect(subs[0]).not.toBe(subs[2])
    expect(subs.join()).not.toContain('uid-of-somebody')
    const key = await dpopKey()
    const proof = await key.prove(app, 'POST', '/guest/token', { claims: { iat: issuer.seconds() } })
    const bound = await granted(exchange(app, token, { client_id: 'bound' }, { DPoP: proof }))
    expect(bound.token_type).toBe('DPoP')
  })

  test('of oidc-provider is taken, with its keys from discovery', async () => {
    const callback = 'http://localhost:1/callback'
    const provider = await startProvider([callback])
    const app = await startTokenApp({
      trustedIssuers: [{ issuer: provider.issuer, audience: providerClient.clientId, algorithms: ['RS256'] }],
      now: Date.now,
    })
    const config = await openid.discovery(
      new URL(provider.issuer),
      providerClient.clientId,
      providerClient.clientSecret,
      undefined,
      { execute: [openid.allowInsecureRequests] },
    )
    const verifier = openid.randomPKCECodeVerifier()
    const at = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    const back = await signInAt(at.href, 'somebody')
    const { id_token, access_token } = await openid.authorizationCodeGrant(config, new URL(back), {
      pkceCodeVerifier: verifier,
    })
    const tokens = await granted(exchange(app, id_token!))
    const host = new URL(provider.issuer).host
    expect((await userinfo(app, tokens.access_token)).body).toMatchObject({
      sub: `${host}|somebody`,
      is_anonymous: true,
    })
    await refused(app, access_token) // it is opaque
    await refused(app, `${id_token!.slice(0, -4)}AAAA`)
  })
})

describe('a token is refused', () => {
  test('unless it is one of a trusted issuer, for its audience, and valid now', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const now = issuer.seconds()
    const claims: object[] = [
      { iss: 'https://other.example' },
      { iss: `${issuer.issuer}/` },
      { iss: undefined },
      { aud: 'another-project' },
      { aud: undefined },
      { exp: now - 30 },
      { exp: undefined },
      { exp: '4000000000' },
      { nbf: now + 31 },
      { iat: now + 31 },
      { iat: undefined },
      { cnf: { jkt: 'a' } },
      { events: { 'http://schemas.openid.net/event/backchannel-logout': {} } },
      { sub: undefined },
      { sub: '' },
      { sub: 7 },
      { sub: ['uid'] },
      { sub: 'with a \u0000' },
      { sub: 'x'.repeat(256) },
      { long: 'x'.repeat(8192) },
    ]
    for (const one of claims) await refused(app, await tokenOf(issuer, one))
    for (const typ of ['dpop+jwt', 'logout+jwt', 'application/logout+jwt', 'x'])
      await refused(app, await tokenOf(issuer, {}, { typ }))
    for (const typ of ['at+JWT', 'application/at+jwt', undefined])
      await granted(exchange(app, await tokenOf(issuer, {}, { typ })))
    const [{ privateKey, kid }] = issuer.state.keys as [SigningKey]
    const forEver = `{"iss":"${issuer.issuer}","aud":"my-project","sub":"x","iat":${now},"exp":1e309}`
    const header = { alg: 'ES256', kid }
    const endless = await new CompactSign(new TextEncoder().encode(forEver))
      .setProtectedHeader(header)
      .sign(privateKey)
    await refused(app, endless)
    for (const text of ['', 'x', 'a.b.c', 'x'.repeat(10_000)]) await refused(app, text)
  })

  test('if it is signed by another key or algorithm than the issuer has', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const [key] = issuer.state.keys
    const other = await newKey('ES256')
    const claims = { aud: 'my-project' }
    for (const header of [
      { kid: key!.kid },
      { jwk: other.jwk },
      { kid: key!.kid, jku: 'https://evil.example' },
    ])
      await refused(app, await issuer.sign(claims, { typ: 'JWT', ...header }, other))
    const edwards = await newKey('EdDSA')
    issuer.state.keys.push(edwards)
    issuer.forward(600)
    await refused(app, await issuer.sign(claims, { typ: 'JWT' }, edwards)) // published, but not pinned
    const [, payload] = (await tokenOf(issuer)).split('.')
    for (const alg of ['none', 'HS256']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT', kid: key!.kid })).toString('base64url')
      await refused(app, `${header}.${payload}.`)
    }
  })

  test('if it is of a regular user at its issuer', async () => {
    const issuer = await startIssuer()
    const rule = { 'firebase.sign_in_provider': 'anonymous', 'https://x.example/trial': true }
    const app = await appThatTrusts(issuer, { isAnonymous: rule })
    const guest = { firebase: { sign_in_provider: 'anonymous' }, 'https://x.example/trial': true }
    await granted(exchange(app, await tokenOf(issuer, guest)))
    for (const claims of [
      {},
      { ...guest, firebase: { sign_in_provider: 'password' } },
      { ...guest, firebase: 'anonymous' },
      { ...guest, firebase: null },
      { ...guest, 'https://x.example/trial': 'true' },
    ])
      await refused(app, await tokenOf(issuer, claims))
    const byFunction = await appThatTrusts(issuer, { isAnonymous: ({ role }) => role === 'guest' })
    await granted(exchange(byFunction, await tokenOf(issuer, { role: 'guest' })))
    await refused(byFunction, await tokenOf(issuer, { role: 'admin' }))
  })

  test('if its request is not as RFC 8693 says', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const token = await tokenOf(issuer)
    const wrong = { requested_token_type: idToken, actor_token: token, subject_token_type: 'urn:other' }
    for (const [name, value] of Object.entries(wrong))
      await expectOAuthRefusal(app, () => exchange(app, token, { [name]: value }), 400, 'invalid_request')
    await expectOAuthRefusal(
      app,
      () => exchange(app, token, { resource: 'https://x.example' }),
      400,
      'invalid_target',
    )
    await expectOAuthRefusal(app, () => exchange(app, token, { scope: 'admin' }), 400, 'invalid_scope')
    await expectOAuthRefusal(
      app,
      () => exchange(app, token, { client_id: 'bound' }),
      400,
      'invalid_dpop_proof',
    )
    await expectOAuthRefusal(app, () => exchange(app, token, { client_id: 'nobody' }), 401, 'invalid_client')
    await granted(exchange(app, token, { requested_token_type: accessToken }))
  })

  test('where no issuer is trusted', async () => {
    const issuer = await startIssuer()
    const app = await startTokenApp({ now: issuer.now })
    await refused(app, await tokenOf(issuer), 'unsupported_grant_type')
    const grants = async (one: App) =>
      (await ask(one, '/.well-known/oauth-authorization-server')).body.grant_types_supported
    expect(await grants(app)).not.toContain(EXCHANGE_GRANT)
    expect(await grants(await appThatTrusts(issuer))).toContain(EXCHANGE_GRANT)
  })
})

describe('no token takes over a guest', () => {
  test('who is ours: an id of our form is refused', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, { idPrefix: '' })
    const victim = claimsOf((await granted(anonymously(app))).access_token).sub as string
    await refused(app, await tokenOf(issuer, { sub: victim }))
    await app.guests.keep(victim)
    await refused(app, await tokenOf(issuer, { sub: victim }))
    const prefixed = await appThatTrusts(issuer)
    const { access_token } = await granted(exchange(prefixed, await tokenOf(issuer, { sub: victim })))
    expect(claimsOf(access_token).sub).not.toBe(victim)
  })

  test('who has saved a passkey since', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const stolen = await tokenOf(issuer)
    const before = await granted(exchange(app, stolen))
    const saved = await savePasskey(app, before)
    await refused(app, stolen, 'invalid_grant')
    expect((await userinfo(app, before.access_token)).status).toBe(401)
    expect((await userinfo(app, saved.access_token)).status).toBe(200)
  })

  test('who has a login ID', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, { idPrefix: '' })
    await app.guests.import([{ sub: 'uid-of-somebody', email: 'somebody@example.com', email_verified: true }])
    await refused(app, await tokenOf(issuer), 'invalid_grant')
  })

  test('who is disabled', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const { access_token } = await granted(exchange(app, await tokenOf(issuer)))
    const id = claimsOf(access_token).sub as string
    await app.guests.disable(id, { reason: 'abuse' })
    await refused(app, await tokenOf(issuer), 'guest_disabled', 'invalid_grant')
    expect((await userinfo(app, access_token)).status).toBe(401)
    await app.guests.enable(id)
    await granted(exchange(app, await tokenOf(issuer)))
  })

  test('of another issuer: each has ids of its own', async () => {
    const [one, two] = [await startIssuer(), await startIssuer()]
    const trustedIssuers = [one, two].map(({ issuer }) => ({
      ...{ issuer, audience: 'my-project', algorithms: ['ES256' as const] },
    }))
    const app = await startTokenApp({ trustedIssuers, now: one.now })
    const subs = []
    for (const issuer of [one, two]) {
      const { access_token } = await granted(exchange(app, await tokenOf(issuer)))
      subs.push(claimsOf(access_token).sub)
    }
    expect(new Set(subs).size).toBe(2)
    const forged = await one.sign({ iss: two.issuer, aud: 'my-project' }, { typ: 'JWT' })
    await refused(app, forged)
  })
})

describe('a new guest', () => {
  test('is let in only while the collection lets guests in; who is known comes back', async () => {
    const issuer = await startIssuer()
    const collections = { users: {}, taken: {} }
    const app = await appThatTrusts(issuer, { collection: 'taken' }, { collections })
    const known = await tokenOf(issuer)
    const { access_token } = await granted(exchange(app, known))
    expect(claimsOf(access_token).collection).toBe('taken')
    await app.guests.settings.set({ 'guestSignIn.taken': false }, { by: 'test', reason: 'a flood' } as never)
    const unknown = await tokenOf(issuer, { sub: 'new' })
    const send = () => exchange(app, unknown)
    await expectOAuthRefusal(app, send, 403, 'guest_sign_in_off', 'unauthorized_client')
    await granted(exchange(app, known))
  })

  test('is one guest, whichever of many requests was the first', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const token = await tokenOf(issuer)
    const all = await Promise.all(Array.from({ length: 10 }, () => granted(exchange(app, token))))
    expect(new Set(all.map(({ access_token }) => claimsOf(access_token).sub)).size).toBe(1)
    expect((await app.rows()).guests).toBe(1)
  })

  test('costs the network of its requests what other requests cost', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, {}, { rateLimit: { perMinute: 3 } })
    const token = await tokenOf(issuer)
    for (let i = 0; i < 3; i++) await granted(exchange(app, token))
    expect((await exchange(app, token)).status).toBe(429)
  })
})

describe('the keys of an issuer', () => {
  test('are read once in ten minutes, and for an unknown kid every thirty seconds', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, { jwksUri: `${issuer.issuer}/keys` })
    await granted(exchange(app, await tokenOf(issuer)))
    issuer.state.keys.push(await newKey('ES256'))
    issuer.forward(29)
    await refused(app, await tokenOf(issuer))
    expect(issuer.state.reads).toBe(1)
    issuer.forward(1)
    await granted(exchange(app, await tokenOf(issuer)))
    expect(issuer.state.reads).toBe(2)
    issuer.forward(599)
    await granted(exchange(app, await tokenOf(issuer)))
    expect(issuer.state.reads).toBe(2)
    issuer.forward(1)
    await granted(exchange(app, await tokenOf(issuer)))
    expect(issuer.state.reads).toBe(3)
  })

  test('are not read from http, unless the address is one of this machine', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    const { port } = new URL(issuer.issuer)
    // It leads to this machine too, so that only the check can refuse it.
    issuer.state.metadata = { jwks_uri: `http://[::ffff:127.0.0.1]:${port}/keys` }
    expect((await exchange(app, await tokenOf(issuer))).status).toBe(503)
    issuer.state.metadata = {}
    issuer.forward(30)
    await granted(exchange(app, await tokenOf(issuer)))
  })

  test('are not taken if their answer is larger than 256 kB', async () => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer, { jwksUri: `${issuer.issuer}/keys` })
    const keys = issuer.state.keys.map(({ jwk }) => jwk)
    const answer = (bytes: number) => {
      const empty = JSON.stringify({ keys, x: '' })
      return JSON.stringify({ keys, x: 'x'.repeat(bytes - empty.length) })
    }
    issuer.state.body = answer(256 * 1024 + 1)
    expect((await exchange(app, await tokenOf(issuer))).status).toBe(503)
    issuer.state.body = answer(256 * 1024)
    issuer.forward(30)
    await granted(exchange(app, await tokenOf(issuer)))
  })

  test.each([
    ['answers 500', { status: 500 }],
    ['redirects', { status: 302 }],
    ['answers no JSON', { body: '<html>' }],
    ['names another issuer', { metadata: { issuer: 'https://other.example' } }],
  ])('count for a day if the issuer %s, and then it is 503', async (_what, broken) => {
    const issuer = await startIssuer()
    const app = await appThatTrusts(issuer)
    await granted(exchange(app, await tokenOf(issuer)))
    Object.assign(issuer.state, broken)
    issuer.forward(24 * 60 * 60 - 1)
    await granted(exchange(app, await tokenOf(issuer)))
    issuer.forward(1)
    const answer = await exchange(app, await tokenOf(issuer))
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable'])
    expect(answer.text).not.toContain(issuer.issuer)
    Object.assign(issuer.state, { status: 200, body: undefined, metadata: {} })
    issuer.forward(30)
    await granted(exchange(app, await tokenOf(issuer)))
  })
})
