// What the use of a session says about when it ends, and when its guest is forgotten.

import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import { asSeen, renewIfDue, seenIfDue, touch } from '../../../../server/core/sessions/renewal.ts'
import {
  cookieLifetimes,
  sealedPayload,
  sealedSession,
} from '../../../../server/core/sessions/sealed-sessions.ts'
import type { SealedSession, StoredSession } from '../../../../server/core/sessions/sessions.ts'
import { keptGuest } from '../../../support/ceremonies.ts'
import { eventually } from '../../../support/eventually.ts'
import { rowsOf } from '../../../support/merging.ts'
import { promotedUser, startPromotingApp } from '../../../support/promotion.ts'
import { startTokenApp } from '../../../support/tokens.ts'

test('the use of a regular user’s session, written or not, leaves the user remembered for ever', async () => {
  const promoting = await startPromotingApp()
  const { browser } = await promotedUser(promoting, 'ada@example.org')
  for (const seconds of [1, 600, 600]) {
    promoting.app.clock.forward(seconds)
    const { status, body } = await browser.get('/guest/userinfo')
    expect([status, body.expires_at]).toEqual([200, null])
  }
})

test('the use of a browser’s stored session extends it by sessions.idleSeconds, however long a client’s may be', async () => {
  const clients = [{ id: 'spa', refreshIdleSeconds: 50_000 }]
  const app = await startTokenApp({ sessions: { idleSeconds: 10_000 }, clients })
  const { browser } = await keptGuest(app)
  app.clock.forward(5000)
  expect((await browser.get('/guest/userinfo')).status).toBe(200)
  const expires_at = Math.floor(app.clock.now() / 1000) + 10_000
  await eventually(async () => expect(await rowsOf(app, 'sessions')).toMatchObject([{ expires_at }]))
})

const day = 24 * 60 * 60
const midnight = 1000 * day
const keys = deriveKeys('the secret of the tests of renewals')

/** Whoever asks, at this time, with these limits. `written`: what the store was told to touch. */
function contextAt(
  time: number,
  { shortestSeconds = 100 * day, none = false as number | false, keyring = [keys] } = {},
) {
  const clock = { time }
  const written: { expiresAt: number; now: number }[] = []
  const retention = { none, device: 3000, passkey: false, synced: false, warnSeconds: 0 }
  const users = { retention, prompts: [], shortestSeconds }
  const config = {
    sessions: { idleSeconds: 90 * day, absoluteSeconds: 365 * day },
    defaultCollection: 'users',
    collections: { users },
    clients: [{ refreshIdleSeconds: 95 * day }],
  }
  const store = { touchSession: async (use: (typeof written)[0]) => void written.push(use) }
  const ctx = { now: () => clock.time, config, store, keys: keyring[0], keyring } as unknown as Context
  return { ctx, clock, written }
}

/** A new guest's session, from its token. */
function sealedAt({ ctx }: ReturnType<typeof contextAt>): SealedSession {
  const guest = { anonymousId: 'A'.repeat(22), label: 'amber-fox-42', collection: 'users' }
  return sealedSession(ctx, sealedPayload(ctx, guest, cookieLifetimes(ctx)), cookieLifetimes(ctx), null)
}

describe('a session is due for renewal', () => {
  test.each([
    ['on a later UTC day', midnight - 1, midnight, 100 * day],
    ['after a quarter of the shortest period', midnight, midnight + 250, 1000],
  ])('%s, and not before', (_, from, due, shortestSeconds) => {
    const at = contextAt(from, { shortestSeconds })
    const session = sealedAt(at)
    at.clock.time = due - 1
    expect([renewIfDue(at.ctx, session), seenIfDue(at.ctx, session)]).toEqual([undefined, undefined])
    at.clock.time = due
    const renewed = renewIfDue(at.ctx, session)!
    expect(renewed.token).toMatch(/^gks_/)
    expect(renewed.session).toMatchObject({
      id: session.id,
      createdAt: from,
      endsAt: session.endsAt,
      lastSeenAt: due,
      expiresAt: due + 90 * day,
      carried: { datedAt: due },
    })
  })

  test('only if a browser carries its token', () => {
    const at = contextAt(midnight)
    const session = sealedAt(at)
    at.clock.time += 2 * day
    const grant = { clientId: 'spa', scope: [], jkt: null }
    const { carried, ...facts } = session
    const stored = { ...facts, kind: 'stored', guestExpiresAt: null } as const
    expect(renewIfDue(at.ctx, { ...session, grant })).toBeUndefined()
    expect(renewIfDue(at.ctx, { ...stored, carried: null })).toBeUndefined()
    expect(renewIfDue(at.ctx, { ...stored, carried })).toBeDefined()
    expect(seenIfDue(at.ctx, { ...session, grant })).toBeUndefined()
    expect(seenIfDue(at.ctx, { ...stored, carried })).toBeUndefined()
    expect(seenIfDue(at.ctx, session)).toBeDefined()
  })
})

describe('the seen cookie', () => {
  const begin = contextAt(midnight)
  const payload = sealedPayload(begin.ctx, sealedAt(begin), cookieLifetimes(begin.ctx))

  /** The cookie of this session's use `days` days after it began. */
  function seenAfter(days: number, options?: Parameters<typeof contextAt>[1]) {
    const at = contextAt(midnight, options)
    const session = sealedAt(at)
    at.clock.time += days * day
    return seenIfDue(at.ctx, session)!
  }

  test('holds the dates of the session that was seen', () => {
    const { session, cookie } = seenAfter(1)
    const [seen, until] = [midnight + day, midnight + 91 * day]
    expect(cookie).toMatch(new RegExp(`^${seen}\\.${until}\\.2\\.[\\w-]{43}$`))
    expect(session).toMatchObject({
      lastSeenAt: seen,
      expiresAt: until,
      carried: { datedAt: midnight, daysSeen: 2 },
    })
    expect(asSeen(begin.ctx, payload, cookie)).toEqual({ ...payload, s: seen, x: until, d: 2 })
  })

  test('counts under every secret of the ring, and under no other', () => {
    const other = deriveKeys('another secret of the tests')
    const { cookie } = seenAfter(1)
    expect(asSeen(contextAt(midnight, { keyring: [other, keys] }).ctx, payload, cookie).d).toBe(2)
    expect(asSeen(contextAt(midnight, { keyring: [other] }).ctx, payload, cookie)).toBe(payload)
  })

  test('changes nothing if it is not later, of another session, or not ours', () => {
    const { cookie } = seenAfter(1)
    const [s, x, d, tag] = cookie.split('.') as [string, string, string, string]
    const later = { ...payload, s: midnight + day }
    expect(asSeen(begin.ctx, later, cookie)).toBe(later)
    expect(asSeen(begin.ctx, { ...later, s: midnight + day - 1 }, cookie).d).toBe(2)
    for (const other of [
      { ...payload, a: 'B'.repeat(22) },
      { ...payload, i: payload.i - 1 },
    ])
      expect(asSeen(begin.ctx, other, cookie)).toBe(other)
    for (const wrong of ['', 'x', `${s}.${x}.${d}`, `${s}.${Number(x) + 1}.${d}.${tag}`, `${cookie}.`])
      expect(asSeen(begin.ctx, payload, wrong)).toBe(payload)
  })
})

describe('the use of a stored session', () => {
  const stored = (more: Partial<StoredSession> = {}) => {
    const { carried: _, ...session } = sealedAt(contextAt(midnight))
    return { ...session, kind: 'stored', carried: null, guestExpiresAt: 7, ...more } as StoredSession
  }

  test.each([
    ['ten minutes', 100 * day, 600],
    ['a quarter of the shortest period', 1000, 250],
  ])('is written after %s', (_, shortestSeconds, seconds) => {
    const { ctx, written } = contextAt(midnight, { shortestSeconds, none: 5000 })
    expect(touch(ctx, stored(), midnight - seconds + 1), 'what the row says').toBe(7)
    expect(written).toEqual([])
    expect(touch(ctx, stored(), midnight - seconds), 'what is written').toBe(midnight + 5000)
    expect(written).toMatchObject([{ now: midnight, expiresAt: midnight + 90 * day }])
  })

  test('promises what the guest’s recoverability does, and a regular user all time', () => {
    const { ctx } = contextAt(midnight, { none: 5000 })
    const promised = (more: Partial<StoredSession>) => touch(ctx, stored(more), 0)
    expect(promised({ recoverability: 'device' })).toBe(midnight + 3000)
    expect(promised({ recoverability: 'passkey' })).toBe(null)
    expect(promised({ promotedAt: 5 })).toBe(null)
  })

  test('extends one that is carried by the longest limit, because a client may carry it', () => {
    const { ctx, written } = contextAt(midnight)
    touch(ctx, stored({ carried: sealedAt(contextAt(midnight)).carried } as Partial<StoredSession>), 0)
    expect(written).toMatchObject([{ expiresAt: midnight + 95 * day }])
  })
})
