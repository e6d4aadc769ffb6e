// The options about the site: its origins and RP ID, where it stores guests, its secret, and its paths and cookie.

import { hash } from 'node:crypto'
import { z } from '../zod.ts'
import { isPublicSuffix, nameOf } from './domains.ts'
import { OptionsError } from './errors.ts'
import { DATA_FOLDER } from './folder.ts'
import { type PostgresOptions, postgres, store } from './store.ts'
import { origin } from './urls.ts'
import { type SchemasOf, secret, shownName, text } from './values.ts'

const COOKIE_NAME = 'guestkey'

/** Where the service runs, and what it is called there. */
export type SiteOptions = {
  /**
   * The origin of the pages on which guests sign in: `https://app.example.com`, or `http://localhost:3000` to try.
   * Give a list if one deployment serves several origins with one RP ID. Those that are not within the RP ID are related
   * origins (WebAuthn Level 3, 5.11), with at most five different names, such as `example` in
   * https://shop.example.co.uk. They are published at
   * `/.well-known/webauthn`, which browsers fetch from the host of the RP ID. If `http://localhost` stands beside an
   * https origin, its cookie is Secure too: Chrome, Edge and Firefox keep such cookies on http://localhost, Safari does
   * not.
   */
  origin: string | string[]
  /**
   * WebAuthn RP ID (WebAuthn Level 3, 5.4): the domain that passkeys belong to. At least one origin must be within it.
   * Default: the host of the (first) origin.
   */
  rpId?: string | undefined
  /** The name of the site that authenticators, our pages and mailed codes show. Default: the RP ID. */
  rpName?: string | undefined
  /** Origins that may embed the pages in a cross-origin frame and run ceremonies there. Default: none. */
  topOrigins?: string[] | undefined
  /**
   * The database. Either the path of a SQLite file, which is created with its folder if it is missing; or the URL of a
   * PostgreSQL database, `postgres://user:password@host:5432/database?sslmode=verify-full`, which several nodes can
   * share. Default: `guestkey-data/guestkey.db`.
   */
  store?: string | undefined
  /** How to connect to PostgreSQL, if that is the store. */
  postgres?: PostgresOptions | undefined
  /**
   * At least 32 characters. It seals sessions and challenges, and encrypts the signing keys. If it is a list, the first
   * one seals, and all of them open. To change it without signing anybody out, give every node `[old, new]`, and only
   * then give every node `[new, old]`. Remove the old one when everything that it sealed has expired. Default: guestkey
   * makes one on first use and stores it beside the store (mode 0600), except in production (`NODE_ENV=production`),
   * where a missing secret is an error.
   */
  secret?: string | string[] | undefined
  /**
   * The path of the endpoints, below the mount path of the router. Empty: at the mount path itself, and then the router
   * answers every request there. Default: `/guest`.
   */
  basePath?: string | undefined
  /**
   * The name of the cookie, without the prefix `__Host-`, which guestkey adds unless all origins are http://localhost (see
   * `cookieName` in http/request/cookies.ts).
   * Set it if there is a second deployment on the same host. Default: `guestkey`; on http://localhost `guestkey-` and
   * eight characters that depend on the secret, because all ports there share one cookie jar.
   */
  cookieName?: string | undefined
}

export const siteSchemas = {
  origin: z.union([origin, z.array(origin).check(z.minLength(1))], {
    error: ({ input }) =>
      input === undefined
        ? 'origin is missing: it must be the origin of your pages, like https://app.example.com, or http://localhost:3000 to try'
        : 'must be an origin like https://example.com, or a list of origins',
  }),
  rpId: z.optional(text),
  rpName: z.optional(shownName),
  topOrigins: z._default(z.array(origin), []),
  store: z._default(store, `${DATA_FOLDER}/guestkey.db`),
  postgres: z._default(postgres, {}),
  secret: z.optional(
    z.union(
      [secret, z.array(secret).check(z.minLength(1))],
      'must be a text of at least 32 characters, or a list of such texts',
    ),
  ),
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
    COOKIE_NAME,
  ),
} satisfies SchemasOf<SiteOptions>

/**
 * The origins in a list, the RP ID, and which origins are within it.
 * Errors: OptionsError if an origin that must be within the RP ID is not, or if the RP ID is a public suffix above one.
 */
export function resolveOrigins(origin: string | string[], given: string | undefined) {
  const origins = [origin].flat()
  const rpId = given ?? new URL(origins[0]!).hostname
  // The page of an app has no host in the sense of WebAuthn: capacitor://localhost is not within localhost.
  const isWithin = (one: string) => /^https?:/.test(one) && `.${new URL(one).hostname}`.endsWith(`.${rpId}`)
  const relatedOrigins = origins.filter((one) => !isWithin(one))
  // If no origin is within the RP ID, the RP ID belongs to somebody else. If no RP ID is given and an origin is a parent
  // domain of the default one, the RP ID was probably meant to be that parent.
  const isAbove = (one: string) => `.${rpId}`.endsWith(`.${new URL(one).hostname}`)
  const outside =
    relatedOrigins.length === origins.length
      ? origins[0]
      : relatedOrigins.find((one) => given === undefined && isAbove(one))
  if (outside) {
    const right = domainIn(rpId)
    throw new OptionsError(
      `guestkey options: the origin ${outside} is not within the RP ID ${rpId}; ` +
        (right === undefined || right === rpId
          ? 'set rpId to a domain that it is within'
          : `rpId must be a domain alone: write ${right}`),
    )
  }
  const below = origins.find((one) => isWithin(one) && new URL(one).hostname !== rpId)
  if (below && isPublicSuffix(rpId))
    throw new OptionsError(
      `guestkey options: the RP ID ${rpId} is a public suffix, which anybody may have sites below, so browsers refuse it for ${below}; set rpId to ${new URL(below).hostname}, or to a domain of your own above it`,
    )
  return { origins, rpId, relatedOrigins, isWithin }
}

/** The domain in a text that may be an origin or a host with a port, as browsers write it. */
function domainIn(text: string): string | undefined {
  const url = text.includes('://') ? text : `https://${text}`
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : undefined
}

/**
 * The name of the cookie, and others under which an earlier version, or this one with another secret of the list, has
 * set it. Cookies ignore ports (RFC 6265, 8.5), so on localhost the names tell deployments apart.
 */
export function resolveCookieNames(given: string | undefined, origins: string[], secrets: string[]) {
  if (given !== undefined || origins.some((one) => one.startsWith('https:')))
    return { cookieName: given ?? COOKIE_NAME, formerCookieNames: [] }
  const [cookieName, ...others] = secrets.map(
    (secret) => `${COOKIE_NAME}-${hash('sha256', `guestkey cookie name ${secret}`, 'hex').slice(0, 8)}`,
  )
  return { cookieName: cookieName!, formerCookieNames: [...others, COOKIE_NAME] }
}

const MAX_NAMES = 5

/**
 * Browsers accept related origins with at most five different names (registrable labels), and ignore the others (WebAuthn
 * Level 3, 5.11.1). Errors: OptionsError if there are more than five.
 */
export function refuseManyNames(relatedOrigins: string[]): void {
  const names = [...new Set(relatedOrigins.map(nameOf))]
  if (names.length <= MAX_NAMES) return
  throw new OptionsError(
    `guestkey options: browsers accept related origins with at most ${MAX_NAMES} names, and these have ${names.length}: ${names.join(', ')}`,
  )
}
