// What goes in and out of the OAuth routes (RFC 6749, 7009, 7662), of discovery and of /verify.

import type { Tokens } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { named, text } from './common.ts'

/** RFC 6749, 5.1. */
export const tokens = named(
  'Tokens',
  z.object({
    access_token: text('A JWT (RFC 9068)'),
    token_type: z.enum(['Bearer', 'DPoP']),
    expires_in: z.int().check(z.describe('Seconds')),
    refresh_token: z.optional(z.string()),
    scope: z.optional(z.string()),
  }),
) satisfies Of<Tokens>

/** What every OAuth request may say of its client; a confidential one may use HTTP Basic instead (RFC 6749, 2.3.1). */
const client = { client_id: z.optional(z.string()), client_secret: z.optional(z.string()) }

/** RFC 6749, 3.2: parameters that are not known are ignored. */
export const tokenRequest = z.object({
  grant_type: z.string(),
  ...client,
  refresh_token: z.optional(z.string()),
  code: z.optional(z.string()),
  code_verifier: z.optional(z.string()),
  redirect_uri: z.optional(z.string()),
  assertion: z.optional(text('Of a device key (RFC 7523, 2.1)')),
  scope: z.optional(z.string()),
  resource: z.optional(text('The audience that the access token is to be for (RFC 8707)')),
  collection: z.optional(text('Of a new guest')),
})
export const revocation = z.object({ token: z.string(), token_type_hint: z.optional(z.string()), ...client })
export const introspection = revocation
/** RFC 7662, 2.2. */
export const introspected = z.looseObject({ active: z.boolean() })
export const metadata = z.looseObject({ issuer: z.string() })
export const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })
export const verify = z.strictObject({
  optional: z.optional(z.enum(['true', 'false'])),
  audience: z.optional(text('What a bearer token must be for, where it is not for the issuer alone')),
})
