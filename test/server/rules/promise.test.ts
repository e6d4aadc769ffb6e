// How long a guest is promised to be remembered.

import { expect, test } from 'vitest'
import { promisedTo } from '../../../server/rules/promise.ts'

test('the promise to a guest depends on its way back, the promise to a regular user does not', () => {
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
