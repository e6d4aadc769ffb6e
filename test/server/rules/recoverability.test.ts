// How a guest could come back.

import { expect, test } from 'vitest'
import { byPasskeys, hasPasskey } from '../../../server/rules/recoverability.ts'

test('one passkey that is backed up makes a guest synced', () => {
  expect(byPasskeys({ backedUp: false })).toBe('passkey')
  expect(byPasskeys({ backedUp: false }, { backedUp: true })).toBe('synced')
})

test('only a passkey can be proven, not a device key or a recovery code', () => {
  expect((['none', 'device', 'passkey', 'synced'] as const).map(hasPasskey)).toEqual([
    ...[false, false, true, true],
  ])
})
