// How a guest could come back.

import { expect, test } from 'vitest'
import { byPasskeys, hasPasskey, promisedTo } from '../../../server/rules/recoverability.ts'

test('one passkey that is backed up makes a guest synced', () => {
  expect(byPasskeys({ backedUp: false })).toBe('passkey')
  expect(byPasskeys({ backedUp: false }, { backedUp: true })).toBe('synced')
})

test('only a passkey can be proven, not a device key or a recovery code', () => {
  expect((['none', 'device', 'passkey', 'synced'] as const).map(hasPasskey)).toEqual([
    ...[false, false, true, true],
  ])
})

test('a regular user is promised the same by every way back, a guest by the own one', () => {
  const promises = { none: 1, device: 2, passkey: 3, synced: 4, promoted: 5 }
  for (const [way, promise] of [
    ['none', 1],
    ['device', 2],
    ['passkey', 3],
    ['synced', 4],
  ] as const) {
    expect(promisedTo(promises, way, null)).toBe(promise)
    expect(promisedTo(promises, way, 0)).toBe(5)
  }
})
