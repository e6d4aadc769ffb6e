// What guestkey() returns: the router, the guards, and the methods for the app that hosts it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DisableOptions } from './core/account/disabling.ts'
import type { ImportedGuest, ImportOptions, ImportSummary } from './core/account/imports.ts'
import type { GuestEventListener, GuestEvents } from './core/events/events.ts'
import type { ChangedBy } from './core/settings/change.ts'
import type { SettingChanges } from './core/settings/settings.ts'
import type { FindOptions, FoundGuests, GuestQuery } from './core/support/find.ts'
import type { WholeGuest } from './core/support/whole.ts'
import type { Operators } from './http/admin/host.ts'
import type {
  AccessTokenOptions,
  AuditTrailOptions,
  FailedWebhookOptions,
  FetchOptions,
  KeyRotation,
  PromoteOptions,
  RequireGuestOptions,
  RequirePasskeyOptions,
  SignInOptions,
  SignOutOptions,
  SweepOptions,
  WithHeaders,
} from './http/host-options.ts'
import type { Guard } from './http/request-guest.ts'
import type { Middleware } from './http/router.ts'
import type { OldSignIn } from './old-names.ts'
import type {
  AuditEntry,
  DeadLetter,
  DueGuests,
  Guest,
  GuestInSession,
  GuestProfile,
  PreviousGuest,
  Setting,
  Tokens,
} from './types.ts'

/** A guest who has been signed in: the session's token, which the cookie has too, and the guest. */
export type SignIn = { token: string; guest: GuestInSession } & OldSignIn
/** The guest whom the host signed in. If there was another one: `previous` names it, and `ticket` merges it or undoes the merge. */
export type SignInByHost = SignIn & { previous?: PreviousGuest; ticket?: string; merged?: boolean }

/**
 * What guestkey() returns; `Attributes` are those of its profiles. A method that uses the store also throws GuestError
 * `unavailable` if it cannot reach the store. A method with a request also throws what reading its credential throws:
 * `credentials_ambiguous`, `invalid_dpop_proof`, `insufficient_scope`.
 */
export type GuestKey<Attributes = Record<string, unknown>> = {
  /** Answers the endpoints below the base path, and acts as `loadGuest` for all other paths. For `app.use(guests.router)`. */
  router: Middleware
  /**
   * The same for a `Request` of the Fetch API, from the same table of endpoints. For all paths that are not below the base
   * path, `next` makes the Response, once it is known that the credential is valid: refusals are those of `loadGuest`, and
   * `guard` may want more. The Response gets the cookies that are due. A GuestError that `next` throws is answered as the
   * guards answer; every other error is thrown on.
   */
  fetch: (request: Request, options?: FetchOptions) => Promise<Response>
  /**
   * Sets `req.guest`, for apps or routers in which the router is not mounted. An invalid credential is refused and never
   * ignored: `next` gets a GuestError (`session_invalid`, `guest_merged`, `credentials_ambiguous`, `invalid_dpop_proof`,
   * `insufficient_scope`; a dead one only as the option `deadCredentials` says). If a browser opens a page with an invalid
   * cookie, it is redirected to the same page and the cookie is removed. A cookie in a WebSocket handshake that a page of another origin begins is refused, too
   * (`cross_site_request`). If such a page sends a change (POST, …), reading `req.guest` throws that error.
   */
  loadGuest: Middleware
  /**
   * Answers any request with the numbers for Prometheus (OpenMetrics text), for a path that only your own can reach; 404 if
   * the option `metrics` is false. It reads no request.
   */
  metrics: (req: IncomingMessage, res: ServerResponse) => void
  /**
   * Lets a request through if a guest is signed in. Answers others 401 `not_signed_in`, or with the error of their invalid
   * credential, as for `loadGuest`. With `redirect`, the path of a page of the host, people who open a page are redirected
   * there instead; the query parameter `return_to` has the path and query that they wanted (see `returnTo`). The page
   * itself answers with the error, so a redirect never leads in a circle.
   * Throws a TypeError at once if `redirect` is not such a path.
   */
  requireGuest: (options?: RequireGuestOptions) => Guard
  /**
   * Lets a request through if a passkey was proven in its session at most `maxAgeSeconds` ago. Answers other guests 401
   * `insufficient_user_authentication` with the step-up challenge of RFC 9470, and everybody else as `requireGuest` does.
   * The browser client answers the challenge with a ceremony and repeats the request. `redirect` is for people who open a
   * page, as for `requireGuest`.
   * Throws a TypeError at once if `maxAgeSeconds` is not a positive number.
   */
  requirePasskey: (options: RequirePasskeyOptions) => Guard
  /**
   * The path to which a page that `redirect` names sends people back: `return_to` in the query of this request, or `/` if
   * that is missing or leads to another host.
   */
  returnTo: (req: IncomingMessage | Request) => string
  /**
   * Whom a request is from; null if nobody is signed in. Takes a request of Node or Express, also of a WebSocket
   * handshake; a `Request` of the Fetch API or its `Headers`; or a token: a session's, or an access token that is for
   * guestkey alone. It counts as use of the session, as far as the response to the request can still set a cookie. For a
   * WebSocket, each call looks the session up again; for another request that stays open, at most a minute later. The errors are those that `loadGuest` gives to `next`: an invalid
   * credential is not the same as none. Headers do not tell the method: if they name a foreign `Origin`, the cookie is
   * refused, and a token that is bound to a key (DPoP) needs the whole request.
   * Errors: GuestError `session_invalid`, `guest_merged`, `credentials_ambiguous`, `cross_site_request`,
   * `invalid_dpop_proof`, `insufficient_scope`.
   */
  guestOf: (source: IncomingMessage | Request | Headers | string) => Promise<GuestInSession | null>
  /**
   * For a connection that stays open, such as a WebSocket or server-sent events: calls `ended` once, within two seconds
   * after the session of its request is over, on whichever node it was ended. Calls it at once if nobody is signed in. While
   * the store cannot be asked, nothing is called. Returns a function that stops this: call it when the connection closes.
   */
  watchSession: (source: IncomingMessage | Request, ended: () => void) => () => void
  /**
   * Continue as guest, in a route of the host: sets the cookie and `req.guest`, and returns the session's token with the
   * guest. If a guest is signed in, returns that guest. Writes nothing to the store unless the option `keep` is `always`.
   * For a `Request` of the Fetch API it returns the `headers` for the Response, too.
   * Errors: GuestError `session_invalid`, `guest_merged`, `credentials_ambiguous`, `collection_unknown`,
   * `collection_mismatch`; `guest_sign_in_off` if the option `guestSignIn` lets no new guests in; `cross_site_request` if a
   * page of another origin sent a change.
   */
  signInAnonymously: {
    (request: Request, options?: SignInOptions): Promise<SignIn & WithHeaders>
    (req: IncomingMessage, res: ServerResponse, options?: SignInOptions): Promise<SignIn>
  }
  /**
   * Signs in a kept guest or user whom the host has identified itself, such as an imported one with a token of the other
   * system. Sets the cookie and `req.guest`, and returns the session's token with the guest. It ends the session that was
   * there, as a sign-in with a passkey does. If that was another guest, `previous` names it, `merged` is true if it was
   * merged, and `ticket` is for the merge or its undoing. Call it only from routes that other origins cannot make a
   * browser use (CSRF). For a `Request` of the Fetch API it returns the `headers` for the Response, too.
   * Errors: GuestError `not_found`, `guest_merged`, `guest_disabled`, `too_many_sessions`, `credentials_ambiguous`.
   */
  signInAs: {
    (request: Request, anonymousId: string): Promise<SignInByHost & WithHeaders>
    (req: IncomingMessage, res: ServerResponse, anonymousId: string): Promise<SignInByHost>
  }
  /**
   * Signs the guest of a request out, in a route of the host such as its own `/logout`: ends the session (with
   * `everywhere`, all sessions and device keys of the guest), removes the cookies, and makes `req.guest` null. Another
   * guest may be signed in right after it. If nobody is signed in, or the session is over already, it only removes the
   * cookies. For a `Request` of the Fetch API it returns the `headers` for the Response.
   * Errors: GuestError `would_lose_account` if the guest cannot come back, unless `force` is set; `cross_site_request`
   * if a page of another origin sent the request, by a link too; `credentials_ambiguous`, `insufficient_scope`;
   * `session_invalid` or `guest_merged` if the session ended meanwhile, or with `everywhere` before.
   */
  signOut: {
    (request: Request, options?: SignOutOptions): Promise<WithHeaders>
    (req: IncomingMessage, res: ServerResponse, options?: SignOutOptions): Promise<void>
  }
  /**
   * Imports guests of another system, who keep their ids as `sub`. Those with a verified address or number become regular
   * users. Guests who exist already stay as they are, so an import can be repeated. `onResult` is called for each guest,
   * in their order, after each batch of 250. Listeners and webhooks get no events.
   * Errors: GuestError `collection_unknown`.
   */
  import: (
    guests: Iterable<ImportedGuest> | AsyncIterable<ImportedGuest>,
    options?: ImportOptions,
  ) => Promise<ImportSummary>
  /**
   * Keeps a guest: writes its row, because the host stores something for it from now on. Give `req.guest`; or give the id
   * alone, and guestkey learns label and collection when it next sees the guest. The guest stays signed in. True if the
   * guest was not kept before.
   * Errors: GuestError `invalid_request` if this is no `anonymous_id`; `not_found` if the guest was erased, or its
   * session has ended.
   */
  keep: (guest: string | Guest) => Promise<boolean>
  /**
   * Adds a login ID that the host has verified. The first one makes the guest a regular user, with the same `sub`, and
   * ends all of its sessions. If `who` is a request, its session is replaced by a new one, by cookie.
   * Errors: GuestError `login_id_invalid`, `login_id_taken`, `promotion_refused`, `too_many_login_ids`; `session_invalid`
   * if the session has ended, or the guest was merged or erased; for an id `not_found` if the guest is not kept, and `guest_disabled`; for a
   * request `not_signed_in`, also if it presents an access token, `guest_merged`, `credentials_ambiguous`. TypeError if
   * `verified` is not true, or if neither the router nor `loadGuest` handled the request before.
   */
  promote: (who: string | IncomingMessage, options: PromoteOptions) => Promise<void>
  /** Erases a guest and everything about it. False if the guest was not kept. Its sessions end in both cases. */
  erase: (anonymousId: string) => Promise<boolean>
  /**
   * Finds guests: one by what names it (`anonymousId`, `sessionId`, `passkeyId`, or `loginId`, which is compared as at a
   * sign-in), those with a `label`, or all, page by page; and of these, those with this `collection`, `recoverability` and
   * `stage`, who are `disabled`, or were created or last seen in a time (`createdSince`, `createdBefore`, `seenSince`,
   * `seenBefore`, in Unix seconds). At most `limit` of them (default 50, at most 200), from the page before on: `after` is
   * its `next`. A page can be empty though `next` says that there are more. A guest who is not kept is found by its id
   * alone, with the stage `unkept`.
   * Errors: GuestError `invalid_request`, `login_id_invalid`.
   */
  find: (query?: GuestQuery, options?: FindOptions) => Promise<FoundGuests>
  /**
   * One guest whole: all that the store has about it, as in the guest's own export, its audit trail too, and what only an
   * operator needs. null for an id that nobody can have. Of a guest who is not kept there is little: `stage` is `unkept`.
   */
  get: (anonymousId: string) => Promise<WholeGuest | null>
  /**
   * Disables a guest: ends all its sessions on all nodes, and lets nobody in as this guest until `until` (Unix seconds;
   * default null: until `enable`). Whoever proves to be the guest is answered 403 `guest_disabled`. What it comes back by
   * stays, and works again after that. `reason`: `abuse`, `compromised`, `requested`, `legal` or `other` (default). A
   * second call changes both. A guest who is not kept has nothing but its session, and does not come back.
   * Errors: GuestError `invalid_request`; `not_found` for an id that nobody has; `unavailable` if nodes of other versions
   * use the store.
   */
  disable: (anonymousId: string, options?: DisableOptions) => Promise<void>
  /** Lets a disabled guest in again. False if it was not disabled. */
  enable: (anonymousId: string) => Promise<boolean>
  settings: {
    /**
     * The settings that can be changed while guestkey runs, by name: the value that counts now, and when, by whom and why
     * it was changed.
     */
    get: () => Promise<Record<string, Setting>>
    /**
     * Changes settings, on all nodes within two seconds: `guestSignIn`, `guestSignIn.<collection>`,
     * `rateLimit.perMinute`, `passkeyRegistration`, `codes`, `notice`. `by` and `reason` are for `get`. Resolves to all settings.
     * Errors: GuestError `invalid_request`; `unavailable` if nodes of other versions use the store.
     */
    set: (values: SettingChanges, by?: ChangedBy) => Promise<Record<string, Setting>>
    /** Takes the change of a setting back: the options count again. Errors: GuestError `invalid_request`. */
    reset: (name: string) => Promise<Record<string, Setting>>
  }
  /**
   * Names the moment of a request, such as `checkout`. Returns the prompts that are due at this moment, and tells the
   * browser client the moment in the response header `Guest-Moment`. Nothing is stored. Empty if nobody is signed in.
   */
  moment: (req: IncomingMessage, name: string) => Promise<string[]>
  /** The operators of this deployment, and the router of their API: see server/operators.md. */
  operators: Operators
  profile: {
    /** The profile of a guest. Errors: GuestError `no_profile` if the option `profile` is missing. */
    get: (anonymousId: string) => Promise<GuestProfile<Attributes>>
    /**
     * Changes attributes of a kept guest; null removes one.
     * Errors: GuestError `no_profile`, `attribute_invalid`, `profile_too_large`; `not_found` if the guest is not kept;
     * `session_invalid` if it was merged, or erased meanwhile.
     */
    update: (
      anonymousId: string,
      attributes: { [N in keyof Attributes]?: Attributes[N] | null },
    ) => Promise<GuestProfile<Attributes>>
  }
  /**
   * Undoes a merge, by the ticket that `onMerge` got, within `merge.graceSeconds`.
   * Errors: GuestError `merge_ticket_invalid`, `merge_refused`, `guest_disabled`, `not_found`.
   */
  undoMerge: (ticket: string) => Promise<void>
  /**
   * Warns, expires and erases the guests that are due, now rather than at the next run, which is every minute. `dryRun`
   * only counts them. `onProgress` gets the number of guests in each batch that is done.
   * Errors: GuestError `unavailable` if nodes of other versions use the store.
   */
  sweep: (options?: SweepOptions) => Promise<DueGuests>
  /** The audit trail, the latest entry first, of one guest or of all. `since`: Unix seconds, default 0. `limit`: default 100. */
  auditTrail: (options?: AuditTrailOptions) => Promise<AuditEntry[]>
  webhooks: {
    /** The deliveries that guestkey gave up, the oldest first. Default `limit`: 100. */
    failed: (options?: FailedWebhookOptions) => Promise<DeadLetter[]>
    /** Sends one of these again, or all. Returns how many. */
    retry: (id?: string) => Promise<number>
  }
  /**
   * Runs the background jobs that are due (clean-up, guests that expire, unfinished merges, new signing keys, webhooks).
   * They otherwise run by themselves. This is for deployments whose processes end before that.
   */
  runChores: () => Promise<void>
  /**
   * Issues an access token (RFC 9068) for the guest of this request, for a service behind this app. `clientId`: the
   * client it is for (default: the deployment's own, `guestkey`); `resource`: its audience (default: the client's first).
   * Errors: GuestError `not_signed_in`, also for a request with an access token; `session_invalid`, `guest_merged`,
   * `credentials_ambiguous`; `invalid_client`, `invalid_target`, `invalid_scope`; `invalid_dpop_proof` if the client's
   * tokens must be bound to a key.
   */
  accessToken: (req: IncomingMessage | Request | Headers, options?: AccessTokenOptions) => Promise<Tokens>
  /**
   * Makes a new key that will sign access tokens. `signs_from`: when it starts, so late that every node and cache knows it
   * by then; `previous_retires_at`: until when the key before it is published. Unix seconds. If a rotation is under way,
   * returns that one. Throws an Error if the secret cannot open the stored keys.
   */
  rotateSigningKeys: () => Promise<KeyRotation>
  /** Listens to an event. Returns a function that stops listening. Throws a TypeError at once if there is no such event. */
  on: <Name extends keyof GuestEvents>(event: Name, listener: GuestEventListener<Name>) => () => void
  /**
   * Resolves when the store can be read and written. Rejects with GuestError `unavailable` if it cannot be opened, read
   * or written, or if the SQLite file was removed or replaced.
   */
  ready: () => Promise<void>
  /** Stops the background jobs, waits for writes and deliveries under way, and closes the store. */
  close: () => Promise<void>
}
