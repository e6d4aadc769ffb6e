// What the doors answer, as server, hosts and browsers see it. All times are Unix seconds.

/** How a guest could come back if the session were gone. */
export type Recoverability = 'none' | 'device' | 'passkey' | 'synced'

/** A guest as everybody sees it: userinfo, `req.guest`, the record of a sign-in. */
export type Guest = {
  /** The subject, for life; the same as `anonymous_id`. */
  sub: string
  /** 128 random bits, base64url; of one who was imported, the id that it had elsewhere. */
  anonymous_id: string
  /** Has no verified login ID. */
  isAnonymous: boolean
  /** Has a verified login ID. */
  isVerified: boolean
  recoverability: Recoverability
  /** A readable name that passkey pickers show: generated, such as `amber-fox-42`, unless the guest chose another one. */
  label: string
  collection: string
  /** When the guest is forgotten unless seen before; null: never. */
  expires_at: number | null
}

/** What userinfo says: the guest, and what it is time to suggest to them. */
export type UserInfo = Guest & {
  /** What is due, the most important first: `add_passkey`, `add_device_key`, `add_recovery_codes`, `promote`, `add_attribute:<name>`, or a name of the host's. */
  prompts: string[]
}

/** What a guest chose to tell. */
export type GuestProfile<Attributes = Record<string, unknown>> = Pick<
  Guest,
  'anonymous_id' | 'isAnonymous' | 'isVerified'
> & {
  /** Has become a regular user. */
  isPromoted: boolean
  attributes: Partial<Attributes>
  /** null where nothing was given yet. */
  updated_at: number | null
}

/** The other guest that a browser was before somebody signed in with a passkey. */
export type PreviousGuest = Pick<Guest, 'anonymous_id' | 'label' | 'collection' | 'recoverability'>

/** A passkey of the guest. */
export type Passkey = {
  /** The credential id, base64url. */
  id: string
  name: string
  /** Who keeps it, by its AAGUID; null where that is not known. */
  provider: string | null
  created_at: number
  /** null until it has signed somebody in. */
  last_used_at: number | null
  /** As the browser named them, e.g. `internal`, `hybrid`. */
  transports: string[]
  /** Whether it is synced or otherwise backed up (WebAuthn Level 3, 6.1.3). */
  backed_up: boolean
}

/** How many recovery codes are left, and when they were made: null where there are none. */
export type RecoveryCodesLeft = { left: number; created_at: number | null }

/** New recovery codes, shown this once. */
export type RecoveryCodes = {
  /** For example `7M2K-ZQ4X-0R8T-C5VB`: 80 random bits in Crockford's base 32. */
  codes: string[]
  left: number
  created_at: number
}

/** A key of a browser or an app, which signs the guest in without a prompt. */
export type DeviceKey = {
  /** The key's SHA-256 thumbprint (RFC 7638). */
  id: string
  name: string
  algorithm: 'ES256' | 'EdDSA' | 'RS256'
  created_at: number
  /** null until it has signed somebody in. */
  last_used_at: number | null
}

/** How another device is let in, as the device sees it that made the link. */
export type DeviceLink = {
  id: string
  /** `waiting` until it is opened there, `approved` or `refused` here, `done` once the other device is signed in. */
  status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
  /** What both devices show, to be compared; only while it is `opened`. */
  words?: string[] | undefined
  /** What the other one says that it is, which nobody has checked; likewise. */
  device?: { platform: string; browser: string } | undefined
  expires_at: number
}

/** A place where the guest is signed in. */
export type GuestSession = {
  id: string
  created_at: number
  last_seen_at: number
  expires_at: number
  /** When a passkey was last proven in it, or null. */
  auth_time: number | null
  /** Whether it is the session that asked. */
  current: boolean
}

/** The tokens of a client's session (RFC 6749, 5.1). */
export type Tokens = {
  /** A JWT (RFC 9068). */
  access_token: string
  token_type: 'Bearer' | 'DPoP'
  /** How many seconds the access token lives. */
  expires_in: number
  /** Not where the session is a browser's, by cookie. */
  refresh_token?: string | undefined
  /** Scope tokens, separated by spaces; not where there are none. */
  scope?: string | undefined
}

/** How many guests a clean-up warned, let expire and erased; or would have. */
export type DueGuests = { warned: number; expired: number; erased: number }

/** A line of the audit trail. */
export type AuditEntry = {
  anonymous_id: string
  at: number
  /** The event's name. */
  action: string
  /** `done`, or why it was refused. */
  outcome: string
  /** The session in which it was done; null where it was not done in one. */
  session_id: string | null
}

/** A webhook that was given up. */
export type DeadLetter = {
  /** Its `webhook-id`. */
  id: string
  url: string
  event: string
  /** JSON, as it is sent. */
  payload: string
  created_at: number
  attempts: number
  failure: string
}

/** What a regular user is known by, beside passkeys. */
export type LoginId = {
  type: string
  /** The address, or the number as E.164 has it. */
  value: string
  primary: boolean
  verified_at: number
}
