// What goes in and out of the recovery code routes.

import type { RecoveryCodes, RecoveryCodesLeft } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { clientId, text, unixSeconds } from './common.ts'
import { signedIn } from './guest.ts'

const left = z.int().check(z.describe('How many recovery codes are left'))
export const recoveryCodesLeft = z.object({
  left,
  created_at: z
    .nullable(z.int())
    .check(z.describe('When they were made; Unix time in seconds, null: there are none')),
}) satisfies Of<RecoveryCodesLeft>
export const recoveryCodes = z.object({
  codes: z.array(text('Crockford’s base 32, in groups of four')).check(z.describe('Shown this once')),
  left,
  created_at: unixSeconds,
}) satisfies Of<RecoveryCodes>
export const signedInByRecoveryCode = z.extend(signedIn, { recovery_codes_left: left })
export const recoveryCode = z.strictObject({
  code: text('In any case, with or without what stands between its groups').check(z.maxLength(100)),
  client_id: clientId,
})
