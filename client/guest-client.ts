// The type of a client as a page sees it: its options and its functions. What the functions do is in client.ts and api/.
import type { GuestAccount } from './api/account.ts'
import type { GuestCodeSignIn } from './api/code-sign-in.ts'
import type { GuestDeviceKey, GuestDeviceKeys } from './api/device-key-types.ts'
import type { GuestDeviceLinks } from './api/device-links.ts'
import type { GuestLoginIds } from './api/login-ids.ts'
import type { GuestPasskeys } from './api/passkeys.ts'
import type { GuestProfiles } from './api/profile.ts'
import type { GuestPromotion } from './api/promotion.ts'
import type { GuestPrompts } from './api/prompts.ts'
import type { GuestRecoveryCodes } from './api/recovery-codes.ts'
import type { RedirectOptions } from './api/redirects.ts'
import type { GuestSessions } from './api/sessions.ts'
import type { GuestWayIn } from './api/way-in.ts'
import type { GuestListener, Listen } from './lib/events.ts'
import type { OldListen } from './lib/old-names.ts'
import type { ForceOptions } from './lib/options.ts'
import type { MergedGuest, RecoveredGuest, SignedInGuest, SignInMethods, UserInfo } from './lib/types.ts'
import type { InitialGuest } from './state/start-value.ts'

/** The options of createGuestClient. */
export interface GuestClientOptions {
  /**
   * The URL of guestkey's endpoints. Default: the folder of this module if it was loaded as `client.js`; otherwise
   * `/guest`.
   */
  baseUrl?: string | undefined
  /**
   * How requests show who is signed in: by the `cookie` of the service, for pages on its own origin; or by tokens,
   * for pages on other origins as well. Default: `cookie`.
   */
  mode?: 'cookie' | 'token' | undefined
  /** The ID of this client, as the service has it registered. Default: `guestkey`, for the service's own pages. */
  clientId?: string | undefined
  /**
   * In token mode: further origins that `fetch` sends the access token to, such as `https://api.example.com`. The
   * origin of `baseUrl` is always one. Default: none.
   */
  apis?: string[] | undefined
  /**
   * In token mode: binds tokens to a key that cannot leave this browser (RFC 9449), so that a stolen token is
   * useless. Set it to false if an API accepts only bearer tokens. Default: true.
   */
  dpop?: boolean | undefined
  /**
   * Headers to add to every request to guestkey's endpoints, such as the CSRF token that a middleware of the app wants; or
   * a function that returns them, which may be asynchronous and is called for each request. If it fails, so does the
   * request, with `network`. `fetch` does not add them: give them to it. Default: none.
   */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined
  /**
   * Who is signed in, as the server of the page knows it: `req.guest` or the answer of userinfo, and null for nobody. It
   * is `current` until an answer of the service says otherwise, and `guest.changed` tells only of that. Without `prompts`,
   * none is due until then. Default: not known.
   */
  initialGuest?: InitialGuest | null | undefined
  /**
   * How long a request to guestkey's endpoints may take: then it fails with `timeout`. A call waits for other tabs no longer
   * than that. The refresh of a token takes 10 seconds at most. `fetch` has no limit but the `signal` that you give.
   * Default: 30.
   */
  timeoutSeconds?: number | undefined
}

/** How `signOut` signs out. */
export interface SignOutOptions extends ForceOptions {
  /** All sessions of the guest end, and the keys of all devices. */
  everywhere?: boolean | undefined
}

/** The options of `signInAnonymously`. */
export interface ContinueOptions {
  /**
   * The collection of a new guest. A guest who is signed in and belongs to another one is refused:
   * `collection_mismatch`. Default: the default collection of the service.
   */
  collection?: string | undefined
  /**
   * If nobody is signed in, first offers the passkeys that are on this device. If there are none, or the browser
   * cannot do this, the user sees nothing. Must be called in a click of the user. Default: false.
   */
  immediate?: boolean | undefined
}

/**
 * A guestkey client. `Attributes` is the type of the attributes in a profile. Every function but `fetch` rejects with
 * GuestClientError, or with TypeError for an unknown option. Of an address, a login ID or a code, it reads only the
 * fields that its type names. All functions work without `this`.
 */
export interface GuestClient<Attributes = Record<string, unknown>> {
  /**
   * Who is signed in, as far as this page knows: the last answer of the service, or `initialGuest`; null for nobody, and
   * undefined before both. Its prompts are those that are due at any time. While there are listeners, it hears of what
   * other tabs do. A copy of the client has none (it is not enumerable).
   */
  readonly current: UserInfo | null | undefined
  /**
   * Continue as guest. Returns the guest who is signed in. If nobody is, signs in the guest of the key that this
   * browser has (see `deviceKey`), without a prompt; otherwise makes a new guest. However many callers and tabs ask
   * at once, one request at a time is under way. A failure never makes another guest: it rejects (`network`,
   * `server_error`, `storage`, `collection_mismatch`, `guest_sign_in_off` and others).
   */
  signInAnonymously(options?: ContinueOptions): Promise<UserInfo>
  /**
   * Signs in the guest of this recovery code, and uses the code up. Rejects with `recovery_code_wrong`,
   * `guest_merged`, `too_many_sessions` and others.
   */
  signInWithRecoveryCode(code: string): Promise<RecoveredGuest>
  /** Gives the guest another label, of 1 to 64 characters. If the browser can, passkey pickers show it too. */
  rename(label: string): Promise<UserInfo>
  /** Asks who is signed in; null if nobody is. Rejects if the server cannot tell; that signs nobody out. */
  user(): Promise<UserInfo | null>
  /**
   * Which ways to sign in the service offers now, such as codes by e-mail: a page shows these and no others. What this
   * browser can do is not in it: see `passkeys.supported`.
   */
  signInMethods(): Promise<SignInMethods>
  /**
   * As `user`, with the prompts that are due at this moment in the app too, such as `checkout`; the event
   * `prompts.due` tells of them. `fetch` calls this by itself when the host says that such a moment has come.
   */
  moment(name: string): Promise<UserInfo | null>
  /**
   * Calls back with each event of this name; see GuestClientEvents. Does not call back with what the client knew
   * before. Returns the function that stops it. Throws TypeError for an unknown event.
   */
  on: OldListen & Listen
  /** The same as `on('guest.changed', listener)`. */
  onChange(listener: GuestListener): () => void
  /**
   * Ends this session; with `everywhere`, ends all sessions of the guest and revokes the keys of all devices. Rejects
   * with `would_lose_account` if the guest cannot come back, unless `force` is set.
   */
  signOut(options?: SignOutOptions): Promise<void>
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
  wayIn: GuestWayIn
  /**
   * Leaves for the service's own page, where the guest adds a login ID; that page leads back to `redirectUri`. Asks
   * for a passkey first if there is one and its last proof is too old. Resolves when the browser is about to leave.
   * Rejects with `not_signed_in`, `invalid_request` (`redirectUri` is not registered), `storage`, `not_allowed_here`
   * and others.
   */
  promote(options: RedirectOptions): Promise<void>
  /** As `promote`, but to sign in with a login ID; nobody needs to be signed in. */
  signInWithRedirect(options: RedirectOptions): Promise<void>
  /**
   * Finishes what `promote` or `signInWithRedirect` began in this tab, and takes the answer out of the address bar.
   * Resolves to null if `url` holds no answer for this client. Default of `url`: the address of the page. A call
   * while one is under way returns the same promise. Rejects with `cancelled`; with `flow_invalid` or `invalid_grant`
   * (begun elsewhere, as somebody else, or too long ago); with the codes of `promotion.verify` and
   * `codeSignIn.verify`; with `login_id_unknown` and others.
   */
  finishPromotion(url?: string): Promise<SignedInGuest | null>
  /**
   * Merges another guest into the guest who is signed in. The `ticket` names the other guest: it came with the answer
   * to a sign-in, or with the error `login_id_taken`. Calling it again does no harm. Rejects with
   * `merge_ticket_invalid` (expired: after ten minutes, or after a day if the other guest cannot come back; or
   * given to somebody else), `insufficient_user_authentication` (the other guest has a passkey: sign in with it, then
   * sign in here again), `merge_refused`, `nothing_to_merge` and others.
   */
  merge(ticket: string): Promise<MergedGuest>
  /**
   * Undoes a merge, and returns who is signed in then. That is the other guest if that guest has no other way back.
   * Rejects with `merge_ticket_invalid`, `merge_refused`, `not_found` (it is too late), `would_lose_account` (this
   * guest cannot come back then, and is signed in nowhere else: let it add a passkey first, or set `force`) and others.
   */
  undoMerge(ticket: string, options?: ForceOptions): Promise<UserInfo>
  /**
   * An access token that is still good for a while, refreshed if necessary; null if nobody is signed in. In token
   * mode it may be bound to the key of this browser: then only `fetch` can send the proof that it needs.
   */
  accessToken(): Promise<string | null>
  /**
   * As the global `fetch`, but if the answer asks for a fresh proof (RFC 9470), it asks for a passkey and repeats the
   * request once. After any other 401 it checks whether somebody is still signed in, and `guest.changed` tells if
   * nobody is. If the host says that a moment has come, `prompts.due` tells what is due.
   * In token mode it sends the access token to the origins that may have it, and after a 401 repeats the request once
   * with a new token. A request with a token rejects on a redirect, which might lead elsewhere, unless `redirect` is
   * `manual`. Rejects as the global `fetch` does, or with GuestClientError.
   */
  fetch: typeof globalThis.fetch
  /** Removes all listeners and ends autofill. Requests that are under way go on. */
  close(): void
}
