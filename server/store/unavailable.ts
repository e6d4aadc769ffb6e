// The only error that a store throws: `unavailable`, with `Retry-After: 1`. The reason goes to the log alone.

import { GuestError } from '../errors.ts'

export const unavailable = (reason: string, cause?: unknown): GuestError =>
  new GuestError('unavailable', { reason, cause, headers: { 'Retry-After': '1' } })
