// The schemas of the OAuth endpoints (RFC 6749, 7009, 7662), of discovery and of /verify.

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
    expires_in: z.int().check(z.describe('How long the access token is valid, in seconds')),
    refresh_token: z.optional(z.string()),
    scope: z.optional(z.string()),
    id_token: z.optional(z.string()),
    issued_token_type: z.optional(text('Only of an exchange (RFC 8693, 2.2.1)')),
  }),
) satisfies Of<Tokens>

/** The client of an OAuth request. A confidential client may use HTTP Basic instead (RFC 6749, 2.3.1). */
export const clientInBody = {
  client_id: z.optional(z.string()),
  client_secret: z.optional(z.string()),
  client_assertion: z.optional(text('A JWT that the client signed (RFC 7523, 2.2)')),
  client_assertion_type: z.optional(z.string()),
}

/** Unknown params are ignored (RFC 6749, 3.2). */
export const tokenRequest = z.object({
  grant_type: z.string(),
  ...clientInBody,
  refresh_token: z.optional(z.string()),
  code: z.optional(z.string()),
  code_verifier: z.optional(z.string()),
  redirect_uri: z.optional(z.string()),
  device_code: z.optional(text('The code of a device without a browser (RFC 8628, 3.4)')),
  assertion: z.optional(text('The assertion of a device key (RFC 7523, 2.1)')),
  subject_token: z.optional(text('The token that is exchanged (RFC 8693, 2.1)')),
  subject_token_type: z.optional(z.string()),
  requested_token_type: z.optional(z.string()),
  actor_token: z.optional(z.string()),
  scope: z.optional(z.string()),
  resource: z.optional(text('The audience of the access token (RFC 8707)')),
  collection: z.optional(text('The collection of a new guest')),
})
/** RFC 8628, 3.1 and 3.2. */
export const deviceAuthorization = z.object({ ...clientInBody, scope: z.optional(z.string()) })
export const startedDevice = z.strictObject({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.int(),
  interval: z.int(),
})
export const revocation = z.object({
  token: z.string(),
  token_type_hint: z.optional(z.string()),
  ...clientInBody,
})
export const introspection = revocation
/** RFC 7662, 2.2. */
export const introspected = z.looseObject({ active: z.boolean() })
export const metadata = z.looseObject({ issuer: z.string() })
export const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) })
export const verify = z.strictObject({
  optional: z.optional(z.enum(['true', 'false'])),
  audience: z.optional(
    text('The audience that an access token must have, unless it is for the issuer alone'),
  ),
})
