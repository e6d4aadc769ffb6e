// The only error that a store throws: `unavailable`, with `Retry-After: 1`. The reason goes to the log. That of a
// refusal, which somebody has to act on, also goes to /readyz.

import { GuestError } from '../errors.ts'

export const unavailable = (reason: string, cause?: unknown): GuestError =>
  new GuestError('unavailable', { reason, cause, headers: { 'Retry-After': '1' } })

/** Why a store cannot be used until somebody changes something. The message says what is wrong, and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** How long the store is not looked at again after a refusal. Nobody can have changed it in less time. */
export const REFUSAL_MILLISECONDS = 10_000
