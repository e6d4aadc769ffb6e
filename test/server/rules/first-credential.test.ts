// What a guest's first passkey or login ID ends.

import { expect, test } from 'vitest'
import { endedByNew, withoutDeviceKeys } from '../../../server/rules/first-credential.ts'

test('the first passkey or login ID ends all sessions and device keys', () => {
  expect(endedByNew({ isFirst: true, isKept: true })).toEqual({ sessions: true, deviceKeys: true })
})

test('a guest without a row has no device keys to lose', () => {
  expect(endedByNew({ isFirst: true, isKept: false })).toEqual({ sessions: true, deviceKeys: false })
})

test('a further one ends nothing', () => {
  for (const isKept of [true, false])
    expect(endedByNew({ isFirst: false, isKept })).toEqual({ sessions: false, deviceKeys: false })
})

test('without device keys, a guest comes back by recovery codes or passkeys alone', () => {
  expect(withoutDeviceKeys('device', 0)).toBe('none')
  expect(withoutDeviceKeys('device', 3)).toBe('device')
  for (const same of ['none', 'passkey', 'synced'] as const) expect(withoutDeviceKeys(same, 0)).toBe(same)
})
