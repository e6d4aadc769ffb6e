// Access tokens (RFC 9068): their claims, and that no forged one is accepted (THREATS, "JWT and JWKS").

import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import {
  CompactSign,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  jwtVerify,
} from 'jose'
import supertest from 'supertest'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { nameFor } from '../../../../server/core/guests/pairwise.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import {
  issueAccessToken,
  looksLikeAccessToken,
  readAccessToken,
  sessionOfAccessToken,
  verifyAccessToken,
} from '../../../../server/core/tokens/access-tokens.ts'
import type { Client } from '../../../../server/options/options.ts'
import { reads } from '../../../../server/store/sql/all-verbs.ts'
import type { TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { sendRaw } from '../../../support/raw-http.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bearer,
  bySession,
  claimsOf,
  encode,
  forge,
  granted,
  headerOf,
  keptClient,
  refresh,
  registerAs,
  sendJson,
  signInAs,
  signingKeys,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const unixSeconds = (app: TestApp) => Math.floor(app.clock.now() / 1000)
const jwks = async (app: TestApp) => (await ask(app, '/.well-known/jwks.json')).body

/** Expects that a bearer token is refused, and that it changes nothing. */
const expectDead = (app: TestApp, token: string) =>
  expectRefusal(app, () => userinfo(app, token), 401, 'session_invalid')

describe('an access token', () => {
  test("of a guest without a row has the claims of RFC 9068 and the guest's, and no others", async () => {
    const app = await startTokenApp()
    const { access_token, expires_in } = await granted(anonymously(app))
    const { body: guest } = await userinfo(app, access_token)
    const now = unixSeconds(app)
    expect(headerOf(access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
    expect(claimsOf(access_token)).toEqual({
      iss: app.origin,
      sub: guest.sub,
      aud: app.origin,
      exp: now + 600,
      iat: now,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      client_id: 'spa',
      sid: guest.sub,
      anonymous_id: guest.sub,
      is_anonymous: true,
      is_verified: false,
      recoverability: 'none',
      label: guest.label,
      collection: 'users',
      scope: 'read write',
      sealed: { from: now, to: now + 365 * 24 * 60 * 60, by: 'client', pairwise: false },
    })
    expect(expires_in).toBe(600)
  })

  test('of a kept guest also says when and how a passkey was proven', async () => {
    const app = await startTokenApp()
    const { device, guest, tokens } = await keptClient(app)
    const began = unixSeconds(app)
    app.clock.forward(100)
    const again = await granted(refresh(app, tokens.refresh_token))
    for (const { access_token } of [tokens, again]) {
      const claims = claimsOf(access_token)
      expect(claims).toMatchObject({
        ...{ sub: guest.sub, anonymous_id: guest.sub, recoverability: 'passkey' },
        ...{ auth_time: began, acr: 'phr', amr: ['pop', 'user', 'mfa'] },
      })
      expect(claims).not.toHaveProperty('sealed')
      expect(claims.sid).toMatch(/^[\w-]{43}$/)
    }
    expect(claimsOf(again.access_token).sid).toBe(claimsOf(tokens.access_token).sid)
    expect(claimsOf(again.access_token).jti).not.toBe(claimsOf(tokens.access_token).jti)
    const { tokens: elsewhere } = (await signInAs(app, device, 'spa')).body
    expect(claimsOf(elsewhere.access_token)).toMatchObject({ sub: guest.sub, auth_time: unixSeconds(app) })
    expect(claimsOf(elsewhere.access_token).sid).not.toBe(claimsOf(tokens.access_token).sid)
  })

  test('repeats is_anonymous and is_verified under tokens.claimsNamespace, for apps that expect them there', async () => {
    for (const claimsNamespace of ['https://auth.example.com', 'https://auth.example.com/']) {
      const app = await startTokenApp({ tokens: { claimsNamespace } })
      const { access_token } = await granted(anonymously(app))
      const claims = claimsOf(access_token)
      expect(claims).toMatchObject({
        'https://auth.example.com/is_anonymous': true,
        'https://auth.example.com/is_verified': false,
        is_anonymous: true,
      })
      expect((await userinfo(app, access_token)).body).toMatchObject({ isAnonymous: true, isVerified: false })
    }
    const plain = await startTokenApp()
    const claims = claimsOf((await granted(anonymously(plain))).access_token)
    expect(Object.keys(claims).filter((name) => name.includes('/'))).toEqual([])
  })

  test('is for the requested audience of its client, or for the first one', async () => {
    const app = await startTokenApp()
    const audienceOf = async (...given: Parameters<typeof anonymously>) =>
      claimsOf((await granted(anonymously(...given))).access_token).aud
    const files = 'https://files.example/v1'
    const front = { client_id: 'front' }
    expect(await audienceOf(app)).toBe(app.origin)
    expect(await audienceOf(app, front)).toEqual(['https://api.example', app.origin])
    expect(await audienceOf(app, { ...front, resource: files })).toEqual([files, app.origin])
    expect(await audienceOf(app, { ...front, resource: app.origin }), 'ours alone').toBe(app.origin)
    for (const resource of ['https://evil.example', 'https://files.example', `${files}/`, '']) {
      const asked = () => anonymously(app, { ...front, resource })
      await expectOAuthRefusal(app, asked, 400, 'invalid_target')
    }
    const { refresh_token } = await granted(anonymously(app, front))
    const next = await granted(refresh(app, refresh_token, { ...front, resource: files }))
    expect(claimsOf(next.access_token).aud).toEqual([files, app.origin])
    const elsewhere = () => refresh(app, refresh_token, { ...front, resource: 'https://other.example' })
    await expectOAuthRefusal(app, elsewhere, 400, 'invalid_target')
  })

  test('lives for tokens.accessTokenSeconds, general or the client’s, but never longer than its session', async () => {
    const clients = [{ id: 'spa' }, { id: 'brief', accessTokenSeconds: 60 }]
    const limits = { sessions: { idleSeconds: 1000, absoluteSeconds: 1000 } }
    const app = await startTokenApp({ tokens: { accessTokenSeconds: 300 }, clients, ...limits })
    const { expires_in, refresh_token } = await granted(anonymously(app))
    expect(expires_in).toBe(300)
    expect((await granted(anonymously(app, { client_id: 'brief' }))).expires_in).toBe(60)
    app.clock.forward(900)
    const last = await granted(refresh(app, refresh_token))
    expect(last.expires_in).toBe(100)
    expect(claimsOf(last.access_token).exp).toBe(unixSeconds(app) + 100)
  })

  test('can be verified with the published keys', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, { client_id: 'front' }))
    const { payload } = await jwtVerify(access_token, createLocalJWKSet(await jwks(app)), {
      ...{ issuer: app.origin, audience: 'https://api.example', typ: 'at+jwt' },
      currentDate: new Date(app.clock.now()),
    })
    expect(payload.client_id).toBe('front')
  })

  test('does not contain the id of a passkey', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const { passkeys } = (await ask(app, '/guest/passkeys', bearer(tokens.access_token))).body
    expect(JSON.stringify(claimsOf(tokens.access_token))).not.toContain(passkeys[0].id)
  })
})

describe('the published keys', () => {
  test('have no private member, and anybody may read and cache them for five minutes', async () => {
    for (const signingAlgorithm of ['ES256', 'EdDSA'] as const) {
      const app = await startTokenApp({ tokens: { signingAlgorithm } })
      const { body, headers } = await ask(app, '/.well-known/jwks.json')
      const shape = signingAlgorithm === 'ES256' ? { kty: 'EC', crv: 'P-256', y: expect.any(String) } : {}
      expect(body).toEqual({
        keys: [
          {
            ...{ kty: 'OKP', crv: 'Ed25519', ...shape, x: expect.any(String) },
            ...{ kid: expect.any(String), alg: signingAlgorithm, use: 'sig' },
          },
        ],
      })
      expect(headers['cache-control']).toBe('public, max-age=300')
      expect(headers['content-type']).toBe('application/json')
      const stored = JSON.stringify(await signingKeys(app))
      expect(stored).not.toMatch(/"d\\?"/)
    }
  })

  test('and the metadata with all endpoints are served at the root and below the base path', async () => {
    const app = await startTokenApp()
    const { body } = await ask(app, '/.well-known/oauth-authorization-server')
    expect(body).toMatchObject({
      issuer: app.origin,
      token_endpoint: `${app.origin}/guest/token`,
      revocation_endpoint: `${app.origin}/guest/revoke`,
      introspection_endpoint: `${app.origin}/guest/introspect`,
      userinfo_endpoint: `${app.origin}/guest/userinfo`,
      jwks_uri: `${app.origin}/.well-known/jwks.json`,
      scopes_supported: ['read', 'write'],
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_endpoint: `${app.origin}/guest/authorize`,
      pushed_authorization_request_endpoint: `${app.origin}/guest/par`,
    })
    expect((await ask(app, '/guest/.well-known/oauth-authorization-server')).body).toEqual(body)
    expect((await ask(app, '/guest/.well-known/jwks.json')).body).toEqual(await jwks(app))
    const foreign = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example' }
    expect((await ask(app, '/.well-known/oauth-authorization-server', foreign)).body).toEqual(body)
  })

  test('leave all other .well-known paths to the host', async () => {
    const app = await startTokenApp({}, (host) => {
      host.get('/.well-known/security.txt', (_req, res) => void res.send('Contact: …'))
    })
    expect((await ask(app, '/.well-known/security.txt')).text).toBe('Contact: …')
    expect((await ask(app, '/.well-known/nothing')).status).toBe(404)
    expect((await ask(app, '/guest/.well-known/nothing')).body.code).toBe('not_found')
  })
})

type Forgery = (app: TestApp, token: string) => Promise<string> | string

/** Changes the header and leaves the signature as it is. */
const behead =
  (more: object): Forgery =>
  (_app, token) => {
    const [, payload, signature] = token.split('.')
    return `${encode({ ...headerOf(token), ...more })}.${payload}.${signature}`
  }

/** Signs with the forger's own key. `header` may add that key to the header. */
const ownKey =
  (header: (jwk: object) => object): Forgery =>
  async (_app, token) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const said = { ...headerOf(token), alg: 'ES256', ...header(await exportJWK(publicKey)) }
    return new CompactSign(Buffer.from(JSON.stringify(claimsOf(token))))
      .setProtectedHeader(JSON.parse(JSON.stringify(said)))
      .sign(privateKey)
  }

/** Signs with HS256. The secret is a form of our public key that a confused verifier might use as one. */
const hmacWith =
  (form: (jwk: Record<string, unknown>) => Promise<string | Buffer> | string | Buffer): Forgery =>
  async (app, token) => {
    const [jwk] = (await jwks(app)).keys
    const text = `${encode({ ...headerOf(token), alg: 'HS256' })}.${token.split('.')[1]}`
    return `${text}.${createHmac('sha256', await form(jwk))
      .update(text)
      .digest('base64url')}`
  }

const signed =
  (change: (app: TestApp, token: string) => Parameters<typeof forge>[2]): Forgery =>
  (app, token) =>
    forge(app, token, change(app, token))

/** Signed with the deployment's own key, so that only the content can be the reason to refuse these. */
const wronglySaid: [string, ReturnType<typeof signed>][] = [
  ...(
    [
      ['exp', undefined],
      ['exp', null],
      ['exp', '9999999999'],
      ['exp', [9_999_999_999]],
      ['exp', {}],
      ['exp', true],
      ['exp', 0],
      ['exp', -1],
      ['iat', undefined],
      ['iat', 'now'],
      ['nbf', 'now'],
      ['nbf', 9_999_999_999],
      ['jti', undefined],
      ['sub', undefined],
      ['sid', undefined],
      ['client_id', undefined],
      ['client_id', 'nobody'],
      ['client_id', '__proto__'],
      ['client_id', ['spa']],
      ['iss', undefined],
      ['iss', 'https://evil.example'],
      ['iss', ''],
      ['aud', undefined],
      ['aud', []],
      ['aud', 'https://api.example'],
      ['aud', ['https://api.example', 'https://evil.example']],
    ] as const
  ).map(([name, value]): [string, Forgery] => [
    `with ${name}: ${JSON.stringify(value)}`,
    signed(() => ({ claims: { [name]: value } })),
  ]),
  ...(
    [
      ['typ', undefined],
      ['typ', 'JWT'],
      ['typ', 'dpop+jwt'],
      ['typ', 'id+jwt'],
      ['typ', 'at+jwt2'],
      ['kid', undefined],
      ['kid', ''],
      ['kid', 'another'],
      ['crit', ['urn:example:unknown']],
    ] as const
  ).map(([name, value]): [string, Forgery] => [
    `with the header ${name}: ${JSON.stringify(value)}`,
    signed(() => ({ header: { [name]: value, ...(name === 'crit' && { 'urn:example:unknown': 1 }) } })),
  ]),
  [
    'with an iss that only begins like ours',
    signed((app) => ({ claims: { iss: `${app.origin}.evil.example`, aud: app.origin } })),
  ],
  ['with an aud that only begins like ours', signed((app) => ({ claims: { aud: `${app.origin}/` } }))],
  [
    'that expires at 1e309',
    signed((_app, token) => ({
      payload: JSON.stringify({ ...claimsOf(token), exp: 0 }).replace('"exp":0', '"exp":1e309'),
    })),
  ],
  ['with an array as payload', signed(() => ({ payload: '[]' }))],
  ['with null as payload', signed(() => ({ payload: 'null' }))],
  ['with a payload that is not JSON', signed(() => ({ payload: 'sub=admin' }))],
  ['of a session that never existed', signed(() => ({ claims: { sid: 'A'.repeat(43), sealed: undefined } }))],
]

const wronglySigned: [string, Forgery][] = [
  ['alg none', (_app, token) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${token.split('.')[1]}.`],
  ['alg none, with our signature', behead({ alg: 'none' })],
  ['alg None', behead({ alg: 'None' })],
  ['alg nONE without a signature', (_app, token) => `${encode({ alg: 'nONE' })}.${token.split('.')[1]}.`],
  ['HS256 with our signature', behead({ alg: 'HS256' })],
  ['HS256 with the public key as JSON', hmacWith((jwk) => JSON.stringify(jwk))],
  ['HS256 with its coordinate', hmacWith((jwk) => Buffer.from(jwk.x as string, 'base64url'))],
  [
    'HS256 with the public key as PEM',
    hmacWith(async (jwk) => exportSPKI((await importJWK(jwk, 'ES256', { extractable: true })) as CryptoKey)),
  ],
  [
    'HS256 with the public key as DER',
    hmacWith((jwk) =>
      createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'der' }),
    ),
  ],
  ['HS256 with nothing', hmacWith(() => '')],
  ...[
    'RS256',
    'PS256',
    'ES384',
    'ES512',
    'ES256K',
    'EdDSA',
    'Ed25519',
    'HS512',
    'es256',
    '',
    5,
    null,
    {},
  ].map((alg): [string, Forgery] => [`the alg ${JSON.stringify(alg)}`, behead({ alg })]),
  ['a key of its own under our kid', ownKey(() => ({}))],
  ['a key of its own in jwk', ownKey((jwk) => ({ jwk }))],
  ['a key of its own in jwk, without a kid', ownKey((jwk) => ({ jwk, kid: undefined }))],
  ['a key of its own at jku', ownKey(() => ({ jku: 'http://127.0.0.1:1/jwks.json', kid: 'mine' }))],
  ['a key of its own at x5u', ownKey(() => ({ x5u: 'http://127.0.0.1:1/cert.pem', kid: 'mine' }))],
  ['a certificate of its own', ownKey(() => ({ x5c: ['MIIB'], kid: 'mine' }))],
  ...[
    '../../../../etc/passwd',
    '/dev/null',
    "' OR '1'='1",
    "x'; DROP TABLE signing_keys; --",
    'x\0y',
    '__proto__',
    'constructor',
    'x'.repeat(4000),
  ].map((kid): [string, Forgery] => [`the kid ${kid.slice(0, 40)}`, behead({ kid })]),
  ...[{}, [], 1, true].map((kid): [string, Forgery] => [`the kid ${JSON.stringify(kid)}`, behead({ kid })]),
  ['b64 false', behead({ b64: false, crit: ['b64'] })],
  ['an empty crit', behead({ crit: [] })],
  ['a header that is an array', (_app, token) => `${encode([])}.${token.split('.').slice(1).join('.')}`],
  [
    'a changed claim',
    (_app, token) => {
      const [head, , signature] = token.split('.')
      return `${head}.${encode({ ...claimsOf(token), sub: 'A'.repeat(22) })}.${signature}`
    },
  ],
  ['no signature', (_app, token) => token.replace(/[^.]+$/, '')],
  ['half a signature', (_app, token) => token.slice(0, -43)],
  ['a signature of zeros', (_app, token) => token.replace(/[^.]+$/, Buffer.alloc(64).toString('base64url'))],
  ['a DER signature', (_app, token) => token.replace(/[^.]+$/, 'MEUCIQ')],
  ['a fourth part', (_app, token) => `${token}.x`],
  ['two parts', (_app, token) => token.split('.').slice(0, 2).join('.')],
  ['five parts', (_app, token) => `${token}..`],
  ['padding', (_app, token) => `${token}=`],
]

describe('a forged or foreign token is refused and changes nothing', () => {
  /** The names of the tokens that are not refused with `session_invalid`. */
  async function takenFor(forgeries: [string, Forgery][]): Promise<string[]> {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const before = await tables(app.store)
    const taken: string[] = []
    for (const [name, make] of forgeries) {
      const forged = await make(app, access_token)
      expect(forged, name).not.toBe(access_token)
      const { status, body, headers } = await userinfo(app, forged)
      if (`${status} ${body.code}` !== '401 session_invalid') taken.push(`${name}: ${status} ${body.code}`)
      expect(headers['www-authenticate'], name).toBe('Bearer error="invalid_token"')
      expect(headers['set-cookie'], name).toBeUndefined()
    }
    expect(await tables(app.store)).toEqual(before)
    expect((await userinfo(app, access_token)).status).toBe(200)
    expect(app.logs.filter(({ level }) => level === 'error')).toEqual([])
    return taken
  }

  test('whatever signs it, and whatever key its header names', async () => {
    expect(wronglySigned.length).toBeGreaterThan(50)
    expect(await takenFor(wronglySigned)).toEqual([])
  })

  test('if its content is wrong, even if our own key signed it', async () => {
    expect(wronglySaid.length).toBeGreaterThan(40)
    expect(await takenFor(wronglySaid)).toEqual([])
  })

  test('but not if our own key signed it and its content is valid', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    for (const change of [
      {},
      { claims: { aud: app.origin } },
      { header: { typ: 'AT+JWT' } },
      { header: { typ: 'application/at+jwt' } },
      { claims: { aud: ['https://x.example', app.origin] } },
    ]) {
      expect((await userinfo(app, await forge(app, access_token, change))).status).toBe(200)
    }
  })

  test('a token of another deployment, or of the same one with another issuer', async () => {
    const [app, foreign] = [await startTokenApp(), await startTokenApp()]
    await expectDead(app, (await granted(anonymously(foreign))).access_token)
    const renamed = await anotherNode(app, { tokens: { issuer: 'https://id.example' } })
    await expectDead(app, (await granted(anonymously(renamed))).access_token)
  })

  test('a thousand unknown kids cause fewer than ten reads of the store', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const before = await tables(app.store)
    const listings = vi.spyOn(reads, 'listSigningKeys')
    onTestFinished(() => listings.mockRestore())
    for (let i = 0; i < 1000; i += 50) {
      const kids = Array.from({ length: 50 }, (_, j) => `kid ${i + j}`)
      const forged = await Promise.all(kids.map((kid) => behead({ kid })(app, access_token)))
      for (const answer of await Promise.all(forged.map((token) => userinfo(app, token))))
        expect(answer.status).toBe(401)
    }
    expect(listings.mock.calls.length).toBeLessThan(10)
    expect(await tables(app.store)).toEqual(before)
  })

  test('a token of more than 8 KB, or of more than 64 KB', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    await expectDead(app, await forge(app, access_token, { claims: { more: 'x'.repeat(7000) } }))
    const before = await tables(app.store)
    const long = await forge(app, access_token, { claims: { more: 'x'.repeat(48_000) } })
    expect(long.length).toBeGreaterThan(64_000)
    const lines = [`Authorization: Bearer ${long}`]
    const { status, text } = await sendRaw(app.server, { path: '/guest/userinfo', lines })
    expect(status, 'refused by the HTTP parser').toBe(431)
    expect(text).not.toMatch(/set-cookie/i)
    expect(await tables(app.store)).toEqual(before)
  })

  test('a token under another scheme, or beside a second Authorization header', async () => {
    const app = await startTokenApp()
    const { access_token: token } = await granted(anonymously(app))
    for (const Authorization of [`Basic ${token}`, `Digest ${token}`, `JWT ${token}`, token])
      await expectRefusal(app, () => ask(app, '/guest/userinfo', { Authorization }), 401, 'not_signed_in')
    await expectRefusal(
      app,
      () => ask(app, '/guest/userinfo', { Authorization: `DPoP ${token}` }),
      401,
      'invalid_dpop_proof',
    )
    const before = await tables(app.store)
    for (const lines of [
      [`Authorization: Bearer ${token}`, `Authorization: Bearer ${token}`],
      [`Authorization: Bearer ${token}`, 'authorization: Basic eDp5'],
      ['Authorization: Basic eDp5', `AUTHORIZATION: Bearer ${token}`],
    ]) {
      const { status, text } = await sendRaw(app.server, { path: '/guest/userinfo', lines })
      expect(status, text).toBe(400)
      expect(text).toContain('"code":"ambiguous_credentials"')
    }
    expect(await tables(app.store)).toEqual(before)
  })

  test('a token in the query, in the body or in a cookie', async () => {
    const app = await startTokenApp()
    const { access_token: token } = await granted(anonymously(app))
    const inQuery = () => ask(app, `/guest/userinfo?access_token=${token}`)
    await expectRefusal(app, inQuery, 401, 'not_signed_in')
    const inBody = () => sendJson(app, 'sign-out', { access_token: token, force: true })
    await expectRefusal(app, inBody, 400, 'invalid_request')
    const inCookie = () => ask(app, '/guest/userinfo', { Cookie: `guestkey=${token}` })
    await expectRefusal(app, inCookie, 401, 'session_invalid')
  })

  test('a refresh token as an access token, and the other way round', async () => {
    const app = await startTokenApp()
    for (const { access_token, refresh_token } of [
      await granted(anonymously(app)),
      (await keptClient(app)).tokens,
    ]) {
      await expectDead(app, refresh_token)
      const inCookie = () => ask(app, '/guest/userinfo', { Cookie: `guestkey=${refresh_token}` })
      await expectRefusal(app, inCookie, 401, 'session_invalid')
      await expectOAuthRefusal(app, () => refresh(app, access_token), 400, 'invalid_grant')
      expect((await userinfo(app, access_token)).status).toBe(200)
    }
  })

  test("the body of a refresh token behind the prefix of a cookie's token, and the other way round", async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    await browser.signIn()
    const kept = (await keptGuest(app)).browser
    const [sealed, stored] = [await granted(anonymously(app)), (await keptClient(app)).tokens]
    const body = (token: string) => token.slice(token.indexOf('_') + 1)
    for (const { refresh_token } of [sealed, stored])
      for (const name of ['gks_', 'gkt_']) await expectDead(app, name + body(refresh_token))
    for (const { token } of [browser, kept])
      for (const name of ['gkrs_', 'gkrt_'])
        await expectOAuthRefusal(app, () => refresh(app, name + body(token!)), 400, 'invalid_grant')
  })
})

test('a token is not taken for an invalid one because the store cannot be read', async () => {
  const app = await startTokenApp()
  const { access_token } = await granted(anonymously(app))
  const node = await anotherNode(app)
  const listing = vi.spyOn(reads, 'listSigningKeys').mockImplementation(() => {
    throw new Error('the disk is away')
  })
  onTestFinished(() => listing.mockRestore())
  expect((await userinfo(node, access_token)).status).toBeOneOf([500, 503])
  listing.mockRestore()
  expect((await userinfo(node, access_token)).status).toBe(200)
})

describe('the clock skew that an access token may have', () => {
  test('is at most 30 seconds after exp', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const kept = (await keptClient(app)).tokens.access_token
    app.clock.forward(629)
    for (const token of [access_token, kept]) expect((await userinfo(app, token)).status).toBe(200)
    const cold = await anotherNode(app)
    expect((await userinfo(cold, access_token)).status).toBe(200)
    app.clock.forward(1)
    for (const node of [app, cold, await anotherNode(app)])
      for (const token of [access_token, kept]) await expectDead(node, token)
  })

  test('is at most 30 seconds before nbf', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const at = (nbf: number) => forge(app, access_token, { claims: { nbf } })
    expect((await userinfo(app, await at(unixSeconds(app) + 30))).status).toBe(200)
    await expectDead(app, await at(unixSeconds(app) + 31))
  })
})

describe('a token ends with its session, at once and on every node', () => {
  /** Expects that tokens are refused on nodes that have them in the cache, and on a new node. */
  async function expectDeadEverywhere(app: TestApp, node: TestApp, ...tokens: string[]) {
    const cold = await anotherNode(app)
    for (const token of tokens) for (const one of [app, node, cold]) await expectDead(one, token)
  }

  const drawn = async (app: TestApp, cookie: string | undefined) =>
    (await granted(bySession(app, cookie))).access_token

  test.each(['sign-out by the token', 'sign-out by the cookie', 'revoke', 'first passkey'])(
    'a guest without a row: %s',
    async (how) => {
      const app = await startTokenApp()
      const node = await anotherNode(app)
      const browser = app.browser()
      await browser.signIn()
      const client = await granted(anonymously(app))
      const byCookie = how === 'sign-out by the cookie'
      const token = byCookie ? await drawn(app, browser.cookie) : client.access_token
      for (const one of [app, node]) expect((await userinfo(one, token)).status).toBe(200)
      if (byCookie) await browser.post('/guest/sign-out', { force: true })
      if (how === 'sign-out by the token') {
        const { status, headers } = await sendJson(app, 'sign-out', { force: true }, bearer(token))
        expect(status).toBe(204)
        expect(headers['set-cookie']).toBeUndefined()
      }
      if (how === 'revoke') await sendJson(app, 'revoke', { client_id: 'spa', token })
      if (how === 'first passkey') expect((await registerAs(app, app.device(), { token })).status).toBe(201)
      await expectDeadEverywhere(app, node, token)
      if (!byCookie)
        await expectOAuthRefusal(app, () => refresh(app, client.refresh_token), 400, 'invalid_grant')
    },
  )

  test.each(['sign-out', 'everywhere', 'revoke', 'ended from another device', 'all others ended'])(
    'a kept guest: %s',
    async (how) => {
      const app = await startTokenApp()
      const node = await anotherNode(app)
      const { device, tokens } = await keptClient(app)
      const { tokens: laptop } = (await signInAs(app, device, 'app')).body
      const { access_token: token, refresh_token } = tokens
      for (const one of [app, node]) expect((await userinfo(one, token)).status).toBe(200)
      const others = bearer(laptop.access_token)
      const { sid } = claimsOf(token)
      const end = (path: string) => supertest(app.server).delete(`/guest/${path}`).set(others)
      if (how === 'sign-out') await sendJson(app, 'sign-out', {}, bearer(token))
      if (how === 'everywhere') await sendJson(app, 'sign-out', { everywhere: true }, others)
      if (how === 'revoke') await sendJson(app, 'revoke', { client_id: 'spa', token: refresh_token })
      if (how === 'ended from another device') await end(`sessions/${sid}`)
      if (how === 'all others ended') await end('sessions')
      await expectDeadEverywhere(app, node, token)
      await expectOAuthRefusal(app, () => refresh(app, refresh_token), 400, 'invalid_grant')
      const left = how === 'everywhere' ? 401 : 200
      expect((await userinfo(app, laptop.access_token)).status).toBe(left)
    },
  )

  test('a browser: the access token for its session ends with it', async () => {
    const app = await startTokenApp()
    const { browser, device } = await keptGuest(app)
    const token = await drawn(app, browser.cookie)
    expect((await userinfo(app, token)).status).toBe(200)
    await browser.signInWithPasskey(device, { stepUp: true })
    await expectDead(app, token)
    const next = await drawn(app, browser.cookie)
    await browser.post('/guest/sign-out')
    await expectDead(app, next)
  })

  test('the same claims signed again end too, because the session counts and not the text', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const twin = await forge(app, access_token, {})
    expect(twin).not.toBe(access_token)
    expect((await userinfo(app, twin)).status).toBe(200)
    await sendJson(app, 'sign-out', { force: true }, bearer(access_token))
    await expectDead(app, twin)
    await expectDead(app, malleated(access_token))
  })

  /** Replaces the signature with the other one that ECDSA accepts for the same text: (r, n - s). */
  function malleated(token: string): string {
    const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const [text, signature] = [token.replace(/\.[^.]+$/, ''), Buffer.from(token.split('.')[2]!, 'base64url')]
    const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
    const other = Buffer.from((n - s).toString(16).padStart(64, '0'), 'hex')
    return `${text}.${Buffer.concat([signature.subarray(0, 32), other]).toString('base64url')}`
  }
})

describe('a cookie and a bearer token', () => {
  test('of two guests in one request are refused, and both sessions stay', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const { access_token } = await granted(anonymously(app))
    const both = { ...bearer(access_token), Cookie: browser.cookie! }
    const refused = await expectRefusal(
      app,
      () => ask(app, '/guest/userinfo', both),
      400,
      'credentials_ambiguous',
    )
    expect(cookiesSet(refused)).toEqual([])
    const signOut = () => sendJson(app, 'sign-out', { force: true }, { ...both, Origin: app.origin })
    await expectRefusal(app, signOut, 400, 'credentials_ambiguous')
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await userinfo(app, access_token)).status).toBe(200)
  })

  test('of one guest in one request are accepted, unless one of them has expired', async () => {
    const app = await startTokenApp()
    const browser = app.browser()
    const guest = await browser.signIn()
    const { access_token } = await granted(bySession(app, browser.cookie))
    const cookie = { Cookie: browser.cookie! }
    const { body } = await ask(app, '/guest/userinfo', { ...bearer(access_token), ...cookie })
    expect(body.sub).toBe(guest.sub)
    app.clock.forward(631)
    await expectRefusal(
      app,
      () => ask(app, '/guest/userinfo', { ...bearer(access_token), ...cookie }),
      400,
      'credentials_ambiguous',
    )
  })

  test('show the same list of sessions, and each marks its own as current', async () => {
    const app = await startTokenApp()
    const { browser, device } = await keptGuest(app)
    const { tokens } = (await signInAs(app, device, 'spa')).body
    const { sessions } = (await ask(app, '/guest/sessions', bearer(tokens.access_token))).body
    expect(sessions).toHaveLength(2)
    const mine = sessions.find(({ current }: { current: boolean }) => current)
    expect(mine.id).toBe(claimsOf(tokens.access_token).sid)
    const { body } = await browser.get('/guest/sessions')
    expect(body.sessions.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      sessions.map(({ id }: { id: string }) => id).toSorted(),
    )
  })
})

describe('the session of an access token whose guest has no row', () => {
  const spa = { id: 'spa', refreshIdleSeconds: 1000, pairwise: undefined } as Client
  const diary = { ...spa, id: 'diary', pairwise: 'the secret of the names that the diary has' } as Client
  const snoozes = [{ prompt: 'add_passkey', until: 8000 }]
  const sealed = { from: 4000, to: 9000, by: 'client', pairwise: false, days: 3, snoozes }
  const claims = {
    ...{ sub: 'guest', iat: 5000, label: 'amber-fox-42', collection: 'users' },
    ...{ scope: 'read write', cnf: { jkt: 'key' } },
  }
  const session = {
    ...{ kind: 'sealed', id: 'guest', anonymousId: 'guest', label: 'amber-fox-42', collection: 'users' },
    ...{ recoverability: 'none', createdAt: 4000, lastSeenAt: 5000, expiresAt: 6000, endsAt: 9000 },
    ...{ authTime: null, enrolUntil: null, promotedAt: null },
    grant: { clientId: 'spa', scope: ['read', 'write'], jkt: 'key' },
    carried: { datedAt: 5000, lastsUntil: 6000, daysSeen: 3, snoozes },
  }

  /** What the token with these claims stands for. `hasEnded`: the store knows that the session has ended. */
  function sessionOf(more: object, { client = spa, hasEnded = false } = {}) {
    const store = { sealedSessionEnded: async () => hasEnded, findSession: async () => undefined }
    const ctx = { now: () => 5100, store } as unknown as Context
    return sessionOfAccessToken(ctx, { claims: { ...claims, sealed, ...more } as never, client })
  }

  test('is what its claims say', async () => {
    expect(await sessionOf({})).toEqual({ session, ended: false })
    const { scope: _scope, cnf: _cnf, ...bare } = claims
    const { days: _days, snoozes: _snoozes, ...once } = sealed
    const bareOf = { ...bare, scope: undefined, cnf: undefined, sealed: once }
    expect(await sessionOf(bareOf)).toMatchObject({
      session: {
        grant: { clientId: 'spa', scope: [], jkt: null },
        carried: { daysSeen: 1, snoozes: [] },
      },
    })
  })

  test('is a browser’s if a cookie holds it', async () => {
    expect((await sessionOf({ sealed: { ...sealed, by: 'cookie' } }))?.session.grant).toBeNull()
  })

  test('expires with the session at the latest', async () => {
    const found = await sessionOf({ sealed: { ...sealed, to: 5500 } })
    expect(found?.session).toMatchObject({ expiresAt: 5500, endsAt: 5500, carried: { lastsUntil: 5500 } })
  })

  test('has ended if the store says so', async () => {
    expect(await sessionOf({}, { hasEnded: true })).toEqual({ session, ended: true })
  })

  test('is that of the guest whom a pairwise client names, and leaves out the label, which is not the guest’s own', async () => {
    const named = { sub: nameFor(diary, 'A'.repeat(22)), sealed: { ...sealed, pairwise: true } }
    expect((await sessionOf(named, { client: diary }))?.session).toMatchObject({
      ...{ id: 'A'.repeat(22), anonymousId: 'A'.repeat(22), label: '' },
    })
  })

  test('is none if the client has become pairwise since, or is not pairwise any more', async () => {
    const named = { sub: nameFor(diary, 'A'.repeat(22)), sealed: { ...sealed, pairwise: true } }
    expect(await sessionOf(named)).toBeUndefined()
    expect(await sessionOf({ sub: named.sub }, { client: diary })).toBeUndefined()
  })
})

test.each<[string, object | string, object | string, boolean]>([
  ['of ours', { typ: 'at+jwt' }, { iss: 'https://id.example' }, true],
  ['of another issuer', { typ: 'at+jwt' }, { iss: 'https://host.example' }, false],
  ['without an issuer', { typ: 'at+jwt' }, {}, false],
  ['of another type', { typ: 'JWT' }, { iss: 'https://id.example' }, false],
  ['without a type', {}, { iss: 'https://id.example' }, false],
  ['whose header is no JSON', 'header', { iss: 'https://id.example' }, false],
  ['whose payload is no JSON', { typ: 'at+jwt' }, 'payload', false],
  ['whose header is null', 'null', { iss: 'https://id.example' }, false],
])('a JWT %s is told from an access token of ours by its header and its issuer', (_, header, payload, is) => {
  const ctx = { config: { tokens: { issuer: 'https://id.example' } } } as Context
  expect(looksLikeAccessToken(ctx, `${encode(header)}.${encode(payload)}.signature`)).toBe(is)
})

describe('the claims of an access token', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const spa = { id: 'spa', accessTokenSeconds: 600, pairwise: undefined } as Client
  const diary = { ...spa, id: 'diary', pairwise: 'the secret of the names that the diary has' } as Client
  const snoozes = [{ prompt: 'add_passkey', until: 8000 }]
  const ofClient = {
    ...{ kind: 'sealed', id: 'A'.repeat(22), anonymousId: 'A'.repeat(22), label: 'amber-fox-42' },
    ...{ collection: 'users', recoverability: 'none', createdAt: 4000, endsAt: 9000 },
    ...{ authTime: null, promotedAt: null, grant: { clientId: 'spa', scope: [], jkt: null } },
    carried: { datedAt: 5000, lastsUntil: 6000, daysSeen: 3, snoozes },
  }

  type Given = { client?: Client; scope?: string[]; jkt?: string | null }

  const contextWith = () =>
    ({
      now: () => 5100,
      config: { tokens: { issuer: 'https://id.example' }, stepUpSeconds: 300, clients: [spa, diary] },
      store: { sealedSessionEnded: async () => false },
      signingKeys: {
        current: async () => ({ kid: 'kid', algorithm: 'EdDSA', key: privateKey }),
        find: async () => publicKey,
      },
    }) as unknown as Context

  async function tokenFor(session: object, { client = spa, scope = [], jkt = null }: Given = {}) {
    const audience = { client, audience: 'https://api.example', scope, jkt }
    return (await issueAccessToken(contextWith(), session as Session, audience)).token
  }

  async function claimsFor(session: object, given?: Given) {
    const token = await tokenFor(session, given)
    return (await jwtVerify(token, publicKey, { currentDate: new Date(5_100_000) })).payload
  }

  test('say of a session without a row all that its own client needs', async () => {
    const sealed = { from: 4000, to: 9000, by: 'client', pairwise: false, days: 3, snoozes }
    const claims = await claimsFor(ofClient)
    expect(claims.sealed).toEqual(sealed)
    for (const name of ['scope', 'cnf', 'auth_time', 'acr', 'amr']) expect(claims).not.toHaveProperty(name)
    expect((await claimsFor({ ...ofClient, grant: null })).sealed).toEqual({ ...sealed, by: 'cookie' })
    const young = { ...ofClient, carried: { ...ofClient.carried, daysSeen: 1, snoozes: [] } }
    const { days: _days, snoozes: _snoozes, ...once } = sealed
    expect((await claimsFor(young)).sealed).toEqual(once)
  })

  test('tell a pairwise client no time of such a session, and nothing that it did', async () => {
    const { sealed, exp } = await claimsFor(ofClient, { client: diary })
    expect(sealed).toEqual({ from: 5100, to: exp, by: 'client', pairwise: true })
  })

  test('say when and how a passkey was proven, and which scopes are granted', async () => {
    const proven = { ...ofClient, kind: 'stored', carried: null, authTime: 5050 }
    const claims = await claimsFor(proven, { scope: ['read', 'write'] })
    expect(claims).toMatchObject({
      ...{ auth_time: 5050, acr: 'phr', amr: ['pop', 'user', 'mfa'], scope: 'read write' },
    })
    expect(claims).not.toHaveProperty('sealed')
    const late = await claimsFor({ ...proven, authTime: 4799 }, { client: diary })
    expect(late).not.toHaveProperty('auth_time')
    expect(late.acr).toBe('phr')
  })

  test('say for whom a request may use the token', async () => {
    const read = (token: string, jkt: string | null) => readAccessToken(contextWith(), token, jkt)
    const [plain, bound] = [await tokenFor(ofClient), await tokenFor(ofClient, { jkt: 'key' })]
    const audiences = ['https://api.example', 'https://id.example']
    expect(await read(plain, null)).toMatchObject({
      ...{ status: 'valid', session: { anonymousId: 'A'.repeat(22) } },
      by: { client: spa, jkt: null, audiences, own: false },
    })
    expect(await read(bound, 'key')).toMatchObject({ status: 'valid', by: { jkt: 'key' } })
    for (const [token, jkt] of [
      [bound, null],
      [bound, 'another key'],
      [plain, 'key'],
    ] as const)
      expect(await read(token, jkt)).toMatchObject({
        ...{ status: 'invalid', error: { reason: 'access token of another key' } },
      })
  })

  test('are verified once: with later requests, the signature is not checked again', async () => {
    const ctx = contextWith()
    const token = await tokenFor(ofClient)
    const checks = vi.spyOn(crypto.subtle, 'verify')
    onTestFinished(() => checks.mockRestore())
    for (let i = 0; i < 3; i++) expect(await verifyAccessToken(ctx, token)).toMatchObject({ client: spa })
    expect(checks).toHaveBeenCalledTimes(1)
    expect(looksLikeAccessToken(ctx, token)).toBe(true)
  })

  test('make a token of at most 8,192 characters', async () => {
    const withLength = async (length: number) => {
      const least = Math.floor((length - (await tokenFor(ofClient)).length) * 0.75) - 20
      for (let characters = least; characters < least + 40; characters++) {
        const token = await tokenFor(ofClient, { scope: ['x'.repeat(characters)] })
        if (token.length === length) return token
      }
      throw new Error(`no token has ${length} characters`)
    }
    expect(await verifyAccessToken(contextWith(), await withLength(8192))).toMatchObject({ client: spa })
    // The payload has no base64url of one character more.
    expect(await verifyAccessToken(contextWith(), await withLength(8194))).toBeUndefined()
  })
})
