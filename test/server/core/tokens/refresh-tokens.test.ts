// Refresh tokens: each works once, a lost response can be asked for again, and the reuse of one ends the session
// (THREATS, "Refresh tokens"; RFC 9700, 4.14).

import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys, hashToken } from '../../../../server/core/crypto/secrets.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import {
  issueSealedGrant,
  refresh as refreshByToken,
  reissueFor,
} from '../../../../server/core/tokens/refresh-tokens.ts'
import { GuestError } from '../../../../server/index.ts'
import type { Client } from '../../../../server/options/options.ts'
import { startApp, type TestApp } from '../../../support/app.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { temporaryDeployment } from '../../../support/engine.ts'
import { eventually } from '../../../support/eventually.ts'
import { cookiesSet, expectOAuthRefusal, expectRefusal } from '../../../support/refusals.ts'
import { startService } from '../../../support/service.ts'
import { bytesOnDisk, copyOfStore, countRows, execute, tables } from '../../../support/tables.ts'
import {
  anonymously,
  anotherNode,
  ask,
  backendSecret,
  bearer,
  claimsOf,
  clients,
  type Granted,
  granted,
  keptClient,
  refresh,
  registerAs,
  secret,
  sendJson,
  signInAs,
  startTokenApp,
  userinfo,
} from '../../../support/tokens.ts'

const day = 24 * 60 * 60
const grace = 30

/** Expects that the session has ended and that its tokens are refused. The guest and the passkey stay. */
async function expectRevoked(app: TestApp, ...tokens: Granted[]) {
  expect(await countRows(app.store)).toMatchObject({ guests: 1, passkeys: 1, sessions: 0 })
  for (const { access_token, refresh_token } of tokens) {
    await expectRefusal(app, () => userinfo(app, access_token), 401, 'session_invalid')
    await expectRefused(app, refresh_token)
  }
}

/** Expects that this refresh token is refused, and that it changes nothing. */
const expectRefused = (app: TestApp, token: string, more: Record<string, string> = {}) =>
  expectOAuthRefusal(app, () => refresh(app, token, more), 400, 'invalid_grant')

/** Collects the events about reused refresh tokens. */
function listen(app: TestApp) {
  const events: unknown[] = []
  app.guests.on('session.refresh_reused', (event) => events.push(event))
  return events
}

const session = async (app: TestApp) => JSON.parse((await tables(app.store)).sessions![0]!)

describe('a stored session', () => {
  test('goes on: each refresh token gives the next one and a new access token', async () => {
    const app = await startTokenApp()
    const { guest, tokens } = await keptClient(app)
    let token = tokens.refresh_token
    const seen = new Set([token])
    for (let i = 1; i <= 5; i++) {
      app.clock.forward(day)
      const next = await granted(refresh(app, token))
      expect(next.token_type).toBe('Bearer')
      expect((await userinfo(app, next.access_token)).body.sub).toBe(guest.sub)
      token = next.refresh_token
      expect(seen.has(token)).toBe(false)
      seen.add(token)
      expect(await session(app)).toMatchObject({ refreshes: i, client_id: 'spa' })
    }
    expect(await countRows(app.store)).toMatchObject({ sessions: 1 })
  })

  test('is refreshed without a cookie, and no cache keeps the response', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const answer = await refresh(app, tokens.refresh_token)
    expect(cookiesSet(answer)).toEqual([])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  test('gives the same successor again within the grace, at every node and after a restart', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    const { guest, tokens } = await keptClient(app)
    const first = await granted(refresh(app, tokens.refresh_token))
    app.clock.forward(grace)
    // A node that stops writes what it has counted: see core/statistics/counters.ts.
    const allButNumbers = async ({ store }: Pick<TestApp, 'store'>) => {
      const { counters: _numbers, counting: _batches, ...others } = await tables(store)
      return others
    }
    const before = await allButNumbers(app)
    for (const one of [app, node]) {
      const again = await granted(refresh(one, tokens.refresh_token))
      expect(again.refresh_token).toBe(first.refresh_token)
      expect((await userinfo(one, again.access_token)).body.sub).toBe(guest.sub)
    }
    await app.close()
    const restarted = await anotherNode(app)
    expect((await granted(refresh(restarted, tokens.refresh_token))).refresh_token).toBe(first.refresh_token)
    expect(await allButNumbers(restarted), 'a repeated refresh writes nothing').toEqual(before)
    expect((await granted(refresh(restarted, first.refresh_token))).refresh_token).not.toBe(
      first.refresh_token,
    )
  })

  test('gives an equally valid successor if the deployment’s secret changed in between', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const first = await granted(refresh(app, tokens.refresh_token))
    const changed = await anotherNode(app, { secret: ['another secret, of more than 32 characters', secret] })
    const again = await granted(refresh(changed, tokens.refresh_token))
    expect((await session(app)).refreshes).toBe(1)
    const second = await granted(refresh(changed, again.refresh_token))
    expect((await session(app)).refreshes).toBe(2)
    // Both successors are the same generation. One was used, so the other gets the same answer within the grace.
    expect((await granted(refresh(changed, first.refresh_token))).refresh_token).toBe(second.refresh_token)
    expect((await session(app)).refreshes).toBe(2)
  })

  test('ends if a used token comes back after the grace', async () => {
    const app = await startTokenApp()
    const events = listen(app)
    const { guest, tokens } = await keptClient(app)
    const next = await granted(refresh(app, tokens.refresh_token))
    app.clock.forward(grace + 1)
    const { status, body } = await refresh(app, tokens.refresh_token)
    expect(`${status} ${body.error}`).toBe('400 invalid_grant')
    await expectRevoked(app, tokens, next)
    const session_id = claimsOf(tokens.access_token).sid
    expect(events).toEqual([{ anonymous_id: guest.sub, client_id: 'spa', session_id }])
    expect(app.logs.filter(({ level }) => level === 'warn')).toHaveLength(1)
  })

  test('ends in the same way on another node and after a restart', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const node = await anotherNode(app)
    await granted(refresh(node, tokens.refresh_token))
    app.clock.forward(grace + 1)
    await node.close()
    const restarted = await anotherNode(app)
    const events = listen(restarted)
    expect((await refresh(restarted, tokens.refresh_token)).body.error).toBe('invalid_grant')
    await expectRevoked(app, tokens)
    expect(events).toHaveLength(1)
  })

  test('ends at once if the token before the previous one comes back, even within the grace', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const second = await granted(refresh(app, tokens.refresh_token))
    const third = await granted(refresh(app, second.refresh_token))
    expect((await refresh(app, tokens.refresh_token)).body.error, 'in the same second').toBe('invalid_grant')
    await expectRevoked(app, tokens, second, third)
  })

  test('ends alone: the guest’s sessions on other devices and of other clients go on', async () => {
    const app = await startTokenApp()
    const { browser, device, guest } = await keptGuest(app)
    const stolen = (await signInAs(app, device, 'spa')).body.tokens as Granted
    const other = (await signInAs(app, device, 'app')).body.tokens as Granted
    await granted(refresh(app, stolen.refresh_token))
    app.clock.forward(grace + 1)
    expect((await refresh(app, stolen.refresh_token)).status).toBe(400)
    expect((await browser.get('/guest/userinfo')).body.sub).toBe(guest.sub)
    expect((await userinfo(app, other.access_token)).body.sub).toBe(guest.sub)
    await granted(refresh(app, other.refresh_token, { client_id: 'app' }))
    expect((await signInAs(app, device, 'spa')).status).toBe(200)
  })

  test('that is refreshed fifty times at once, on two nodes, has one successor', async () => {
    const app = await startTokenApp()
    const nodes = [app, await anotherNode(app)]
    let { refresh_token } = (await keptClient(app)).tokens
    for (let round = 1; round <= 4; round++) {
      const asked = Array.from({ length: 50 }, (_, i) => granted(refresh(nodes[i % 2]!, refresh_token)))
      const successors = new Set((await Promise.all(asked)).map((tokens) => tokens.refresh_token))
      expect(successors.size).toBe(1)
      expect((await session(app)).refreshes).toBe(round)
      refresh_token = [...successors][0]!
    }
  })

  test('that is signed out during a refresh has ended, whatever the refresh answered', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    const { device, tokens: first } = await keptClient(app)
    let tokens = first
    for (let round = 0; round < 20; round++) {
      const [refreshed, signedOut] = await Promise.all([
        refresh(node, tokens.refresh_token),
        sendJson(app, 'sign-out', {}, bearer(tokens.access_token)),
      ])
      expect(signedOut.status).toBe(204)
      expect(refreshed.status).toBeOneOf([200, 400])
      const last = refreshed.status === 200 ? refreshed.body.refresh_token : tokens.refresh_token
      await expectRefused(app, last)
      expect((await countRows(app.store)).sessions).toBe(0)
      tokens = (await signInAs(app, device, 'spa')).body.tokens
    }
  })

  test('lives for refreshIdleSeconds after each refresh, but for refreshAbsoluteSeconds at most', async () => {
    const limits = { refreshIdleSeconds: 10 * day, refreshAbsoluteSeconds: 25 * day }
    const app = await startTokenApp({ clients: [{ id: 'spa', ...limits }] })
    const began = Math.floor(app.clock.now() / 1000)
    const { tokens } = await keptClient(app)
    let token = tokens.refresh_token
    for (const passed of [9, 18, 24]) {
      app.clock.forward((passed === 24 ? 6 : 9) * day)
      token = (await granted(refresh(app, token))).refresh_token
      const { expires_at, ends_at } = await session(app)
      expect(ends_at).toBe(began + 25 * day)
      expect(expires_at).toBe(began + Math.min(passed + 10, 25) * day)
    }
    app.clock.forward(day - 1)
    token = (await granted(refresh(app, token))).refresh_token
    app.clock.forward(1)
    await expectRefused(app, token)
  })

  test('that was not refreshed in time has expired, which does not count as reuse', async () => {
    const app = await startTokenApp({ clients: [{ id: 'spa', refreshIdleSeconds: 1000 }] })
    const events = listen(app)
    const { tokens } = await keptClient(app)
    app.clock.forward(1000)
    await expectRefused(app, tokens.refresh_token)
    expect(events).toEqual([])
  })

  test('is not prolonged by the use of its access tokens', async () => {
    const app = await startTokenApp({ clients: [{ id: 'spa', refreshIdleSeconds: 300 }] })
    const { tokens } = await keptClient(app)
    app.clock.forward(200)
    expect((await userinfo(app, tokens.access_token)).status).toBe(200)
    app.clock.forward(100)
    await expectRefused(app, tokens.refresh_token)
    await expectRefusal(app, () => userinfo(app, tokens.access_token), 401, 'session_invalid')
  })
})

test('two processes give the same successor, and both refuse a session that one of them ended for reuse', async () => {
  const { store, environment } = await temporaryDeployment()
  const given = { ...environment, GUESTKEY_SECRET: secret, GUESTKEY_ORIGIN: 'http://localhost:4000' }
  const start = () => startService({ ...given, GUESTKEY_CLIENTS: '[{"id":"spa"}]' })
  const services = await Promise.all([start(), start()])
  const nodes = services.map((service) => ({ ...service, server: service.url }) as unknown as TestApp)
  const { tokens } = await keptClient(nodes[0]!)
  let token = tokens.refresh_token
  for (let round = 1; round <= 10; round++) {
    const asked = Array.from({ length: 20 }, (_, i) => granted(refresh(nodes[i % 2]!, token)))
    const successors = new Set((await Promise.all(asked)).map(({ refresh_token }) => refresh_token))
    expect(successors.size).toBe(1)
    expect((await session({ store } as TestApp)).refreshes).toBe(round)
    token = [...successors][0]!
  }
  expect((await refresh(nodes[1]!, tokens.refresh_token)).body.error, 'the first token of the chain').toBe(
    'invalid_grant',
  )
  for (const node of nodes) expect((await refresh(node, token)).body.error).toBe('invalid_grant')
  expect((await countRows(store)).sessions).toBe(0)
})

describe('what a refresh may ask for', () => {
  /** An unused refresh token of each kind of session. */
  const kinds: [string, (app: TestApp) => Promise<Granted>][] = [
    ['sealed', (app) => granted(anonymously(app))],
    ['stored', async (app) => (await keptClient(app)).tokens],
  ]

  test.each(kinds)(
    'of a %s session: a narrower scope, and later the whole scope again',
    async (_kind, make) => {
      const app = await startTokenApp()
      const { refresh_token, scope } = await make(app)
      expect(scope).toBe('read write')
      const less = await granted(refresh(app, refresh_token, { scope: 'read' }))
      expect(less.scope).toBe('read')
      expect(claimsOf(less.access_token).scope).toBe('read')
      const none = await granted(refresh(app, less.refresh_token, { scope: '' }))
      expect(none.scope).toBeUndefined()
      expect(claimsOf(none.access_token)).not.toHaveProperty('scope')
      expect((await granted(refresh(app, none.refresh_token))).scope).toBe('read write')
    },
  )

  test.each(kinds)('of a %s session: never a wider scope', async (_kind, make) => {
    const app = await startTokenApp()
    const narrow = await granted(anonymously(app, { scope: 'read' }))
    const wider = () => refresh(app, narrow.refresh_token, { scope: 'read write' })
    await expectOAuthRefusal(app, wider, 400, 'invalid_scope')
    const { refresh_token } = await make(app)
    for (const scope of ['admin', 'read admin', 'READ', 'read,write', 'read\twrite'])
      await expectOAuthRefusal(app, () => refresh(app, refresh_token, { scope }), 400, 'invalid_scope')
    await granted(refresh(app, refresh_token))
  })

  test.each(kinds)(
    'of a %s session: nothing for another client, and the token stays valid for its own',
    async (_kind, make) => {
      const app = await startTokenApp()
      const events = listen(app)
      const { refresh_token } = await make(app)
      for (const client_id of ['app', 'guestkey', 'diary'])
        await expectRefused(app, refresh_token, { client_id })
      await expectRefused(app, refresh_token, { client_id: 'backend', client_secret: backendSecret })
      const unproven = () => refresh(app, refresh_token, { client_id: 'backend' })
      await expectOAuthRefusal(app, unproven, 401, 'invalid_client')
      await granted(refresh(app, refresh_token))
      expect(events).toEqual([])
    },
  )

  test('a used token from another client does not end the session', async () => {
    const app = await startTokenApp()
    const { tokens } = await keptClient(app)
    const next = await granted(refresh(app, tokens.refresh_token))
    app.clock.forward(grace + 1)
    await expectRefused(app, tokens.refresh_token, { client_id: 'app' })
    await granted(refresh(app, next.refresh_token))
  })

  test.each(kinds)(
    'of a %s session: nothing with garbage or a changed character, and the token stays valid',
    async (_kind, make) => {
      const app = await startTokenApp()
      const events = listen(app)
      const { refresh_token } = await make(app)
      const [text, seal] = refresh_token.split('.') as [string, string]
      const said = JSON.parse(Buffer.from(text.slice(5), 'base64url').toString())
      const otherwise = (more: object) =>
        `${text.slice(0, 5)}${Buffer.from(JSON.stringify({ ...said, ...more })).toString('base64url')}.${seal}`
      const flipped = Array.from({ length: refresh_token.length - 5 }, (_, i) => {
        const at = i + 5
        const other = refresh_token[at] === 'A' ? 'B' : 'A'
        return refresh_token.slice(0, at) + other + refresh_token.slice(at + 1)
      })
      const garbage = [
        ...[
          '',
          'x',
          'gkrs_',
          'gkrt_',
          'gkrt_.',
          'gkrs_.',
          'gkrt_e30.e30',
          `${refresh_token}x`,
          `${refresh_token}.x`,
        ],
        ...[text, `${text}.`, `.${seal}`, refresh_token.slice(5), refresh_token.toUpperCase()],
        refresh_token.replace(/^gkr[st]/, (prefix) => (prefix === 'gkrs' ? 'gkrt' : 'gkrs')),
        refresh_token.replace(/^gkr[st]/, 'gkrx'),
        ...[
          { g: 1 },
          { g: -1 },
          { g: 0.5 },
          { a: 'A'.repeat(22) },
          { k: 'app' },
          { o: 'admin' },
          { e: 9e9 },
        ].map(otherwise),
        ...[{ x: 9e9, e: 9e9 }, { j: 'x' }].map(otherwise),
      ].filter((one) => one !== refresh_token)
      const before = await tables(app.store)
      for (const token of [...garbage, ...flipped]) {
        const { status, body } = await refresh(app, token)
        expect(`${status} ${body.error}`, token).toBeOneOf([
          '400 invalid_grant',
          ...(token ? [] : ['400 invalid_request']),
        ])
      }
      expect(await tables(app.store)).toEqual(before)
      expect(events).toEqual([])
      await granted(refresh(app, refresh_token))
    },
  )

  test('a refresh token of another deployment is refused', async () => {
    const [app, foreign] = [
      await startTokenApp(),
      await startTokenApp({ secret: `${secret}, but another one` }),
    ]
    await expectRefused(app, (await granted(anonymously(foreign))).refresh_token)
    await expectRefused(app, (await keptClient(foreign)).tokens.refresh_token)
  })

  test('the token of a browser’s session is no refresh token', async () => {
    const app = await startTokenApp()
    const { browser } = await keptGuest(app)
    await expectRefused(app, browser.token!, { client_id: 'guestkey' })
    expect((await browser.get('/guest/userinfo')).status).toBe(200)
  })

  test('the secret in a refresh token makes no token of a browser’s session', async () => {
    const app = await startTokenApp()
    const { guest, tokens } = await keptClient(app)
    const { r } = JSON.parse(
      Buffer.from(tokens.refresh_token.slice(5).split('.')[0]!, 'base64url').toString(),
    )
    const expectNobody = async (token: string) => {
      for (const headers of [bearer(token), { Cookie: `guestkey=${token}` }])
        await expectRefusal(app, () => ask(app, '/guest/userinfo', headers), 401, 'session_invalid')
    }
    for (const secret of [r, `refresh ${r}`, `refresh%20${r}`])
      await expectNobody(`gkt_${guest.sub}.${secret}`)
    // Either of two checks is enough. The form of the secret is checked, even if the row is a browser's:
    await execute(app.store, 'UPDATE sessions SET client_id = NULL')
    await expectNobody(`gkt_${guest.sub}.refresh ${r}`)
    // The row must be a browser's, even if its id is the hash of a well-formed secret:
    await execute(app.store, `UPDATE sessions SET client_id = 'spa', id = '${hashToken(r)}'`)
    await expectNobody(`gkt_${guest.sub}.${r}`)
  })
})

describe('a guest without a row', () => {
  test('is refreshed a thousand times, and no row is written', async () => {
    const app = await startTokenApp()
    const { refresh_token: first } = await granted(anonymously(app))
    const before = await tables(app.store)
    let token = first
    for (let i = 0; i < 1000; i += 25) {
      const turn = await Promise.all(Array.from({ length: 25 }, () => granted(refresh(app, token))))
      app.clock.forward(1)
      token = turn[0]!.refresh_token
    }
    expect(await tables(app.store)).toEqual(before)
    expect(token).not.toBe(first)
  })

  test('may refresh with an earlier token until that token expires', async () => {
    const app = await startTokenApp({ clients: [{ id: 'spa', refreshIdleSeconds: 1000 }] })
    const first = await granted(anonymously(app))
    app.clock.forward(600)
    const second = await granted(refresh(app, first.refresh_token))
    app.clock.forward(399)
    await granted(refresh(app, first.refresh_token))
    app.clock.forward(1)
    await expectRefused(app, first.refresh_token)
    await granted(refresh(app, second.refresh_token))
  })

  test('lives for refreshAbsoluteSeconds at most, however often it is refreshed', async () => {
    const limits = { refreshIdleSeconds: 10 * day, refreshAbsoluteSeconds: 25 * day }
    const app = await startTokenApp({ clients: [{ id: 'spa', ...limits }] })
    let { refresh_token } = await granted(anonymously(app))
    for (let i = 0; i < 4; i++) {
      app.clock.forward(6 * day)
      refresh_token = (await granted(refresh(app, refresh_token))).refresh_token
    }
    app.clock.forward(day)
    await expectRefused(app, refresh_token)
  })

  test('expires at once if the options shorten its absolute life, however recently it was refreshed', async () => {
    const clients = (refreshAbsoluteSeconds: number) => [
      { id: 'spa', refreshIdleSeconds: 400, refreshAbsoluteSeconds },
    ]
    const app = await startTokenApp({ clients: clients(1000) })
    let { refresh_token } = await granted(anonymously(app))
    for (const _ of [300, 600, 900]) {
      app.clock.forward(300)
      refresh_token = (await granted(refresh(app, refresh_token))).refresh_token
    }
    await expectRefused(await anotherNode(app, { clients: clients(900) }), refresh_token)
    await granted(refresh(await anotherNode(app, { clients: clients(901) }), refresh_token))
    app.clock.forward(100)
    await expectRefused(await anotherNode(app, { clients: clients(5000) }), refresh_token)
  })

  test('expires at once if the options shorten its life, and does not come back if they lengthen it', async () => {
    const app = await startTokenApp({ clients: [{ id: 'spa', refreshIdleSeconds: 1000 }] })
    const { refresh_token } = await granted(anonymously(app))
    app.clock.forward(500)
    const shorter = await anotherNode(app, { clients: [{ id: 'spa', refreshIdleSeconds: 400 }] })
    await expectRefused(shorter, refresh_token)
    app.clock.forward(500)
    const longer = await anotherNode(app, { clients: [{ id: 'spa', refreshIdleSeconds: 5000 }] })
    await expectRefused(longer, refresh_token)
  })

  test('is the same guest at every refresh', async () => {
    const app = await startTokenApp()
    const first = await granted(anonymously(app))
    app.clock.forward(day)
    const second = await granted(refresh(app, first.refresh_token))
    for (const claim of ['sub', 'sid', 'label', 'collection'])
      expect(claimsOf(second.access_token)[claim]).toBe(claimsOf(first.access_token)[claim])
  })

  test('loses every copy of its tokens at sign-out, on every node', async () => {
    const app = await startTokenApp()
    const node = await anotherNode(app)
    const first = await granted(anonymously(app))
    const second = await granted(refresh(node, first.refresh_token))
    const left = await sendJson(app, 'sign-out', { force: true }, bearer(first.access_token))
    expect(left.status).toBe(204)
    for (const one of [app, node])
      for (const { refresh_token } of [first, second]) await expectRefused(one, refresh_token)
  })

  test('stays signed out for as long as any copy of its token could live', async () => {
    const clients = [{ id: 'spa', refreshIdleSeconds: 200 * day }]
    const app = await startTokenApp({ clients, sessions: { idleSeconds: 5 * day } })
    const { access_token, refresh_token } = await granted(anonymously(app))
    await sendJson(app, 'sign-out', { force: true }, bearer(access_token))
    const [{ expires_at }] = (await tables(app.store)).spent!.map((row) => JSON.parse(row))
    expect(expires_at).toBeGreaterThanOrEqual(Math.floor(app.clock.now() / 1000) + 200 * day)
    await expectRefused(app, refresh_token)
  })

  test('who signs in as another guest loses the old token, and only that refusal says that they were merged', async () => {
    const app = await startTokenApp()
    const { device } = await keptClient(app)
    const [merged, ended] = [await granted(anonymously(app)), await granted(anonymously(app))]
    const moved = await signInAs(app, device, 'spa', bearer(merged.access_token))
    expect(moved.status, moved.text).toBe(200)
    await sendJson(app, 'sign-out', { force: true }, bearer(ended.access_token))
    const saidOf = async ({ refresh_token }: Granted) => {
      const { body } = await refresh(app, refresh_token)
      return [body.error, body.error_description]
    }
    expect(await saidOf(merged)).toEqual(['invalid_grant', new GuestError('guest_merged').message])
    expect(await saidOf(ended)).toEqual(['invalid_grant', new GuestError('invalid_grant').message])
  })

  test('who adds a passkey loses the old token: the client goes on with the stored session’s tokens', async () => {
    const app = await startTokenApp()
    const before = await granted(anonymously(app))
    const kept = await registerAs(app, app.device(), { token: before.access_token })
    expect(kept.status, kept.text).toBe(201)
    expect(kept.body.sub).toBe(claimsOf(before.access_token).sub)
    await expectRefused(app, before.refresh_token)
    const next = await granted(refresh(app, kept.body.tokens.refresh_token))
    expect(claimsOf(next.access_token).sub).toBe(kept.body.sub)
  })
})

describe('a guest whom the host kept by its id', () => {
  test.each([
    ['shorter', { refreshIdleSeconds: 80 * day, idleSeconds: 5 * day }],
    ['longer', { refreshIdleSeconds: 5 * day, idleSeconds: 80 * day }],
  ])(
    'lives at its client as long as refreshIdleSeconds says, if the limit of cookies is %s',
    async (_, { refreshIdleSeconds, idleSeconds }) => {
      const app = await startTokenApp({
        clients: [{ id: 'spa', refreshIdleSeconds }],
        sessions: { idleSeconds },
        retention: { none: 90 * day },
      })
      const first = await granted(anonymously(app))
      expect(await app.guests.keep(claimsOf(first.access_token).sub as string)).toBe(true)
      app.clock.forward(refreshIdleSeconds - 1)
      const second = await granted(refresh(app, first.refresh_token))
      // The use is written in the background.
      const now = Math.floor(app.clock.now() / 1000)
      await eventually(async () => expect(await session(app)).toMatchObject({ last_seen_at: now }))
      app.clock.forward(refreshIdleSeconds - 1)
      const third = await granted(refresh(app, second.refresh_token))
      app.clock.forward(refreshIdleSeconds)
      expect((await refresh(app, third.refresh_token)).body.error).toBe('invalid_grant')
    },
  )
})

test('a copy of the database contains nothing that works as a refresh token', async () => {
  const app = await startTokenApp()
  const { tokens } = await keptClient(app)
  const next = await granted(refresh(app, tokens.refresh_token))
  const texts = [tokens, next].flatMap(({ refresh_token }) => {
    const [text, seal] = refresh_token.slice(5).split('.') as [string, string]
    const { r } = JSON.parse(Buffer.from(text, 'base64url').toString())
    expect(Buffer.from(r, 'base64url'), 'the secret of the session').toHaveLength(32)
    return [refresh_token, text, seal, r]
  })
  const bytes = await bytesOnDisk(app.store)
  expect(bytes.includes('spa'), 'the bytes read do contain the rows').toBe(true)
  for (const text of texts) expect(bytes.includes(text)).toBe(false)

  const copy = await copyOfStore(app.store)
  const attacker = await startApp({
    store: copy,
    origin: app.origin,
    now: app.clock.now,
    secret: 'a secret of whoever stole the database',
    clients: clients.map((client) => ({ ...client })) as never,
  })
  await expectRefused(attacker, next.refresh_token)
  const made = await granted(anonymously(attacker))
  await expectRefused(app, made.refresh_token)
  await expectRefusal(app, () => userinfo(app, made.access_token), 401, 'session_invalid')

  const rows = Object.values(await tables(copy)).flat()
  const values = rows.flatMap((row) => Object.values(JSON.parse(row) as object).map(String))
  const guesses = new Set(values.filter((value) => /^[\w.:-]{3,}$/.test(value)))
  expect(guesses.size).toBeGreaterThan(10)
  for (const guess of guesses) {
    for (const token of [guess, `gkrt_${guess}`, `gkrs_${guess}`]) {
      expect((await refresh(app, token)).body.error).toBe('invalid_grant')
      expect((await ask(app, '/guest/userinfo', bearer(token))).status).toBe(401)
    }
  }
  await granted(refresh(app, next.refresh_token))
})

describe('the token of a client’s sealed session', () => {
  const keys = deriveKeys('a secret of more than 32 characters')
  const spa = { id: 'spa', refreshIdleSeconds: 100, refreshAbsoluteSeconds: 1000 } as Client
  const ctx = {
    ...{ now: () => 5000, keys, keyring: [keys], store: { sealedSessionEnded: async () => false } },
    config: {
      ...{
        clients: [spa],
        sessions: { idleSeconds: 100, absoluteSeconds: 1000 },
        defaultCollection: 'users',
      },
      collections: { users: { retention: { none: 500 }, prompts: [] } },
    },
  } as unknown as Context
  const guest = { anonymousId: 'A'.repeat(22), label: 'amber-fox-42', collection: 'users' }
  const issued = (jkt: string | null = null) =>
    issueSealedGrant(ctx, spa, guest, { clientId: 'spa', scope: ['read'], jkt })
  const refreshed = (token: string, jkt: string | null = null) => refreshByToken(ctx, spa, token, { jkt })
  const refusal = { code: 'invalid_grant' }

  test('continues it, and only with its own prefix', async () => {
    const { token } = issued()
    expect(await refreshed(token)).toMatchObject({ session: { anonymousId: guest.anonymousId } })
    for (const other of [
      token.replace('gkrs_', 'gkrx_'),
      token.replace('gkrs_', 'gkrt_'),
      token.slice(5),
      'x',
    ])
      await expect(refreshed(other), other).rejects.toMatchObject(refusal)
  })

  test('needs its key if it is bound to one, and no other', async () => {
    const { token } = issued('key')
    expect(await refreshed(token, 'key')).toMatchObject({ session: { grant: { jkt: 'key' } } })
    for (const jkt of [null, 'another key'])
      await expect(refreshed(token, jkt)).rejects.toMatchObject(refusal)
    expect(await refreshed(issued().token, 'key')).toMatchObject({ session: { grant: { jkt: null } } })
  })

  test('is issued anew when its session changes, to the client that carries it or to the browser', () => {
    const { session } = issued()
    const browsers = { ...session, grant: null }
    expect(reissueFor(ctx, session, spa).issued.token).toMatch(/^gkrs_/)
    expect(reissueFor(ctx, browsers, undefined).issued.token).toMatch(/^gks_/)
    const tokenless = { ...session, carried: null } as unknown as Session
    for (const refused of [
      () => reissueFor(ctx, tokenless, spa),
      () => reissueFor(ctx, { ...tokenless, grant: null } as Session, undefined),
      () => reissueFor(ctx, browsers, spa),
    ])
      expect(refused).toThrow(expect.objectContaining({ code: 'insufficient_scope' }))
  })
})
