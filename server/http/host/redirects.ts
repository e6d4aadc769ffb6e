// Redirects of people who open a page of the host with a dead cookie: to the same page, without it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GuestError } from '../../errors.ts'
import { addHeaders } from '../contract/send.ts'

/** Redirects a browser to the page that it asked for, and removes its invalid cookie. */
export function askAgain(
  req: IncomingMessage & { originalUrl?: string },
  res: ServerResponse,
  { headers }: GuestError,
): void {
  const asked = req.originalUrl ?? req.url ?? '/'
  // Only a path on this host: two slashes or an absolute URL would lead to another one.
  const here = /^\/(?![/\\])/.test(asked) ? asked : '/'
  addHeaders(res, headers)
  res.writeHead(303, { Location: here, 'Cache-Control': 'no-store' })
  res.end() // not chained, because writeHead() returns nothing on some responses that are not Node's own
}
