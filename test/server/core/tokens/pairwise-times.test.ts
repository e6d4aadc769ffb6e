// The times in tokens: those of a pairwise client tell nothing by which guests could be joined.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import type { Session } from '../../../../server/core/sessions/sessions.ts'
import { authTimeFor, tokenExpiry } from '../../../../server/core/tokens/pairwise-times.ts'
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
