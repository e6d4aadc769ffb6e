// Whose pages may ask for a change, and read the answer: our own, and those of registered clients.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { isClientOrigin } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'

/**
 * Refuses a mutation that another origin had the browser send: by Fetch Metadata (W3C, `Sec-Fetch-Site`), by
 * `Origin`, and where a cookie comes with neither. What is not a browser sends none of the three and passes.
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
      detail: `Requests that change something are taken from ${origins.join(', ')} only. Open the page there, or correct the option origin.`,
      reason: 'foreign origin',
    })
  }
  if (site === undefined && origin === undefined && cookie !== undefined) {
    throw new GuestError('cross_site_request', { reason: 'a cookie without Origin or Sec-Fetch-Site' })
  }
}

/**
 * The origin of a registered client's page that sent the request, if it is none of ours. Such a page is let in
 * (CORS, Fetch Standard, 3.2), by tokens alone: what it sends has no cookie, or one that does not count.
 */
export function clientOrigin(req: IncomingMessage, config: Config): string | undefined {
  const { origin } = req.headers
  return origin !== undefined && isClientOrigin(config, origin) ? origin : undefined
}

/**
 * Refuses a client's page what would be handed out by cookie: it would lose the browser the session of our own pages.
 * Errors: `cross_site_request`.
 */
export function requireOwnPage(req: IncomingMessage, config: Config): void {
  if (clientOrigin(req, config)) {
    throw new GuestError('cross_site_request', {
      detail: "A client's page is given tokens: name its client_id.",
    })
  }
}

/** Lets a page of this origin read the answer. */
export function allowOrigin(res: ServerResponse, origin: string): void {
  res.setHeader('Access-Control-Allow-Origin', origin)
  res.setHeader('Access-Control-Expose-Headers', 'WWW-Authenticate, Retry-After, ETag, Date, Guest-Moment')
}

/** Answers what a browser asks before it lets such a page send (Fetch Standard, 4.8). */
export function answerPreflight(res: ServerResponse, methods: string[]): void {
  res.writeHead(204, {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, If-Match, If-None-Match',
    'Access-Control-Max-Age': '600',
    'Cache-Control': 'no-store',
    Vary: 'Origin',
  })
  res.end()
}
