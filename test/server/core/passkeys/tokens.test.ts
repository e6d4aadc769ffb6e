// The passkey endpoints for clients: the answer holds the new session as tokens, and sets no cookie.

import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../../server/index.ts'
import type { TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { countRows, tables } from '../../../support/tables.ts'
import {
  anonymously,
  ask,
  backendSecret,
  bearer,
  bySession,
  claimsOf,
  type Granted,
  granted,
  keptClient,
  pageOrigin,
  refresh,
  registerAs,
  sendJson,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const sessions = async (app: TestApp) => (await tables(app.store)).sessions!.map((row) => JSON.parse(row))

const expectDead = (app: TestApp, token: string, code: ErrorCode = 'session_invalid') =>
  expectRefusal(app, () => userinfo(app, token), 401, code)

describe('a first passkey', () => {
  test("of a client's guest gives tokens of a new session, and the old tokens are refused", async () => {
    const app = await startTokenApp()
    const before = await granted(anonymously(app, { scope: 'read' }))
    const kept = await registerAs(app, app.device(), { token: before.access_token })
    expect(kept.status, kept.text).toBe(201)
    expect(cookiesSet(kept)).toEqual([])
    const { sub } = claimsOf(before.access_token)
    expect(kept.body).toMatchObject({ sub, recoverability: 'passkey', passkey: { name: 'Passkey' } })
    const tokens: Granted = kept.body.tokens
    expect(tokens).toEqual({
      ...{ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600, scope: 'read' },
      refresh_token: expect.stringMatching(/^gkrt_/),
    })
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub, acr: 'phr', scope: 'read', client_id: 'spa' })
    expect((await userinfo(app, tokens.access_token)).body.sub).toBe(sub)
    await expectDead(app, before.access_token)
    await expectOAuthRefusal(app, () => refresh(app, before.refresh_token), 400, 'invalid_grant')
    expect(await sessions(app)).toMatchObject([{ client_id: 'spa', scope: 'read', jkt: null, refreshes: 0 }])
    expect((await granted(refresh(app, tokens.refresh_token))).scope).toBe('read')
  })

  test('makes a new guest for the client, if nobody was signed in', async () => {
    const app = await startTokenApp()
    const { guest, tokens } = await keptClient(app, 'app')
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: guest.sub, client_id: 'app' })
    expect(await countRows(app.store)).toMatchObject({ guests: 1, passkeys: 1, sessions: 1, spent: 1 })
    await granted(refresh(app, tokens.refresh_token, { client_id: 'app' }))
  })

  test('sent again after a lost answer gives the same passkey, the same refresh token and the same scope', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app, { scope: 'read' }))
    const device = app.device()
    const by = bearer(access_token)
    const options = await sendJson(app, 'passkeys/register/options', {}, by)
    const proof = await device.create(options.body)
    const first = await sendJson(app, 'passkeys/register', proof, by)
    expect(first.status, first.text).toBe(201)
    const before = await tables(app.store)
    for (let i = 0; i < 3; i++) {
      const again = await sendJson(app, 'passkeys/register', proof, by)
      expect(again.status, again.text).toBe(200)
      expect(cookiesSet(again)).toEqual([])
      expect(again.body.passkey).toEqual(first.body.passkey)
      expect(again.body.tokens.refresh_token).toBe(first.body.tokens.refresh_token)
      expect(again.body.tokens.scope).toBe('read')
      expect(claimsOf(again.body.tokens.access_token).scope).toBe('read')
      expect((await userinfo(app, again.body.tokens.access_token)).status).toBe(200)
    }
    expect(await tables(app.store)).toEqual(before)
  })

  test('sent again in the name of another client gives that client no tokens', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const by = bearer(access_token)
    const options = await sendJson(app, 'passkeys/register/options', {}, by)
    const proof = await app.device().create(options.body)
    const first = await sendJson(app, 'passkeys/register', proof, by)
    expect(first.status).toBe(201)
    const stolen = await sendJson(app, 'passkeys/register', { ...proof, client_id: 'app' }, by)
    const handed = stolen.body.tokens
    if (handed) expect(claimsOf(handed.access_token).client_id).toBe('spa')
    else expect(stolen.status).toBeGreaterThanOrEqual(400)
  })

  test('is refused if the client signed out meanwhile', async () => {
    const app = await startTokenApp()
    const { access_token } = await granted(anonymously(app))
    const by = bearer(access_token)
    const options = await sendJson(app, 'passkeys/register/options', {}, by)
    const proof = await app.device().create(options.body)
    await sendJson(app, 'sign-out', { force: true }, by)
    await expectRefusal(app, () => sendJson(app, 'passkeys/register', proof, by), 401, 'session_invalid')
  })
})

describe('a further passkey', () => {
  test('keeps the session: the answer holds no new tokens', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const more = await registerAs(app, app.device(), { token: tokens.access_token })
    expect(more.status, more.text).toBe(201)
    expect(more.body).not.toHaveProperty('tokens')
    expect((await userinfo(app, tokens.access_token)).status).toBe(200)
    expect(await countRows(app.store)).toMatchObject({ passkeys: 2, sessions: 1 })
    await granted(refresh(app, tokens.refresh_token))
  })

  test('needs a recent proof, which a client gives by a step-up as a browser does', async () => {
    const app = await startTokenApp()
    const { device, tokens } = await keptClient(app)
    app.clock.forward(301)
    const { body } = await sendJson(app, 'passkeys/register/options', {}, bearer(tokens.access_token))
    expect(body.code).toBe('insufficient_user_authentication')
    const options = await sendJson(
      app,
      'passkeys/authenticate/options',
      { step_up: true },
      bearer(tokens.access_token),
    )
    const proof = await device.get(options.body)
    const proven = await sendJson(app, 'passkeys/authenticate', proof, bearer(tokens.access_token))
    expect(proven.status, proven.text).toBe(200)
    expect(cookiesSet(proven)).toEqual([])
    const next: Granted = proven.body.tokens
    expect(claimsOf(next.access_token).auth_time).toBe(claimsOf(next.access_token).iat)
    await expectDead(app, tokens.access_token)
    await expectOAuthRefusal(app, () => refresh(app, tokens.refresh_token), 400, 'invalid_grant')
    expect((await registerAs(app, app.device(), { token: next.access_token })).status).toBe(201)
  })
})

describe('a sign-in', () => {
  test('in the name of a client gives tokens, and begins a session of that client', async () => {
    const app = await startTokenApp()
    const { device, guest } = await keptGuest(app)
    const signedIn = await signInAs(app, device, 'app')
    expect(signedIn.status, signedIn.text).toBe(200)
    expect(cookiesSet(signedIn)).toEqual([])
    expect(signedIn.body.sub).toBe(guest.sub)
    const { tokens } = signedIn.body
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: guest.sub, client_id: 'app', acr: 'phr' })
    expect((await sessions(app)).map(({ client_id }) => client_id).toSorted()).toEqual(['app', null])
  })

  test("merges the client's previous guest, whose tokens are then refused", async () => {
    const app = await startTokenApp()
    const { device, guest } = await keptGuest(app)
    const before = await granted(anonymously(app))
    const signedIn = await signInAs(app, device, undefined, bearer(before.access_token))
    expect(signedIn.status, signedIn.text).toBe(200)
    expect(signedIn.body.sub).toBe(guest.sub)
    expect(signedIn.body.previous.anonymous_id).toBe(claimsOf(before.access_token).sub)
    expect(signedIn.body).toMatchObject({ merged: true, ticket: expect.any(String) })
    expect(claimsOf(signedIn.body.tokens.access_token).client_id).toBe('spa')
    await expectDead(app, before.access_token, 'guest_merged')
    await expectOAuthRefusal(app, () => refresh(app, before.refresh_token), 400, 'invalid_grant')
  })

  test('without a client sets a cookie, and gives no tokens', async () => {
    const app = await startTokenApp()
    const { device, guest } = await keptGuest(app)
    const browser = app.browser()
    const signedIn = await browser.signInWithPasskey(device)
    expect(signedIn.body).not.toHaveProperty('tokens')
    expect(browser.token).toMatch(/^gkt_/)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
  })

  test('is refused at sessions.max, which counts the sessions of clients too', async () => {
    const app = await startTokenApp({ sessions: { max: 2 } })
    const { device } = await keptGuest(app)
    expect((await signInAs(app, device, 'spa')).status).toBe(200)
    await expectRefusal(app, () => signInAs(app, device, 'app'), 409, 'too_many_sessions')
  })
})

describe('a request in the name of a client', () => {
  test.each([
    ['is not registered', 'nobody'],
    ['is confidential', 'backend'],
    ['is pairwise', 'diary'],
    ['has an empty name', ''],
    ['is called __proto__', '__proto__'],
  ])('is refused if the client %s', async (_name, clientId) => {
    const app = await startTokenApp()
    const { device } = await keptGuest(app)
    await expectRefusal(app, () => signInAs(app, device, clientId), 401, 'invalid_client')
    await expectRefusal(app, () => registerAs(app, app.device(), { clientId }), 401, 'invalid_client')
    expect((await signInAs(app, device, 'app')).status, 'the passkey is unharmed').toBe(200)
  })

  test('is refused if it holds a client secret', async () => {
    const app = await startTokenApp()
    const { device } = await keptGuest(app)
    const options = await sendJson(app, 'passkeys/authenticate/options', {})
    const proof = await device.get(options.body)
    const proven = { ...proof, client_id: 'backend', client_secret: backendSecret }
    await expectRefusal(app, () => sendJson(app, 'passkeys/authenticate', proven), 401, 'invalid_client')
  })

  test('is refused from a page of another client, or of the deployment itself', async () => {
    const app = await startTokenApp()
    const { device } = await keptGuest(app)
    for (const [clientId, origin] of [
      ['app', pageOrigin],
      ['spa', app.origin],
    ] as const) {
      const signIn = () => signInAs(app, device, clientId, { Origin: origin })
      await expectRefusal(app, signIn, 401, 'invalid_client')
    }
  })

  test('is refused with a token that other services receive too', async () => {
    const app = await startTokenApp()
    const front = await granted(anonymously(app, { client_id: 'front' }))
    const register = () => sendJson(app, 'passkeys/register/options', {}, bearer(front.access_token))
    await expectRefusal(app, register, 403, 'insufficient_scope')
    for (const path of ['sessions', 'passkeys', 'verify'])
      await expectRefusal(
        app,
        () => ask(app, `/guest/${path}`, bearer(front.access_token)),
        403,
        'insufficient_scope',
      )
    expect((await userinfo(app, front.access_token)).status).toBe(200)
    const own = await granted(refresh(app, front.refresh_token, { client_id: 'front', resource: app.origin }))
    expect((await registerAs(app, app.device(), { token: own.access_token })).status).toBe(201)
  })

  test('with such a token may end its own session, but not those of other devices', async () => {
    const app = await startTokenApp()
    const { device, tokens } = await keptClient(app, 'front')
    const other = (await signInAs(app, device, 'app')).body.tokens as Granted
    const signOut = (body: object) => sendJson(app, 'sign-out', body, bearer(tokens.access_token))
    await expectRefusal(app, () => signOut({ everywhere: true }), 403, 'insufficient_scope')
    expect((await signOut({})).status).toBe(204)
    await expectDead(app, tokens.access_token)
    expect((await userinfo(app, other.access_token)).status).toBe(200)
  })

  test('with the access token of a browser session cannot sign the browser out', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    const { access_token } = await granted(bySession(app, browser.cookie))
    for (const body of [{}, { everywhere: true }, { force: true }]) {
      const signOut = () => sendJson(app, 'sign-out', body, bearer(access_token))
      await expectRefusal(app, signOut, 403, 'insufficient_scope')
    }
    expect((await browser.get('/guest/userinfo')).status).toBe(200)
  })
})

describe('a page of a client on a subdomain of the RP ID', () => {
  const page = 'http://spa.localhost:4000'
  const startWithPage = () =>
    startTokenApp({
      origin: 'http://localhost:3000',
      clients: [
        { id: 'spa', origins: [page] },
        { id: 'other', origins: ['http://other.localhost:4000'] },
        { id: 'app' },
      ],
    })
  const from = { Origin: page, 'Sec-Fetch-Site': 'same-site' }

  test('registers and signs in for its own client', async () => {
    const app = await startWithPage()
    const device = app.device({ origin: page })
    const asked = await sendJson(app, 'passkeys/register/options', {}, from)
    const registration = { ...(await device.create(asked.body)), client_id: 'spa' }
    const kept = await sendJson(app, 'passkeys/register', registration, from)
    expect(kept.status, kept.text).toBe(201)
    expect(cookiesSet(kept)).toEqual([])
    const signedIn = await signInAs(app, device, 'spa', from)
    expect(signedIn.status, signedIn.text).toBe(200)
    expect(signedIn.body.sub).toBe(kept.body.sub)
  })

  test('signs in for its own client only: its proofs are refused for any other client, and without one', async () => {
    const app = await startWithPage()
    const device = app.device()
    await app.browser().addPasskey(device)
    const there = app.device({ origin: page })
    for (const { credentials } of [device]) there.credentials.push(...credentials)
    const proof = async (clientId?: string) => {
      const options = await sendJson(app, 'passkeys/authenticate/options', {})
      return { ...(await there.get(options.body)), client_id: clientId }
    }
    for (const clientId of [undefined, 'app', 'other']) {
      const given = await proof(clientId)
      const signIn = () => sendJson(app, 'passkeys/authenticate', given)
      await expectRefusal(app, signIn, 401, 'authentication_failed')
    }
    expect((await sendJson(app, 'passkeys/authenticate', await proof('spa'), from)).status).toBe(200)
    const options = await sendJson(app, 'passkeys/register/options', {})
    const registration = await app.device({ origin: page }).create(options.body)
    const register = () => sendJson(app, 'passkeys/register', registration)
    await expectRefusal(app, register, 400, 'registration_failed')
  })
})
