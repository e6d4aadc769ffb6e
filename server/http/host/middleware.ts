// What the middleware share: how they call `next`, and what they may do with a response.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GuestError } from '../../errors.ts'

/** Calls `next` once: with the error that was thrown, or without one if the request goes on. */
export function goOn(work: Promise<boolean>, next: (error?: unknown) => void): void {
  work.then((goesOn) => {
    if (goesOn) next()
  }, next)
}

/** Whether Node has given the connection to a listener of the server's event `upgrade`. */
export const isUpgrade = (req: IncomingMessage & { upgrade?: boolean | null }): boolean =>
  req.upgrade === true

/**
 * Whether the host has already let shared caches store the response (RFC 9111, 5.2.2.9 and 5.2.2.10). They may store its
 * Set-Cookie, too, so a cookie in it could go to other visitors. A response that is not Node's own may have no getHeader().
 */
export const isShared = (res: ServerResponse): boolean =>
  /\b(?:public|s-maxage)\b/i.test(String(res.getHeader?.('Cache-Control') ?? ''))

/** Calls `answer`; if that throws, throws `error`. A response that is not Node's own may have no methods for headers. */
export function orThrow(error: GuestError, answer: () => unknown): void {
  try {
    answer()
  } catch {
    throw error
  }
}
