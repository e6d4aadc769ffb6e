// Schemas that several endpoints share, and the two forms of an error.

import { readable } from '../../../readable.ts'
import { z } from '../../../zod.ts'

export const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]*$/, 'must be base64url'))
export const unixSeconds = z.int().check(z.describe('Unix time in seconds'))
export const text = (description: string) => z.string().check(z.describe(description))
export const flag = (description: string) => z.boolean().check(z.describe(description))

/** Gives a schema a name of its own among the components of the OpenAPI document. */
export function named<T extends z.ZodMiniType>(id: string, schema: T): T {
  z.globalRegistry.add(schema, { id })
  return schema
}

/** A schema of this type. `satisfies Of<T>` holds the schema of a response to the public type T. */
export type Of<T> = z.ZodMiniType<T>

/** Problem details (RFC 9457). Programs decide by the last part of `type`, which is stable, or by `code`. */
const challenge = z.optional(
  named(
    'ProofOfWorkChallenge',
    z.object({
      parameters: z.object({
        algorithm: z.literal('PBKDF2/SHA-256'),
        cost: z.int().check(z.describe('Iterations of PBKDF2 for each counter')),
        data: z.object({ purpose: z.enum(['guest', 'keep', 'code', 'link']) }),
        expiresAt: z.int().check(z.describe('Unix seconds')),
        keyLength: z.int(),
        keyPrefix: text('How the key begins that is looked for, as hex'),
        keySignature: z.string(),
        nonce: text('Hex. The password is the nonce and the counter, as 32 bits, big-endian'),
        salt: text('Hex'),
      }),
      signature: z.string(),
    }),
  ).check(
    z.describe(
      'Only for proof_of_work_required: what to solve, by the protocol of ALTCHA (version 2), before the request is sent again with the header Altcha',
    ),
  ),
)

export const problem = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    ticket: z.optional(
      text(
        'Only for login_id_taken: the ticket to merge this guest after signing in to the account with the login ID',
      ),
    ),
    challenge,
  }),
)

/** An error of OAuth (RFC 6749, 5.2), with guestkey's own `type` and `code`. */
export const oauthError = named(
  'OAuthError',
  z.object({
    error: z.string(),
    error_description: z.string(),
    type: z.string(),
    code: z.string(),
    challenge,
  }),
)

/** With the first passkey or login ID. */
export const fromBefore = {
  recovery_codes_left: z.optional(
    z.int().check(z.describe('How many recovery codes from before are still good, if any are: renew them')),
  ),
}

export const noBody = z.strictObject({})
export const clientId = z.optional(
  text('The public client that gets the new session as tokens, instead of a cookie'),
)
export const ticket = z.string().check(z.minLength(1), z.maxLength(100))
/** A name that somebody gives to something. What nobody would see in it is left out. */
export const givenName = z.string().check(z.overwrite(readable), z.trim(), z.minLength(1), z.maxLength(64))
export const rename = z.strictObject({ name: givenName })
/** Query params are texts. */
export const force = z.strictObject({ force: z.optional(z.enum(['true', 'false'])) })
