// What the middleware share: how they call `next`, and what they may do with a response.

import type { IncomingMessage } from 'node:http'
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

/** Calls `answer`; if that throws, throws `error`. A response that is not Node's own may have no methods for headers. */
export function orThrow(error: GuestError, answer: () => unknown): void {
  try {
    answer()
  } catch {
    throw error
  }
}
