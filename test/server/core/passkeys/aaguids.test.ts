// The names of passkey providers.

import { expect, test } from 'vitest'
import { providerName } from '../../../../server/core/passkeys/aaguids.ts'

test.each([
  ['fbfc3007-154e-4ecc-8c0b-6e020557d7bd', 'Apple Passwords'],
  ['ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', 'Google Password Manager'],
  ['00000000-0000-0000-0000-000000000000', null],
  ['fbfc3007-154e-4ecc-8c0b-6e020557d7be', null],
  ['toString', null],
  ['__proto__', null],
])('the provider of AAGUID %s is %s', (aaguid, name) => {
  expect(providerName(aaguid)).toBe(name)
})
