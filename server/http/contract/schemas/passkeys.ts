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

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ATTACHMENTS: unknown[] = ['platform', 'cross-platform']
const MAX_TRANSPORTS = 16
const TRANSPORT = /^[\w-]{1,32}$/

/**
 * A browser's response without what its proof does not need and we do not know. By now the authenticator has the passkey,
 * so a refusal would leave it there without a use. Unknown members are ignored and an unknown attachment counts as none
 * (WebAuthn Level 3, 2.1.1 and 5.1). Unknown transports are kept, for browsers that will know them (5.2.1).
 */
function tolerated(value: unknown): unknown {
  if (!isObject(value)) return value
  const { id, rawId, type, response, client_id, authenticatorAttachment, clientExtensionResults } = value
  const credProps = isObject(clientExtensionResults) ? clientExtensionResults.credProps : undefined
  const rk = isObject(credProps) && typeof credProps.rk === 'boolean' ? credProps.rk : undefined
  return {
    id,
    rawId,
    type,
    ...(client_id !== undefined && { client_id }),
    ...(ATTACHMENTS.includes(authenticatorAttachment) && { authenticatorAttachment }),
    clientExtensionResults: rk === undefined ? {} : { credProps: { rk } },
    response: isObject(response) ? { ...response, ...transportsIn(response) } : response,
  }
}

function transportsIn({ transports }: Json): { transports?: unknown } {
  if (transports === undefined) return {}
  const named = (Array.isArray(transports) ? transports : []).filter(
    (one) => typeof one === 'string' && TRANSPORT.test(one),
  )
  return { transports: named.slice(0, MAX_TRANSPORTS) }
}

/** Documents the form of the standard, and takes what browsers make of it. */
const fromBrowser = <T extends z.ZodMiniType>(schema: T) => z.pipe(z.transform(tolerated), schema)

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
  fromBrowser(
    z.strictObject({
      ...credential,
      clientExtensionResults: z.looseObject({
        credProps: z.optional(z.looseObject({ rk: z.optional(z.boolean()) })),
      }),
      response: z.looseObject({
        clientDataJSON: base64url,
        attestationObject: base64url,
        transports: z.optional(
          z
            .array(z.string().check(z.regex(TRANSPORT, 'must be a transport')))
            .check(z.maxLength(MAX_TRANSPORTS)),
        ),
      }),
    }),
  ),
)

/** AuthenticationResponseJSON of WebAuthn Level 3, 5.1.8. */
export const authenticationResponse = named(
  'AuthenticationResponseJSON',
  fromBrowser(
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
  ),
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
