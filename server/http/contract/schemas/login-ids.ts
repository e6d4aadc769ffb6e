// The schemas of the promotion and login ID endpoints.

import { z } from '../../../zod.ts'
import { clientId, flag, fromBefore, named, text, unixSeconds } from './common.ts'
import { userInfoWithTokens } from './guest.ts'

export const promoted = z.extend(userInfoWithTokens, fromBefore)
export const loginIdKey = z.strictObject({
  type: z.enum(['email', 'phone']),
  value: z.string().check(z.minLength(1), z.maxLength(320)),
})
/** A login ID that the user has; it may also be an account at an OpenID provider. */
export const knownLoginId = z.strictObject({
  type: z.enum(['email', 'phone', 'oidc']),
  value: z.string().check(z.minLength(1), z.maxLength(1024)),
})
export const transaction = z.object({ transaction: z.string(), expires_at: unixSeconds })
export const givenCode = z.strictObject({
  transaction: z.string().check(z.maxLength(2000)),
  code: text('Six digits').check(z.maxLength(16)),
  client_id: clientId,
})
export const forced = z.strictObject({
  force: z.optional(flag('Go on even if nothing could bring the guest back')),
})
export const loginIds = z.object({
  login_ids: z.array(
    named(
      'LoginId',
      z.object({
        type: z.string(),
        value: z.string(),
        primary: z.boolean(),
        verified_at: unixSeconds,
      }),
    ),
  ),
})
