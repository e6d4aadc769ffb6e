// The options of guestkey(): checked once, at construction, so that a mistake is found before the first guest is.

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
/** The client that the deployment's own pages are. */
const OWN_CLIENT = 'guestkey'

const loggerMethods = ['debug', 'info', 'warn', 'error'] as const

/** As it is given, before what follows from several options at once. */
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
          'must be like guestkey: letters, digits, _ and -; its prefix comes by itself',
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

/** What guestkey() takes. Only `origin` is required. */
export type Options<P extends life.ProfileSchema = life.ProfileSchema> = {
  /**
   * Where the pages are that guests sign in on: `https://app.example.com`, or `http://localhost:3000` to try.
   * Several, where one deployment serves several origins of one RP ID. Those that are not within the RP ID are related
   * origins (WebAuthn Level 3, 5.11), with five registrable names at most: they are published at
   * `/.well-known/webauthn`, which browsers ask the RP ID's own host for. `http://localhost` beside an https origin has
   * the cookie of https, which is Secure: Chrome, Edge and Firefox keep such cookies on http://localhost, Safari does not.
   */
  origin: string | string[]
  /**
   * WebAuthn RP ID (WebAuthn Level 3, 5.4): the domain that passkeys belong to. At least one origin is within it.
   * Default: the (first) origin's host.
   */
  rpId?: string
  /** What authenticators show as the name of the site. Default: the RP ID. */
  rpName?: string
  /** Origins that may embed the pages in a cross-origin frame for ceremonies. Default: none. */
  topOrigins?: string[]
  /**
   * Where guests are kept: the path of a SQLite file, created with its folder where missing; or the URL of a
   * PostgreSQL database, `postgres://user:password@host:5432/database?sslmode=verify-full`, which several nodes can
   * share. Default: `guestkey-data/guestkey.db`.
   */
  store?: string
  /** How PostgreSQL is connected to, where it is the store. */
  postgres?: PostgresOptions
  /**
   * At least 32 characters; seals sessions and challenges, and encrypts the signing keys. Of several the first one
   * seals, and all of them open. To change it without signing anybody out, have every node open with the new one,
   * `[old, new]`, before any seals with it, `[new, old]`; the old one may go once what it sealed has expired. Default:
   * made on first use and kept beside the store (mode 0600), except in production (`NODE_ENV=production`), where it
   * must be given.
   */
  secret?: string | string[]
  /**
   * Where the doors are, below where the router is mounted. Empty: right there, and then nothing else is. Default:
   * `/guest`.
   */
  basePath?: string
  /**
   * The cookie's name, behind `__Host-` unless all origins are http://localhost; for a second deployment on the same
   * host. Default: `guestkey`.
   */
  cookieName?: string
  /**
   * When a guest's row is written: when there is something to keep, or with the first sign-in. Default: `on-demand`.
   */
  keep?: 'on-demand' | 'always'
  /** The populations of guests; the first is the default one. Default: `['users']`, with the rules for all. */
  collections?: string[] | Record<string, life.CollectionOptions>
  /** How long guests are remembered after they were last seen, where a collection says nothing else. */
  retention?: life.RetentionOptions
  /** What guests are asked for, and when, where a collection says nothing else. Default: nothing. */
  prompts?: life.PromptRule[]
  /** The attributes that guests may give of themselves: a zod object, whose attributes are checked one by one. */
  profile?: P
  /** Largest profile, in bytes of its JSON. Default: 8,192. */
  maxProfileBytes?: number
  /**
   * Which attribute counts where both guests of a merge have it, or a function that makes one profile of the two.
   * Default: `keep-target`.
   */
  mergeProfiles?: life.MergeProfiles
  /** How long a merge can be undone. Default: 7 days. */
  mergeGraceSeconds?: number
  /**
   * Brings along what the host keeps of `from`, before the merge is written; what it throws refuses the merge. It may
   * be called again with the same ticket, where the process ended before the merge was written.
   */
  onMerge?: (merge: life.Merge) => unknown
  /** Takes back what `onMerge` did, before the end of the merge is written; what it throws refuses that. */
  onUndoMerge?: (merge: life.Merge) => unknown
  /** Asked before a guest who was not seen for so long is forgotten; false keeps the guest, and it is asked again a day later. */
  beforeExpire?: (guest: PreviousGuest) => unknown
  /**
   * How codes are sent: by SMTP, as `smtp://user:password@host:587` or `smtps://…`, or by a function of the host's, for
   * text messages too. Default: in production not at all; else they are printed to the log.
   */
  send?: string | ((message: promotion.CodeMessage) => unknown)
  /** Whom mails are from, as `Jotter <hello@example.com>`. Default: `no-reply@` and the RP ID. */
  sendFrom?: string
  /** Asked before a guest or user becomes known by a login ID; what it throws refuses that. */
  onPromote?: (promotion: promotion.Promotion) => unknown
  /** OpenID providers whose users may become known by them. Default: none. */
  providers?: promotion.ProviderOptions[]
  /** How our own pages look, and what they say. */
  pages?: promotion.PageOptions
  /** Login IDs that one may have. Default: 10. */
  maxLoginIds?: number
  /** Where events are sent to. Default: nowhere. */
  webhooks?: life.WebhookOptions[]
  /** How long the audit trail is kept. Default: 90 days. */
  auditDays?: number
  /** Where users of the deployment's own pages may be sent back to, compared as they stand. Default: nowhere. */
  redirectUris?: string[]
  /** Who issues the tokens (`iss`): an origin at which this service is reached. Default: the (first) origin. */
  issuer?: string
  /**
   * OAuth clients beside the deployment's own pages, which are the public client `guestkey` unless one of that id is
   * registered. Default: none.
   */
  clients?: ClientOptions[]
  /**
   * Access tokens carry `is_anonymous` and `is_verified` under this URI too, as `https://auth.example.com/is_anonymous`.
   * Default: not.
   */
  claimsNamespace?: string
  /**
   * Whether `/.well-known/oauth-authorization-server`, `/.well-known/jwks.json` and what is set up of the others are
   * answered at the root; below the base path they always are. False where the app has its own there. Default: true.
   */
  wellKnown?: boolean
  /**
   * Android apps that use the deployment's passkeys, published at `/.well-known/assetlinks.json`; their ceremonies are
   * accepted. Default: none.
   */
  android?: places.AndroidApp[]
  /**
   * Apps for Apple's systems that use the deployment's passkeys, as `TEAMID1234.com.example.app`, published at
   * `/.well-known/apple-app-site-association`; their ceremonies, which are of `https://` and the RP ID, are accepted.
   * Default: none.
   */
  apple?: string[]
  /** Pages that password managers send people to, published at `/.well-known/passkey-endpoints`. Default: none. */
  passkeyEndpoints?: places.PasskeyEndpoints
  /** How access tokens are signed (RFC 7518, RFC 8037). Default: `ES256`. */
  signingAlgorithm?: 'ES256' | 'EdDSA'
  /** After how long a new signing key takes over. Default: 90 days. */
  signingKeyDays?: number
  /** How long an access token lives, an hour at most. Default: 10 minutes. */
  accessTokenSeconds?: number
  /** How long a refresh token that was used gives the same answer again, should that be lost. Default: 30 seconds. */
  refreshGraceSeconds?: number
  /** How long a session lives without being used. Default: 90 days. */
  sessionIdleSeconds?: number
  /** How long a session lives at most. Default: 365 days. */
  sessionAbsoluteSeconds?: number
  /** How long a ceremony may take from its options to its proof. Default: 5 minutes. */
  challengeSeconds?: number
  /** How old a proof with a passkey may be for adding a further passkey or removing one. Default: 5 minutes. */
  stepUpSeconds?: number
  /** Passkeys a guest may have. Default: 20. */
  maxPasskeys?: number
  /** Device keys a guest may have. Default: 20. */
  maxDeviceKeys?: number
  /** Live sessions a kept guest may have. Default: 100. */
  maxSessions?: number
  /** Largest body, in bytes, that a door reads. Default: 65,536. */
  maxBodyBytes?: number
  /** How long a body may take to arrive. Default: 10 seconds. */
  bodySeconds?: number
  /** Mutations that one network (an IPv4 address, an IPv6 /64) may ask for a minute; false: no limit. Default: 600. */
  rateLimit?: { perMinute: number } | false
  /**
   * How many proxies in front of the service are ours: so many entries of X-Forwarded-For are believed.
   * In an Express app, its own `trust proxy` setting decides instead. Default: 0.
   */
  trustProxy?: number
  /** The clock: Unix time in milliseconds. Default: `Date.now`. */
  now?: () => number
  /** Default: pino, warnings and errors only, to standard output. */
  logger?: Logger
}

/** The options with their defaults; `origins` is never empty. */
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
  /** Those of them that are not within the RP ID. */
  relatedOrigins: string[]
  /** What the deployment's own apps on phones say that their origin is. */
  appOrigins: string[]
  sendFrom: string
  providers: promotion.Provider[]
  /** Who may run ceremonies: our pages and apps, and pages of clients that are within the RP ID. */
  ceremonyOrigins: string[]
  clients: Client[]
  claimsNamespace: string | undefined
  /** By name. */
  collections: Record<string, life.Collection>
  defaultCollection: string
  webhooks: life.Webhook[]
  /** The one that seals first. */
  secrets: string[]
  logger: Logger | undefined
  now: () => number
}

/** Checks the options and fills in the defaults. Throws OptionsError for unknown, misspelt or wrong ones. */
export function resolveOptions(options: Options): Config {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) {
    throw new OptionsError(`guestkey options:\n${z.prettifyError(parsed.error)}`)
  }
  const { origin: given, secret, clients, claimsNamespace, logger, now, ...others } = parsed.data
  const { collections, retention, prompts, webhooks, providers, ...rest } = others
  const origins = Array.isArray(given) ? given : [given]
  const rpId = rest.rpId ?? new URL(origins[0]!).hostname
  const isWithin = (one: string) => `.${new URL(one).hostname}`.endsWith(`.${rpId}`)
  const relatedOrigins = origins.filter((one) => !isWithin(one))
  // None within it: the RP ID is another's. One above it, and no RP ID given: it was meant to be that one's host.
  const isAbove = (one: string) => `.${rpId}`.endsWith(`.${new URL(one).hostname}`)
  const outside =
    relatedOrigins.length === origins.length
      ? origins[0]
      : relatedOrigins.find((one) => rest.rpId === undefined && isAbove(one))
  if (outside)
    throw new OptionsError(`guestkey options: the origin ${outside} is not within the RP ID ${rpId}`)
  places.refuseManyLabels(relatedOrigins)
  const appOrigins = [
    ...places.androidOrigins(rest.android),
    ...(rest.apple.length > 0 ? [`https://${rpId}`] : []),
  ]
  const issuer = rest.issuer ?? origins[0]!
  if (rest.redirectUris.length > 0 && clients.some(({ id }) => id === OWN_CLIENT))
    throw new OptionsError(
      `guestkey options: give redirectUris to the client ${OWN_CLIENT}, which is registered`,
    )
  const registered = clients.some(({ id }) => id === OWN_CLIENT)
    ? clients
    : [{ ...client.parse({ id: OWN_CLIENT, redirectUris: rest.redirectUris }), origins }, ...clients]
  const ids = registered.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice) throw new OptionsError(`guestkey options: the client ${twice} is registered twice`)
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

/** A rule that asks for an attribute which nobody can give would ask for ever. */
function refuseUnknownAttributes(
  collections: Record<string, life.Collection>,
  profile: life.ProfileSchema | undefined,
): void {
  for (const { prompt } of Object.values(collections).flatMap(({ prompts }) => prompts)) {
    const attribute = /^add_attribute:(.*)$/.exec(prompt)?.[1]
    if (attribute !== undefined && !Object.hasOwn(profile?.shape ?? {}, attribute)) {
      throw new OptionsError(
        `guestkey options: ${prompt} asks for an attribute that the profile does not have`,
      )
    }
  }
}
