// DPoP (RFC 9449): a token that is bound to a key works only with a fresh proof of that key for each request.

import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { hashToken } from '../../../../server/core/crypto/secrets.ts'
import { dpopAlgorithms, isNewProof } from '../../../../server/core/tokens/dpop.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { sendRaw } from '../../../support/raw-http.ts'
import { expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  bearer,
  bySession,
  claimsOf,
  type DpopKey,
  dpopKey,
  encode,
  granted,
  pageOrigin,
  refresh,
  registerAs,
  sendJson,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const tokenDoor = '/guest/token'
const userinfoDoor = '/guest/userinfo'

/** The headers of a request that proves this key. */
const proof = async (key: DpopKey, ...of: Parameters<DpopKey['prove']>) => ({ DPoP: await key.prove(...of) })

/** The headers of a request with a bound token and its proof. */
const bound = async (app: TestApp, key: DpopKey, token: string, method = 'GET', path = userinfoDoor) => ({
  Authorization: `DPoP ${token}`,
  ...(await proof(key, app, method, path, { token })),
})

/** Expects a 401 that says which algorithms a proof may use (RFC 9449, 7.1), and that nothing was written. */
async function expectProofRefused(app: TestApp, asked: Parameters<typeof expectRefusal>[1]) {
  const { headers } = await expectRefusal(app, asked, 401, 'invalid_dpop_proof')
  const algs = `algs="${dpopAlgorithms.join(' ')}"`
  expect(headers['www-authenticate']).toBe(`DPoP error="invalid_dpop_proof", ${algs}`)
}

/** The tokens of a new guest, bound to this key. */
const boundTokens = async (app: TestApp, key: DpopKey, more: Record<string, string> = {}) =>
  granted(anonymously(app, more, await proof(key, app, 'POST', tokenDoor)))

/** A refresh with a proof by this key. */
const refreshBy = async (app: TestApp, key: DpopKey, token: string, more: Record<string, string> = {}) =>
  refresh(app, token, more, await proof(key, app, 'POST', tokenDoor))

describe('a client that proves a key', () => {
  test('receives tokens that are bound to it, and uses them with a proof each time', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const tokens = await boundTokens(app, key)
    expect(tokens.token_type).toBe('DPoP')
    expect(claimsOf(tokens.access_token).cnf).toEqual({ jkt: key.jkt })
    for (let i = 0; i < 3; i++)
      expect((await ask(app, userinfoDoor, await bound(app, key, tokens.access_token))).status).toBe(200)
    const scheme = await bound(app, key, tokens.access_token)
    const spelt = { ...scheme, Authorization: `dpop ${tokens.access_token}` }
    expect((await ask(app, userinfoDoor, spelt)).status).toBe(200)
    const next = await granted(refreshBy(app, key, tokens.refresh_token))
    expect(next.token_type).toBe('DPoP')
    expect(claimsOf(next.access_token).cnf).toEqual({ jkt: key.jkt })
    const out = { force: true }
    const path = '/guest/sign-out'
    const left = await sendJson(app, 'sign-out', out, await bound(app, key, next.access_token, 'POST', path))
    expect(left.status).toBe(204)
  })

  test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)('may sign with %s', async (algorithm) => {
    const app = await startTokenApp()
    const key = await dpopKey(algorithm)
    const { access_token } = await boundTokens(app, key)
    expect((await ask(app, userinfoDoor, await bound(app, key, access_token))).status).toBe(200)
    const { body } = await ask(app, '/.well-known/oauth-authorization-server')
    expect(body.dpop_signing_alg_values_supported).toEqual([...dpopAlgorithms])
  })

  test('has its new tokens bound to that key after a first passkey and after a sign-in', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token } = await boundTokens(app, key)
    const device = app.device()
    const at = (path: string) => bound(app, key, access_token, 'POST', `/guest/${path}`)
    const options = await sendJson(
      app,
      'passkeys/register/options',
      {},
      await at('passkeys/register/options'),
    )
    expect(options.status, options.text).toBe(200)
    const registration = await device.create(options.body)
    const kept = await sendJson(app, 'passkeys/register', registration, await at('passkeys/register'))
    expect(kept.status, kept.text).toBe(201)
    expect(kept.body.tokens.token_type).toBe('DPoP')
    expect(claimsOf(kept.body.tokens.access_token).cnf).toEqual({ jkt: key.jkt })
    expect(JSON.parse((await tables(app.store)).sessions![0]!).jkt).toBe(key.jkt)
    const stolen = () => refresh(app, kept.body.tokens.refresh_token)
    await expectOAuthRefusal(app, stolen, 400, 'invalid_grant')
    await granted(refreshBy(app, key, kept.body.tokens.refresh_token))

    const again = await sendJson(app, 'passkeys/authenticate/options', {})
    const assertion = { ...(await device.get(again.body)), client_id: 'spa' }
    const proven = await proof(key, app, 'POST', '/guest/passkeys/authenticate')
    const signedIn = await sendJson(app, 'passkeys/authenticate', assertion, proven)
    expect(signedIn.status, signedIn.text).toBe(200)
    expect(claimsOf(signedIn.body.tokens.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  test('can repeat a registration after a lost response, with the ended token and a fresh proof', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token } = await boundTokens(app, key)
    const at = (path: string) => bound(app, key, access_token, 'POST', `/guest/${path}`)
    const options = await sendJson(
      app,
      'passkeys/register/options',
      {},
      await at('passkeys/register/options'),
    )
    const registration = await app.device().create(options.body)
    const first = await sendJson(app, 'passkeys/register', registration, await at('passkeys/register'))
    const again = await sendJson(app, 'passkeys/register', registration, await at('passkeys/register'))
    expect([first.status, again.status], again.text).toEqual([201, 200])
    expect(again.body.tokens.refresh_token).toBe(first.body.tokens.refresh_token)
    expect(claimsOf(again.body.tokens.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  test('may be a page on its own origin: the proof names our endpoint, not the page', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const page = { Origin: pageOrigin, 'Sec-Fetch-Site': 'cross-site' }
    const proven = await proof(key, app, 'POST', tokenDoor)
    const { access_token } = await granted(anonymously(app, {}, { ...page, ...proven }))
    const headers = await bound(app, key, access_token)
    expect((await ask(app, userinfoDoor, { ...page, ...headers })).status).toBe(200)
  })

  test("can get a bound token for its browser's session", async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const browser = app.browser()
    const guest = await browser.signIn()
    const own = { Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' }
    const proven = await proof(key, app, 'POST', tokenDoor)
    const drawn = await granted(bySession(app, browser.cookie, {}, { ...own, ...proven }))
    expect(drawn.token_type).toBe('DPoP')
    const headers = await bound(app, key, drawn.access_token)
    expect((await ask(app, userinfoDoor, headers)).body.sub).toBe(guest.sub)
    await expectRefusal(app, () => userinfo(app, drawn.access_token), 401, 'session_invalid')
  })
})

type Wrong = (
  app: TestApp,
  key: DpopKey,
  door: { method: string; path: string; token?: string },
) => Promise<string>

/** A properly signed proof with changed claims, and perhaps with a changed header. */
const saying =
  (claims: (app: TestApp) => object, header: (key: DpopKey) => object = () => ({})): Wrong =>
  (app, key, { method, path, token }) =>
    key.prove(app, method, path, {
      ...(token !== undefined && { token }),
      claims: claims(app),
      header: header(key),
    })

const now = (app: TestApp) => Math.floor(app.clock.now() / 1000)

const wrongProofs: [string, Wrong][] = [
  ...[
    ['no jti', { jti: undefined }],
    ['a jti that is a number', { jti: 5 }],
    ['no htm', { htm: undefined }],
    ['another htm', { htm: 'DELETE' }],
    ['the htm in another case', { htm: 'get' }],
    ['no htu', { htu: undefined }],
    ['an htu that is not a URL', { htu: 'userinfo' }],
    ['an htu that is a number', { htu: 5 }],
    ['no iat', { iat: undefined }],
    ['an iat that is a text', { iat: 'now' }],
    ['an iat of Number.MAX_VALUE', { iat: Number.MAX_VALUE }],
  ].map(([name, claims]): [string, Wrong] => [name as string, saying(() => claims as object)]),
  ['the URL of another endpoint', saying((app) => ({ htu: `${app.origin}/guest/sessions` }))],
  ['another host', saying(() => ({ htu: 'https://evil.example/guest/userinfo' }))],
  ['another scheme', saying((app) => ({ htu: `${app.origin.replace('http:', 'https:')}/guest/userinfo` }))],
  ['a path below', saying((app) => ({ htu: `${app.origin}/guest/userinfo/x` }))],
  ['the origin alone', saying((app) => ({ htu: app.origin }))],
  ['an iat too old', saying((app) => ({ iat: now(app) - 61 }))],
  ['an iat too far ahead', saying((app) => ({ iat: now(app) + 61 }))],
  ['an exp in the past', saying((app) => ({ exp: now(app) - 61 }))],
  ['an nbf in the future', saying((app) => ({ nbf: now(app) + 61 }))],
  ...[
    ['no typ', { typ: undefined }],
    ['the typ JWT', { typ: 'JWT' }],
    ['the typ of an access token', { typ: 'at+jwt' }],
    ['no jwk', { jwk: undefined }],
    ['an empty jwk', { jwk: {} }],
    ['a jwk that is a text', { jwk: 'key' }],
    ['a symmetric jwk', { jwk: { kty: 'oct', k: 'AAAA' } }],
    ['an off-curve point', { jwk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } }],
    ['an unknown crit', { crit: ['x'], x: 1 }],
  ].map(([name, header]): [string, Wrong] => [
    name as string,
    async (app, key, { method, path, token }) => {
      const good = await key.prove(app, method, path, { ...(token !== undefined && { token }) })
      const [head, payload, signature] = good.split('.')
      const said = JSON.parse(Buffer.from(head!, 'base64url').toString())
      return `${encode(JSON.parse(JSON.stringify({ ...said, ...(header as object) })))}.${payload}.${signature}`
    },
  ]),
  [
    'typ JWT, properly signed',
    saying(
      () => ({}),
      () => ({ typ: 'JWT' }),
    ),
  ],
  [
    'its private key in the jwk',
    saying(
      () => ({}),
      (key) => ({ jwk: key.privateJwk }),
    ),
  ],
  [
    'alg none',
    async (app, key, { method, path, token }) => {
      const good = await key.prove(app, method, path, { ...(token !== undefined && { token }) })
      return `${encode({ typ: 'dpop+jwt', alg: 'none', jwk: key.jwk })}.${good.split('.')[1]}.`
    },
  ],
  ...['HS256', 'RS256', 'EdDSA', 'Ed25519', 'ES384', 'ES256K', 'RS1', '', 5].map((alg): [string, Wrong] => [
    `the alg ${alg}`,
    async (app, key, { method, path, token }) => {
      const good = await key.prove(app, method, path, { ...(token !== undefined && { token }) })
      const [, payload, signature] = good.split('.')
      return `${encode({ typ: 'dpop+jwt', alg, jwk: key.jwk })}.${payload}.${signature}`
    },
  ]),
  [
    'a signature by another key',
    async (app, key, { method, path, token }) =>
      (await dpopKey()).prove(app, method, path, {
        ...(token !== undefined && { token }),
        header: { jwk: key.jwk },
      }),
  ],
  ['nothing', async () => ''],
  ['no JWT', async () => 'proof'],
  ['a text of 5,000 characters', async () => `${'x'.repeat(5000)}.x.x`],
]

describe('a proof', () => {
  /** The names of the wrong proofs that are not refused. */
  async function takenOf(app: TestApp, ask: (wrong: Wrong) => Promise<string>): Promise<string[]> {
    const before = await tables(app.store)
    const taken: string[] = []
    for (const [name, wrong] of wrongProofs) {
      const answer = await ask(wrong)
      if (!/^(40[01] invalid_dpop_proof|401 session_invalid)$/.test(answer)) taken.push(`${name}: ${answer}`)
    }
    expect(await tables(app.store)).toEqual(before)
    expect(app.logs.filter(({ level }) => level === 'error')).toEqual([])
    return taken
  }

  test('that is wrong makes a bound token useless', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const taken = await takenOf(app, async (wrong) => {
      const DPoP = await wrong(app, key, { method: 'GET', path: userinfoDoor, token })
      const { status, body } = await ask(app, userinfoDoor, { Authorization: `DPoP ${token}`, DPoP })
      return `${status} ${body.code}`
    })
    expect(taken).toEqual([])
    expect((await ask(app, userinfoDoor, await bound(app, key, token))).status).toBe(200)
  })

  test('that is wrong gives no tokens, neither new ones nor by refresh token', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { refresh_token } = await boundTokens(app, key)
    for (const send of [
      (DPoP: string) => anonymously(app, {}, { DPoP }),
      (DPoP: string) => refresh(app, refresh_token, {}, { DPoP }),
    ]) {
      const taken = await takenOf(app, async (wrong) => {
        const DPoP = await wrong(app, key, { method: 'POST', path: tokenDoor })
        if (DPoP === '') return '400 invalid_dpop_proof' // an HTTP client leaves out an empty header
        const { status, body } = await send(DPoP)
        expect(body.access_token).toBeUndefined()
        return `${status} ${body.code}`
      })
      expect(taken).toEqual([])
    }
    await granted(refreshBy(app, key, refresh_token))
  })

  test('is refused if its ath is not the hash of the token', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const other = await boundTokens(app, key)
    for (const ath of [undefined, '', 'x', hashToken(other.access_token), 5]) {
      const DPoP = await key.prove(app, 'GET', userinfoDoor, { claims: { ath } })
      const asked = () => ask(app, userinfoDoor, { Authorization: `DPoP ${token}`, DPoP })
      await expectProofRefused(app, asked)
    }
  })

  test('works once, and only for its method and endpoint', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const headers = await bound(app, key, token)
    expect((await ask(app, userinfoDoor, headers)).status).toBe(200)
    for (let i = 0; i < 3; i++) {
      app.clock.forward(29)
      await expectProofRefused(app, () => ask(app, userinfoDoor, headers))
    }
    const fresh = await bound(app, key, token)
    await expectProofRefused(app, () => ask(app, '/guest/sessions', fresh))
    const post = () => sendJson(app, 'sign-out', { force: true }, fresh)
    await expectProofRefused(app, post)
    expect((await ask(app, userinfoDoor, fresh)).status).toBe(200)
    const once = await proof(key, app, 'POST', tokenDoor)
    await granted(anonymously(app, {}, once))
    await expectOAuthRefusal(app, () => anonymously(app, {}, once), 400, 'invalid_dpop_proof')
  })

  test('that is sent fifty times at once is accepted once', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token } = await boundTokens(app, key)
    const headers = await bound(app, key, access_token)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(app, userinfoDoor, headers)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is remembered for as long as it is valid, whatever other proofs arrive', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    app.clock.forward(100) // so that the proof arrives late in its generation, which ends 120 seconds after it began
    const claims = { iat: now(app) + 60 }
    const ahead = { DPoP: await key.prove(app, 'GET', userinfoDoor, { token, claims }) }
    const headers = { Authorization: `DPoP ${token}`, ...ahead }
    expect((await ask(app, userinfoDoor, headers)).status).toBe(200)
    for (let passed = 0; passed < 120; passed += 20) {
      app.clock.forward(20)
      expect((await ask(app, userinfoDoor, await bound(app, key, token))).status).toBe(200)
      await expectProofRefused(app, () => ask(app, userinfoDoor, headers))
    }
  })

  test('may have 4,096 characters, and no more', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const withLength = async (length: number) => {
      for (let pad = length - 1500; ; pad++) {
        const DPoP = await key.prove(app, 'GET', userinfoDoor, { token, claims: { pad: 'x'.repeat(pad) } })
        if (DPoP.length >= length) return { Authorization: `DPoP ${token}`, DPoP }
      }
    }
    const longest = await withLength(4096)
    expect(longest.DPoP).toHaveLength(4096)
    expect((await ask(app, userinfoDoor, longest)).status).toBe(200)
    const longer = await withLength(4097)
    await expectProofRefused(app, () => ask(app, userinfoDoor, longer))
  })

  test('may be up to 60 seconds old, or up to 60 seconds ahead', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    for (const iat of [now(app) - 60, now(app) + 60]) {
      const DPoP = await key.prove(app, 'GET', userinfoDoor, { token, claims: { iat } })
      expect((await ask(app, userinfoDoor, { Authorization: `DPoP ${token}`, DPoP })).status).toBe(200)
    }
  })

  test('may have an htu with a query and a fragment, which are ignored', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const htu = `${app.origin}${userinfoDoor}?x=1#y`
    const DPoP = await key.prove(app, 'GET', userinfoDoor, { token, claims: { htu } })
    const headers = { Authorization: `DPoP ${token}`, DPoP }
    expect((await ask(app, `${userinfoDoor}?z=2`, headers)).status).toBe(200)
  })

  test('that is refused leaves the reason in the log', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const reasonFor = async (claims: object) => {
      await anonymously(app, {}, { DPoP: await key.prove(app, 'POST', tokenDoor, { claims }) })
      return app.logs.findLast(({ fields }) => fields.code === 'invalid_dpop_proof')?.fields.reason
    }
    expect(await reasonFor({ htm: 'GET' })).toBe('dpop: htm')
    expect(await reasonFor({ htu: 'https://evil.example' })).toBe('dpop: htu')
    expect(await reasonFor({ iat: now(app) - 61 })).toBe('dpop: iat')
    expect(await reasonFor({ jti: '' })).toBe('dpop: jti')
  })

  test('is refused beside a second one', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: token } = await boundTokens(app, key)
    const prove = () => key.prove(app, 'GET', userinfoDoor, { token })
    const lines = [`Authorization: DPoP ${token}`, `DPoP: ${await prove()}`, `dpop: ${await prove()}`]
    const { status, text } = await sendRaw(app.server, { path: userinfoDoor, lines })
    expect(status).toBe(401)
    expect(text).toContain('"code":"invalid_dpop_proof"')
  })
})

test.each([3, 65_539])(
  'a proof by an RSA key with the public exponent %i is refused, because large ones are slow to verify',
  async (publicExponent) => {
    const app = await startTokenApp()
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent })
    const header = { typ: 'dpop+jwt', alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) }
    const claims = { jti: 'one', htm: 'POST', htu: `${app.origin}/guest/token`, iat: now(app) }
    const text = `${encode(header)}.${encode(claims)}`
    const DPoP = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`
    await expectOAuthRefusal(app, () => anonymously(app, {}, { DPoP }), 400, 'invalid_dpop_proof')
  },
)

test('a node remembers at most 200,000 proofs, and forgets the oldest first', () => {
  const ctx = { now: () => 1000 } as Context
  const remember = (from: number) =>
    Array.from({ length: 100_000 }, (_, i) => isNewProof(ctx, String(from + i))).every(Boolean)
  expect(remember(0)).toBe(true)
  expect(isNewProof(ctx, '0')).toBe(false)
  expect(remember(100_000)).toBe(true)
  expect(isNewProof(ctx, '0')).toBe(true)
  expect(isNewProof(ctx, '199999')).toBe(false)
})

describe('a bound token', () => {
  test('is refused without a proof, as Bearer, or with a proof of another key', async () => {
    const app = await startTokenApp()
    const [key, other] = [await dpopKey(), await dpopKey()]
    const { access_token: token } = await boundTokens(app, key)
    await expectRefusal(app, () => userinfo(app, token), 401, 'session_invalid')
    const withProof = async () => ({
      ...bearer(token),
      ...(await proof(key, app, 'GET', userinfoDoor, { token })),
    })
    const asBearer = await withProof()
    await expectRefusal(app, () => ask(app, userinfoDoor, asBearer), 401, 'session_invalid')
    const unproven = () => ask(app, userinfoDoor, { Authorization: `DPoP ${token}` })
    await expectProofRefused(app, unproven)
    const stolen = await bound(app, other, token)
    await expectRefusal(app, () => ask(app, userinfoDoor, stolen), 401, 'session_invalid')
    expect((await ask(app, userinfoDoor, await bound(app, key, token))).status).toBe(200)
  })

  test('is what the DPoP scheme needs: an unbound one is refused with it', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { access_token: plain } = await granted(anonymously(app))
    const headers = await bound(app, key, plain)
    await expectRefusal(app, () => ask(app, userinfoDoor, headers), 401, 'session_invalid')
    const browser = app.browser()
    await browser.signIn()
    const cookie = await bound(app, key, browser.token!)
    await expectRefusal(app, () => ask(app, userinfoDoor, cookie), 401, 'session_invalid')
  })

  test.each(['sealed', 'stored'])(
    'that is a %s refresh token works only with its key, and a refusal does not use it up',
    async (kind) => {
      const app = await startTokenApp()
      const [key, other] = [await dpopKey(), await dpopKey()]
      let { refresh_token } = await boundTokens(app, key)
      if (kind === 'stored') {
        const options = await sendJson(app, 'passkeys/register/options', {})
        const registration = { ...(await app.device().create(options.body)), client_id: 'spa' }
        const proven = await proof(key, app, 'POST', '/guest/passkeys/register')
        const kept = await sendJson(app, 'passkeys/register', registration, proven)
        expect(kept.status, kept.text).toBe(201)
        refresh_token = kept.body.tokens.refresh_token
      }
      await expectOAuthRefusal(app, () => refresh(app, refresh_token), 400, 'invalid_grant')
      const stolen = await proof(other, app, 'POST', tokenDoor)
      await expectOAuthRefusal(app, () => refresh(app, refresh_token, {}, stolen), 400, 'invalid_grant')
      const next = await granted(refreshBy(app, key, refresh_token))
      const node = await anotherNode(app)
      await granted(refreshBy(node, key, next.refresh_token))
    },
  )

  test('can come from an unbound refresh token, which stays unbound', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const { refresh_token } = await granted(anonymously(app))
    const next = await granted(refreshBy(app, key, refresh_token))
    expect(claimsOf(next.access_token).cnf).toEqual({ jkt: key.jkt })
    expect((await granted(refresh(app, next.refresh_token))).token_type).toBe('Bearer')
  })
})

test('a bound token for another service works at our endpoints too, because that service does not have the key', async () => {
  const app = await startTokenApp()
  const key = await dpopKey()
  const front = await boundTokens(app, key, { client_id: 'front' })
  const path = '/guest/sessions'
  expect((await ask(app, path, await bound(app, key, front.access_token, 'GET', path))).status).toBe(200)
  const unbound = await granted(anonymously(app, { client_id: 'front' }))
  await expectRefusal(app, () => ask(app, path, bearer(unbound.access_token)), 403, 'insufficient_scope')
  const diary = await boundTokens(app, key, { client_id: 'diary' })
  const headers = await bound(app, key, diary.access_token, 'GET', path)
  await expectRefusal(app, () => ask(app, path, headers), 403, 'insufficient_scope')
})

describe("a client with dpop: 'required'", () => {
  test('gets no tokens without a proof', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const device = app.device()
    await app.browser().addPasskey(device)
    const more = { client_id: 'bound' }
    await expectOAuthRefusal(app, () => anonymously(app, more), 400, 'invalid_dpop_proof')
    const { refresh_token } = await boundTokens(app, key, more)
    await expectOAuthRefusal(app, () => refresh(app, refresh_token, more), 400, 'invalid_dpop_proof')
    await granted(refreshBy(app, key, refresh_token, more))
    await expectRefusal(app, () => signInAs(app, device, 'bound'), 400, 'invalid_dpop_proof')
    await expectRefusal(
      app,
      () => registerAs(app, app.device(), { clientId: 'bound' }),
      400,
      'invalid_dpop_proof',
    )
    const browser = app.browser()
    await browser.signIn()
    const drawn = () => bySession(app, undefined, more, bearer(browser.token!))
    await expectOAuthRefusal(app, drawn, 400, 'invalid_dpop_proof')
  })
})

test('a proof must name the mount path if the host mounts the router below one', async () => {
  const clients = [{ id: 'spa' }]
  const app = await startApp({ clients, secret: 'a secret of more than 32 characters' }, (host, guests) => {
    host.use('/sub', guests.router)
    host.get('/hello', guests.requireGuest(), (req, res) => void res.json(req.guest))
  })
  const key = await dpopKey()
  const { access_token: token } = await boundTokens(app, key)
  expect((await ask(app, '/hello', await bound(app, key, token, 'GET', '/hello'))).status).toBe(200)
  const door = '/sub/guest/userinfo'
  expect((await ask(app, door, await bound(app, key, token, 'GET', door))).status).toBe(200)
  const elsewhere = await bound(app, key, token, 'GET', userinfoDoor)
  expect((await ask(app, door, elsewhere)).status).toBe(401)
})
