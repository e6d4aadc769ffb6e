// The one error that a store gives: it cannot be asked now. Why is for the log.

import { GuestError } from '../errors.ts'

export const unavailable = (reason: string, cause?: unknown): GuestError =>
  new GuestError('unavailable', { reason, cause, headers: { 'Retry-After': '1' } })
