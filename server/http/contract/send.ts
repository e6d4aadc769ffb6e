// How every answer leaves: with a length, never sniffed, and never kept by a cache unless it says so itself.

import type { ServerResponse } from 'node:http'

export function send(
  res: ServerResponse,
  status: number,
  content: string,
  type: string,
  headers: Record<string, string> = {},
): void {
  res.setHeader('Cache-Control', headers['Cache-Control'] ?? 'no-store')
  // CORS is answered by origin: no cache may give one origin's answer to another.
  res.appendHeader('Vary', 'Origin')
  res.setHeader('X-Content-Type-Options', 'nosniff')
  for (const name in headers) res.setHeader(name, headers[name]!)
  if (status !== 204 && status !== 304) {
    if (content !== '') res.setHeader('Content-Type', type)
    res.setHeader('Content-Length', Buffer.byteLength(content))
  }
  res.statusCode = status
  res.end(status === 204 || status === 304 ? undefined : content)
}
