// What goes in and out of the device link routes.

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
  code: text('To be typed on the other device: eight consonants'),
  link: text('To be scanned by it: belongs into the fragment of an address, which no server sees'),
  expires_at: unixSeconds,
})
/** Letters alone, so that no version and no user agent fits in. */
const deviceName = z.string().check(z.regex(/^[A-Za-z][A-Za-z ]{0,23}$/, 'must be a short name in letters'))
export const openLink = z.strictObject({
  code: z.optional(text('As it was typed').check(z.maxLength(64))),
  link: z.optional(text('As it was scanned, instead').check(z.maxLength(100))),
  device: z.strictObject({ platform: deviceName, browser: deviceName }),
  leave: z.optional(flag('Though another guest is signed in here, who is then left')),
  client_id: clientId,
})
export const openedLink = z.object({
  secret: text('To claim the session by, once it is approved'),
  words: z.array(text('What the other device shows as well')),
  label: text('Of the guest whom this device would be signed in as'),
  expires_at: unixSeconds,
  interval: z.int().check(z.describe('Seconds to wait before each claim')),
})
export const decideLink = z.strictObject({ approve: z.boolean() })
export const claimLink = z.strictObject({
  secret: z.string().check(z.maxLength(100)),
  client_id: clientId,
})
export const undecidedLink = z.object({ status: z.literal('opened'), interval: z.int() })
