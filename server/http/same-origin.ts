// Cross-site request forgery: who may ask for a change.

import type { IncomingMessage } from 'node:http'
import { GuestError } from '../errors.ts'

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
