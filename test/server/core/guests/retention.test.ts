// What a guest is promised, and when the warning is due.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import {
  forEver,
  retained,
  retainedBy,
  rulesOf,
  warningOf,
} from '../../../../server/core/guests/retention.ts'

const users = {
  retention: { none: 100, device: 200, passkey: 1000, synced: false, warnSeconds: 60, graceSeconds: 5 },
}
const kiosks = { retention: { ...users.retention, none: 7 } }
const ctx = {
  now: () => 5000,
  config: { defaultCollection: 'users', collections: { users, kiosks } },
} as unknown as Context

test('the warning comes warnSeconds before the end, or after half of a short period', () => {
  expect([1000, 120, 119, 7].map((period) => warningOf(ctx, 'users', period))).toEqual([60, 60, 59, 3])
  expect(retained(ctx, 'users', 'passkey')).toEqual({ expiresAt: 6000, dueAt: 5940 })
  expect(retained(ctx, 'users', 'none')).toEqual({ expiresAt: 5100, dueAt: 5050 })
  expect(retained(ctx, 'kiosks', 'none', 1000)).toEqual({ expiresAt: 1007, dueAt: 1004 })
})

test('a period of false is for ever, and a regular user is kept for ever', () => {
  expect(retained(ctx, 'users', 'synced')).toEqual(forEver)
  expect(retainedBy(ctx, 'users')).toEqual({
    none: { expiresAt: 5100, dueAt: 5050 },
    device: { expiresAt: 5200, dueAt: 5140 },
    passkey: { expiresAt: 6000, dueAt: 5940 },
    synced: { expiresAt: null, dueAt: null },
    promoted: { expiresAt: null, dueAt: null },
  })
})

test('a collection that the options no longer name has the rules of the default one', () => {
  expect(rulesOf(ctx, 'kiosks')).toBe(kiosks)
  expect(rulesOf(ctx, 'gone')).toBe(users)
})
