// From an error to its answer and its log line: the caller reads what to do, the log reads why.

import type { ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import { send } from './send.ts'

/** The error as a GuestError; what nobody foresaw becomes `internal_error`. */
export const toGuestError = (error: unknown): GuestError =>
  error instanceof GuestError ? error : new GuestError('internal_error', { cause: error })

/** Answers with problem details (RFC 9457) and returns the error that it answered with. */
export function answerError(res: ServerResponse, thrown: unknown): GuestError {
  const error = toGuestError(thrown)
  if (res.headersSent) {
    res.destroy()
    return error
  }
  for (const [name, value] of Object.entries(error.headers)) {
    if (name === 'Set-Cookie') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  // RFC 9110, 15.5.2: a 401 names a way to authenticate; RFC 6750, 3.1 names the error.
  if (error.status === 401 && !res.hasHeader('WWW-Authenticate')) {
    res.setHeader(
      'WWW-Authenticate',
      error.code === 'session_invalid' ? 'Bearer error="invalid_token"' : 'Bearer',
    )
  }
  send(res, error.status, JSON.stringify(error), 'application/problem+json')
  return error
}

/** The log's side of an error: never a challenge, a token or an id that a library put into its message. */
export function logError(ctx: Context, error: GuestError, door: string): void {
  const cause = error.cause instanceof Error ? error.cause : undefined
  const why = cause && `${cause.name}: ${cause.message.replace(/[\w-]{20,}/g, '…')}`
  const fields = { door, code: error.code, status: error.status, reason: error.reason, cause: why }
  if (error.status < 500) ctx.logger.info(fields, 'refused')
  else if (error.code === 'internal_error') ctx.logger.error({ ...fields, stack: cause?.stack }, 'failed')
  else ctx.logger.warn(fields, 'unavailable')
}
