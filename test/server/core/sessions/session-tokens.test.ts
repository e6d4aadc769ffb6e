// Session tokens: what a token has to be, and how long a sealed one goes on after its guest was kept.

import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys, hashToken } from '../../../../server/core/crypto/secrets.ts'
import { seenIfDue } from '../../../../server/core/sessions/renewal.ts'
import { issueSealed } from '../../../../server/core/sessions/sealed-sessions.ts'
import {
  looksLikeSessionToken,
  newSessionRow,
  newStoredSession,
  readSessionToken,
  successorSecret,
} from '../../../../server/core/sessions/session-tokens.ts'
import { type Browser, startApp, type TestApp } from '../../../support/app.ts'
import { copyOf } from '../../../support/ceremonies.ts'
import { DeviceKey } from '../../../support/device-key.ts'
import { addDeviceKey } from '../../../support/device-keys.ts'
import { seenNow } from '../../../support/guest-rows.ts'
import { day } from '../../../support/merging.ts'
import {
  anonymously,
  bearer,
  claimsOf,
  type Granted,
  granted,
  refresh,
  sendJson,
  startTokenApp,
} from '../../../support/tokens.ts'

const now = 1_700_000_000
const users = { retention: { none: false, device: false }, prompts: [], shortestSeconds: 1000 }
const config = {
  sessions: { idleSeconds: 1000, absoluteSeconds: 5000 },
  defaultCollection: 'users',
  collections: { users },
  clients: [],
}
const ctx = { now: () => now, config } as unknown as Context

test.each([
  ['gks_', true],
  ['gkt_x', true],
  ['gkrs_x', false],
  ['xgks_', false],
  ['', false],
])('%j has the prefix of our session tokens: %s', (text, expected) => {
  expect(looksLikeSessionToken(text)).toBe(expected)
})

describe('reading a stored token', () => {
  const secret = 'x'.repeat(43)
  const row = {
    anonymousId: 'auth0|5f7c',
    id: hashToken(secret),
    grant: null,
    expiresAt: now + 1,
    lastSeenAt: now,
  }

  /** Reads a token, with this row in the store. `asked`: the keys of the rows that the store was asked for. */
  async function read(token: string, found: object | undefined = row) {
    const asked: object[] = []
    const findSession = async (key: object) => {
      asked.push(key)
      return found
    }
    const store = { findSession, wasMerged: async () => false }
    return { presented: await readSessionToken({ ...ctx, store } as unknown as Context, token), asked }
  }

  test('asks for the row of its guest and the hash of its secret', async () => {
    const { presented, asked } = await read(`gkt_~YXV0aDB8NWY3Yw.${secret}`)
    expect(asked).toEqual([{ anonymousId: 'auth0|5f7c', id: hashToken(secret) }])
    expect(presented).toMatchObject({
      status: 'valid',
      session: { kind: 'stored', anonymousId: 'auth0|5f7c' },
    })
  })

  test.each([
    ['has another prefix', `gkx_one.${secret}`],
    ['has no guest', `gkt_.${secret}`],
    ['has no secret', 'gkt_one'],
    ['has a longer secret', `gkt_one.${secret}x`],
    ['has a shorter secret', 'gkt_one.x'],
    ['has a third part', `gkt_one.${secret}.`],
    ['names what can be no id', `gkt_~AA.${secret}`],
  ])('asks the store for nothing if it %s', async (_, token) => {
    const { presented, asked } = await read(token)
    expect(presented).toMatchObject({ status: 'invalid', error: { code: 'session_invalid' } })
    expect(asked).toEqual([])
  })

  test.each([
    ['there is none', undefined],
    ['it is a client’s', { ...row, grant: { clientId: 'spa', scope: '', jkt: null } }],
    ['only a sealed token opens it', { ...row, id: row.anonymousId }],
    ['it has expired', { ...row, expiresAt: now }],
  ])('is invalid if %s', async (_, found) => {
    const { presented } = await read(`gkt_one.${secret}`, found ?? (null as never))
    expect(presented).toMatchObject({ status: 'invalid', error: { code: 'session_invalid' } })
  })
})

describe('reading a sealed token', () => {
  const keys = deriveKeys('the secret of the tests of session tokens')
  const guest = { anonymousId: 'A'.repeat(22), label: 'amber-fox-42', collection: 'users' }
  const row = {
    ...guest,
    id: guest.anonymousId,
    recoverability: 'none',
    promotedAt: null,
    grant: null,
    createdAt: now,
    lastSeenAt: now + 500,
    expiresAt: now + 1500,
    endsAt: now + 5000,
    guestExpiresAt: null,
  }

  /** A deployment at this time. `row`: undefined while the guest is not kept; null once its session has ended. */
  function contextAt(time: number, kept?: object | null) {
    const store = {
      sealedSessionEnded: async () => kept !== undefined,
      findSession: async () => kept ?? undefined,
      wasMerged: async () => false,
      touchSession: async () => {},
    }
    return { now: () => time, config, store, keys, keyring: [keys], logger: {} } as unknown as Context
  }
  const { session: begun, token } = issueSealed(contextAt(now), guest)
  const statusAt = async (time: number, kept?: object | null) =>
    (await readSessionToken(contextAt(time, kept), token)).status

  test('opens its session until that expires', async () => {
    expect(await readSessionToken(contextAt(now), token)).toEqual({ status: 'valid', session: begun, token })
    expect([await statusAt(now + 999), await statusAt(now + 1000)]).toEqual(['valid', 'invalid'])
    for (const forged of [`${token}x`, token.replace('gks_', 'gks_x'), 'gks_'])
      expect((await readSessionToken(contextAt(now), forged)).status).toBe('invalid')
  })

  test('with a seen cookie, lives from then on, and is as old as before', async () => {
    const { cookie } = seenIfDue(contextAt(now + 900), begun)!
    const read = await readSessionToken(contextAt(now + 1899), token, ['rubbish', cookie])
    expect(read).toMatchObject({
      status: 'valid',
      session: { lastSeenAt: now + 900, expiresAt: now + 1900, carried: { datedAt: now } },
    })
    expect((await readSessionToken(contextAt(now + 1900), token, [cookie])).status).toBe('invalid')
  })

  test('goes on in the row of its guest once that is kept, and ends with it', async () => {
    const read = await readSessionToken(contextAt(now + 1499, row), token)
    expect(read).toMatchObject({
      status: 'valid',
      session: { kind: 'stored', createdAt: now, expiresAt: now + 1500, endsAt: now + 5000, carried: {} },
    })
    expect([await statusAt(now + 1500, row), await statusAt(now, null)]).toEqual(['invalid', 'invalid'])
  })

  test('ends with its row, and unused sooner than that if a client may hold sessions for longer', async () => {
    const soon = { ...row, expiresAt: now + 600 }
    expect([await statusAt(now + 599, soon), await statusAt(now + 600, soon)]).toEqual(['valid', 'invalid'])
    const late = { ...row, expiresAt: now + 4000 }
    expect([await statusAt(now + 1499, late), await statusAt(now + 1500, late)]).toEqual(['valid', 'invalid'])
  })

  test('ends at once if later options make its end earlier, though its row lives', async () => {
    const statusBy = async (absoluteSeconds: number) => {
      const { config, ...rest } = contextAt(now + 300, row)
      const shorter = {
        ...rest,
        config: { ...config, sessions: { ...config.sessions, absoluteSeconds } },
      } as Context
      return (await readSessionToken(shorter, token)).status
    }
    expect([await statusBy(301), await statusBy(300)]).toEqual(['valid', 'invalid'])
  })

  test('opens no row that is newer than itself, as after a merge that was undone', async () => {
    expect(await statusAt(now, { ...row, createdAt: now + 1 })).toBe('invalid')
    expect(await statusAt(now, row)).toBe('valid')
  })

  test('knows the label and the collection until the row does', async () => {
    const labelsOf = async (kept: object) => {
      const read = await readSessionToken(contextAt(now, kept), token)
      return read.status === 'valid' && [read.session.label, read.session.collection]
    }
    expect(await labelsOf({ ...row, label: '', collection: '' })).toEqual(['amber-fox-42', 'users'])
    expect(await labelsOf({ ...row, label: 'Ada', collection: 'staff' })).toEqual(['Ada', 'staff'])
  })
})

test('a new stored session begins now, counts as proven now, and ends by both limits', () => {
  const row = newSessionRow(ctx, 'a guest', 'an id')
  expect(row).toEqual({
    anonymousId: 'a guest',
    id: 'an id',
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + 1000,
    endsAt: now + 5000,
    authTime: now,
    enrolUntil: null,
    grant: null,
  })
  const limits = { idleSeconds: 700, absoluteSeconds: 600 }
  expect(newSessionRow(ctx, 'a guest', 'an id', limits)).toMatchObject({
    expiresAt: now + 600,
    endsAt: now + 600,
  })
})

test('the row of a new stored session holds the hash of the secret in its token', () => {
  const { row, token } = newStoredSession(ctx, 'auth0|5f7c')
  const [, part, secret] = /^gkt_(~\w+)\.([\w-]{43})$/.exec(token)!
  expect(Buffer.from(part!.slice(1), 'base64url').toString()).toBe('auth0|5f7c')
  expect(row.id).toBe(hashToken(secret!))
  expect(newStoredSession(ctx, 'auth0|5f7c').token).not.toBe(token)
  expect(newStoredSession(ctx, 'auth0|5f7c', 'x').token).toMatch(/\.x$/)
})

test('the secret of a successor is the same for a challenge and the deployment’s secret', () => {
  const [one, two] = [deriveKeys('the secret of one deployment'), deriveKeys('the secret of another one')]
  const secrets = [
    successorSecret({ keys: one, id: 'a' }),
    successorSecret({ keys: one, id: 'b' }),
    successorSecret({ keys: two, id: 'a' }),
  ]
  expect(new Set(secrets).size).toBe(3)
  expect(successorSecret({ keys: one, id: 'a' })).toBe(secrets[0])
})

describe('a copy of a sealed token whose guest was kept', () => {
  const periods = { device: 5000, passkey: 5000, synced: 5000 }
  const start = (none: number | false) =>
    startApp({ sessions: { idleSeconds: 1000, absoluteSeconds: 4000 }, retention: { none, ...periods } })

  /** Guests whose host keeps them after 100 seconds. Each is tried once, because a try is a use. */
  async function keptGuests(app: TestApp, count: number): Promise<Browser[]> {
    const browsers = Array.from({ length: count }, () => app.browser())
    const guests = await Promise.all(browsers.map((browser) => browser.signIn()))
    app.clock.forward(100)
    for (const { sub } of guests) expect(await app.guests.keep(sub)).toBe(true)
    return browsers
  }

  /** The status of the guest's next request, after this many more seconds. */
  async function statusAfter(app: TestApp, seconds: number, browser: Browser): Promise<number> {
    app.clock.forward(seconds)
    return (await copyOf(app, browser).get('/guest/userinfo')).status
  }

  test('that was not used since lives as long as the guest is remembered', async () => {
    const app = await start(400)
    const [used, late] = (await keptGuests(app, 2)) as [Browser, Browser]
    expect(await statusAfter(app, 399, used)).toBe(200)
    expect(await statusAfter(app, 1, late)).toBe(401)
  })

  test('that was not used since lives for sessions.idleSeconds if the guest is remembered for ever', async () => {
    const app = await start(false)
    const [used, late] = (await keptGuests(app, 2)) as [Browser, Browser]
    expect(await statusAfter(app, 999, used)).toBe(200)
    expect(await statusAfter(app, 1, late)).toBe(401)
  })

  /** Guests who were kept, and used their session 300 seconds later. */
  async function seenGuests(app: TestApp, count: number): Promise<Browser[]> {
    const browsers = await keptGuests(app, count)
    app.clock.forward(300)
    for (const browser of browsers) {
      const { status, body } = await copyOf(app, browser).get('/guest/userinfo')
      expect(status).toBe(200)
      await seenNow(app, body.sub)
    }
    return browsers
  }

  test('that was used since lives from then on as long as its guest, who could not come back', async () => {
    const app = await start(400)
    const [used, late] = (await seenGuests(app, 2)) as [Browser, Browser]
    expect(await statusAfter(app, 399, used)).toBe(200)
    expect(await statusAfter(app, 1, late)).toBe(401)
  })

  test('that was used since lives for sessions.idleSeconds from then on if its guest could come back', async () => {
    const app = await start(400)
    const browsers = await keptGuests(app, 2)
    for (const browser of browsers)
      expect((await addDeviceKey(copyOf(app, browser), new DeviceKey('ES256'))).status).toBe(201)
    app.clock.forward(300)
    for (const browser of browsers) {
      const { body } = await copyOf(app, browser).get('/guest/userinfo')
      expect(body.recoverability).toBe('device')
      await seenNow(app, body.sub)
    }
    const [used, late] = browsers as [Browser, Browser]
    expect(await statusAfter(app, 999, used)).toBe(200)
    expect(await statusAfter(app, 1, late)).toBe(401)
  })

  test('ends when the session ends, however often it was used', async () => {
    const app = await start(false)
    const [browser] = (await keptGuests(app, 1)) as [Browser]
    for (const seconds of [700, 800, 800, 800]) {
      expect(await statusAfter(app, seconds, browser)).toBe(200)
      await seenNow(app, (await copyOf(app, browser).get('/guest/userinfo')).body.sub)
    }
    expect(await statusAfter(app, 799, browser)).toBe(200)
    expect(await statusAfter(app, 1, browser)).toBe(401)
  })
})

describe('a refresh token whose guest was kept', () => {
  const idle = 80 * day
  /** A guest of a client, whom the host kept, and who is remembered for ten days unless it could come back. */
  async function keptAtClient() {
    const clients = [{ id: 'spa', refreshIdleSeconds: idle }]
    const app = await startTokenApp({
      clients,
      sessions: { idleSeconds: 5 * day },
      retention: { none: 10 * day },
    })
    const tokens = await granted(anonymously(app))
    const sub = claimsOf(tokens.access_token).sub as string
    expect(await app.guests.keep(sub)).toBe(true)
    return { app, tokens, sub }
  }
  /** The status of the next refresh, after this many more seconds. */
  async function refreshAfter(app: TestApp, { refresh_token }: Granted, seconds: number): Promise<number> {
    app.clock.forward(seconds)
    return (await refresh(app, refresh_token)).status
  }

  async function addKey(app: TestApp, tokens: Granted, sub: string): Promise<DeviceKey> {
    const headers = bearer(tokens.access_token)
    const { body } = await sendJson(app, 'device-keys/challenge', { purpose: 'register' }, headers)
    const key = new DeviceKey('ES256')
    const proof = key.registration({ ...body, issuer: app.origin, anonymousId: sub })
    expect((await sendJson(app, 'device-keys', { proof }, headers)).status).toBe(201)
    return key
  }

  test('expires with a guest who could not come back', async () => {
    for (const [seconds, status] of [
      [10 * day - 1, 200],
      [10 * day, 400],
    ] as const) {
      const { app, tokens } = await keptAtClient()
      expect(await refreshAfter(app, tokens, seconds)).toBe(status)
    }
  })

  test('lives as long as the client’s limit says if it was issued since the guest could come back', async () => {
    for (const [seconds, status] of [
      [idle - 1, 200],
      [idle, 400],
    ] as const) {
      const { app, tokens, sub } = await keptAtClient()
      await addKey(app, tokens, sub)
      const next = await granted(refresh(app, tokens.refresh_token))
      expect(await refreshAfter(app, next, seconds)).toBe(status)
    }
  })

  test('expires with its guest again if that has lost its way back', async () => {
    for (const [seconds, status] of [
      [10 * day - 1, 200],
      [10 * day, 400],
    ] as const) {
      const { app, tokens, sub } = await keptAtClient()
      const key = await addKey(app, tokens, sub)
      const next = await granted(refresh(app, tokens.refresh_token))
      const url = `/guest/device-keys/${key.id}?force=true`
      const removed = await supertest(app.server).delete(url).set(bearer(next.access_token))
      expect(removed.status, removed.text).toBe(204)
      expect(await refreshAfter(app, next, seconds)).toBe(status)
    }
  })
})
