// The port: what the rules ask of a database, as verbs that are each atomic.

/** A guest's row: exists only once there is something to keep. Times are Unix seconds throughout. */
export type GuestRow = {
  anonymousId: string
  /** WebAuthn user handle: 64 bytes, base64url, the same for all passkeys of the guest. */
  userHandle: string
  label: string
  collection: string
  createdAt: number
}

export type PasskeyRow = {
  /** base64url */
  credentialId: string
  anonymousId: string
  /** COSE_Key, base64url */
  publicKey: string
  signCount: number
  aaguid: string
  name: string
  /** As the browser named them, e.g. `internal`, `hybrid`. */
  transports: string[]
  backupEligible: boolean
  backedUp: boolean
  createdAt: number
  lastUsedAt: number | null
}

export type SessionRow = {
  anonymousId: string
  /** SHA-256 of the token's secret, base64url. It is the public id of the session too: it opens nothing. */
  id: string
  createdAt: number
  lastSeenAt: number
  /** When it ends unless it is used: the idle limit, never past `endsAt`. */
  expiresAt: number
  /** When it ends whatever happens. */
  endsAt: number
  /** When a passkey was last proven in it, or null. */
  authTime: number | null
  /** Where it is an OAuth client's, and goes on by refresh tokens; null where it is a browser's, by cookie. */
  grant: GrantRow | null
}

export type GrantRow = {
  clientId: string
  /** Scope tokens, separated by spaces. */
  scope: string
  /** SHA-256 thumbprint of the key that its tokens are bound to (RFC 9449, 6), or null. */
  jkt: string | null
  /** How often it was refreshed: the refresh token that counts is this one in the row of them. */
  refreshes: number
  refreshedAt: number
}

/** A key that signs access tokens. */
export type SigningKeyRow = {
  /** 1, 2, 3, …: of two nodes that make the next one, one does. */
  generation: number
  kid: string
  algorithm: string
  /** JWK, JSON */
  publicKey: string
  /** JWK, encrypted under the deployment's secret (JWE) */
  privateKey: string
  /** Published from the beginning, it signs from then on. */
  signsFrom: number
  /** No longer published or believed from then on; null while it is the newest. */
  retiresAt: number | null
}

/** What every request needs to know of its guest. */
export type AboutGuest = {
  label: string
  collection: string
  /** null: no passkey; false: passkeys, none of them backed up; true: at least one is. */
  backedUp: boolean | null
}

export type SessionWithGuest = SessionRow & AboutGuest

/** What may happen once, e.g. a challenge: remembered until it would have expired. */
export type Spent = { id: string; expiresAt: number }

/** The session that a proof was made in, and that it replaces. */
export type SessionRef =
  | {
      kind: 'sealed'
      anonymousId: string
      /** How long it must be remembered that it ended: until no copy of it could be alive. */
      endedUntil: number
    }
  | { kind: 'stored'; anonymousId: string; id: string }

export type RegistrationOutcome =
  | { outcome: 'added'; first: boolean }
  | { outcome: 'repeated'; credentialId: string }
  | { outcome: 'spent' | 'credential_taken' | 'session_ended' | 'too_many_passkeys' }

export type SignInOutcome =
  | ({ outcome: 'signed_in' } & AboutGuest)
  | { outcome: 'spent' | 'unknown_credential' | 'counter_regressed' | 'too_many_sessions' }

export type RefreshOutcome =
  | ({ outcome: 'refreshed' | 'repeated' } & SessionWithGuest)
  /** `reused`: a token that was used before came back, too late for a lost answer; the session was ended. */
  | { outcome: 'reused' | 'unknown' }

/** Reads: they see every write that was acknowledged before. */
export interface StoreReads {
  findSession(key: { anonymousId: string; id: string }): Promise<SessionWithGuest | undefined>
  /** Whether a sealed session of this guest has ended: by being kept, by sign-out or by a switch. */
  sealedSessionEnded(key: { anonymousId: string }): Promise<boolean>
  listSessions(key: { anonymousId: string; now: number }): Promise<SessionRow[]>
  findGuest(key: { anonymousId: string }): Promise<GuestRow | undefined>
  listPasskeys(key: { anonymousId: string }): Promise<PasskeyRow[]>
  listSigningKeys(key: Record<never, never>): Promise<SigningKeyRow[]>
  /** With the user handle of its guest. */
  findPasskey(key: { credentialId: string }): Promise<(PasskeyRow & { userHandle: string }) | undefined>
}

/** Writes: all of a verb or nothing of it; acknowledged only once it is durable. */
export interface StoreWrites {
  /**
   * Adds a passkey and keeps its guest where there is no row yet. The first passkey ends every session of the
   * guest and begins the session `to`; with a further one the session goes on.
   */
  registerPasskey(input: {
    guest: GuestRow
    passkey: PasskeyRow
    /** The session that the passkey is added in; undefined for a guest who begins with this passkey. */
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxPasskeys: number
  }): Promise<RegistrationOutcome>
  /** Records a verified assertion and replaces the session, if there was one, by a new one. */
  signInWithPasskey(input: {
    credentialId: string
    signCount: number
    backedUp: boolean
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxSessions: number
    now: number
  }): Promise<SignInOutcome>
  renamePasskey(input: { anonymousId: string; credentialId: string; name: string }): Promise<boolean>
  /** Refuses (`last`) to remove the only passkey unless forced. */
  removePasskey(input: {
    anonymousId: string
    credentialId: string
    force: boolean
  }): Promise<'removed' | 'last' | 'not_found'>
  touchSession(input: { anonymousId: string; id: string; now: number; expiresAt: number }): Promise<void>
  /**
   * Moves a client's session on by its refresh token of this `generation`, the one that counts; the one before is
   * answered alike until `graceSeconds` after it was used; an older one ends the session.
   */
  refreshSession(input: {
    anonymousId: string
    id: string
    generation: number
    now: number
    expiresAt: number
    graceSeconds: number
  }): Promise<RefreshOutcome>
  /** Ends one session; true if there was one. */
  endSession(input: SessionRef): Promise<boolean>
  /** Ends all sessions of a guest, or all but one; how many they were. */
  endSessions(input: { anonymousId: string; except?: string | undefined }): Promise<number>
  /** Deletes what expired before `before`, at most `limit` rows of each kind; how many they were. */
  sweep(input: { before: number; limit: number }): Promise<number>
  /**
   * Adds the next signing key, and has those before it retire then, or not at all (null); false where there is one of
   * this generation.
   */
  addSigningKey(input: { key: SigningKeyRow; previousRetiresAt: number | null }): Promise<boolean>
  /** Replaces what a private key is encrypted as. */
  reencryptSigningKey(input: { generation: number; privateKey: string }): Promise<void>
  /**
   * Takes work that one node at a time is to do, until then: true where nobody has it, and with `again` where the
   * holder has it already. Who dies over it has it no longer than that.
   */
  takeChore(input: {
    name: string
    holder: string
    now: number
    until: number
    again: boolean
  }): Promise<boolean>
}

export interface Store extends StoreReads, StoreWrites {
  /** Resolves when the store can be asked; rejects when it cannot be opened. */
  ready(): Promise<void>
  close(): Promise<void>
}
