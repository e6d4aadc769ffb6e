// The schemas of the device link endpoints.

import type { DeviceLink } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { clientId, flag, named, text, unixSeconds } from './common.ts'

export const deviceLink = named(
  'DeviceLink',
  z.object({
    id: z.string(),
    status: z.enum(['waiting', 'opened', 'approved', 'refused', 'done']),
    words: z.optional(z.array(z.string())),
    device: z.optional(z.object({ platform: z.string(), browser: z.string() })),
    expires_at: unixSeconds,
  }),
) satisfies Of<DeviceLink>
export const startedLink = z.object({
  id: z.string(),
  code: text('The code to type on the other device: eight consonants'),
  link: text('The link to scan with the other device. Put it in the fragment of a URL, which no server sees'),
  expires_at: unixSeconds,
})
/** Only letters and spaces, so that no version number and no user agent fits in. */
const deviceName = z
  .string()
  .check(z.regex(/^[A-Za-z][A-Za-z ]{0,23}$/, 'must be a name of 1 to 24 letters and spaces, such as Chrome'))
export const openLink = z.strictObject({
  code: z.optional(text('The code as it was typed').check(z.maxLength(64))),
  link: z.optional(text('Or the link as it was scanned').check(z.maxLength(100))),
  device: z.strictObject({ platform: deviceName, browser: deviceName }),
  leave: z.optional(
    flag('Go on even if another guest is signed in here; that session ends when this device is signed in'),
  ),
  client_id: clientId,
})
export const openedLink = z.object({
  secret: text('The secret with which to claim the session after it is approved'),
  words: z.array(text('A word that the other device shows as well, to compare')),
  label: text('The label of the guest that this device would be signed in as'),
  expires_at: unixSeconds,
  interval: z.int().check(z.describe('Seconds to wait before each claim')),
})
export const decideLink = z.strictObject({ approve: z.boolean() })
export const claimLink = z.strictObject({
  secret: z.string().check(z.maxLength(100)),
  client_id: clientId,
})
export const undecidedLink = z.object({ status: z.literal('opened'), interval: z.int() })
