// Page views: whether a person opens a page, or a script or program asks.

import type { IncomingMessage } from 'node:http'
import { isHandshake } from './same-origin.ts'

/**
 * Whether a browser opens a page: by Fetch Metadata, or without that, if it accepts HTML. A WebSocket handshake is a GET
 * too and never a page, whatever it accepts. HEAD is answered as GET is (RFC 9110, 9.3.2).
 */
export function isNavigation(req: IncomingMessage): boolean {
  const mode = req.headers['sec-fetch-mode']
  if (!/^(GET|HEAD)$/.test(req.method!) || isHandshake(req)) return false
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate'
}
