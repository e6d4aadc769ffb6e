// The options of guestkey(): their documentation, their defaults, and the check at construction that refuses wrong ones.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from '../logger.ts'
import type { PreviousGuest } from '../types.ts'
import { z } from '../zod.ts'
import { type Client, type ClientOptions, client, hourAtMost } from './clients.ts'
import * as life from './life.ts'
import * as promotion from './promotion.ts'
import { localSecret, OptionsError } from './secret.ts'
import { isPostgres, type PostgresOptions, postgres, store } from './store.ts'
import { absoluteUri, aFunction, count, days, origin, seconds, secret, text } from './values.ts'
import * as places from './well-known.ts'

export type { Client, ClientOptions } from './clients.ts'
export type {
  Collection,
  CollectionOptions,
  Merge,
  MergeProfiles,
  ProfileOf,
  ProfileSchema,
  PromptRule,
  RetentionOptions,
  Webhook,
  WebhookEvent,
  WebhookOptions,
} from './life.ts'
export type { CodeMessage, PageOptions, Promotion, Provider, ProviderOptions } from './promotion.ts'
export { localSecret, OptionsError } from './secret.ts'
export { isPostgres, type PostgresOptions } from './store.ts'
export type { AndroidApp, PasskeyEndpoints } from './well-known.ts'

const DATA_FOLDER = 'guestkey-data'
/** The OAuth client of the deployment's own pages. */
const OWN_CLIENT = 'guestkey'

const loggerMethods = ['debug', 'info', 'warn', 'error'] as const

/** Checks each option by itself. resolveOptions() checks what depends on several options. */
export const optionsSchema = z.strictObject({
  origin: z.union([origin, z.array(origin).check(z.minLength(1))]),
  rpId: z.optional(text),
  rpName: z.optional(text),
  topOrigins: z._default(z.array(origin), []),
  store: z._default(store, `${DATA_FOLDER}/guestkey.db`),
  postgres: z._default(postgres, {}),
  secret: z.optional(z.union([secret, z.array(secret).check(z.minLength(1))])),
  basePath: z._default(
    z
      .string()
      .check(
        z.regex(
          /^(\/(?!\.+(\/|$))[\w.~-]+)*$/,
          'must look like /guest: a leading slash and no trailing one, or be empty',
        ),
      ),
    '/guest',
  ),
  cookieName: z._default(
    z
      .string()
      .check(
        z.regex(
          /^(?!__)[\w-]{1,64}$/,
          'must be like guestkey: letters, digits, _ and -; guestkey adds the prefix __Host- itself',
        ),
      ),
    'guestkey',
  ),
  keep: z._default(z.enum(['on-demand', 'always']), 'on-demand'),
  collections: z._default(life.collections, ['users']),
  retention: z._default(life.retention, {}),
  prompts: z._default(life.prompts, []),
  profile: z.optional(life.profile),
  maxProfileBytes: z._default(count, 8 * 1024),
  mergeProfiles: z._default(life.mergeProfiles, 'keep-target'),
  mergeGraceSeconds: z._default(seconds, days(7)),
  ...life.hooks,
  send: z.optional(promotion.send),
  sendFrom: z.optional(text),
  onPromote: promotion.onPromote,
  maxLoginIds: z._default(count, 10),
  providers: z._default(promotion.providers, []),
  pages: z._default(promotion.pages, {}),
  webhooks: z._default(life.webhooks, []),
  auditDays: z._default(count, 90),
  redirectUris: z._default(z.array(absoluteUri), []),
  issuer: z.optional(origin),
  clients: z._default(z.array(client), []),
  claimsNamespace: z.optional(absoluteUri),
  wellKnown: z._default(z.boolean(), true),
  android: z._default(places.android, []),
  apple: z._default(places.apple, []),
  passkeyEndpoints: z.optional(places.passkeyEndpoints),
  signingAlgorithm: z._default(z.enum(['ES256', 'EdDSA']), 'ES256'),
  signingKeyDays: z._default(count, 90),
  accessTokenSeconds: z._default(hourAtMost, 10 * 60),
  refreshGraceSeconds: z._default(seconds, 30),
  sessionIdleSeconds: z._default(seconds, days(90)),
  sessionAbsoluteSeconds: z._default(seconds, days(365)),
  challengeSeconds: z._default(seconds, 5 * 60),
  stepUpSeconds: z._default(seconds, 5 * 60),
  maxPasskeys: z._default(count, 20),
  maxDeviceKeys: z._default(count, 20),
  maxSessions: z._default(count, 100),
  maxBodyBytes: z._default(count, 64 * 1024),
  bodySeconds: z._default(seconds, 10),
  rateLimit: z._default(
    z.union(
      [z.literal(false), z.strictObject({ perMinute: count })],
      'must be false or { perMinute: n }, where n is a whole number above 0',
    ),
    {
      perMinute: 600,
    },
  ),
  trustProxy: z._default(z.int().check(z.nonnegative()), 0),
  now: z._default(aFunction<() => number>(), () => Date.now),
  logger: z.optional(
    z.custom<Logger>(
      (value) => loggerMethods.every((level) => typeof (value as never)?.[level] === 'function'),
      `must have the methods ${loggerMethods.join(', ')}, as pino has`,
    ),
  ),
})

/** The options of guestkey(). Only `origin` is required. */
export type Options<P extends life.ProfileSchema = life.ProfileSchema> = {
  /**
   * The origin of the pages on which guests sign in: `https://app.example.com`, or `http://localhost:3000` to try.
   * Give a list if one deployment serves several origins with one RP ID. Those that are not within the RP ID are related
   * origins (WebAuthn Level 3, 5.11), with at most five registrable names. They are published at
   * `/.well-known/webauthn`, which browsers fetch from the host of the RP ID. If `http://localhost` stands beside an
   * https origin, its cookie is Secure too: Chrome, Edge and Firefox keep such cookies on http://localhost, Safari does
   * not.
   */
  origin: string | string[]
  /**
   * WebAuthn RP ID (WebAuthn Level 3, 5.4): the domain that passkeys belong to. At least one origin must be within it.
   * Default: the host of the (first) origin.
   */
  rpId?: string
  /** The name of the site that authenticators show. Default: the RP ID. */
  rpName?: string
  /** Origins that may embed the pages in a cross-origin frame and run ceremonies there. Default: none. */
  topOrigins?: string[]
  /**
   * The database. Either the path of a SQLite file, which is created with its folder if it is missing; or the URL of a
   * PostgreSQL database, `postgres://user:password@host:5432/database?sslmode=verify-full`, which several nodes can
   * share. Default: `guestkey-data/guestkey.db`.
   */
  store?: string
  /** How to connect to PostgreSQL, if that is the store. */
  postgres?: PostgresOptions
  /**
   * At least 32 characters. It seals sessions and challenges, and encrypts the signing keys. If it is a list, the first
   * one seals, and all of them open. To change it without signing anybody out, give every node `[old, new]`, and only
   * then give every node `[new, old]`. Remove the old one when everything that it sealed has expired. Default: guestkey
   * makes one on first use and stores it beside the store (mode 0600), except in production (`NODE_ENV=production`),
   * where a missing secret is an error.
   */
  secret?: string | string[]
  /**
   * The path of the endpoints, below the mount path of the router. Empty: at the mount path itself, and then the router
   * answers every request there. Default: `/guest`.
   */
  basePath?: string
  /**
   * The name of the cookie, without the prefix `__Host-`, which guestkey adds unless all origins are http://localhost.
   * Set it if there is a second deployment on the same host. Default: `guestkey`.
   */
  cookieName?: string
  /**
   * When guestkey writes a guest's row. `on-demand`: when there is something to keep. `always`: with the first sign-in.
   * Default: `on-demand`.
   */
  keep?: 'on-demand' | 'always'
  /** The collections of guests, with rules of their own if given; the first is the default collection. Default: `['users']`. */
  collections?: string[] | Record<string, life.CollectionOptions>
  /** How long guests are remembered after they were last seen, unless their collection says otherwise. */
  retention?: life.RetentionOptions
  /** What guests are asked for, and when, unless their collection says otherwise. At most 20 rules. Default: nothing. */
  prompts?: life.PromptRule[]
  /** The attributes of profiles: a zod object, whose attributes are checked one by one. Default: no profiles. */
  profile?: P
  /** Largest profile, in bytes of JSON. Default: 8,192. */
  maxProfileBytes?: number
  /**
   * Whose attribute wins if both guests of a merge have it, or a function that makes one profile from the two.
   * Default: `keep-target`.
   */
  mergeProfiles?: life.MergeProfiles
  /** How long a merge can be undone, in seconds. Default: 7 days. */
  mergeGraceSeconds?: number
  /**
   * Moves what the host stores for `from` to `into`. It runs before the merge is written. If it throws, the merge is
   * refused. It runs again with the same ticket if the process ended before the merge was written.
   */
  onMerge?: (merge: life.Merge) => unknown
  /** Undoes what `onMerge` did. It runs before the undoing is written. If it throws, the undoing is refused. */
  onUndoMerge?: (merge: life.Merge) => unknown
  /** Runs before a guest expires. If it returns false, the guest stays, and the hook runs again a day later. */
  beforeExpire?: (guest: PreviousGuest) => unknown
  /**
   * How codes are sent. Either by SMTP: `smtp://user:password@host:587` or `smtps://…`, which is for e-mail only. Or by
   * a function of the host, which must also send text messages. Default: codes are printed to the log if every origin is
   * on http://localhost and `NODE_ENV` is not `production`; else there are no codes (`no_codes`).
   */
  send?: string | ((message: promotion.CodeMessage) => unknown)
  /** The sender of e-mails, such as `Jotter <hello@example.com>`. Default: `no-reply@` and the RP ID. */
  sendFrom?: string
  /** Runs before a guest or user gets a login ID. If it throws, guestkey refuses the login ID (`promotion_refused`). */
  onPromote?: (promotion: promotion.Promotion) => unknown
  /** OpenID providers whose accounts guests may add as login IDs. Default: none. */
  providers?: promotion.ProviderOptions[]
  /** The colours and texts of guestkey's own pages. */
  pages?: promotion.PageOptions
  /** How many login IDs a user may have. Default: 10. */
  maxLoginIds?: number
  /** Where events are sent. Default: nowhere. */
  webhooks?: life.WebhookOptions[]
  /** How many days the audit trail is kept. Default: 90. */
  auditDays?: number
  /** Redirect URIs of the deployment's own pages, compared character by character. Default: none. */
  redirectUris?: string[]
  /** The issuer of tokens (`iss`): an origin at which clients reach this service. Default: the (first) origin. */
  issuer?: string
  /**
   * OAuth clients. The deployment's own pages are the public client `guestkey`, which is registered by itself unless
   * this list has a client with that id. Default: none.
   */
  clients?: ClientOptions[]
  /**
   * A URI under which access tokens repeat the claims `is_anonymous` and `is_verified`, such as
   * `https://auth.example.com/is_anonymous`. Default: they are not repeated.
   */
  claimsNamespace?: string
  /**
   * Whether the router answers `/.well-known/oauth-authorization-server`, `/.well-known/jwks.json` and the other
   * well-known paths that are set up at the root. It always answers them below the base path. Set it to false if the app
   * has its own at the root. Default: true.
   */
  wellKnown?: boolean
  /**
   * Android apps that may use the deployment's passkeys. They are published at `/.well-known/assetlinks.json`, and their
   * ceremonies are accepted. Default: none.
   */
  android?: places.AndroidApp[]
  /**
   * Apps on Apple's systems that may use the deployment's passkeys, such as `TEAMID1234.com.example.app`. They are
   * published at `/.well-known/apple-app-site-association`. Their ceremonies have the origin `https://` and the RP ID,
   * which is then accepted. Default: none.
   */
  apple?: string[]
  /** Pages to which password managers send people, published at `/.well-known/passkey-endpoints`. Default: none. */
  passkeyEndpoints?: places.PasskeyEndpoints
  /** The algorithm that signs access tokens (RFC 7518, RFC 8037). Default: `ES256`. */
  signingAlgorithm?: 'ES256' | 'EdDSA'
  /** How many days a signing key signs before a new one replaces it. Default: 90. */
  signingKeyDays?: number
  /** How long an access token is valid, an hour at most. Default: 10 minutes. */
  accessTokenSeconds?: number
  /** How long a used refresh token gives the same response again, in case the first one was lost. Default: 30 seconds. */
  refreshGraceSeconds?: number
  /** How long an unused session lives. Default: 90 days. */
  sessionIdleSeconds?: number
  /** How long a session lives at most, however often it is used. Default: 365 days. */
  sessionAbsoluteSeconds?: number
  /** How long a challenge is valid, for passkeys and device keys. Default: 5 minutes. */
  challengeSeconds?: number
  /**
   * How old a guest's last proof with a passkey may be when it changes how it can sign in (passkeys, device keys, recovery
   * codes, login IDs, device links) or erases its account. Guests without a passkey need no proof. Default: 5 minutes.
   */
  stepUpSeconds?: number
  /** How many passkeys a guest may have. Default: 20. */
  maxPasskeys?: number
  /** How many device keys a guest may have. Default: 20. */
  maxDeviceKeys?: number
  /** How many sessions a kept guest may have at once. Default: 100. */
  maxSessions?: number
  /** Largest request body, in bytes. Default: 65,536. */
  maxBodyBytes?: number
  /** How long a request body may take to arrive. Default: 10 seconds. */
  bodySeconds?: number
  /** How many changes one network (an IPv4 address, an IPv6 /64) may request in a minute; false: no limit. Default: 600. */
  rateLimit?: { perMinute: number } | false
  /**
   * How many trusted proxies are in front of the service: guestkey believes this many entries at the end of
   * X-Forwarded-For. In an Express app, the app's own setting `trust proxy` decides instead. Default: 0.
   */
  trustProxy?: number
  /** The clock: Unix time in milliseconds. Default: `Date.now`. */
  now?: () => number
  /** Default: pino, which writes warnings and errors to standard output. */
  logger?: Logger
}

/** The options with defaults filled in. `origins` is never empty. */
export type Config = Omit<
  Required<Options>,
  | ('origin' | 'secret' | 'clients' | 'claimsNamespace' | 'logger' | 'now')
  | (
      | 'collections'
      | 'retention'
      | 'prompts'
      | 'profile'
      | 'webhooks'
      | 'onMerge'
      | 'onUndoMerge'
      | 'beforeExpire'
      | 'send'
      | 'sendFrom'
      | 'onPromote'
      | 'providers'
      | 'passkeyEndpoints'
    )
> & {
  [K in 'profile' | 'onMerge' | 'onUndoMerge' | 'beforeExpire' | 'send' | 'onPromote' | 'passkeyEndpoints']?:
    | Options[K]
    | undefined
} & {
  origins: string[]
  /** The origins that are not within the RP ID. */
  relatedOrigins: string[]
  /** The origins that the deployment's own Android and Apple apps state in ceremonies. */
  appOrigins: string[]
  sendFrom: string
  providers: promotion.Provider[]
  /** The origins that may run ceremonies: those of our pages and apps, and those of clients that are within the RP ID. */
  ceremonyOrigins: string[]
  clients: Client[]
  claimsNamespace: string | undefined
  /** The collections by name. */
  collections: Record<string, life.Collection>
  defaultCollection: string
  webhooks: life.Webhook[]
  /** The secret that seals is the first. */
  secrets: string[]
  logger: Logger | undefined
  now: () => number
}

/** Checks the options and fills in the defaults. Errors: OptionsError if an option is unknown or wrong. */
export function resolveOptions(options: Options): Config {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) {
    throw new OptionsError(`guestkey options:\n${z.prettifyError(parsed.error)}`)
  }
  const { origin, secret, clients, claimsNamespace, logger, now, ...others } = parsed.data
  const { collections, retention, prompts, webhooks, providers, ...rest } = others
  const origins = Array.isArray(origin) ? origin : [origin]
  const rpId = rest.rpId ?? new URL(origins[0]!).hostname
  const isWithin = (one: string) => `.${new URL(one).hostname}`.endsWith(`.${rpId}`)
  const relatedOrigins = origins.filter((one) => !isWithin(one))
  // If no origin is within the RP ID, the RP ID belongs to somebody else. If no RP ID is given and an origin is a parent
  // domain of the default one, the RP ID was probably meant to be that parent.
  const isAbove = (one: string) => `.${rpId}`.endsWith(`.${new URL(one).hostname}`)
  const outside =
    relatedOrigins.length === origins.length
      ? origins[0]
      : relatedOrigins.find((one) => rest.rpId === undefined && isAbove(one))
  if (outside)
    throw new OptionsError(
      `guestkey options: the origin ${outside} is not within the RP ID ${rpId}; set rpId to a domain that it is within`,
    )
  places.refuseManyLabels(relatedOrigins)
  const appOrigins = [
    ...places.androidOrigins(rest.android),
    ...(rest.apple.length > 0 ? [`https://${rpId}`] : []),
  ]
  const issuer = rest.issuer ?? origins[0]!
  if (rest.redirectUris.length > 0 && clients.some(({ id }) => id === OWN_CLIENT))
    throw new OptionsError(
      `guestkey options: set redirectUris on the client ${OWN_CLIENT}, because clients registers it`,
    )
  const registered = clients.some(({ id }) => id === OWN_CLIENT)
    ? clients
    : [{ ...client.parse({ id: OWN_CLIENT, redirectUris: rest.redirectUris }), origins }, ...clients]
  const ids = registered.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice)
    throw new OptionsError(
      `guestkey options: the client ${twice} is registered twice; give each client an id of its own`,
    )
  if (!isPostgres(rest.store)) mkdirSync(dirname(rest.store), { recursive: true, mode: 0o700 })
  const resolved = life.resolveCollections(collections, { retention, prompts }, rest.sessionIdleSeconds)
  refuseUnknownAttributes(resolved, rest.profile)
  return {
    ...rest,
    collections: resolved,
    defaultCollection: Object.keys(resolved)[0]!,
    webhooks: life.resolveWebhooks(webhooks),
    origins,
    rpId,
    rpName: rest.rpName ?? rpId,
    providers: providers.map((one) => ({ ...one, clientSecret: one.clientSecret })),
    sendFrom: rest.sendFrom ?? `no-reply@${rpId}`,
    issuer,
    claimsNamespace,
    relatedOrigins,
    appOrigins,
    ceremonyOrigins: [
      ...new Set([...origins, ...appOrigins, ...clients.flatMap((one) => one.origins.filter(isWithin))]),
    ],
    clients: registered.map((one) => ({
      ...one,
      secret: one.secret,
      pairwise: one.pairwise,
      audiences: one.audiences ?? [issuer],
      accessTokenSeconds: one.accessTokenSeconds ?? rest.accessTokenSeconds,
      refreshIdleSeconds: one.refreshIdleSeconds ?? rest.sessionIdleSeconds,
      refreshAbsoluteSeconds: one.refreshAbsoluteSeconds ?? rest.sessionAbsoluteSeconds,
    })),
    secrets: [secret ?? localSecret(isPostgres(rest.store) ? DATA_FOLDER : dirname(rest.store))].flat(),
    logger,
    now,
  }
}

/** A prompt for an attribute that the profile does not have would stay due for ever. Errors: OptionsError. */
function refuseUnknownAttributes(
  collections: Record<string, life.Collection>,
  profile: life.ProfileSchema | undefined,
): void {
  for (const { prompt } of Object.values(collections).flatMap(({ prompts }) => prompts)) {
    const attribute = /^add_attribute:(.*)$/.exec(prompt)?.[1]
    if (attribute !== undefined && !Object.hasOwn(profile?.shape ?? {}, attribute)) {
      throw new OptionsError(
        `guestkey options: the prompt ${prompt} names an attribute that the option profile does not declare`,
      )
    }
  }
}
