// POST /revoke (RFC 7009): a client ends its own session, and so all tokens of it, with any one of them.

import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../../support/app.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  backendSecret,
  bySession,
  claimsOf,
  type Granted,
  granted,
  keptClient,
  refresh,
  send,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const revoke = (app: TestApp, token: string, more: Record<string, string> = {}) =>
  send(app, 'revoke', { client_id: 'spa', token, ...more })

/** Both kinds of session, each of the client `spa`. */
const kinds: [string, (app: TestApp) => Promise<Granted>][] = [
  ['sealed', (app) => granted(anonymously(app))],
  ['stored', async (app) => (await keptClient(app)).tokens],
]

async function expectGone(app: TestApp, { access_token, refresh_token }: Granted) {
  await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
  await expectOAuthRefusal(app, () => refresh(app, refresh_token), 400, 'invalid_grant')
}

/** Expects that this revocation is answered with 200, and changes nothing. */
async function expectNothing(
  app: TestApp,
  ...given: Parameters<typeof revoke> extends [TestApp, ...infer R] ? R : never
) {
  const before = await tables(app.store)
  const { status, text } = await revoke(app, ...given)
  expect(`${status} ${text}`).toBe('200 ')
  expect(await tables(app.store)).toEqual(before)
}

describe.each(kinds)('a %s session', (_kind, make) => {
  test.each(['refresh_token', 'access_token'] as const)(
    'ends with its %s, on every node, and guest.signed_out is emitted',
    async (which) => {
      const app = await startTokenApp()
      const node = await anotherNode(app)
      const tokens = await make(app)
      const { body: guest } = await userinfo(node, tokens.access_token)
      const events: unknown[] = []
      app.guests.on('guest.signed_out', (event) => events.push(event))
      const answer = await revoke(app, tokens[which])
      expect(answer.status).toBe(200)
      expect(answer.text).toBe('')
      expect(cookiesSet(answer)).toEqual([])
      expect(answer.headers['cache-control']).toBe('no-store')
      for (const one of [app, node]) await expectGone(one, tokens)
      const session_id = claimsOf(tokens.access_token).sid
      expect(events).toEqual([{ anonymous_id: guest.sub, session_id, everywhere: false }])
      await expectNothing(app, tokens[which])
      expect(events, 'it ends once').toHaveLength(1)
    },
  )

  test('ends, whatever token_type_hint says', async () => {
    for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense', '']) {
      const app = await startTokenApp()
      const tokens = await make(app)
      expect((await revoke(app, tokens.refresh_token, { token_type_hint })).status).toBe(200)
      await expectGone(app, tokens)
    }
  })

  test('is not ended by another client, or by one that does not prove who it is', async () => {
    const app = await startTokenApp()
    const tokens = await make(app)
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      for (const client_id of ['app', 'guestkey', 'diary']) await expectNothing(app, token, { client_id })
      await expectNothing(app, token, { client_id: 'backend', client_secret: backendSecret })
      const unproven = () => revoke(app, token, { client_id: 'backend' })
      await expectOAuthRefusal(app, unproven, 401, 'invalid_client')
    }
    expect((await userinfo(app, tokens.access_token)).status).toBe(200)
    await granted(refresh(app, tokens.refresh_token))
  })

  test('is not ended with a text that is not one of its tokens', async () => {
    const app = await startTokenApp()
    const tokens = await make(app)
    for (const token of ['', 'x', 'gkrt_', 'gkrs_x.y', `${tokens.refresh_token}x`, `${tokens.access_token}x`])
      await expectNothing(app, token)
    expect((await userinfo(app, tokens.access_token)).status).toBe(200)
  })

  test('is not ended with an expired access token', async () => {
    const app = await startTokenApp()
    const tokens = await make(app)
    app.clock.forward(631)
    await expectNothing(app, tokens.access_token)
    await granted(refresh(app, tokens.refresh_token))
  })
})

test('a used refresh token ends the session too', async () => {
  const app = await startTokenApp()
  const { tokens } = await keptClient(app)
  const next = await granted(refresh(app, tokens.refresh_token))
  expect((await revoke(app, tokens.refresh_token)).status).toBe(200)
  await expectGone(app, next)
})

test('other sessions of the guest go on', async () => {
  const app = await startTokenApp()
  const { device, tokens } = await keptClient(app)
  const other = (await signInAs(app, device, 'spa')).body.tokens as Granted
  await revoke(app, tokens.refresh_token)
  await expectGone(app, tokens)
  expect((await userinfo(app, other.access_token)).status).toBe(200)
  await granted(refresh(app, other.refresh_token))
})

test('a confidential client ends its own session', async () => {
  const app = await startTokenApp()
  const proof = { client_id: 'backend', client_secret: backendSecret }
  const tokens = await granted(anonymously(app, proof))
  expect((await revoke(app, tokens.refresh_token, proof)).status).toBe(200)
  await expectRefusal(app, () => userinfo(app, tokens.access_token), 401, 'session_invalid')
})

test("an access token of a browser's session does not end it: only the browser does", async () => {
  const app = await startTokenApp()
  const browser = app.browser()
  await browser.signIn()
  const { access_token } = await granted(bySession(app, browser.cookie))
  const own = () => revoke(app, access_token, { client_id: 'guestkey' })
  await expectOAuthRefusal(app, own, 400, 'unsupported_token_type')
  await expectNothing(app, access_token)
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
})

test("the token in a browser's cookie is ignored", async () => {
  const app = await startTokenApp()
  const browser = app.browser()
  await browser.signIn()
  await expectNothing(app, browser.token!, { client_id: 'guestkey' })
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
})

test('a request without a token is refused', async () => {
  const app = await startTokenApp()
  await expectOAuthRefusal(app, () => send(app, 'revoke', { client_id: 'spa' }), 400, 'invalid_request')
})
