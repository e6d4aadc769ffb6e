// The composition root: from options to the router, the guards and everything between them.

import type { IncomingMessage, ServerResponse } from 'node:http'
import pino from 'pino'
import type { Context } from './context.ts'
import { eraseGuestByHost } from './core/account/account.ts'
import {
  type ImportedGuest,
  type ImportOptions,
  type ImportSummary,
  importGuests,
} from './core/account/imports.ts'
import { deriveKeys } from './core/crypto/secrets.ts'
import { createAttemptLimiter } from './core/device-links/attempts.ts'
import { createEvents, type Events } from './core/events/events.ts'
import { startDeliveries } from './core/events/webhooks.ts'
import { toGuest } from './core/guests/guest.ts'
import { countDueGuests, expireDueGuests, expireGuests } from './core/jobs/expired-guests.ts'
import { deleteExpiredRows } from './core/jobs/expired-rows.ts'
import { startJobs } from './core/jobs/jobs.ts'
import { keepGuestByHost } from './core/life/keep.ts'
import { resumeMerges, undoMergeByHost } from './core/life/merge.ts'
import { changeProfileByHost, readProfileByHost } from './core/life/profile.ts'
import { duePrompts } from './core/life/prompts.ts'
import { promoteByHost } from './core/login-ids/promotion.ts'
import { createSender } from './core/login-ids/sender.ts'
import { signInAnonymously } from './core/sign-in/anonymous.ts'
import { signInByHost } from './core/sign-in/by-host.ts'
import { findClient } from './core/tokens/clients.ts'
import { grantBySession, requireKey } from './core/tokens/grants.ts'
import { rotateSigningKeys } from './core/tokens/signing-key-rotation.ts'
import { createSigningKeys } from './core/tokens/signing-keys.ts'
import { GuestError } from './errors.ts'
import { createGuards } from './http/guards.ts'
import { clearingCookie, sessionOrNone, setSession } from './http/request/credentials.ts'
import { createRouter, type Middleware } from './http/router.ts'
import {
  type Config,
  isPostgres,
  type Options,
  type ProfileOf,
  type ProfileSchema,
  resolveOptions,
} from './options/options.ts'
import { openPostgres } from './store/postgres/driver.ts'
import { openSqlite } from './store/sqlite/driver.ts'
import type { Store } from './store/store.ts'
import type {
  AuditEntry,
  DeadLetter,
  DueGuests,
  Guest,
  GuestProfile,
  PreviousGuest,
  Tokens,
} from './types.ts'

declare global {
  namespace Express {
    interface Request {
      /**
       * The guest who made the request; null where nobody is signed in. Reading it throws a GuestError (503
       * `unavailable`) while the store cannot be asked. A request with a credential that does
       * not hold never gets here: it is refused, or a page asked for anew without it.
       */
      guest: Guest | null
    }
  }
}

/** What guestkey() gives a host; `Attributes` are those of its profiles. */
export type GuestKey<Attributes = Record<string, unknown>> = {
  /** Serves the doors below the base path; elsewhere does what `loadGuest` does. For `app.use(guests.router)`. */
  router: Middleware
  /**
   * Sets `req.guest`, for apps or routers that the doors are not mounted in. A credential that does not hold is
   * refused (`next` gets a GuestError, 401), never passed over; a navigation is redirected to where it went, with
   * the dead cookie taken back.
   */
  loadGuest: Middleware
  /** Lets through whoever is signed in; answers 401 `not_signed_in` or `session_invalid` to others. */
  requireGuest: () => Middleware
  /**
   * Lets through whoever proved a passkey in this session at most `maxAgeSeconds` ago; answers others 401 with
   * the step-up challenge of RFC 9470, which the browser client meets with a ceremony and a retry.
   */
  requirePasskey: (options: { maxAgeSeconds: number }) => Middleware
  /**
   * Continue as guest, from a route of the host's own: sets the cookie and `req.guest`, and returns the session's
   * token with the guest. Writes nothing to the store. The guest who is there already is returned as is.
   * Errors: GuestError `session_invalid`, `ambiguous_credentials`, `unknown_collection`, `collection_mismatch`.
   */
  signInAnonymously: (
    req: IncomingMessage,
    res: ServerResponse,
    options?: { collection?: string },
  ) => Promise<{ token: string; record: Guest }>
  /**
   * Signs in a guest or user who is kept, by a check of the host's own: for those who were imported, and prove who
   * they are by what the other system gave them. Sets the cookie and `req.guest`, and returns the session's token with
   * the guest. Whoever is signed in there is left as by a passkey: the session ends, and of a guest who could not come
   * back `previous` and the `ticket` to merge it tell. To be called from a route that other origins cannot make a
   * browser use. Errors: GuestError `not_found`, `guest_merged`, `too_many_sessions`, `ambiguous_credentials`.
   */
  signInAs: (
    req: IncomingMessage,
    res: ServerResponse,
    sub: string,
  ) => Promise<{ token: string; record: Guest; previous?: PreviousGuest; ticket?: string; merged?: boolean }>
  /**
   * Takes in guests of another system, who keep their ids as `sub`: as regular users where an address or a number is
   * verified. Who is there already is left alone, so it may be done again. `onResult` is told what became of each, in
   * their order, by batches; listeners and webhooks are not told.
   * Errors: GuestError `unknown_collection`.
   */
  import: (
    guests: Iterable<ImportedGuest> | AsyncIterable<ImportedGuest>,
    options?: ImportOptions,
  ) => Promise<ImportSummary>
  /**
   * Keeps a guest: writes the row, because the host keeps something for it from now on. Of `req.guest` everything is
   * known; of an id alone the rest is learnt when the guest is seen next. The guest stays signed in. True where the
   * guest was not kept before. Errors: GuestError `invalid_request`, `not_found`.
   */
  keep: (guest: string | Guest) => Promise<boolean>
  /**
   * Makes a guest a regular user by a check of the host's own: the same `sub`, with a login ID. Of a request with a
   * session the first login ID gives a new one, by cookie, and ends all others; of an id alone it ends all of them.
   * Errors: GuestError `invalid_login_id`, `login_id_taken`, `promotion_refused`, `too_many_login_ids`, `not_found`,
   * `not_signed_in`.
   */
  promote: (
    who: string | IncomingMessage,
    given: { loginId: { type: 'email' | 'phone'; value: string }; verified: true },
  ) => Promise<void>
  /** Erases a guest with everything; false where nothing was kept of it. Its sessions are over either way. */
  erase: (anonymousId: string) => Promise<boolean>
  /**
   * Names a moment, as `checkout`, in a request of a guest: what is due then, and the browser client is told by the
   * response (`Guest-Moment`). Nothing is remembered. Empty where nobody is signed in.
   */
  moment: (req: IncomingMessage, name: string) => Promise<string[]>
  profile: {
    /** What a guest told of itself. Errors: GuestError `no_profile`. */
    get: (anonymousId: string) => Promise<GuestProfile<Attributes>>
    /**
     * Changes attributes of a guest who is kept; null takes one back.
     * Errors: GuestError `no_profile`, `invalid_attribute`, `profile_too_large`, `not_found`.
     */
    update: (
      anonymousId: string,
      attributes: { [N in keyof Attributes]?: Attributes[N] | null },
    ) => Promise<GuestProfile<Attributes>>
  }
  /**
   * Takes a merge back, by the ticket that `onMerge` was given, within `mergeGraceSeconds`.
   * Errors: GuestError `merge_ticket_invalid`, `merge_refused`, `not_found`.
   */
  undoMerge: (ticket: string) => Promise<void>
  /**
   * Warns, expires and erases the guests whose time has come, as happens by itself every minute; with `dryRun` only
   * counts them. `onProgress` is told of how many more were looked at.
   */
  sweep: (options?: { dryRun?: boolean; onProgress?: (guests: number) => void }) => Promise<DueGuests>
  /** What happened, the latest first: to one guest, or to all since then (Unix seconds). At most `limit`: 100. */
  auditTrail: (of?: { anonymous_id?: string; since?: number; limit?: number }) => Promise<AuditEntry[]>
  webhooks: {
    /** What was given up after the last try, the oldest first. */
    failed: (options?: { limit?: number }) => Promise<DeadLetter[]>
    /** Sends one of them again, or all; how many they are. */
    retry: (id?: string) => Promise<number>
  }
  /**
   * Does at once what is otherwise done every minute (clean-up, unfinished merges, new signing keys) or every few
   * seconds (webhooks), for deployments whose processes do not live that long.
   */
  runChores: () => Promise<void>
  /**
   * An access token (RFC 9068) of whoever is signed in, for a service behind this app: of the client `clientId`
   * (default: the deployment's own), for its audience `resource` (default: its first one).
   * Errors: GuestError `not_signed_in`, `session_invalid`, `invalid_client`, `invalid_target`, `invalid_scope`.
   */
  accessToken: (
    req: IncomingMessage,
    options?: { clientId?: string; resource?: string; scope?: string },
  ) => Promise<Tokens>
  /**
   * Has a new key sign access tokens, in time for every node and cache to know it: when that begins, and until when
   * the one before is published. Unix seconds.
   */
  rotateSigningKeys: () => Promise<{ kid: string; signsFrom: number; previousRetiresAt: number }>
  /** Listens to an event; returns the function that stops listening. */
  on: Events['on']
  /** Resolves when the store can be asked; rejects when it cannot be opened. */
  ready: () => Promise<void>
  /** Waits for the writes under way and closes the store. */
  close: () => Promise<void>
}

const openStore = ({ store, postgres }: Config): Store =>
  isPostgres(store) ? openPostgres(store, postgres) : openSqlite(store)

/**
 * Guest identity for an Express app. Synchronous; what needs the database is ready when it is first asked.
 * Errors: OptionsError where the options are wrong.
 */
export function guestkey<P extends ProfileSchema = ProfileSchema>(
  options: Options<P>,
): GuestKey<ProfileOf<P>> {
  const config = resolveOptions(options)
  const logger = config.logger ?? pino({ name: 'guestkey', level: 'warn' })
  const keyring = config.secrets.map(deriveKeys)
  const store = openStore(config)
  const now = () => Math.floor(config.now() / 1000)
  const ctx: Context = {
    config,
    keys: keyring[0]!,
    keyring,
    store,
    signingKeys: createSigningKeys({ config, keyring, store, logger, now }),
    events: createEvents(logger),
    sender: createSender(config, logger),
    attempts: createAttemptLimiter(config),
    logger,
    now,
  }
  const guards = createGuards(ctx)
  const chores = startJobs(ctx, [deleteExpiredRows, expireGuests, resumeMerges, rotateSigningKeys])
  const deliveries = startDeliveries(ctx)

  return {
    router: createRouter(ctx, guards.loadGuest),
    loadGuest: guards.loadGuest,
    requireGuest: guards.requireGuest,
    requirePasskey: guards.requirePasskey,
    async signInAnonymously(req, res, { collection } = {}) {
      const presented = await guards.presentedBy(req)
      if (presented.status === 'invalid') throw clearingCookie(ctx, req, presented.error)
      const current = presented.status === 'valid' ? presented : undefined
      const { session, issued } = await signInAnonymously(ctx, current?.session, collection)
      if (issued) {
        setSession(ctx, res, issued)
        guards.remember(req, { status: 'valid', ...issued })
      }
      return { token: issued?.token ?? current!.token, record: toGuest(session) }
    },
    async accessToken(req, { clientId = 'guestkey', resource, scope } = {}) {
      const presented = await guards.presentedBy(req)
      if (presented.status === 'invalid') throw presented.error
      if (presented.status === 'absent' || presented.by) throw new GuestError('not_signed_in')
      const client = findClient(ctx, clientId)
      if (!client) throw new GuestError('invalid_client')
      requireKey(client, null)
      return grantBySession(ctx, client, presented.session, { resource, scope, jkt: null })
    },
    async signInAs(req, res, sub) {
      const presented = await guards.presentedBy(req, { signsIn: true })
      // A client's session is not this browser's: it goes on.
      const isClients = presented.status === 'valid' && presented.by !== undefined
      const current = isClients ? undefined : sessionOrNone(presented)
      const { issued, ...left } = await signInByHost(ctx, current, sub)
      setSession(ctx, res, issued)
      guards.remember(req, { status: 'valid', ...issued })
      return { token: issued.token, record: toGuest(issued.session), ...left }
    },
    import: (users, options) => importGuests(ctx, users, options),
    async keep(who) {
      return keepGuestByHost(ctx, who)
    },
    async promote(who, { loginId, verified }) {
      if (verified !== true) throw new TypeError('promote: the login ID must be verified, by you')
      if (typeof who === 'string') return void (await promoteByHost(ctx, who, loginId))
      const presented = await guards.presentedBy(who)
      if (presented.status === 'invalid') throw presented.error
      if (presented.status === 'absent' || presented.by) throw new GuestError('not_signed_in')
      const res = guards.responseOf(who)
      if (!res) throw new TypeError('promote: mount the router or loadGuest before this route')
      const { session, token } = await promoteByHost(ctx, presented.session, loginId)
      if (token === undefined) return
      setSession(ctx, res, { session, token })
      guards.remember(who, { status: 'valid', session, token })
    },
    erase: (anonymousId) => eraseGuestByHost(ctx, anonymousId),
    async moment(req, name) {
      const presented = await guards.presentedBy(req)
      if (presented.status !== 'valid') return []
      guards.responseOf(req)?.setHeader('Guest-Moment', encodeURIComponent(name))
      return duePrompts(ctx, presented.session, name)
    },
    profile: {
      async get(anonymousId) {
        return (await readProfileByHost(ctx, anonymousId)).profile as GuestProfile<ProfileOf<P>>
      },
      async update(anonymousId, attributes) {
        const changed = await changeProfileByHost(ctx, anonymousId, attributes)
        return changed.profile as GuestProfile<ProfileOf<P>>
      },
    },
    async undoMerge(ticket) {
      await undoMergeByHost(ctx, ticket)
    },
    sweep: ({ dryRun = false, onProgress } = {}) =>
      dryRun ? countDueGuests(ctx) : expireDueGuests(ctx, { ...(onProgress && { onProgress }) }),
    async auditTrail({ anonymous_id = undefined, since = 0, limit = 100 } = {}) {
      const rows = await store.listAudit({ anonymousId: anonymous_id ?? null, since, limit })
      return rows.map(({ anonymousId, at, action, outcome, sessionId }) => ({
        anonymous_id: anonymousId,
        at,
        action,
        outcome,
        session_id: sessionId,
      }))
    },
    webhooks: {
      async failed({ limit = 100 } = {}) {
        const rows = await store.listDeadDeliveries({ limit })
        return rows.map(({ id, url, event, payload, createdAt, attempts, failure }) => ({
          id,
          url,
          event,
          payload,
          attempts,
          failure: failure ?? '',
          created_at: createdAt,
        }))
      },
      async retry(id) {
        const retried = await store.retryDeliveries({ id: id ?? null, now: now() })
        void deliveries.deliver().catch(() => {}) // it is looked for again
        return retried
      },
    },
    async runChores() {
      await chores.run()
      await deliveries.deliver()
    },
    rotateSigningKeys: () => ctx.signingKeys.rotate(),
    on: ctx.events.on,
    ready: ctx.store.ready,
    async close() {
      chores.stop()
      await deliveries.close()
      await ctx.store.close()
    },
  }
}
