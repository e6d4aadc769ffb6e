// The options about requests: how large and how many they may be, who sent them, what a dead credential does, how a host
// reads its guest, and the clock and log that they use.

import type { IncomingMessage as Incoming } from 'node:http'
import { Socket } from 'node:net'
import type { Logger } from '../logger.ts'
import { z } from '../zod.ts'
import { aFunction, count, objectOf, type SchemasOf, seconds } from './values.ts'

// Not imported: an ES import of node:http makes Node load all of fetch and WebSocket, which takes 16 MB.
const { IncomingMessage } = process.getBuiltinModule('node:http')

const loggerMethods = ['debug', 'info', 'warn', 'error'] as const

/**
 * What a request asks for: a new guest (`guest`), to be kept without a passkey (`keep`), a code by mail or message
 * (`code`), or a link for another device (`link`).
 */
export type BotCheckPurpose = 'guest' | 'keep' | 'code' | 'link'

/** See the option `botCheck`. If it throws or rejects, the request fails with `internal_error`, and the log has why. */
export type BotCheck = (
  req: Incoming,
  purpose: BotCheckPurpose,
) => boolean | undefined | Promise<boolean | undefined>

/** Limits on requests, proxies, dead credentials, the clock and the log. */
export type RequestOptions = {
  /** Largest request body, in bytes. Default: 65,536. */
  maxBodyBytes?: number | undefined
  /** How long a request body may take to arrive. Default: 10 seconds. */
  bodySeconds?: number | undefined
  /**
   * How many changes one network (an IPv4 address, an IPv6 /64) may request in a minute; false: no limit. If more than
   * 50,000 networks come in a minute, the new ones share the limit of the wider network around them. Default: 600.
   */
  rateLimit?: { perMinute: number } | false | undefined
  /**
   * From how many new guests in a minute on (and of what costs as much: codes, device links, and to be kept without a
   * passkey) each one more costs a proof of work, which the client does by itself: from one network, and from all together
   * at one node. If a node has let in more than a fifth of `perNode` a minute lately, it is five times as many as usual.
   * false: never. Default: `{ perNetwork: 60, perNode: 600 }`; false if `rateLimit` is false.
   */
  proofOfWork?: { perNetwork?: number | undefined; perNode?: number | undefined } | false | undefined
  /**
   * Tells people from programs, before a request gets one of these. True: it is let in; false: it is refused
   * (`bot_check_failed`); undefined: as without this hook. For a CAPTCHA or an attestation of an app. Default: none.
   */
  botCheck?: BotCheck | undefined
  /**
   * How many trusted proxies are in front of the service: guestkey believes this many entries at the end of
   * X-Forwarded-For. In an Express app, the app's own setting `trust proxy` decides instead. Default: 0.
   */
  trustProxy?: number | undefined
  /**
   * What `loadGuest` and the router do if the credential of a request to a route of the host is dead: it has ended, has
   * expired or was never ours. `refuse`: they refuse the request (401). `ignore`: the request is nobody's, `req.guest` is
   * null, and only `requireGuest()` and `requirePasskey()` refuse it, so that public routes of an API work for everybody.
   * A request with an `Authorization` header of the host's own is never refused for a dead cookie. Default: `refuse`.
   */
  deadCredentials?: 'refuse' | 'ignore' | undefined
  /**
   * The property of a request that holds its guest, for an app that has a `req.guest` of its own. For TypeScript, say it
   * in `declare global { namespace Express { interface GuestProperty { name: 'visitor' } } }`, too. Default: `guest`.
   */
  requestProperty?: string | undefined
  /**
   * Whether numbers for Prometheus are counted, which `guests.metrics` answers with: see server/service/metrics.md. Default:
   * `false`.
   */
  metrics?: boolean | undefined
  /** The clock: Unix time in milliseconds. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** Default: pino, which writes warnings and errors to standard output. */
  logger?: Logger | undefined
}

/** The names of an object's properties, inherited ones too. */
const namesOf = (value: object | null): string[] =>
  value === null ? [] : [...Object.getOwnPropertyNames(value), ...namesOf(Object.getPrototypeOf(value))]

/** What Express 4 and 5 and its parsers have on a request. */
const expressNames = `accepts acceptsCharset acceptsCharsets acceptsEncoding acceptsEncodings acceptsLanguage
  acceptsLanguages app baseUrl body cookies fresh get header host hostname ip ips is next originalUrl param params
  path protocol query range res route secret secure signedCookies stale subdomains xhr _parsedUrl`

/** The names that are taken on a request: another value there would break it. */
const takenNames = new Set([...namesOf(new IncomingMessage(new Socket())), ...expressNames.split(/\s+/)])

const propertyName = z.string().check(
  z.regex(/^[A-Za-z_$][\w$]*$/, "must be a name such as 'visitor': letters, digits, _ and $"),
  z.refine((name) => !takenNames.has(name), {
    error: ({ input }) =>
      `must not be '${input}', which every request has: use another name, such as 'visitor'`,
  }),
)

export const requestSchemas = {
  maxBodyBytes: z._default(count, 64 * 1024),
  bodySeconds: z._default(seconds, 10),
  rateLimit: z._default(
    z.union(
      [z.literal(false), objectOf({ perMinute: count })],
      'must be false or { perMinute: n }, where n is a whole number above 0',
    ),
    {
      perMinute: 600,
    },
  ),
  proofOfWork: z.optional(
    z.union(
      [z.literal(false), objectOf({ perNetwork: z._default(count, 60), perNode: z._default(count, 600) })],
      'must be false or { perNetwork: n, perNode: n }, where each n is a whole number above 0',
    ),
  ),
  botCheck: z.optional(aFunction<BotCheck>()),
  trustProxy: z._default(z.int().check(z.nonnegative()), 0),
  deadCredentials: z._default(z.enum(['refuse', 'ignore']), 'refuse'),
  requestProperty: z._default(propertyName, 'guest'),
  metrics: z._default(z.boolean(), false),
  now: z._default(aFunction<() => number>(), () => Date.now),
  logger: z.optional(
    z.custom<Logger>(
      (value) => loggerMethods.every((level) => typeof (value as never)?.[level] === 'function'),
      `must have the methods ${loggerMethods.join(', ')}, as pino has`,
    ),
  ),
} satisfies SchemasOf<RequestOptions>

/** Who wants no limit on requests wants none on guests. */
export const resolveProofOfWork = ({
  rateLimit,
  proofOfWork,
}: Given): { perNetwork: number; perNode: number } | false =>
  proofOfWork ?? (rateLimit === false ? false : { perNetwork: 60, perNode: 600 })

type Given = {
  rateLimit: { perMinute: number } | false
  proofOfWork?: { perNetwork: number; perNode: number } | false | undefined
}
