// Which pages may change something or read a response: our own, and those of registered clients (CORS).

import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClientOrigin } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'

/**
 * Refuses a change that a page of another origin made the browser send. It looks at Fetch Metadata (W3C,
 * `Sec-Fetch-Site`) and at `Origin`, and refuses a cookie that comes without both. Programs that are not browsers send
 * none of the three, and pass.
 * Errors: `cross_site_request`.
 */
export function requireSameOrigin(req: IncomingMessage, origins: string[]): void {
  const { origin, cookie } = req.headers
  const site = req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new GuestError('cross_site_request', { reason: 'sec-fetch-site' })
  }
  if (origin !== undefined && !origins.includes(origin)) {
    throw new GuestError('cross_site_request', {
      detail: `Requests that change something are accepted only from ${origins.join(', ')}. Open the page there, or correct the option origin.`,
      reason: 'foreign origin',
    })
  }
  if (site === undefined && origin === undefined && cookie !== undefined) {
    throw new GuestError('cross_site_request', { reason: 'a cookie without Origin or Sec-Fetch-Site' })
  }
}

/**
 * Whether a request opens a WebSocket. Proxies drop `Upgrade` from what they ask `/verify`, but keep these headers, which
 * no page can set or leave out (RFC 6455, 4.1; RFC 8441, 5).
 */
export const isHandshake = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade !== undefined ||
  headers['sec-websocket-key'] !== undefined ||
  headers['sec-websocket-version'] !== undefined

/**
 * Whether a page of another origin opens a WebSocket. SameSite=Lax keeps our cookie from other sites, but not from the
 * pages of other subdomains. A browser always names the page's origin in a handshake (RFC 6455, 4.1); without it, a
 * program asks.
 */
export const isForeignHandshake = (req: IncomingMessage, { origins }: Config): boolean =>
  isHandshake(req) && req.headers.origin !== undefined && !origins.includes(req.headers.origin)

/**
 * Whether a page of another origin made the browser send a change to a route of the host. `method` is that of the
 * browser's request. With `Referrer-Policy: no-referrer`, the forms of our own pages have `Origin: null` (Fetch Standard,
 * 3.2), so what the browser says in Sec-Fetch-Site comes first.
 */
export function isForeignChange(req: IncomingMessage, { origins }: Config, method = req.method!): boolean {
  if (/^(GET|HEAD|OPTIONS|TRACE)$/.test(method)) return false // safe methods (RFC 9110, 9.2.1)
  const { origin } = req.headers
  const site = req.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return false
  return origin === undefined ? site !== undefined : !origins.includes(origin)
}

/** The refusal of a cookie that a page of another origin made the browser send. */
export const foreignPage = ({ origins }: Config): GuestError =>
  new GuestError('cross_site_request', {
    detail: `With the session cookie, a WebSocket or a change is accepted only from pages of ${origins.join(', ')}. Open the page there, or add its origin to the option origin.`,
    reason: 'a cookie from a page of another origin',
  })

/**
 * The origin of the request, if it is that of a registered client's page and not one of our own. Such a page is allowed
 * in (CORS, Fetch Standard, 3.2), but only with tokens: a cookie in its requests does not count.
 */
export function clientOrigin(req: IncomingMessage, config: Config): string | undefined {
  const { origin } = req.headers
  return origin !== undefined && isClientOrigin(config, origin) ? origin : undefined
}

/**
 * Refuses a request from a client's page whose response would set a cookie: the cookie would replace the session of our
 * own pages in this browser.
 * Errors: `cross_site_request`.
 */
export function requireOwnPage(req: IncomingMessage, config: Config): void {
  if (clientOrigin(req, config)) {
    throw new GuestError('cross_site_request', {
      detail: "A client's page gets tokens and no cookie. Send its client_id.",
    })
  }
}

/** Lets a page of this origin read the response. */
export function allowOrigin(res: ServerResponse, origin: string): void {
  res.setHeader('Access-Control-Allow-Origin', origin)
  res.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, Retry-After, ETag, Date, Guest-Moment')
}

/** The headers that our endpoints read. */
const READ_HEADERS = ['Authorization', 'Content-Type', 'DPoP', 'If-Match', 'If-None-Match']
/** The name of a header (RFC 9110, 5.1). */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/

/**
 * Answers a CORS preflight (Fetch Standard, 4.8). It allows the headers that our endpoints read, and every other one that
 * the page asks for, because tools for tracing add theirs to every request (`traceparent`, `baggage`, `sentry-trace`, …),
 * and the browser would not send it at all. A page gains nothing by that: only the pages of registered clients get this
 * answer, it allows no cookies, and our endpoints ignore all other headers.
 */
export function answerPreflight(req: IncomingMessage, res: ServerResponse, methods: string[]): void {
  const asked = String(req.headers['access-control-request-headers'] ?? '')
  const read = READ_HEADERS.map((name) => name.toLowerCase())
  const others = asked
    .split(',')
    .map((name) => name.trim())
    .filter((name) => HEADER_NAME.test(name) && !read.includes(name.toLowerCase()))
  res.writeHead(204, {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': [...READ_HEADERS, ...others].join(', '),
    'Access-Control-Max-Age': '600',
    'Cache-Control': 'no-store',
    Vary: 'Origin, Access-Control-Request-Headers',
  })
  res.end()
}
