// The schemas of the device key endpoints.

import type { DeviceKey } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { base64url, clientId, named, rename, unixSeconds } from './common.ts'
import { userInfo } from './guest.ts'

export const deviceKey = named(
  'DeviceKey',
  z.object({
    id: base64url.check(z.describe('SHA-256 thumbprint of the key (RFC 7638)')),
    name: z.string(),
    algorithm: z.enum(['ES256', 'EdDSA', 'RS256']),
    created_at: unixSeconds,
    last_used_at: z.nullable(unixSeconds),
  }),
) satisfies Of<DeviceKey>
export const deviceKeys = z.object({ device_keys: z.array(deviceKey) })
export const withDeviceKey = z.extend(userInfo, { device_key: deviceKey })
export const deviceKeyChallenge = z.object({
  challenge: base64url.check(z.describe('The nonce of the proof')),
  expires_at: unixSeconds,
  now: unixSeconds.check(
    z.describe('The time of the server, for iat and exp of the proof; Unix time in seconds'),
  ),
})
const jws = z.string().check(z.maxLength(8192))
export const deviceKeyPurpose = z.strictObject({ purpose: z.enum(['register', 'sign_in']) })
export const deviceKeyRegistration = z.strictObject({
  proof: jws.check(z.describe('A JWT of type device-key-registration+jwt, signed by the key itself')),
  name: z.optional(rename.shape.name),
})
export const deviceKeySignIn = z.strictObject({
  assertion: jws.check(z.describe('A JWT of type device-key-assertion+jwt (RFC 7523, 3)')),
  client_id: clientId,
})
