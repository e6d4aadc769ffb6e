// The composition root: from options to the router, the guards and everything between them.

import type { IncomingMessage, ServerResponse } from 'node:http'
import pino from 'pino'
import type { Context } from './context.ts'
import { startChores } from './core/chores.ts'
import { findClient } from './core/clients.ts'
import { createEvents, type Events } from './core/events.ts'
import { grantBySession, requireKey } from './core/grants.ts'
import { signInAnonymously, toGuest } from './core/guests.ts'
import { deriveKeys } from './core/secrets.ts'
import { createSigningKeys, rotateSigningKeys } from './core/signing-keys.ts'
import { sweep } from './core/sweep.ts'
import { GuestError } from './errors.ts'
import { setSession, takingBack } from './http/credentials.ts'
import { createGuards } from './http/guards.ts'
import { createRouter, type Middleware } from './http/router.ts'
import { type Config, isPostgres, type Options, resolveOptions } from './options.ts'
import { openPostgres } from './store/postgres.ts'
import { openSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import type { Guest, Tokens } from './types.ts'

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

/** What guestkey() gives a host. */
export type GuestKey = {
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
export function guestkey(options: Options): GuestKey {
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
    logger,
    now,
  }
  const guards = createGuards(ctx)
  const stopChores = startChores(ctx, [sweep, rotateSigningKeys])

  return {
    router: createRouter(ctx, guards.loadGuest),
    loadGuest: guards.loadGuest,
    requireGuest: guards.requireGuest,
    requirePasskey: guards.requirePasskey,
    async signInAnonymously(req, res, { collection } = {}) {
      const presented = await guards.presentedBy(req)
      if (presented.status === 'invalid') throw takingBack(ctx, presented.error)
      const current = presented.status === 'valid' ? presented : undefined
      const { session, issued } = signInAnonymously(ctx, current?.session, collection)
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
    rotateSigningKeys: () => ctx.signingKeys.rotate(),
    on: ctx.events.on,
    ready: ctx.store.ready,
    async close() {
      stopChores()
      await ctx.store.close()
    },
  }
}
