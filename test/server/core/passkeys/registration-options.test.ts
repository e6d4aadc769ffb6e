// The options of a registration: when they are refused, and which user handle they hold.

import { expect, test } from 'vitest'
import type { Context } from '../../../../server/context.ts'
import { deriveKeys, longMac } from '../../../../server/core/crypto/secrets.ts'
import {
  registrationOptions,
  requireRegistration,
  userHandleOf,
} from '../../../../server/core/passkeys/registration-options.ts'

const keys = deriveKeys('a secret of more than 32 characters')
const settingsWith = (isOn: boolean) => ({ value: async () => isOn })

test('options are refused, and so is what was made with them, if new passkeys are switched off', async () => {
  const off = { settings: settingsWith(false) } as unknown as Context
  const refusal = { code: 'registration_off' }
  await expect(registrationOptions(off, undefined, { conditional: false })).rejects.toMatchObject(refusal)
  await expect(requireRegistration(off)).rejects.toMatchObject(refusal)
  const on = { settings: settingsWith(true) } as unknown as Context
  await expect(requireRegistration(on)).resolves.toBeUndefined()
})

test('the handle of a kept guest is the one in its row, and that of any other follows from its id', async () => {
  const store = { findGuest: async () => ({ userHandle: 'the handle in the row' }) }
  const ctx = { keys, store } as unknown as Context
  expect(await userHandleOf(ctx, { anonymousId: 'a', kind: 'stored' })).toBe('the handle in the row')
  for (const guest of [{ anonymousId: 'a' }, { anonymousId: 'a', kind: 'sealed' as const }])
    expect(await userHandleOf(ctx, guest)).toBe(longMac(keys.userHandle, 'a'))
})
