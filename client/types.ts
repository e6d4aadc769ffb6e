// What the doors answer, as the browser sees it. All times are Unix seconds.

/** How a guest could come back if the session were gone. */
export type Recoverability = 'none' | 'device' | 'passkey' | 'synced'

/** A person known only by `anonymous_id`; the answer of `GET /userinfo`. */
export interface Guest {
  /** The same as `anonymous_id`, and the same for life. */
  sub: string
  anonymous_id: string
  isAnonymous: boolean
  isVerified: boolean
  recoverability: Recoverability
  /** A generated, readable name, such as `amber-fox-42`; passkey pickers show it too. */
  label: string
  collection: string
  /** When the session ends. */
  expires_at: number
}

/** A passkey of the guest who is signed in. */
export interface Passkey {
  /** The credential id, base64url. */
  id: string
  name: string
  /** Who keeps it, told by its AAGUID; null where that says nothing. */
  provider: string | null
  created_at: number
  /** Null until it has signed somebody in. */
  last_used_at: number | null
  transports: string[]
  /** Whether it is synced, and so survives the loss of this device (WebAuthn §6.1.3, BS). */
  backed_up: boolean
}

/** A place where the guest is signed in. */
export interface GuestSession {
  id: string
  created_at: number
  last_seen_at: number
  expires_at: number
  /** The last proof with a passkey; null if there was none. */
  auth_time: number | null
  /** Whether it is the session that asked. */
  current: boolean
}

/** The guest that this browser was before somebody signed in with a passkey. */
export type PreviousGuest = Pick<Guest, 'anonymous_id' | 'label' | 'collection' | 'recoverability'>

/** The guest that a passkey signed in; `previous` is there if the browser was another guest until then. */
export type SignedInGuest = Guest & { previous?: PreviousGuest | undefined }

/** The guest, and the passkey that has just been added. */
export type GuestWithPasskey = Guest & { passkey: Passkey }
