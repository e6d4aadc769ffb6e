// What goes in and out of the doors, as zod schemas: they validate, type the client and make the OpenAPI document.

import type {
  DeviceKey,
  DeviceLink,
  Guest,
  GuestProfile,
  GuestSession,
  Passkey,
  RecoveryCodes,
  RecoveryCodesLeft,
  Tokens,
  UserInfo,
} from '../../types.ts'
import { z } from '../../zod.ts'

const base64url = z.string().check(z.regex(/^[A-Za-z0-9_-]*$/, 'must be base64url'))
const unixSeconds = z.int().check(z.describe('Unix time in seconds'))
const text = (description: string) => z.string().check(z.describe(description))
const flag = (description: string) => z.boolean().check(z.describe(description))

/** Names a schema among the components of the OpenAPI document. */
function named<T extends z.ZodMiniType>(id: string, schema: T): T {
  z.globalRegistry.add(schema, { id })
  return schema
}

/** The answers' schemas say what the types say. */
type Of<T> = z.ZodMiniType<T>

export const guest = named(
  'Guest',
  z.object({
    sub: text('The subject for life; the same as anonymous_id'),
    anonymous_id: text('128 random bits, base64url; of one who was imported, the id that it had elsewhere'),
    isAnonymous: flag('Has no verified login ID'),
    isVerified: flag('Has a verified login ID'),
    recoverability: z
      .enum(['none', 'device', 'passkey', 'synced'])
      .check(z.describe('How the guest could come back if the session were gone')),
    label: text('The readable name that passkey pickers show'),
    collection: z.string(),
    expires_at: z
      .nullable(z.int())
      .check(z.describe('When the guest is forgotten unless seen before; Unix time in seconds, null: never')),
  }),
) satisfies Of<Guest>

export const userInfo = named(
  'UserInfo',
  z.extend(guest, {
    prompts: z.array(
      text(
        'add_passkey, add_device_key, add_recovery_codes, promote, add_attribute:<name>, or a name of the host',
      ),
    ),
  }),
) satisfies Of<UserInfo>

export const profile = named(
  'Profile',
  z.object({
    anonymous_id: z.string(),
    isAnonymous: z.boolean(),
    isVerified: z.boolean(),
    isPromoted: flag('Became a regular user'),
    attributes: z.record(z.string(), z.unknown()),
    updated_at: z.nullable(unixSeconds),
  }),
) satisfies Of<GuestProfile>

const previousGuest = z.pick(guest, {
  anonymous_id: true,
  label: true,
  collection: true,
  recoverability: true,
})

export const passkey = named(
  'Passkey',
  z.object({
    id: base64url.check(z.describe('Credential id')),
    name: z.string(),
    provider: z.nullable(z.string()).check(z.describe('Who keeps it, by its AAGUID; null where not known')),
    created_at: unixSeconds,
    last_used_at: z.nullable(unixSeconds),
    transports: z.array(z.string()),
    backed_up: flag('Synced or otherwise backed up'),
  }),
) satisfies Of<Passkey>

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

export const session = named(
  'Session',
  z.object({
    id: z.string(),
    created_at: unixSeconds,
    last_seen_at: unixSeconds,
    expires_at: unixSeconds,
    auth_time: z
      .nullable(z.int())
      .check(z.describe('When a passkey was last proven in it; Unix time in seconds')),
    current: flag('Whether this request was made in it'),
  }),
) satisfies Of<GuestSession>

/** RFC 9457 problem details; programs decide by the stable code. */
export const problem = named(
  'Problem',
  z.object({
    ...{ type: z.string(), title: z.string(), status: z.int(), code: z.string(), detail: z.string() },
    ticket: z.optional(
      text('Of login_id_taken: to merge, once signed in to the account that has the login ID'),
    ),
  }),
)

/** RFC 6749, 5.2, with our own stable code. */
export const oauthError = named(
  'OAuthError',
  z.object({ error: z.string(), error_description: z.string(), code: z.string() }),
)

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

/** Where a client asks: the new session's tokens, in place of the cookie. */
const handed = { tokens: z.optional(tokens) }

export const userInfoWithTokens = z.extend(userInfo, handed)

/** With the first passkey or login ID. */
const fromBefore = {
  recovery_codes_left: z.optional(
    z.int().check(z.describe('How many recovery codes from before are still good, if any are: renew them')),
  ),
}
export const promoted = z.extend(userInfoWithTokens, fromBefore)
export const registered = named('Registered', z.extend(userInfo, { passkey, ...fromBefore, ...handed }))
export const merged = z.extend(userInfo, { merged: previousGuest })
export const accountExport = z.looseObject({ exported_at: unixSeconds })
export const signedIn = named(
  'SignedIn',
  z.extend(userInfo, {
    previous: z.optional(previousGuest),
    merged: z.optional(flag('The previous guest was folded into this one')),
    ticket: z.optional(text('To undo that, or to ask for it')),
    offer_passkey: z.optional(flag('A passkey on this device should be offered now')),
    ...handed,
  }),
)
const left = z.int().check(z.describe('How many recovery codes are left'))
export const recoveryCodesLeft = z.object({
  left,
  created_at: z
    .nullable(z.int())
    .check(z.describe('When they were made; Unix time in seconds, null: there are none')),
}) satisfies Of<RecoveryCodesLeft>
export const recoveryCodes = z.object({
  codes: z.array(text('Crockford’s base 32, in groups of four')).check(z.describe('Shown this once')),
  left,
  created_at: unixSeconds,
}) satisfies Of<RecoveryCodes>
export const redeemed = z.extend(signedIn, fromBefore)
export const signedInByRecoveryCode = z.extend(signedIn, { recovery_codes_left: left })
export const passkeys = z.object({ passkeys: z.array(passkey) })
export const deviceKeys = z.object({ device_keys: z.array(deviceKey) })
export const withDeviceKey = z.extend(userInfo, { device_key: deviceKey })
export const deviceKeyChallenge = z.object({
  challenge: base64url.check(z.describe('The nonce of the proof')),
  expires_at: unixSeconds,
  now: unixSeconds.check(z.describe('The clock that iat and exp of the proof go by; Unix time in seconds')),
})
export const sessions = z.object({ sessions: z.array(session) })
export const endedSessions = z.object({ ended: z.int() })

export const noBody = z.strictObject({})
export const signIn = z.strictObject({
  lookup_only: z.optional(flag('Create nothing: answer 404 where nobody is signed in')),
  collection: z.optional(z.string()),
})
export const signOut = z.strictObject({
  everywhere: z.optional(flag('End all sessions of the guest')),
  force: z.optional(flag('Even where the guest could not come back')),
})
const clientId = z.optional(text('The public client that the new session is to be of, instead of a cookie'))

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

export const atMoment = z.object({
  moment: z.optional(text('A moment that the host names').check(z.maxLength(64))),
})
export const snooze = z.strictObject({
  prompt: text('As userinfo names it').check(z.maxLength(130)),
  seconds: z.optional(z.int().check(z.positive(), z.maximum(10 * 365 * 24 * 60 * 60))),
  client_id: clientId,
})
export const profilePatch = z.strictObject({
  attributes: z.record(z.string(), z.unknown()).check(z.describe('null takes one back')),
})
export const loginIdKey = z.strictObject({
  type: z.enum(['email', 'phone']),
  value: z.string().check(z.minLength(1), z.maxLength(320)),
})
/** One that is there already may be a provider's too. */
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
  force: z.optional(flag('Even where nothing would bring the guest back')),
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
const short = z.string().check(z.maxLength(2048))
const asked = {
  response_type: z.optional(short),
  client_id: z.optional(short),
  redirect_uri: z.optional(short),
  /** RFC 6749, A.5; no longer than our pages can carry on. */
  state: z.optional(
    z.string().check(z.regex(/^[\x20-\x7E]{0,512}$/, 'must be at most 512 printable characters')),
  ),
  code_challenge: z.optional(short),
  code_challenge_method: z.optional(short),
  purpose: z.optional(z.enum(['promote', 'sign_in'])),
}
/** RFC 6749, 3.1: parameters that are not known are ignored. */
export const authorizationRequest = z.object(asked)
export const pushed = z.object({ request_uri: z.string(), expires_in: z.int() })
export const authorizeQuery = z.object({
  ...asked,
  request_uri: z.optional(short),
  request: z.optional(short),
  ui_locales: z.optional(short),
})
export const pageRequest = z.object({ request: short })
export const pageProvider = z.object({ request: short, provider: short })
const locales = { ui_locales: z.optional(short) }
export const pageLoginId = z.object({
  ...{ request: short, type: z.enum(['email', 'phone']), value: short, ...locales },
})
export const pageCode = z.object({
  ...{ request: short, transaction: short, code: short, value: short, ...locales },
})
/** OpenID Connect Core 1.0, 3.1.2.5 and 3.1.2.6; a provider may say more. */
export const providerAnswer = z.looseObject({
  ...{ code: z.optional(z.string()), state: z.optional(z.string()), error: z.optional(z.string()) },
})
export const redemption = z.strictObject({
  code: z.string().check(z.maxLength(4096)),
  code_verifier: z.string().check(z.regex(/^[\w.~-]{43,128}$/, 'must be a code_verifier (RFC 7636, 4.1)')),
  redirect_uri: z.optional(short),
  client_id: clientId,
})
const ticket = z.string().check(z.minLength(1), z.maxLength(100))
export const mergeTicket = z.strictObject({ ticket })
export const undoTicket = z.strictObject({ ticket, client_id: clientId })
export const recoveryCode = z.strictObject({
  code: text('In any case, with or without what stands between its groups').check(z.maxLength(100)),
  client_id: clientId,
})
export const relabel = z.strictObject({
  label: z.string().check(z.trim(), z.minLength(1), z.maxLength(64)),
  client_id: clientId,
})
export const rename = z.strictObject({ name: z.string().check(z.trim(), z.minLength(1), z.maxLength(64)) })
export const registerOptions = z.strictObject({
  conditional: z.optional(
    flag('The browser makes the passkey by itself, for whoever is signed in (conditional mediation)'),
  ),
})
const jws = z.string().check(z.maxLength(8192))
export const deviceKeyPurpose = z.strictObject({ purpose: z.enum(['register', 'sign_in']) })
export const deviceKeyRegistration = z.strictObject({
  proof: jws.check(z.describe('A JWT of type device-key-registration+jwt, by the key itself')),
  name: z.optional(rename.shape.name),
})
export const deviceKeySignIn = z.strictObject({
  assertion: jws.check(z.describe('A JWT of type device-key-assertion+jwt (RFC 7523, 3)')),
  client_id: clientId,
})
export const authenticateOptions = z.strictObject({
  step_up: z.optional(flag('Confirm the guest who is signed in, rather than sign in')),
})
/** A query parameter arrives as text. */
export const force = z.strictObject({ force: z.optional(z.enum(['true', 'false'])) })

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

/** PublicKeyCredentialCreationOptionsJSON of WebAuthn Level 3, 5.1.9: for the browser, to hand on unread. */
export const creationOptions = named(
  'PublicKeyCredentialCreationOptionsJSON',
  z.looseObject({ challenge: base64url, rp: z.looseObject({}), user: z.looseObject({ id: base64url }) }),
)

/** PublicKeyCredentialRequestOptionsJSON of WebAuthn Level 3, 5.1.10: likewise. */
export const requestOptions = named(
  'PublicKeyCredentialRequestOptionsJSON',
  z.looseObject({ challenge: base64url, rpId: z.string() }),
)

export const passkeySignal = named(
  'PasskeySignal',
  z.object({
    rp_id: z.string(),
    user_id: base64url.check(z.describe('The user handle')),
    credential_ids: z.array(base64url).check(z.describe('All that are taken')),
    ...{ name: z.string(), display_name: z.string() },
  }),
)
export const unknownPasskey = z.object({
  unknown: flag('The passkey is not known here: the authenticator may be told so'),
})

/** WebAuthn Level 3, 5.11. */
export const relatedOrigins = z.object({ origins: z.array(z.string()) })
export const assetLinks = z.array(z.looseObject({ relation: z.array(z.string()), target: z.looseObject({}) }))
export const appleAssociation = z.object({ webcredentials: z.object({ apps: z.array(z.string()) }) })
export const passkeyEndpoints = z.object({
  enroll: z.optional(z.string()),
  manage: z.optional(z.string()),
  prfUsageDetails: z.optional(z.string()),
})

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
