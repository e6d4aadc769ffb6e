// What a page sees of the client: its options, and what it can do.
import type { GuestAccount } from './api/account.ts'
import type { GuestCodeSignIn } from './api/code-sign-in.ts'
import type { GuestDeviceKey, GuestDeviceKeys } from './api/device-key.ts'
import type { GuestDeviceLinks } from './api/device-links.ts'
import type { GuestLoginIds } from './api/login-ids.ts'
import type { GuestPasskeys } from './api/passkeys.ts'
import type { GuestProfiles } from './api/profile.ts'
import type { GuestPromotion } from './api/promotion.ts'
import type { GuestPrompts } from './api/prompts.ts'
import type { GuestRecoveryCodes } from './api/recovery-codes.ts'
import type { RedirectOptions } from './api/redirects.ts'
import type { GuestSessions } from './api/sessions.ts'
import type { MergedGuest, RecoveredGuest, SignedInGuest, UserInfo } from './lib/types.ts'
import type { GuestListener, OfferListener } from './state/guest-state.ts'

/** The options of createGuestClient. */
export interface GuestClientOptions {
  /**
   * Where guestkey's doors are. Default: the folder that this module was loaded from, if it was loaded as
   * `client.js`; `/guest` otherwise.
   */
  baseUrl?: string
  /**
   * How this page shows who is signed in: by the `cookie` of the service, for pages of its own origin; or by tokens,
   * for pages of other origins as well. Default: `cookie`.
   */
  mode?: 'cookie' | 'token'
  /** The client that the page is of, as the service has it registered. Default: `guestkey`, the service's own pages. */
  clientId?: string
  /**
   * In token mode: origins, as `https://api.example.com`, that `fetch` sends the access token to, beside that of
   * `baseUrl`. Default: none.
   */
  apis?: string[]
  /**
   * In token mode: binds tokens to a key that does not leave this browser (RFC 9449), so that a stolen one is of no
   * use. False where an API takes bearer tokens alone. Default: true.
   */
  dpop?: boolean
}

/** The options of `signInAnonymously`. */
export interface ContinueOptions {
  /** Of a new guest. Default: what the service has for it. */
  collection?: string
  /**
   * Where nobody is signed in, offers the passkeys that are on this device first; where there are none, or the browser
   * knows no such thing, nothing is to be seen of it. Takes a click of the user. Default: false.
   */
  immediate?: boolean
}

/**
 * A guestkey client; `Attributes` are those of a profile. Every function but `fetch` rejects with GuestClientError, and
 * needs no `this`.
 */
export interface GuestClient<Attributes = Record<string, unknown>> {
  /**
   * Continue as guest: returns the guest who is signed in; where the session is gone, the one whom this browser has a
   * key of (see `deviceKey`), without a prompt; or makes one. However many callers and tabs ask at once, one request is
   * under way. No failure ever makes another guest: it rejects (`network`, `server_error`, …).
   */
  signInAnonymously(options?: ContinueOptions): Promise<UserInfo>
  /**
   * Signs in whoever the recovery code is of, which is good no more then. Rejects with `recovery_code_wrong`,
   * `too_many_sessions` and others.
   */
  signInWithRecoveryCode(code: string): Promise<RecoveredGuest>
  /** Gives the guest another name, of 1 to 64 characters; passkey pickers show it as well, where the browser can. */
  rename(label: string): Promise<UserInfo>
  /** Asks who is signed in; null if nobody is. Rejects if the server cannot tell, which signs nobody out. */
  user(): Promise<UserInfo | null>
  /**
   * As `user`, with the prompts that are due at this moment of the app's life, such as `checkout`; onDue hears of
   * them. `fetch` asks by itself where the host says that such a moment has come.
   */
  moment(name: string): Promise<UserInfo | null>
  /**
   * Calls back whenever another guest, or nobody, is signed in, or something about the guest changes; also for
   * what other tabs do. Not for what was known before. Returns the way to stop it.
   */
  onChange(listener: GuestListener): () => void
  /**
   * Calls back when a sign-in showed that this device has no passkey of the guest, and should have: after a recovery
   * code, on a device that was linked, and after a passkey of another device. Returns the way to stop it.
   */
  on(event: 'offer-passkey', listener: OfferListener): () => void
  /**
   * Ends this session, or with `everywhere` all of the guest's. Rejects with `would_lose_account` if the guest could
   * not come back, unless `force` is set.
   */
  signOut(options?: { everywhere?: boolean; force?: boolean }): Promise<void>
  passkeys: GuestPasskeys
  deviceKey: GuestDeviceKey
  deviceKeys: GuestDeviceKeys
  deviceLinks: GuestDeviceLinks
  recoveryCodes: GuestRecoveryCodes
  sessions: GuestSessions
  profile: GuestProfiles<Attributes>
  prompts: GuestPrompts
  account: GuestAccount
  promotion: GuestPromotion
  codeSignIn: GuestCodeSignIn
  loginIds: GuestLoginIds
  /**
   * Leaves for the service's own page, where the guest adds a login ID, and which leads to `redirectUri`; after a
   * step-up if there is a passkey and its last proof is too old. Is done when the browser is about to leave. Rejects
   * with `not_signed_in`, `invalid_request` (the address is not registered), `storage`, `not_allowed_here` and others.
   */
  promote(options: RedirectOptions): Promise<void>
  /** As `promote`, but to sign in with a login ID. */
  signInWithRedirect(options: RedirectOptions): Promise<void>
  /**
   * Finishes what `promote` or `signInWithRedirect` began in this tab, and takes the answer out of the address bar.
   * Null where the `url`, by default that of the page, has no answer for this client. Asking while it is under way
   * gives the same promise. Rejects with `cancelled`; with `flow_invalid` or `invalid_grant` (it was begun elsewhere, as
   * somebody else, or too long ago); as `promotion.verify` and `codeSignIn.verify` do; with `login_id_unknown` and
   * others.
   */
  finishPromotion(url?: string): Promise<SignedInGuest | null>
  /**
   * Folds the other guest, the one that this browser was before somebody signed in and the answer, or the refusal of a
   * promotion, came with this `ticket`, into the guest who is signed in. May be repeated. Rejects with
   * `merge_ticket_invalid` (ten minutes are over), `insufficient_user_authentication` (the other guest has a passkey:
   * sign in with it first, then come back), `merge_refused`, `nothing_to_merge` and others.
   */
  merge(ticket: string): Promise<MergedGuest>
  /**
   * Takes a merge back, and returns who is signed in then: the other guest, if there is no other way back to that one.
   * Rejects with `merge_ticket_invalid`, `merge_refused`, `not_found` (it is too late) and others.
   */
  undoMerge(ticket: string): Promise<UserInfo>
  /**
   * An access token that is good for a while yet, refreshed if need be, or null if nobody is signed in. In token mode
   * it may be bound to this browser's key: `fetch` sends the proof along.
   */
  accessToken(): Promise<string | null>
  /**
   * `fetch`, with one addition: if the answer wants a fresh proof (RFC 9470), asks for a passkey and repeats the
   * request once. A 401 of any other kind has onChange told, if nobody is signed in any more; and onDue hears of what
   * is due at a moment that the host says has come. In token mode it sends the access token to the origins that may
   * have it, repeats the request once with a fresh one after a 401, and fails on a redirect, which might lead
   * elsewhere. Rejects as `fetch` does, or with GuestClientError.
   */
  fetch: typeof globalThis.fetch
  /** Drops all listeners and ends autofill; requests under way go on. */
  close(): void
}
