// What goes in and out of the doors, as zod schemas: they validate, type the client and make the OpenAPI document.

import * as z from 'zod'

const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/, 'must be base64url')
const unixSeconds = z.int().describe('Unix time in seconds')

export const guest = z
  .object({
    sub: z.string().describe('The subject for life; the same as anonymous_id'),
    anonymous_id: z.string().describe('128 random bits, base64url'),
    isAnonymous: z.boolean().describe('Has no verified login ID'),
    isVerified: z.boolean().describe('Has a verified login ID'),
    recoverability: z
      .enum(['none', 'device', 'passkey', 'synced'])
      .describe('How the guest could come back if the session were gone'),
    label: z.string().describe('The readable name that passkey pickers show'),
    collection: z.string(),
    expires_at: unixSeconds.describe('When this session ends unless it is used; Unix time in seconds'),
  })
  .meta({ id: 'Guest' })

export const passkey = z
  .object({
    id: base64url.describe('Credential id'),
    name: z.string(),
    provider: z.string().nullable().describe('Who keeps the passkey, by its AAGUID; null where not known'),
    created_at: unixSeconds,
    last_used_at: unixSeconds.nullable(),
    transports: z.array(z.string()),
    backed_up: z.boolean().describe('Synced or otherwise backed up'),
  })
  .meta({ id: 'Passkey' })

export const session = z
  .object({
    id: z.string(),
    created_at: unixSeconds,
    last_seen_at: unixSeconds,
    expires_at: unixSeconds,
    auth_time: unixSeconds.nullable().describe('When a passkey was last proven in it; Unix time in seconds'),
    current: z.boolean().describe('Whether this request was made in it'),
  })
  .meta({ id: 'Session' })

export const problem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), code: z.string(), detail: z.string() })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details; decide by the stable code' })

export const registered = guest.extend({ passkey }).meta({ id: 'Registered' })
export const signedIn = guest
  .extend({
    previous: guest
      .pick({ anonymous_id: true, label: true, collection: true, recoverability: true })
      .optional(),
  })
  .meta({ id: 'SignedIn' })
export const passkeys = z.object({ passkeys: z.array(passkey) })
export const sessions = z.object({ sessions: z.array(session) })
export const endedSessions = z.object({ ended: z.int() })

export const noBody = z.strictObject({})
export const signIn = z.strictObject({
  lookup_only: z.boolean().optional().describe('Create nothing: answer 404 where nobody is signed in'),
  collection: z.string().optional(),
})
export const signOut = z.strictObject({
  everywhere: z.boolean().optional().describe('End all sessions of the guest'),
  force: z.boolean().optional().describe('Even where the guest could not come back'),
})
export const rename = z.strictObject({ name: z.string().trim().min(1).max(64) })
export const authenticateOptions = z.strictObject({
  step_up: z.boolean().optional().describe('Confirm the guest who is signed in, rather than sign in'),
})
/** A query parameter arrives as text. */
export const force = z.strictObject({ force: z.enum(['true', 'false']).optional() })

const attachment = z.enum(['platform', 'cross-platform']).nullish()

/** RegistrationResponseJSON of WebAuthn Level 3, 5.1.8. */
export const registrationResponse = z
  .strictObject({
    id: base64url,
    rawId: base64url,
    type: z.literal('public-key'),
    authenticatorAttachment: attachment,
    clientExtensionResults: z.looseObject({
      credProps: z.looseObject({ rk: z.boolean().optional() }).optional(),
    }),
    response: z.looseObject({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z
        .array(z.string().regex(/^[\w-]{1,32}$/))
        .max(16)
        .optional(),
    }),
  })
  .meta({ id: 'RegistrationResponseJSON' })

/** AuthenticationResponseJSON of WebAuthn Level 3, 5.1.8. */
export const authenticationResponse = z
  .strictObject({
    id: base64url,
    rawId: base64url,
    type: z.literal('public-key'),
    authenticatorAttachment: attachment,
    clientExtensionResults: z.looseObject({}),
    response: z.looseObject({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: base64url.nullish(),
    }),
  })
  .meta({ id: 'AuthenticationResponseJSON' })

/** PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3, 5.1.9: for the browser, to hand on unread. */
export const creationOptions = z
  .looseObject({ challenge: base64url, rp: z.looseObject({}), user: z.looseObject({ id: base64url }) })
  .meta({ id: 'PublicKeyCredentialCreationOptionsJSON' })

/** PublicKeyCredentialRequestOptionsJSON of WebAuthn Level 3, 5.1.10: likewise. */
export const requestOptions = z
  .looseObject({ challenge: base64url, rpId: z.string() })
  .meta({ id: 'PublicKeyCredentialRequestOptionsJSON' })
