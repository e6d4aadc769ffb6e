// The schemas of the passkey endpoints (WebAuthn Level 3, 5.1).

import type { Passkey } from '../../../types.ts'
import { z } from '../../../zod.ts'
import type { Of } from './common.ts'
import { base64url, clientId, flag, fromBefore, named, unixSeconds } from './common.ts'
import { handed, userInfo } from './guest.ts'

export const passkey = named(
  'Passkey',
  z.object({
    id: base64url.check(z.describe('Credential id')),
    name: z.string(),
    provider: z
      .nullable(z.string())
      .check(
        z.describe('The password manager or device that stores it, found by its AAGUID; null if unknown'),
      ),
    created_at: unixSeconds,
    last_used_at: z.nullable(unixSeconds),
    transports: z.array(z.string()),
    backed_up: flag('Synced or otherwise backed up'),
  }),
) satisfies Of<Passkey>
export const registered = named('Registered', z.extend(userInfo, { passkey, ...fromBefore, ...handed }))
export const passkeys = z.object({ passkeys: z.array(passkey) })
export const registerOptions = z.strictObject({
  conditional: z.optional(
    flag(
      'The browser makes the passkey without asking, for the guest who is signed in (conditional mediation)',
    ),
  ),
})
export const authenticateOptions = z.strictObject({
  step_up: z.optional(flag('Confirm the guest who is signed in, instead of signing in')),
})

const credential = {
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  authenticatorAttachment: z.nullish(z.enum(['platform', 'cross-platform'])),
  client_id: clientId,
}

/** RegistrationResponseJSON of WebAuthn Level 3, 5.1.8. */
export const registrationResponse = named(
  'RegistrationResponseJSON',
  z.strictObject({
    ...credential,
    clientExtensionResults: z.looseObject({
      credProps: z.optional(z.looseObject({ rk: z.optional(z.boolean()) })),
    }),
    response: z.looseObject({
      clientDataJSON: base64url,
      attestationObject: base64url,
      transports: z.optional(
        z.array(z.string().check(z.regex(/^[\w-]{1,32}$/, 'must be a transport'))).check(z.maxLength(16)),
      ),
    }),
  }),
)

/** AuthenticationResponseJSON of WebAuthn Level 3, 5.1.8. */
export const authenticationResponse = named(
  'AuthenticationResponseJSON',
  z.strictObject({
    ...credential,
    clientExtensionResults: z.looseObject({}),
    response: z.looseObject({
      clientDataJSON: base64url,
      authenticatorData: base64url,
      signature: base64url,
      userHandle: z.nullish(base64url),
    }),
  }),
)

/** PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3, 5.1.9. Clients pass it to the browser unchanged. */
export const creationOptions = named(
  'PublicKeyCredentialCreationOptionsJSON',
  z.looseObject({ challenge: base64url, rp: z.looseObject({}), user: z.looseObject({ id: base64url }) }),
)

/** PublicKeyCredentialRequestOptionsJSON of WebAuthn Level 3, 5.1.10. Clients pass it to the browser unchanged. */
export const requestOptions = named(
  'PublicKeyCredentialRequestOptionsJSON',
  z.looseObject({ challenge: base64url, rpId: z.string() }),
)

export const passkeySignal = named(
  'PasskeySignal',
  z.object({
    rp_id: z.string(),
    user_id: base64url.check(z.describe('The user handle')),
    credential_ids: z.array(base64url).check(z.describe('All passkeys of the guest that are accepted')),
    name: z.string(),
    display_name: z.string(),
  }),
)
export const unknownPasskey = z.object({
  unknown: flag('The server does not know the passkey: the browser may tell the authenticator'),
})
