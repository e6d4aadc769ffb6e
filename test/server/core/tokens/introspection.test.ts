// POST /introspect (RFC 7662): confidential clients learn whether a token of theirs, or one for them, is active.

import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { expectOAuthRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  backendSecret,
  bearer,
  bySession,
  claimsOf,
  dpopKey,
  forge,
  granted,
  keptClient,
  refresh,
  registerAs,
  send,
  sendJson,
  startTokenApp,
} from '../../../support/tokens.ts'

const backend = { client_id: 'backend', client_secret: backendSecret }
/** A client whose access tokens are for the backend. */
const front = { client_id: 'front' }
const other = { client_id: 'other', client_secret: `${backendSecret}!` }

/** The response to the client. Expects that the question changes no row. */
async function introspect(app: TestApp, token: string, more: Record<string, string> = backend) {
  const before = await tables(app.store)
  const { status, body, text, headers } = await send(app, 'introspect', { token, ...more })
  expect(status, text).toBe(200)
  expect(headers['cache-control']).toBe('no-store')
  expect(await tables(app.store)).toEqual(before)
  return body
}

const expectInactive = async (...given: Parameters<typeof introspect>) =>
  expect(await introspect(...given)).toEqual({ active: false })

describe('an access token', () => {
  test('for an audience of the client is answered with all its claims, and with no others', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, front))
    const { sealed: _, ...claims } = claimsOf(access_token)
    expect(await introspect(app, access_token)).toEqual({ active: true, ...claims, token_type: 'Bearer' })
    for (const token_type_hint of ['refresh_token', 'nonsense'])
      expect((await introspect(app, access_token, { ...backend, token_type_hint })).active).toBe(true)
  })

  test('is answered with the recoverability of now, not of when it was signed', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app, 'front')
    const own = await granted(refresh(app, tokens.refresh_token, { ...front, resource: app.origin }))
    expect(claimsOf(tokens.access_token).recoverability).toBe('passkey')
    const more = await registerAs(app, app.device({ synced: true }), { token: own.access_token })
    expect(more.status, more.text).toBe(201)
    expect((await introspect(app, tokens.access_token)).recoverability).toBe('synced')
  })

  test('of the client itself is active, whatever its audience', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, other))
    expect((await introspect(app, access_token, other)).active).toBe(true)
    await expectInactive(app, access_token, backend)
  })

  test('of another client for another audience is not active', async () => {
    const app = await startTokenApp()
    const files = { ...front, resource: 'https://files.example/v1' }
    for (const more of [{}, { client_id: 'app' }, front, files]) {
      const { access_token } = await granted(anonymously(app, more))
      await expectInactive(app, access_token, other)
      if (more !== front) await expectInactive(app, access_token, backend)
    }
  })

  test('for another audience is not active to a client that has the issuer as its audience', async () => {
    const app = await startTokenApp({
      clients: [
        { id: 'spa', audiences: ['https://api.example'] },
        { id: 'plain', kind: 'confidential', secret: backendSecret },
      ],
    })
    const { access_token } = await granted(anonymously(app))
    await expectInactive(app, access_token, { client_id: 'plain', client_secret: backendSecret })
  })

  test('is not active from the moment that its session ends, on every node', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    const sealed = await granted(anonymously(app, front))
    const { tokens } = await keptClient(app, 'front')
    const stored = await granted(refresh(app, tokens.refresh_token, front))
    for (const { access_token } of [sealed, stored]) {
      expect((await introspect(node, access_token)).active).toBe(true)
      await sendJson(app, 'sign-out', { force: true }, bearer(access_token))
      for (const one of [app, node]) await expectInactive(one, access_token)
    }
    const { browser } = await keptGuest(app)
    const own = await startTokenApp({
      ...{ store: app.store, origin: app.origin, now: app.clock.now },
      clients: [
        { id: 'guestkey', origins: [app.origin], audiences: ['https://api.example'] },
        { id: 'backend', kind: 'confidential', secret: backendSecret, audiences: ['https://api.example'] },
      ],
    })
    const drawn = await granted(bySession(own, browser.cookie))
    expect((await introspect(own, drawn.access_token)).active).toBe(true)
    await browser.post('/guest/sign-out')
    await expectInactive(own, drawn.access_token)
  })

  test('is not active once it has expired', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, front))
    app.clock.forward(629)
    expect((await introspect(app, access_token)).active).toBe(true)
    app.clock.forward(1)
    await expectInactive(app, access_token)
  })

  test('that is bound to a key is answered with the key and the type DPoP', async () => {
    const app = await startTokenApp()
    const key = await dpopKey()
    const proof = await key.prove(app, 'POST', '/guest/token')
    const { access_token } = await granted(anonymously(app, front, { DPoP: proof }))
    expect(await introspect(app, access_token)).toMatchObject({
      active: true,
      token_type: 'DPoP',
      cnf: { jkt: key.jkt },
    })
  })

  test('that was forged is not active', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, front))
    const [head, payload, signature] = access_token.split('.')
    for (const token of [
      `${head}.${payload}.`,
      `${head}.${payload}.${signature!.slice(0, -4)}AAAA`,
      await forge(app, access_token, { header: { typ: 'JWT' } }),
      await forge(app, access_token, { claims: { iss: 'https://evil.example' } }),
      await forge(app, access_token, { claims: { exp: undefined } }),
      'x'.repeat(40_000),
      '',
      'a.b.c',
    ])
      await expectInactive(app, token)
  })
})

describe('a refresh token', () => {
  test('of the client itself is active until it is used, and the answer does not name the guest', async () => {
    const app = await startTokenApp()
    const proof = other
    const sealed = await granted(anonymously(app, proof))
    const exp = claimsOf(sealed.access_token).iat + 90 * 24 * 60 * 60
    expect(await introspect(app, sealed.refresh_token, proof)).toEqual({
      active: true,
      client_id: 'other',
      exp,
    })
    await sendJson(app, 'sign-out', { force: true }, bearer(sealed.access_token))
    await expectInactive(app, sealed.refresh_token, proof)

    const kept = await registerAs(app, app.device(), {
      token: (await granted(anonymously(app, { ...proof, resource: app.origin }))).access_token,
    })
    expect(kept.status, kept.text).toBe(201)
    const { refresh_token } = kept.body.tokens
    expect((await introspect(app, refresh_token, proof)).active).toBe(true)
    const next = await granted(refresh(app, refresh_token, proof))
    await expectInactive(app, refresh_token, proof)
    expect((await introspect(app, next.refresh_token, proof)).active).toBe(true)
  })

  test('of another client is not active', async () => {
    const app = await startTokenApp()
    await expectInactive(app, (await granted(anonymously(app))).refresh_token)
    await expectInactive(app, (await keptClient(app)).tokens.refresh_token)
  })

  test.each<[string, (app: TestApp) => Promise<string>]>([
    ['sealed', async (app) => (await granted(anonymously(app, other))).refresh_token],
    [
      'stored',
      async (app) => {
        const { access_token } = await granted(anonymously(app, { ...other, resource: app.origin }))
        return (await registerAs(app, app.device(), { token: access_token })).body.tokens.refresh_token
      },
    ],
  ])('of a %s session is not active once it has expired', async (_kind, make) => {
    const app = await startTokenApp({
      clients: [{ id: 'other', kind: 'confidential', secret: other.client_secret, refreshIdleSeconds: 1000 }],
    })
    const token = await make(app)
    app.clock.forward(999)
    expect((await introspect(app, token, other)).active).toBe(true)
    app.clock.forward(1)
    await expectInactive(app, token, other)
  })

  test('of a guest whom the host kept by its id says until when the client may refresh, not the browser', async () => {
    const day = 24 * 60 * 60
    const limits = { refreshIdleSeconds: 5 * day }
    const app = await startTokenApp({
      clients: [{ id: 'other', kind: 'confidential', secret: other.client_secret, ...limits }],
      sessions: { idleSeconds: 80 * day },
    })
    const { access_token, refresh_token } = await granted(anonymously(app, other))
    const { sub, iat } = claimsOf(access_token)
    expect(await app.guests.keep(sub as string)).toBe(true)
    const asked = await send(app, 'introspect', { token: refresh_token, ...other })
    expect(asked.body).toMatchObject({ active: true, exp: iat + 5 * day })
  })

  test('is not used up by asking', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    for (let i = 0; i < 3; i++) await introspect(app, tokens.refresh_token)
    await granted(refresh(app, tokens.refresh_token))
  })
})

describe('the introspection endpoint', () => {
  test('answers confidential clients, and no public ones', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    for (const client_id of ['spa', 'app', 'guestkey', 'diary', 'nobody']) {
      const asked = () => send(app, 'introspect', { token: access_token, client_id })
      await expectOAuthRefusal(app, asked, 401, 'invalid_client')
    }
    const unproven = () => send(app, 'introspect', { token: access_token, client_id: 'backend' })
    await expectOAuthRefusal(app, unproven, 401, 'invalid_client')
    const byToken = () => send(app, 'introspect', { token: access_token }, bearer(access_token))
    await expectOAuthRefusal(app, byToken, 401, 'invalid_client')
  })

  test('refuses a request without a token', async () => {
    const app = await startTokenApp()
    await expectOAuthRefusal(app, () => send(app, 'introspect', backend), 400, 'invalid_request')
  })

  test('says that a browser’s session token is not active', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    await expectInactive(app, browser.token!)
  })
})
