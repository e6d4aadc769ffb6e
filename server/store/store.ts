// The port: what the rules ask of a database, as verbs that are each atomic.

import type { DeviceKey, Recoverability } from '../types.ts'

/** A guest's row: exists only once there is something to keep. Times are Unix seconds throughout. */
export type GuestRow = {
  anonymousId: string
  /** WebAuthn user handle: 64 bytes, base64url, the same for all passkeys of the guest. */
  userHandle: string
  /** Empty, as is the collection, until a guest who was kept by no more than the id is seen. */
  label: string
  collection: string
  createdAt: number
  lastSeenAt: number
  /** On how many days (UTC) the guest was here. */
  daysSeen: number
  /** When the guest is forgotten unless seen before; null: never. */
  expiresAt: number | null
  stage: Stage
  /** Since when the guest is a regular user; null: is not. */
  promotedAt: number | null
}

/**
 * `active`; `warned`: told of that it will be forgotten; `expired`: a passkey would bring everything back yet;
 * `merged`: folded into another one, which can be undone yet.
 */
export type Stage = 'active' | 'warned' | 'expired' | 'merged'

/** What is promised to a guest who is seen now. */
export type Retained = {
  expiresAt: number | null
  /** When the clean-up looks at the guest next. */
  dueAt: number | null
}

/** The same by how the guest can come back, where that turns out as it is written. */
export type RetainedBy = Record<Recoverability | 'promoted', Retained>

/** A line of the audit trail, and what is sent because of it: written together with what it tells of. */
export type Note = {
  /** Null where there is nothing but what is sent. */
  audit: AuditRow | null
  deliveries: Delivery[]
}

/** Who, when, in which session, what, and how it ended: `done`, or the code of the error. */
export type AuditRow = {
  anonymousId: string
  at: number
  id: string
  sessionId: string | null
  action: string
  outcome: string
}

/** An event for a webhook. */
export type Delivery = {
  /** The same in every try. */
  id: string
  url: string
  event: string
  /** JSON */
  payload: string
  createdAt: number
  attempts: number
  /** When it is tried next; null where it was given up. */
  dueAt: number | null
  /** Why the last try failed. */
  failure: string | null
  /** Whom it is about: it goes with the guest. */
  anonymousId: string | null
}

/** What a regular user signs in with, beside passkeys: an e-mail address, a phone number, a provider's subject. */
export type LoginIdRow = {
  type: string
  /** As it is compared: see normalLoginId. */
  value: string
  anonymousId: string
  verifiedAt: number
  primary: boolean
}

/** A code that was sent: by the id of its transaction, as a MAC. */
export type CodeRow = { id: string; code: string; triesLeft: number; expiresAt: number }

/** What may be done so often until then. */
export type Limit = { id: string; most: number; until: number }

export type CodeOutcome = 'wrong_code' | 'dead_code'

/** What proves a login ID and is used up: a code that was sent, or an authorization code, by what is spent of it. */
export type LoginProof = { id: string; code: string } | { spent: Spent }

/** The authorization code was used before: what it had led to is the session of this id. */
export type UsedOutcome = { outcome: 'used'; sessionId: string | null }

export type PromoteOutcome =
  /**
   * `revoked`: the device keys, which all go with the first login ID. `codesLeft`: how many
   * recovery codes from before are still good, if there are any.
   */
  | { outcome: 'promoted'; kept: boolean; first: boolean; revoked: string[]; codesLeft?: number }
  /** The guest has it already. */
  | { outcome: 'known' }
  | { outcome: 'taken'; by: GuestRow }
  | { outcome: CodeOutcome | 'ended' | 'too_many' }
  | UsedOutcome

export type CodeSignInOutcome =
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean } & AboutGuest)
  | { outcome: CodeOutcome | 'unknown' | 'too_many_sessions' | 'merged' }
  | UsedOutcome

/** A guest of another system, as it is to be kept. */
export type ImportedRow = {
  guest: GuestRow
  /** What is promised where no login ID is left to it. */
  retained: Retained
  loginIds: LoginIdRow[]
  profile: ProfileRow | undefined
  /** Where the id is one that we could have made: the session that a browser may carry goes on in it. */
  session: SessionRow | undefined
  endedUntil: number
  notes: Note[]
}

/** `taken`: the login IDs that it was not given, because they are those of others. */
export type ImportOutcome = { known: boolean; taken: LoginIdRow[] }

/** What signs in a guest who is kept, beside passkeys and codes that are sent; all but the host's word is used up. */
export type SignInProof =
  | { by: 'host' }
  /** The SHA-256 of the code; `used[n]` is written where so many are left. */
  | { by: 'recovery_code'; id: string; used: Note[][] }
  | { by: 'device_key'; id: string; spent: Spent }
  /** One that was approved. */
  | { by: 'device_link'; id: string }

export type SignInWithOutcome =
  /** `codesLeft`: how many recovery codes, where one was used. */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean; codesLeft?: number } & AboutGuest)
  /** `unknown`: there is no such guest; `refused`: the proof is not good, or no more. */
  | { outcome: 'unknown' | 'refused' | 'too_many_sessions' | 'merged' }

/** How a guest lets another device in. `waiting` until it is opened there, `approved` by the guest, `done` once used. */
export type DeviceLinkRow = {
  id: string
  anonymousId: string
  /** The session that made it, in which alone it is approved. */
  sessionId: string
  status: 'waiting' | 'opened' | 'approved' | 'refused' | 'done'
  /** The session of the device that opened it, and the client that it is to be one of; null: none. */
  openedIn: string | null
  openedFor: string | null
  /** What both devices show, and what the new one says that it is: only while it is `opened`. */
  words: string[] | null
  asking: Asking | null
  /** The session that came of it. */
  result: string | null
  expiresAt: number
  /** Whether the session that made it lives. */
  alive: boolean
}

/** What a device says of itself. */
export type Asking = { platform: string; browser: string }

/** What a link is opened by: the code that was typed, as a MAC under any key that counts, or what was scanned. */
export type LinkProof = { locator: string; codes: string[] } | { id: string; secret: string }

export type OpenLinkOutcome =
  | { outcome: 'opened'; label: string }
  /** `own`: the guest is signed in there already; `other`: somebody else is. */
  | { outcome: 'unknown' | 'own' | 'other' }

export type DecideLinkOutcome =
  | { outcome: 'decided'; kept: boolean; link: DeviceLinkRow }
  /** `undecidable`: there is nothing to say this of, or no more. */
  | { outcome: 'unknown' | 'undecidable' }

export type ProfileRow = {
  anonymousId: string
  /** Goes up with every change. */
  version: number
  attributes: Record<string, unknown>
  updatedAt: number
}

/** A guest who said "later": until then. */
export type SnoozeRow = { prompt: string; times: number; snoozedUntil: number }

/** One guest to be folded into another. */
export type MergeRow = {
  /** SHA-256 of the ticket. */
  id: string
  fromId: string
  intoId: string
  /** What is known of `from`, whose row there may be none of. */
  label: string
  collection: string
  /** How `from` could come back when it was offered, or last claimed; once merged, when that was done. */
  recoverability: string
  /** Whether `from` had nothing to prove itself by, or had done so lately. */
  confirmed: boolean
  /** Until when the passkey counts that was proven in the session of `from` before it was left; null: none was. */
  provenUntil: number | null
  /** When the session of `from` began, where its browser carries it; null where it does not. */
  carriedSince: number | null
  /** `pending`: decided, and to be done. */
  status: 'offered' | 'pending' | 'merged' | 'undone'
  /** Whoever does it has it until then. */
  claimedUntil: number
  /** Until when it can be accepted; once merged, until when that can be undone. */
  expiresAt: number
}

/** One that is to be written with a sign-in; `unlessKept`: where its guest has a row, it is only offered. */
export type NewMerge = MergeRow & { unlessKept?: boolean }

/** A guest at whom the clean-up has to look. */
export type DueGuest = GuestRow & { dueAt: number; recoverability: Recoverability }

/** A guest who is taken out, and until when it must be remembered that no session of it lives; null: none could. */
export type Erasure = { anonymousId: string; endedUntil: number | null; notes: Note[] }

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

/** A key of a browser or an app. */
export type DeviceKeyRow = {
  /** SHA-256 thumbprint (RFC 7638), base64url. */
  id: string
  anonymousId: string
  /** JWK, JSON */
  publicKey: string
  algorithm: DeviceKey['algorithm']
  name: string
  createdAt: number
  lastUsedAt: number | null
}

export type DeviceKeyOutcome =
  /** `kept`: the guest's row was written with it. */
  | { outcome: 'added'; kept: boolean; recoverability: Recoverability; guestExpiresAt: number | null }
  /** The guest has this key already. */
  | { outcome: 'repeated'; key: DeviceKeyRow; recoverability: Recoverability; guestExpiresAt: number | null }
  /** `taken`: it is another guest's; `unproven`: there is a passkey to prove oneself by. */
  | { outcome: 'spent' | 'taken' | 'ended' | 'unproven' | 'too_many' }

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
  /** Until when a passkey may be added in it without such a proof, or null. */
  enrolUntil: number | null
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
  /** When the guest is forgotten unless seen before; null: never. */
  guestExpiresAt: number | null
  /** Since when the guest is a regular user; null: is not. */
  promotedAt: number | null
  recoverability: Recoverability
}

export type SessionWithGuest = SessionRow & AboutGuest

/** A device key of the guest, and what is written of it where it is revoked. */
export type RevocableKey = { id: string; notes: Note[] }

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
  /**
   * `revoked`: the device keys, which all go with the first passkey. `codesLeft`: how many
   * recovery codes from before are still good, if there are any.
   */
  | {
      outcome: 'added'
      first: boolean
      kept: boolean
      guestExpiresAt: number | null
      revoked: string[]
      codesLeft?: number
    }
  | { outcome: 'repeated'; credentialId: string }
  | { outcome: 'spent' | 'credential_taken' | 'session_ended' | 'too_many_passkeys' }

export type SignInOutcome =
  /** `restored`: the guest had expired already; `mergeable`: the merge was written down. */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean } & AboutGuest)
  | { outcome: 'spent' | 'unknown_credential' | 'counter_regressed' | 'too_many_sessions' | 'merged' }

export type ReplacedCodesOutcome =
  /** `kept`: the guest's row was written with them. */
  | { outcome: 'replaced'; kept: boolean; guestExpiresAt: number | null }
  /** `unproven`: there is a passkey to prove oneself by. */
  | { outcome: 'ended' | 'unproven' }

/** `none`: there were none. `last`: nothing else would bring the guest back. */
export type RemovedCodesOutcome = 'removed' | 'none' | 'last' | 'ended' | 'unproven'

/** `unknown`: there was no row. `unproven`: there is a passkey to prove oneself by. */
export type EraseOutcome = 'erased' | 'unknown' | 'ended' | 'unproven' | 'stale'

export type KeepOutcome = 'kept' | 'known' | 'ended'

export type ProfileOutcome =
  /** `kept`: the guest's row was written with it. */
  | { outcome: 'changed'; profile: ProfileRow; changed: string[]; kept: boolean }
  | { outcome: 'unchanged'; profile: ProfileRow }
  | { outcome: 'precondition_failed' | 'too_large' | 'ended' }

export type MergeOutcome =
  | 'merged'
  /** It was merged before. */
  | 'void'
  /** One of the two is gone, or nothing is to be merged any more. */
  | 'gone'
  /**
   * The guest was to be merged unasked and could come back meanwhile, or has its first passkey since the offer: that is
   * to be proven now.
   */
  | 'recoverable'
  /** A profile was changed meanwhile. */
  | 'stale'
  /** It was claimed by another one meanwhile. */
  | 'taken'

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
  /** How a kept guest could come back; `none` of one who is not kept. */
  findRecoverability(key: { anonymousId: string }): Promise<Recoverability>
  listPasskeys(key: { anonymousId: string }): Promise<PasskeyRow[]>
  /** Whose it is. */
  findRecoveryCode(key: {
    id: string
  }): Promise<Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'> | undefined>
  /** How many recovery codes are left, and when they were made. */
  countRecoveryCodes(key: { anonymousId: string }): Promise<{ left: number; createdAt: number | null }>
  listSigningKeys(key: Record<never, never>): Promise<SigningKeyRow[]>
  /** With what is known of its guest. */
  findPasskey(key: {
    credentialId: string
  }): Promise<(PasskeyRow & Pick<GuestRow, 'userHandle' | 'label' | 'collection' | 'promotedAt'>) | undefined>
  listDeviceKeys(key: { anonymousId: string }): Promise<DeviceKeyRow[]>
  /** With what is known of its guest. */
  findDeviceKey(key: {
    id: string
  }): Promise<(DeviceKeyRow & Pick<GuestRow, 'label' | 'collection' | 'promotedAt'>) | undefined>
  findProfile(key: { anonymousId: string }): Promise<ProfileRow | undefined>
  findLoginId(key: { type: string; value: string }): Promise<LoginIdRow | undefined>
  /** The primary one first. */
  listLoginIds(key: { anonymousId: string }): Promise<LoginIdRow[]>
  /** Whether this is the code that was sent, and good; uses it up no more than it counts as a try. */
  isRightCode(given: { id: string; code: string; now: number }): Promise<boolean>
  /** What prompts go by. */
  findPromptFacts(key: { anonymousId: string }): Promise<PromptFacts | undefined>
  findMerge(key: { id: string }): Promise<MergeRow | undefined>
  /** Those into this guest. */
  listMerges(key: { anonymousId: string }): Promise<MergeRow[]>
  /**
   * The guests whom a merge into this one is offered or decided of, and who are reached by nothing else: no session, and
   * no way back.
   */
  listStranded(key: { anonymousId: string; now: number }): Promise<string[]>
  /** Whether the guest was merged into another one, with this session if one is named, and that can be undone yet. */
  wasMerged(key: { anonymousId: string; sessionId?: string | undefined; now: number }): Promise<boolean>
  /** Merges that were decided and not done, because whoever was at it is gone. */
  listPendingMerges(key: { now: number; limit: number }): Promise<MergeRow[]>
  /** The guests whose time has come, in no particular order. */
  listDueGuests(key: { now: number; limit: number }): Promise<DueGuest[]>
  /** How many there are by then, by collection and stage; not those who were promised nothing yet. */
  countDueGuests(key: { now: number }): Promise<{ collection: string; stage: Stage; guests: number }[]>
  /** By its own id, or by the hash of the secret that whoever opened it asks by. Not one that is over. */
  findDeviceLink(
    key: ({ id: string } | { opener: string }) & { now: number },
  ): Promise<DeviceLinkRow | undefined>
  /** The latest first; of one guest, or of all since then. */
  listAudit(key: { anonymousId: string | null; since: number; limit: number }): Promise<AuditRow[]>
  /** What was given up. */
  listDeadDeliveries(key: { limit: number }): Promise<Delivery[]>
}

export type PromptFacts = {
  createdAt: number
  daysSeen: number
  attributes: string[]
  snoozes: SnoozeRow[]
  hasDeviceKey: boolean
  /** How many are left. */
  recoveryCodes: number
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
    /** What the session remembers: with the first passkey it ends. */
    snoozes?: SnoozeRow[]
    /** The session that the passkey is added in; undefined for a guest who begins with this passkey. */
    from: SessionRef | undefined
    to: SessionRow
    spent: Spent
    maxPasskeys: number
    retained: RetainedBy
    keys?: RevocableKey[]
    notes: { kept: Note[]; first: Note[]; further: Note[] }
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
    retained: RetainedBy
    notes: Note[]
    restored: Note[]
    /** Where another guest was there, whom this one may be joined by if it is this step that ends `from`. */
    merge: NewMerge | undefined
  }): Promise<SignInOutcome>
  /**
   * Writes the row of a guest who had none; the session that the browser carries goes on, and lives in the row
   * `session` from now on. `isNew`: nobody has seen this session yet.
   */
  keepGuest(input: {
    guest: GuestRow
    session: SessionRow
    /** What the session remembers. */
    snoozes?: SnoozeRow[]
    retained: Retained
    endedUntil: number
    isNew: boolean
    notes: Note[]
  }): Promise<KeepOutcome>
  /** Keeps guests of another system; what became of each, in their order. With `dry` nothing is written. */
  importGuests(input: { guests: ImportedRow[]; dry: boolean }): Promise<ImportOutcome[]>
  /** Signs in a guest who is kept, by a proof that is used up, and replaces the session, if there was one. */
  signInWith(input: {
    proof: SignInProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    retained: RetainedBy
    merge: NewMerge | undefined
    notes: Note[]
    /** By how the guest can come back once the proof is used up. */
    restored: Record<Recoverability, Note[]>
  }): Promise<SignInWithOutcome>
  /** Replaces all recovery codes of a guest by these, and keeps the guest where there is no row yet. */
  replaceRecoveryCodes(input: {
    anonymousId: string
    /** SHA-256 of the codes. */
    ids: string[]
    /** The session in which the guest asks for it, and whether a passkey was proven in it. */
    by: { session: SessionRef; isProven: boolean }
    keep: Parameters<StoreWrites['keepGuest']>[0] | undefined
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<ReplacedCodesOutcome>
  /** Refuses (`last`) to remove what alone would bring the guest back, unless forced. */
  removeRecoveryCodes(input: {
    anonymousId: string
    by: { session: SessionRef; isProven: boolean }
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<RemovedCodesOutcome>
  /** Adds a key of a browser or an app, and keeps its guest where there is no row yet. The session goes on. */
  addDeviceKey(input: {
    key: DeviceKeyRow
    /** The session that it is added in. */
    from: SessionRef
    /** Whether the session may do so though the guest has a passkey. */
    isProven: boolean
    keep: Parameters<StoreWrites['keepGuest']>[0] | undefined
    spent: Spent
    maxDeviceKeys: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<DeviceKeyOutcome>
  renameDeviceKey(input: { anonymousId: string; id: string; name: string }): Promise<DeviceKeyRow | undefined>
  /** Refuses (`last`) to remove the last way back unless forced, and (`unproven`) where there is a passkey to prove oneself by. */
  removeDeviceKey(input: {
    anonymousId: string
    id: string
    force: boolean
    isProven: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'unproven' | 'not_found'>
  /** Writes a link, in place of the one that the session has made before; `taken` where another one has the locator. */
  addDeviceLink(input: {
    link: {
      id: string
      locator: string
      code: string
      secret: string
      label: string
      triesLeft: number
    } & Pick<DeviceLinkRow, 'anonymousId' | 'sessionId' | 'expiresAt'>
    /** The session that makes it. */
    from: SessionRef
    now: number
  }): Promise<'added' | 'taken' | 'ended'>
  /** Opens a link, which happens once. A wrong code counts against the link that has the locator, until it is gone. */
  openDeviceLink(input: {
    proof: LinkProof
    /** SHA-256 of the secret that it is asked for by from then on. */
    opener: string
    /** Where it is opened: who is signed in there, and which client asks. */
    here: { anonymousId: string; sessionId: string } | undefined
    client: string | null
    /** Whether whoever is signed in there may be left. */
    leave: boolean
    words: string[]
    asking: Asking
    now: number
    expiresAt: number
  }): Promise<OpenLinkOutcome>
  /** Approves or refuses an opened link, in the session that made it; approving keeps a guest who has no row. */
  decideDeviceLink(input: {
    id: string
    anonymousId: string
    sessionId: string
    approve: boolean
    now: number
    keep: Parameters<StoreWrites['keepGuest']>[0] | undefined
    /** Where it is refused. */
    notes: Note[]
  }): Promise<DecideLinkOutcome>
  /** Takes a link back, in the session that made it. */
  removeDeviceLink(input: { id: string; anonymousId: string; sessionId: string }): Promise<boolean>
  /** Deletes links that are over, at most `limit` of them; how many they were. */
  sweepDeviceLinks(input: { now: number; limit: number }): Promise<number>
  /**
   * Removes a guest with everything, and whom it had taken in, and those `alongside`: the guests who are stranded with it
   * (`stale` where they are others by now).
   */
  eraseGuest(
    input: Erasure & {
      alongside?: { now: number; guests: Erasure[] }
      /** The session in which the guest asks for it, and whether a passkey was proven in it; undefined: the host does. */
      by: { session: SessionRef; isProven: boolean } | undefined
    },
  ): Promise<EraseOutcome>
  /**
   * Changes attributes, null removing one, where the profile has this version, or any; and keeps the guest where
   * there is no row yet.
   */
  patchProfile(input: {
    anonymousId: string
    changes: Record<string, unknown>
    ifVersion: number | undefined
    maxBytes: number
    now: number
    keep: Parameters<StoreWrites['keepGuest']>[0] | undefined
    notes: Note[]
  }): Promise<ProfileOutcome>
  /** Gives the guest another label, as that is asked for in this session; `unknown`: there is no row. */
  renameGuest(input: {
    anonymousId: string
    label: string
    session: SessionRef
    notes: Note[]
  }): Promise<'renamed' | 'unknown' | 'ended'>
  /** True where the guest has a row. */
  snoozePrompt(input: {
    anonymousId: string
    prompt: string
    until: number
    /** How often it was done before, as far as the session knows. */
    before?: number
  }): Promise<boolean>
  /** Writes a code, unless one of the limits is reached: then it is told when that is over. */
  addCode(input: { code: CodeRow; limits: Limit[]; now: number }): Promise<{ retryAt: number } | undefined>
  /** Uses up a code. */
  spendCode(input: { id: string; code: string; now: number }): Promise<'right' | CodeOutcome>
  /**
   * Gives a guest a login ID that was verified, by a code where there is one, which is spent. The first one ends every
   * session of the guest and begins the session `to`. `offer` is written where it is another guest's.
   */
  promote(input: {
    anonymousId: string
    loginId: LoginIdRow
    /** None where it was the host who checked. */
    proof: LoginProof | undefined
    keep: Parameters<StoreWrites['keepGuest']>[0] | undefined
    from: SessionRef | undefined
    to: SessionRow | undefined
    offer: Omit<MergeRow, 'intoId'> | undefined
    maxLoginIds: number
    now: number
    keys?: RevocableKey[]
    notes: Record<'first' | 'further', Note[]>
  }): Promise<PromoteOutcome>
  /** Signs in whoever has this login ID, by a code, which is spent. */
  signInWithCode(input: {
    type: string
    value: string
    proof: LoginProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    merge: NewMerge | undefined
    notes: Note[]
    restored: Note[]
  }): Promise<CodeSignInOutcome>
  /** Refuses (`last`) to remove the last way in unless forced; without a login ID the user is a guest again. */
  removeLoginId(input: {
    anonymousId: string
    type: string
    value: string
    force: boolean
    now: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
  setPrimaryLoginId(input: { anonymousId: string; type: string; value: string }): Promise<boolean>
  /** Makes a regular user a guest again: no login ID, no profile. True where it was one. */
  demote(input: { anonymousId: string; now: number; retained: RetainedBy; notes: Note[] }): Promise<boolean>
  /** Decides that an offered merge is to be done, and takes what was decided and nobody is at; false: neither. */
  claimMerge(input: {
    id: string
    now: number
    until: number
    expiresAt: number
    /** How the guest could come back, as whoever asks has found. */
    recoverability?: string
  }): Promise<boolean>
  /** Lets go of what was claimed, and of the decision. */
  releaseMerge(input: {
    id: string
    intoId: string
    /** As it was claimed: who has lost it meanwhile lets go of nothing. */
    claimedUntil: number
    expiresAt: number
    note: Note
  }): Promise<void>
  /** Folds `fromId` into `intoId`, whose profile becomes this one where there is one to be joined. */
  finishMerge(input: {
    id: string
    fromId: string
    intoId: string
    claimedUntil: number
    profile: { attributes: Record<string, unknown>; fromVersion: number; intoVersion: number } | undefined
    now: number
    undoUntil: number
    /** Until when the session that a browser carries of it might live. */
    endedUntil: number
    notes: Note[]
  }): Promise<MergeOutcome>
  /** Takes a merge back: `guest` is the row where there is none, `session` the one that a carried token lives in. */
  undoMerge(input: {
    id: string
    guest: GuestRow
    session: SessionRow | undefined
    retained: Retained
    now: number
    /** How long that can be asked again. */
    repeatUntil: number
    /** The session of the other one that this takes the place of: it ends then. */
    leaves: { anonymousId: string; id: string } | undefined
    notes: Note[]
  }): Promise<boolean>
  /**
   * Moves guests on to their next stage, each if it is still as it was when it was found due; the ids of those that
   * were. Those who expire are signed out.
   */
  moveGuests(input: {
    guests: {
      anonymousId: string
      dueAt: number
      stage: Stage
      to: Stage
      retained: Retained
      notes: Note[]
    }[]
  }): Promise<string[]>
  /** Erases guests whose grace is over, each if it still is; the ids of those that were. */
  eraseGuests(input: { now: number; guests: Erasure[] }): Promise<string[]>
  /** Writes what happened where nothing else was written. */
  addNote(input: { note: Note }): Promise<void>
  /** Takes deliveries that are due, for so long. */
  claimDeliveries(input: { url: string; now: number; until: number; limit: number }): Promise<Delivery[]>
  /** Forgets a delivery that arrived. */
  settleDelivery(input: { id: string }): Promise<void>
  /** Notes that it failed, and when it is tried again, if it is. */
  failDelivery(input: { id: string; failure: string; dueAt: number | null }): Promise<void>
  /** Tries what was given up again: one, or all; how many they are. */
  retryDeliveries(input: { id: string | null; now: number }): Promise<number>
  renamePasskey(input: { anonymousId: string; credentialId: string; name: string }): Promise<boolean>
  /** Refuses (`last`) to remove the only passkey unless forced. */
  removePasskey(input: {
    anonymousId: string
    credentialId: string
    force: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'not_found'>
  /** Notes that a session is used, and its guest seen; of one who was kept by id alone, what the session says too. */
  touchSession(input: {
    anonymousId: string
    id: string
    now: number
    expiresAt: number
    retained: RetainedBy
    label: string
    collection: string
  }): Promise<void>
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
    retained: RetainedBy
  }): Promise<RefreshOutcome>
  /** Ends one session; true if there was one. */
  endSession(input: SessionRef & { notes?: Note[] }): Promise<boolean>
  /**
   * Ends all sessions of a guest, `only` one, or all but one, and revokes the device keys where they were; how many
   * sessions, and which keys.
   */
  endSessions(input: {
    anonymousId: string
    only?: string | undefined
    except?: string | undefined
    notes?: Note[]
    keys?: RevocableKey[]
  }): Promise<{ ended: number; keys: string[] }>
  /** Deletes what expired before `before`, at most `limit` rows of each kind; how many they were. */
  sweep(input: { before: number; auditBefore: number; limit: number }): Promise<number>
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
