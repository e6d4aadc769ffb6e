// Sends a response: with its length, with nosniff, and with Cache-Control: no-store unless its headers say otherwise.

import type { ServerResponse } from 'node:http'

/** Adds headers to a response. Cookies and Vary that the host has set before stay; any other header is replaced. */
export function addHeaders(res: ServerResponse, headers: Record<string, string | string[]>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'Set-Cookie' || name === 'Vary') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
}

export function send(
  res: ServerResponse,
  status: number,
  content: string | Uint8Array,
  type: string,
  headers: Record<string, string> = {},
): void {
  res.setHeader('Cache-Control', headers['Cache-Control'] ?? 'no-store')
  // CORS headers depend on the origin, so a cache must not give the response for one origin to another.
  res.appendHeader('Vary', 'Origin')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  addHeaders(res, headers)
  if (status !== 204 && status !== 304) {
    if (content !== '') res.setHeader('Content-Type', type)
    res.setHeader('Content-Length', Buffer.byteLength(content))
  }
  res.statusCode = status
  res.end(status === 204 || status === 304 ? undefined : content)
}
