// Sealed sessions: what a token holds, and how long the session that it stands for lives.

import { describe, expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { unsealSession } from '../../../../server/core/crypto/seal.ts'
import { deriveKeys } from '../../../../server/core/crypto/secrets.ts'
import {
  carriedLifetimes,
  cookieLifetimes,
  issueSealed,
  type SealedPayload,
  sealedPayload,
  sealedSession,
} from '../../../../server/core/sessions/sealed-sessions.ts'
import type { Recoverability } from '../../../../server/index.ts'
import type { SnoozeRow } from '../../../../server/store/store.ts'

const day = 24 * 60 * 60
const now = 1000 * day
const keys = deriveKeys('the secret of the tests of sealed sessions')

/** A collection in which a guest who could not come back is remembered for `none` seconds, with these prompts. */
function contextWith({ none = false, prompts = [] }: { none?: number | false; prompts?: object[] } = {}) {
  const users = { retention: { none }, prompts }
  const config = {
    sessions: { idleSeconds: 1000, absoluteSeconds: 5000 },
    defaultCollection: 'users',
    collections: { users },
  }
  return { now: () => now, config, keys, keyring: [keys] } as unknown as Context
}

const guest = { anonymousId: 'A'.repeat(22), label: 'amber-fox-42', collection: 'users' }
const limits = { idleSeconds: 1000, absoluteSeconds: 5000 }
const carried = (more: { daysSeen?: number; snoozes?: SnoozeRow[] } = {}) => ({
  datedAt: now,
  lastsUntil: now,
  daysSeen: 1,
  snoozes: [],
  ...more,
})

describe('the payload of a new guest', () => {
  test('says who the guest is, and when the session began and ends, used or not', () => {
    expect(sealedPayload(contextWith(), guest, limits)).toEqual({
      a: guest.anonymousId,
      l: 'amber-fox-42',
      c: 'users',
      i: now,
      s: now,
      x: now + 1000,
      e: now + 5000,
    })
  })

  test.each([
    [false, 1000],
    [999, 999],
    [1001, 1000],
  ] as const)('expires unused with the guest, who is remembered for %s seconds', (none, seconds) => {
    expect(carriedLifetimes(contextWith({ none }), 'users', limits)).toEqual({
      ...limits,
      idleSeconds: seconds,
    })
    expect(sealedPayload(contextWith({ none }), guest, limits).x).toBe(now + seconds)
  })

  test.each<[Recoverability, number | null]>([
    ['device', null],
    ['synced', null],
    ['none', 500],
  ])('does not, if the guest could come back (%s, promoted at %s)', (recoverability, promotedAt) => {
    const { x } = sealedPayload(contextWith({ none: 10 }), { ...guest, recoverability, promotedAt }, limits)
    expect(x).toBe(now + 1000)
  })
})

describe('the payload of a session that goes on', () => {
  test.each([
    [now + 1001, now + 1000],
    [now + 999, now + 999],
  ])('keeps its begin and its end at %i, past which use extends nothing', (endsAt, x) => {
    const payload = sealedPayload(contextWith(), guest, limits, { createdAt: now - 4000, endsAt })
    expect(payload).toMatchObject({ i: now - 4000, s: now, x, e: endsAt })
  })

  test.each([
    [1, now - 1, 2],
    [1, now, undefined],
    [5, now, 5],
    [5, now - 10 * day, 6],
  ])('of a guest seen on %i days, last at %i, says d: %s', (daysSeen, lastSeenAt, d) => {
    const payload = sealedPayload(
      contextWith(),
      { ...guest, lastSeenAt, carried: carried({ daysSeen }) },
      limits,
    )
    expect(payload.d).toBe(d)
  })
})

describe('the snoozes in a payload', () => {
  const rule = (prompt: string, maxSnoozes = 3) => ({ prompt, maxSnoozes })
  const snooze = (prompt: string, { times = 1, snoozedUntil = now + 1 } = {}) => ({
    prompt,
    times,
    snoozedUntil,
  })
  const names = ({ q }: SealedPayload) => q && Object.keys(q)

  test('are those of prompts that the options name', () => {
    const ctx = contextWith({ prompts: [rule('add_passkey'), rule('promote')] })
    const snoozes = [
      snooze('gone'),
      snooze('promote', { times: 2 }),
      snooze('add_passkey', { snoozedUntil: 7 }),
    ]
    const payload = sealedPayload(ctx, { ...guest, carried: carried({ snoozes }) }, limits)
    expect(payload.q).toEqual({ promote: [2, now + 1], add_passkey: [1, 7] })
    const none = sealedPayload(ctx, { ...guest, carried: carried({ snoozes: [snooze('gone')] }) }, limits)
    expect(none).not.toHaveProperty('q')
  })

  test('leave out what hides nothing any more, then the oldest, until the payload fits', () => {
    // Names of 128 characters: 19 of their snoozes fit.
    const long = (i: number) => `add_attribute:${String(i).padStart(114, 'x')}`
    const all = Array.from({ length: 20 }, (_, i) => long(i))
    const ctx = contextWith({ prompts: all.map((prompt) => rule(prompt)) })
    const namesOf = (snoozes: SnoozeRow[]) => {
      const payload = sealedPayload(ctx, { ...guest, carried: carried({ snoozes }) }, limits)
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThanOrEqual(2900)
      return names(payload)!
    }
    const hiding = all.map((prompt) => snooze(prompt))
    const kept = namesOf(hiding)
    expect(kept.length).toBeGreaterThan(10)
    expect(kept, 'the oldest ones are left out').toEqual(all.slice(-kept.length))
    const left = all.length - kept.length
    // At the end of its snooze, a prompt is shown again, unless it was snoozed as often as it may be.
    const isOver = (times: number) => (one: SnoozeRow, i: number) =>
      i >= 20 - left ? { ...one, times, snoozedUntil: now } : one
    expect(namesOf(hiding.map(isOver(2)))).toEqual(all.slice(0, kept.length))
    expect(namesOf(hiding.map(isOver(3)))).toEqual(all.slice(-kept.length))
  })

  test('fill 2,900 bytes, and not one more', () => {
    const ctx = (prompt: string) => contextWith({ prompts: [rule(prompt)] })
    const payloadOf = (prompt: string) =>
      sealedPayload(ctx(prompt), { ...guest, carried: carried({ snoozes: [snooze(prompt)] }) }, limits)
    const room = 2900 - Buffer.byteLength(JSON.stringify(payloadOf('')))
    expect(names(payloadOf('x'.repeat(room)))).toHaveLength(1)
    expect(payloadOf('x'.repeat(room + 1))).not.toHaveProperty('q')
  })
})

describe('the session of a payload', () => {
  const payload: SealedPayload = {
    a: guest.anonymousId,
    l: guest.label,
    c: 'users',
    i: now - 100,
    s: now - 10,
    x: now + 990,
    e: now + 4900,
  }
  const sessionOf = (none: number | false, more: Partial<SealedPayload> = {}, lifetimes = limits) =>
    sealedSession(contextWith({ none }), { ...payload, ...more }, lifetimes, null)

  test('holds what the token says', () => {
    const grant = { clientId: 'spa', scope: ['read'], jkt: null }
    const q = { promote: [2, 5] } satisfies SealedPayload['q']
    expect(sealedSession(contextWith(), { ...payload, d: 3, q }, limits, grant)).toEqual({
      ...guest,
      kind: 'sealed',
      id: guest.anonymousId,
      recoverability: 'none',
      createdAt: now - 100,
      lastSeenAt: now - 10,
      expiresAt: now + 990,
      endsAt: now + 4900,
      authTime: null,
      enrolUntil: null,
      promotedAt: null,
      grant,
      carried: {
        datedAt: now - 10,
        lastsUntil: now + 990,
        daysSeen: 3,
        snoozes: [{ prompt: 'promote', times: 2, snoozedUntil: 5 }],
      },
    })
    expect(sessionOf(false).carried).toMatchObject({ daysSeen: 1, snoozes: [] })
  })

  test.each([
    ['a shorter idle limit', { ...limits, idleSeconds: 500 }, now + 490, now + 4900],
    ['a longer idle limit', { ...limits, idleSeconds: 9000 }, now + 990, now + 4900],
    ['a shorter absolute limit', { ...limits, absoluteSeconds: 300 }, now + 200, now + 200],
    ['a longer absolute limit', { ...limits, absoluteSeconds: 9000 }, now + 990, now + 4900],
  ])('ends by %s of later options only if that is earlier', (_, lifetimes, expiresAt, endsAt) => {
    expect(sessionOf(false, {}, lifetimes)).toMatchObject({
      expiresAt,
      endsAt,
      carried: { lastsUntil: expiresAt },
    })
  })

  test.each([
    [60, now + 50],
    [2000, now + 990],
    [false, now + 990],
  ] as const)(
    'expires with its guest, who is remembered for %s seconds, unless it could come back',
    (none, at) => {
      expect(sessionOf(none)).toMatchObject({ expiresAt: at, carried: { lastsUntil: now + 990 } })
    },
  )
})

test('an issued token holds the payload, and is sealed', () => {
  const ctx = contextWith({ none: 60 })
  const { session, token } = issueSealed(ctx, guest)
  expect(token).toMatch(/^gks_[\w-]+\.[\w-]+$/)
  const payload = unsealSession<SealedPayload>([keys], token.slice('gks_'.length))
  expect(payload).toEqual(sealedPayload(ctx, guest, cookieLifetimes(ctx)))
  expect(session).toEqual(sealedSession(ctx, payload!, cookieLifetimes(ctx), null))
})
