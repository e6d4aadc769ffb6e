// The options of guestkey(): checked once, at construction, so that a mistake is found before the first guest is.

import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import type { Logger } from './context.ts'
import { z } from './zod.ts'

const DATA_FOLDER = 'guestkey-data'
/** The client that the deployment's own pages are. */
const OWN_CLIENT = 'guestkey'

const days = (n: number) => n * 24 * 60 * 60
const count = z.int().check(z.positive())
const seconds = count
const text = z.string().check(z.minLength(1))

const origin = z.string().check(
  z.superRefine((value, ctx) => {
    const url = URL.canParse(value) ? new URL(value) : undefined
    const problem =
      url?.origin !== value
        ? 'must be an origin like https://example.com: scheme, host and port, nothing behind them'
        : url.protocol !== 'https:' && !isLocalhost(url)
          ? 'must be https; browsers allow passkeys over http on localhost only'
          : /^[\d.]+$|:/.test(url.hostname)
            ? 'must name a host, because passkeys do not work on IP addresses (use http://localhost for a try)'
            : undefined
    if (problem) ctx.addIssue({ code: 'custom', message: problem, input: value })
  }),
)

/** What is wrong with a store. A URL that is mistaken must not make a file, with a password for its name. */
function problemOfStore(store: string): string | undefined {
  if (/^(:memory:|file:)/.test(store))
    return 'must be the path of a file; the writer has a connection of its own'
  if (!/:\/\/|^\W*postgres(ql)?:/i.test(store)) return undefined
  return isPostgres(store) && URL.canParse(store)
    ? undefined
    : 'must be the path of a file, or a URL like postgres://user:password@host:5432/database'
}

/** Whether the store is a PostgreSQL database, by its URL. */
export const isPostgres = (store: string): boolean => /^postgres(ql)?:\/\//.test(store)

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

const secret = z
  .string()
  .check(z.minLength(32, 'must have at least 32 characters; make one with: openssl rand -base64 32'))

const hourAtMost = seconds.check(z.maximum(60 * 60, 'must be an hour at most; refresh tokens last longer'))
const clientId = z
  .string()
  .check(z.regex(/^[\w.~-]{1,128}$/, 'must be like my-app: letters, digits, . _ ~ and -'))
const absoluteUri = z
  .string()
  .check(
    z.refine((uri) => URL.canParse(uri) && !uri.includes('#'), 'must be an absolute URI without a fragment'),
  )
const scope = z
  .string()
  .check(z.regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be one scope token (RFC 6749, 3.3)'))

const client = z
  .strictObject({
    id: clientId,
    kind: z._default(z.enum(['public', 'confidential']), 'public'),
    secret: z.optional(secret),
    origins: z._default(z.array(origin), []),
    audiences: z.optional(z.array(absoluteUri).check(z.minLength(1))),
    scopes: z._default(z.array(scope), []),
    redirectUris: z._default(z.array(absoluteUri), []),
    accessTokenSeconds: z.optional(hourAtMost),
    refreshIdleSeconds: z.optional(seconds),
    refreshAbsoluteSeconds: z.optional(seconds),
    pairwise: z.optional(secret),
    dpop: z._default(z.enum(['optional', 'required']), 'optional'),
  })
  .check(
    z.refine(
      ({ kind, secret }) => (kind === 'confidential') === (secret !== undefined),
      'must have a secret if it is confidential, and none if it is public',
    ),
  )

const loggerMethods = ['debug', 'info', 'warn', 'error'] as const

const optionsSchema = z.strictObject({
  origin: z.union([origin, z.array(origin).check(z.minLength(1))]),
  rpId: z.optional(text),
  rpName: z.optional(text),
  topOrigins: z._default(z.array(origin), []),
  store: z._default(
    text.check(
      z.superRefine((value, ctx) => {
        const message = problemOfStore(value)
        if (message) ctx.addIssue({ code: 'custom', message, input: undefined })
      }),
    ),
    `${DATA_FOLDER}/guestkey.db`,
  ),
  postgres: z._default(
    z.strictObject({
      poolSize: z.optional(count),
      connectSeconds: z.optional(seconds),
      statementSeconds: z.optional(seconds),
      ssl: z.optional(z.union([z.boolean(), z.custom<ConnectionOptions>((value) => isObject(value))])),
    }),
    {},
  ),
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
  collections: z._default(
    z
      .array(z.string().check(z.regex(/^[a-z][a-z0-9_-]{0,31}$/, 'must be like users: a-z, 0-9, _ and -')))
      .check(z.minLength(1)),
    ['users'],
  ),
  issuer: z.optional(origin),
  clients: z._default(z.array(client), []),
  claimsNamespace: z.optional(absoluteUri),
  wellKnown: z._default(z.boolean(), true),
  signingAlgorithm: z._default(z.enum(['ES256', 'EdDSA']), 'ES256'),
  signingKeyDays: z._default(count, 90),
  accessTokenSeconds: z._default(hourAtMost, 10 * 60),
  refreshGraceSeconds: z._default(seconds, 30),
  sessionIdleSeconds: z._default(seconds, days(90)),
  sessionAbsoluteSeconds: z._default(seconds, days(365)),
  challengeSeconds: z._default(seconds, 5 * 60),
  stepUpSeconds: z._default(seconds, 5 * 60),
  maxPasskeys: z._default(count, 20),
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
  now: z._default(
    z.custom<() => number>((value) => typeof value === 'function', 'must be a function'),
    () => Date.now,
  ),
  logger: z.optional(
    z.custom<Logger>(
      (value) => loggerMethods.every((level) => typeof (value as never)?.[level] === 'function'),
      `must have the methods ${loggerMethods.join(', ')}, as pino has`,
    ),
  ),
})

/** How PostgreSQL is connected to. */
export type PostgresOptions = {
  /** Connections of one process at most. Default: 10. */
  poolSize?: number | undefined
  /** How long a connection is waited for, a new one or a free one. Default: 5 seconds. */
  connectSeconds?: number | undefined
  /** How long a statement may take. Default: 5 seconds. */
  statementSeconds?: number | undefined
  /** TLS beyond what the URL says, as for Node's `tls.connect`, e.g. `{ ca }`. */
  ssl?: boolean | ConnectionOptions | undefined
}

/** An OAuth client (RFC 6749, 2): an app on an origin of its own, a native app, or a backend. */
export type ClientOptions = {
  /** Its `client_id`. */
  id: string
  /** `confidential` where it can keep a secret: a backend. Default: `public`. */
  kind?: 'public' | 'confidential' | undefined
  /** Of a confidential client: at least 32 characters. */
  secret?: string | undefined
  /** Origins of its pages: from these it may be used in browsers (CORS), and run ceremonies. Default: none. */
  origins?: string[] | undefined
  /** Whom its access tokens may be for (`aud`), the first unless `resource` says otherwise. Default: the issuer. */
  audiences?: string[] | undefined
  /** Scopes that it may ask for; all of them unless `scope` says less. Default: none. */
  scopes?: string[] | undefined
  /** Where its users may be sent back to, compared as they stand. Default: nowhere. */
  redirectUris?: string[] | undefined
  /** How long its access tokens live, an hour at most. Default: as set for all. */
  accessTokenSeconds?: number | undefined
  /** How long a refresh token lives without being used. Default: `sessionIdleSeconds`. */
  refreshIdleSeconds?: number | undefined
  /** How long refreshing goes on at most. Default: `sessionAbsoluteSeconds`. */
  refreshAbsoluteSeconds?: number | undefined
  /**
   * Gives it a `sub` of its own for every guest, so that two clients cannot join what they know: a secret of at least
   * 32 characters that must never change, for every `sub` follows from it. Default: the `anonymous_id`.
   */
  pairwise?: string | undefined
  /** Whether its tokens must be bound to a key (RFC 9449). Default: where it sends a proof. */
  dpop?: 'optional' | 'required' | undefined
}

/** What guestkey() takes. Only `origin` is required. */
export type Options = {
  /**
   * Where the pages are that guests sign in on: `https://app.example.com`, or `http://localhost:3000` to try.
   * Several, where one deployment serves several origins of one RP ID.
   */
  origin: string | string[]
  /** WebAuthn RP ID (WebAuthn Level 3, 5.4): the domain that passkeys belong to. Default: the (first) origin's host. */
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
  /** The cookie's name, behind `__Host-` on https; for a second deployment on the same host. Default: `guestkey`. */
  cookieName?: string
  /** The populations of guests; the first is the default one. Default: `['users']`. */
  collections?: string[]
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
   * Whether `/.well-known/oauth-authorization-server` and `/.well-known/jwks.json` are answered at the root; below the
   * base path they always are. False where the app has its own there. Default: true.
   */
  wellKnown?: boolean
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

/** A registered client with its defaults. */
export type Client = {
  [K in Exclude<keyof ClientOptions, 'secret' | 'pairwise'>]-?: Exclude<ClientOptions[K], undefined>
} & { secret: string | undefined; pairwise: string | undefined }

/** The options with their defaults; `origins` is never empty. */
export type Config = Omit<
  Required<Options>,
  'origin' | 'secret' | 'clients' | 'claimsNamespace' | 'logger' | 'now'
> & {
  origins: string[]
  /** Whose pages may run ceremonies: ours, and those of clients that are within the RP ID. */
  ceremonyOrigins: string[]
  clients: Client[]
  claimsNamespace: string | undefined
  /** The one that seals first. */
  secrets: string[]
  logger: Logger | undefined
  now: () => number
}

/** What is wrong with the options, all of it at once. */
export class OptionsError extends TypeError {
  override readonly name = 'OptionsError'
}

/** Checks the options and fills in the defaults. Throws OptionsError for unknown, misspelt or wrong ones. */
export function resolveOptions(options: Options): Config {
  const parsed = optionsSchema.safeParse(options)
  if (!parsed.success) {
    throw new OptionsError(`guestkey options:\n${z.prettifyError(parsed.error)}`)
  }
  const { origin: given, secret, clients, claimsNamespace, logger, now, ...rest } = parsed.data
  const origins = Array.isArray(given) ? given : [given]
  const rpId = rest.rpId ?? new URL(origins[0]!).hostname
  const isWithin = (one: string) => `.${new URL(one).hostname}`.endsWith(`.${rpId}`)
  const outside = origins.find((one) => !isWithin(one))
  if (outside)
    throw new OptionsError(`guestkey options: the origin ${outside} is not within the RP ID ${rpId}`)
  const issuer = rest.issuer ?? origins[0]!
  const registered = clients.some(({ id }) => id === OWN_CLIENT)
    ? clients
    : [{ ...client.parse({ id: OWN_CLIENT }), origins }, ...clients]
  const ids = registered.map(({ id }) => id)
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice) throw new OptionsError(`guestkey options: the client ${twice} is registered twice`)
  if (!isPostgres(rest.store)) mkdirSync(dirname(rest.store), { recursive: true, mode: 0o700 })
  return {
    ...rest,
    origins,
    rpId,
    rpName: rest.rpName ?? rpId,
    issuer,
    claimsNamespace,
    ceremonyOrigins: [...new Set([...origins, ...clients.flatMap((one) => one.origins.filter(isWithin))])],
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

/** The secret of a deployment that was given none: made once, readable by its owner alone. */
export function localSecret(folder: string): string {
  if (process.env.NODE_ENV === 'production') {
    throw new OptionsError(
      'guestkey options: in production a secret must be given (GUESTKEY_SECRET for the service, `secret` embedded); make one with: openssl rand -base64 32',
    )
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'secret')
  if (!existsSync(file)) {
    // Whole or not at all, and never over another's: of two processes that start at once, both use the first one's.
    const own = `${file}.${randomBytes(8).toString('hex')}`
    writeFileSync(own, randomBytes(32).toString('base64'), { mode: 0o600 })
    try {
      linkSync(own, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(own)
    }
  }
  const secret = readFileSync(file, 'utf8').trim()
  if (secret.length < 32) throw new OptionsError(`guestkey options: the secret in ${file} is incomplete`)
  return secret
}

/** Plain http is a secure context on these hosts (W3C Secure Contexts, 3.1). */
function isLocalhost(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname.endsWith('.localhost')
}
