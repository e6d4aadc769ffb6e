// The times in tokens: those of a pairwise client tell nothing by which guests could be joined.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { authTimeFor, guestExpiryFor, tokenExpiry } from '../../../../server/core/tokens/pairwise-times.ts'
import type { Client } from '../../../../server/options/options.ts'

const plain = { accessTokenSeconds: 600, pairwise: undefined } as Client
const pairwise = { accessTokenSeconds: 600, pairwise: 'a secret' } as Client
const now = 10_000

test.each([
  [601, 600, 600],
  [600, 600, 600],
  [599, 599, 300],
  [300, 300, 300],
  [299, 299, 150],
  [1, 1, 1],
  [0, 0, 1],
])(
  'with a session of %i s more, a token lives %i s, and that of a pairwise client %i s',
  (left, whole, half) => {
    expect(tokenExpiry(plain, now, now + left)).toBe(now + whole)
    expect(tokenExpiry(pairwise, now, now + left)).toBe(now + half)
  },
)

test('a pairwise client learns of a passkey proof only whether it is recent', () => {
  const ctx = { now: () => now, config: { stepUpSeconds: 300 } } as Context
  const session = (authTime: number | null) => ({ authTime }) as Session
  expect(authTimeFor(ctx, plain, session(null), now)).toBeUndefined()
  expect(authTimeFor(ctx, pairwise, session(null), now)).toBeUndefined()
  for (const authTime of [now, now - 300]) {
    expect(authTimeFor(ctx, plain, session(authTime), now)).toBe(authTime)
    expect(authTimeFor(ctx, pairwise, session(authTime), now)).toBe(now - 300)
  }
  expect(authTimeFor(ctx, plain, session(now - 301), now)).toBe(now - 301)
  expect(authTimeFor(ctx, pairwise, session(now - 301), now)).toBeUndefined()
})

test.each<[string, Partial<Session>, whole: number | null, told: number | null]>([
  ['a guest without a row', { kind: 'sealed', recoverability: 'none' }, 5000, 5000],
  ['a guest who is kept', { recoverability: 'none' }, 5000, now + 10_000 - 600 - 600],
  ['a guest who is kept for less than a token lives', { recoverability: 'device' }, 5000, now],
  ['a guest who is kept for ever', { recoverability: 'passkey' }, null, null],
  ['a regular user', { recoverability: 'none', promotedAt: 100 }, null, null],
])(
  'a client is told until when %s is remembered; a pairwise one only until when that is certain',
  (_, said, whole, told) => {
    const retention = { none: 10_000, device: 1199, passkey: false }
    const config = { defaultCollection: 'users', collections: { users: { retention } } }
    const ctx = { now: () => now, config } as unknown as Context
    const session = { kind: 'stored', collection: 'users', promotedAt: null, ...said } as Session
    expect(guestExpiryFor(ctx, plain, session, whole)).toBe(whole)
    expect(guestExpiryFor(ctx, pairwise, session, whole)).toBe(told)
  },
)
