// The schemas of the recovery code endpoints.

import type { RecoveryCodes, RecoveryCodesLeft } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { clientId, text, unixSeconds } from './common.ts'
import { signedIn } from './guest.ts'

const left = z.int().check(z.describe('How many recovery codes are left'))
const confirmed = z
  .boolean()
  .check(
    z.describe(
      'Whether the guest confirmed that they were written down; until then they sign in, but do not count in recoverability',
    ),
  )
export const recoveryCodesLeft = z.object({
  left,
  created_at: z
    .nullable(z.int())
    .check(z.describe('When they were made; Unix time in seconds, null if there are none')),
  confirmed,
}) satisfies Of<RecoveryCodesLeft>
export const recoveryCodes = z.object({
  codes: z
    .array(text('Crockford’s base 32, in groups of four'))
    .check(z.describe('The server cannot show them again')),
  left,
  created_at: unixSeconds,
  confirmed,
}) satisfies Of<RecoveryCodes>
export const signedInByRecoveryCode = z.extend(signedIn, { recovery_codes_left: left })
const code = text('In upper or lower case, with or without hyphens or spaces between the groups').check(
  z.maxLength(100),
)
/** The code of a way in. */
export const writtenCode = z.strictObject({ code })
export const recoveryCode = z.strictObject({
  code,
  client_id: clientId,
})
