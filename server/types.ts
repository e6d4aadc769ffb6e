// The types of what guestkey gives to hosts, browsers and clients, most of it in the responses of the endpoints. Their fields
// are in snake_case, in JSON as in JavaScript. All times are Unix seconds.

/**
 * How a guest could come back without the session. `device`: by a device key or a confirmed recovery code; `passkey`: by a
 * passkey on one device; `synced`: by a passkey that is backed up.
 */
export type Recoverability = 'none' | 'device' | 'passkey' | 'synced'

/** A guest as userinfo, `req.guest` and the methods that sign in show it. */
export type Guest = {
  /** The subject, which never changes; the same as `anonymous_id`. */
  sub: string
  /** 128 random bits in base64url; for an imported guest, its id in the other system. */
  anonymous_id: string
  /** Has no verified login ID. */
  is_anonymous: boolean
  /** Has a verified login ID. */
  is_verified: boolean
  /** The same as `is_anonymous`, for apps that were written for Authgear. */
  isAnonymous: boolean
  /** The same as `is_verified`, for apps that were written for Authgear. */
  isVerified: boolean
  recoverability: Recoverability
  /** A readable name that passkey pickers show. It is generated, such as `amber-fox-42`, until the guest chooses another. */
  label: string
  collection: string
  /** When the guest expires unless it is seen before then; null: never. */
  expires_at: number | null
}

/**
 * The guest of a request, as the host sees it. `session_id` names the session, as it does in events, so that a host can
 * close what belongs to a session that has ended. It is not enumerable: JSON of the guest does not have it.
 */
export type GuestInSession = Guest & { readonly session_id: string }

/**
 * A way in that an operator opened, for somebody who has lost everything and has shown who it is. The guest can cancel it in
 * each session.
 */
export type WayIn = {
  created_at: number
  /** From when on it lets somebody in. */
  opens_at: number
  expires_at: number
  /** Whether it needs no other operator's approval any more. */
  is_approved: boolean
}

/**
 * A way in that is open, as operators see it. `id`: what an approval names. `opened_by` and `approved_by`: ids of operators;
 * `approved_by` is null until one has approved it.
 */
export type OperatorsWayIn = WayIn & {
  id: string
  anonymous_id: string
  opened_by: string
  approved_by: string | null
}

/** The response of userinfo: the guest, and the prompts that are due. */
export type UserInfo = Guest & {
  /**
   * The prompts that are due, the most important first: `add_passkey`, `add_device_key`, `add_recovery_codes`, `promote`,
   * `add_attribute:<name>`, or a name that the host made up.
   */
  prompts: string[]
  /** There is a way in for this guest: ask the person whether that is meant, and cancel it if not. Missing if there is none. */
  way_in?: WayIn | undefined
}

/** The ways to sign in that a deployment offers now. */
export type SignInMethods = {
  /** The name of the site (`rpName`). */
  name: string
  /** Whether new guests are let in, in at least one collection. */
  guest_sign_in: boolean
  /** Whether passkeys can be added. Those that there are sign in. */
  new_passkeys: boolean
  /** The types of login IDs to which codes are sent; empty if none are. */
  codes: ('email' | 'phone')[]
  /** The OpenID providers, in the order of the options; `host` is that of the issuer. */
  providers: { id: string; name: string; host: string }[]
}

/** The profile of a guest: the attributes that the guest chose to give. */
export type GuestProfile<Attributes = Record<string, unknown>> = Pick<
  Guest,
  'anonymous_id' | 'is_anonymous' | 'is_verified' | 'isAnonymous' | 'isVerified'
> & {
  /** Has become a regular user: the same as `is_verified`. */
  is_promoted: boolean
  /** The same as `is_promoted`, for apps that were written for Authgear. */
  isPromoted: boolean
  attributes: Partial<Attributes>
  /** null until an attribute was given. */
  updated_at: number | null
}

/** The guest that was signed in in a browser before another one signed in there. */
export type PreviousGuest = Pick<Guest, 'anonymous_id' | 'label' | 'collection' | 'recoverability'>

/** A passkey of the guest. */
export type Passkey = {
  /** The credential id, base64url. */
  id: string
  name: string
  /** The password manager or device that stores it, found by its AAGUID; null if that is unknown. */
  provider: string | null
  created_at: number
  /** null until it has signed somebody in. */
  last_used_at: number | null
  /** As the browser named them, such as `internal` or `hybrid`. */
  transports: string[]
  /** Whether it is synced or otherwise backed up (WebAuthn Level 3, 6.1.3). */
  backed_up: boolean
}

/**
 * How many recovery codes are left. `created_at`: when they were made, or null if none are left. `confirmed`: the guest
 * said that they were written down, or signed in with one; until then they do not count in `recoverability`.
 */
export type RecoveryCodesLeft = { left: number; created_at: number | null; confirmed: boolean }

/** New recovery codes. The server cannot show them again, and they are not confirmed yet. */
export type RecoveryCodes = {
  /** For example `7M2K-ZQ4X-0R8T-C5VB`: 80 random bits in Crockford's base 32. */
  codes: string[]
  left: number
  created_at: number
  confirmed: boolean
}

/** A key of a browser or an app that signs the guest in without asking the person. */
export type DeviceKey = {
  /** The key's SHA-256 thumbprint (RFC 7638). */
  id: string
  name: string
  algorithm: 'ES256' | 'EdDSA' | 'RS256'
  created_at: number
  /** null until it has signed somebody in. */
  last_used_at: number | null
}

/** A link that lets another device in, as the device that made it sees it. */
export type DeviceLink = {
  id: string
  /**
   * `waiting` until the other device opens the link, then `opened`. `approved` or `refused` when this device has decided.
   * `done` when the other device is signed in.
   */
  status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
  /** Words that both devices show, for the person to compare. Present while the link is `opened`. */
  words?: string[] | undefined
  /** What the other device says it is; nobody has checked this. Present while the link is `opened`. */
  device?: { platform: string; browser: string } | undefined
  expires_at: number
}

/** A session of the guest, in a browser or an app. */
export type GuestSession = {
  id: string
  created_at: number
  last_seen_at: number
  expires_at: number
  /** When the guest last proved a passkey in this session, or null. */
  auth_time: number | null
  /** Whether the request was made in this session. */
  current: boolean
}

/** The tokens for a client (RFC 6749, 5.1). */
export type Tokens = {
  /** A JWT (RFC 9068). */
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  /** How long the access token is valid, in seconds. */
  expires_in: number
  /** Missing if the session is that of a browser, by cookie. */
  refresh_token?: string | undefined
  /** Scope tokens, separated by spaces; missing if there are none. */
  scope?: string | undefined
  /** A JWT that says who is signed in (OpenID Connect Core 1.0, 2); only for a request with the scope `openid`. */
  id_token?: string | undefined
  /** Only of an exchange: what `access_token` is (RFC 8693, 2.2.1). */
  issued_token_type?: string | undefined
}

/** Why an operator disables a guest. Nothing else follows from the reason. */
export type DisableReason = 'abuse' | 'compromised' | 'requested' | 'legal' | 'other'

/** How far a merge is: offered, decided, done, or undone. */
export type MergeStatus = 'offered' | 'pending' | 'merged' | 'undone'

/**
 * Where a guest stands. `unkept`: it has no row, so nothing but its id is known, and perhaps nobody has it. `regular`: it has
 * a login ID. `expired`: it was not seen in time, and is erased soon. `merged`: it was merged into another guest.
 */
export type GuestStage = 'unkept' | 'kept' | 'regular' | 'expired' | 'merged'

/** Since when (null: unknown), until when (null: until it is enabled) and why a guest is disabled. */
export type DisabledGuest = { since: number | null; until: number | null; reason: DisableReason }

/** A guest as an operator finds it. Of a guest who is not kept, only the id and `disabled` are known. */
export type FoundGuest = {
  anonymous_id: string
  stage: GuestStage
  /** null also if the host kept the guest by its id alone and nobody has seen it since. */
  label: string | null
  collection: string | null
  recoverability: Recoverability
  created_at: number | null
  last_seen_at: number | null
  /** On how many days (UTC) the guest was seen. */
  days_seen: number | null
  /** When the guest expires unless it is seen before then; null: never, or not known. */
  expires_at: number | null
  /** Since when the guest is a regular user. */
  promoted_at: number | null
  /** null: it is not disabled now. */
  disabled: DisabledGuest | null
}

/**
 * A short text of the operator for everybody who comes to a page: one for all, or one for each language, by its tag (BCP 47)
 * such as `de` or `pt-BR`. Plain text of at most 200 characters.
 */
export type Notice = string | { [language: string]: string }

/** A setting that can be changed while guestkey runs. The last three are null if it is as in the options, or were not said. */
export type Setting = {
  /** What counts now. */
  value: boolean | number | Notice | null
  changed_at: number | null
  changed_by: string | null
  reason: string | null
}

/** What an operator may do. `viewer` reads, `support` acts on one guest too, and `owner` does everything. */
export type OperatorRole = 'viewer' | 'support' | 'owner'

/** Why an operator does something. Nothing else follows from the reason. */
export type OperatorReason =
  | 'guest_request'
  | 'abuse'
  | 'legal'
  | 'security'
  | 'maintenance'
  | 'test'
  | 'other'

/**
 * Who did something at the operators' API, and why. `by`: the id of the operator, or the `client_id` of a machine; null
 * for the host (`guests.operators`) and the command line. `case`: the operator's own reference. `reason` and `case` are null for
 * what needs none, such as a sign-in.
 */
export type OperatorAct = {
  by: string | null
  role: OperatorRole | 'machine' | 'host'
  reason: OperatorReason | null
  case: string | null
}

/** An operator, as other operators see it. */
export type Operator = {
  id: string
  name: string
  role: OperatorRole
  created_at: number
  /** How many passkeys sign it in. 0 until the operator has used the invitation. */
  passkeys: number
  /** When the invitation expires that nobody has used; null if there is none. */
  invited_until: number | null
}

/** How many guests a sweep warned, let expire and erased, or would have in a dry run. */
export type DueGuests = { warned: number; expired: number; erased: number }

/** An entry of the audit trail. */
export type AuditEntry = {
  /** Empty if it is about no guest. */
  anonymous_id: string
  at: number
  /** The name of the event, or `guest.imported`. */
  action: string
  /** `done`, or why it was refused, such as `promotion_refused`; of `setting.changed`, the setting and its value. */
  outcome: string
  /** The session in which it happened; null if it happened outside a session. */
  session_id: string | null
  /** Which operator or machine did it, and why. Missing if it was none of them. */
  operator?: OperatorAct | undefined
}

/** A webhook delivery that guestkey gave up. */
export type DeadLetter = {
  /** Its `webhook-id`. */
  id: string
  url: string
  event: string
  /** The body as it is sent: JSON. */
  payload: string
  created_at: number
  attempts: number
  failure: string
}

/** What a login ID is; `oidc`: an account at an OpenID provider. */
export type LoginIdType = 'email' | 'phone' | 'oidc'

/** A login ID of a regular user: a verified e-mail address, telephone number or account at an OpenID provider. */
export type LoginId = {
  type: LoginIdType
  /** The address, the number in E.164 form, or the account at the provider. */
  value: string
  primary: boolean
  verified_at: number
}
