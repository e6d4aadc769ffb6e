// Turns an error into the response and the log line: the caller learns what to do, the log says why it happened.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { CeremonyError } from '../../core/passkeys/webauthn.ts'
import { GuestError, isSessionOver } from '../../errors.ts'
import { toOAuth } from './oauth-errors.ts'
import { addHeaders, send } from './send.ts'

/** The error as a GuestError: any other error becomes `internal_error`. */
export const toGuestError = (error: unknown): GuestError =>
  error instanceof GuestError ? error : new GuestError('internal_error', { cause: error })

/** Answers with problem details (RFC 9457), or in the form of OAuth (RFC 6749, 5.2). Returns the error that it sent. */
export function answerError(res: ServerResponse, thrown: unknown, { oauth = false } = {}): GuestError {
  const error = toGuestError(thrown)
  if (res.headersSent) {
    res.destroy()
    return error
  }
  addHeaders(res, error.headers)
  // RFC 9110, 15.5.2: a 401 names a way to authenticate. RFC 6750, 3.1 adds the error.
  // At an OAuth endpoint the client authenticates, and only a client that used HTTP Basic gets the header (RFC 6749, 5.2).
  if (error.status === 401 && !oauth && !res.hasHeader('WWW-Authenticate')) {
    res.setHeader('WWW-Authenticate', isSessionOver(error) ? 'Bearer error="invalid_token"' : 'Bearer')
  }
  if (oauth) send(res, error.status, JSON.stringify(toOAuth(error)), 'application/json')
  else send(res, error.status, JSON.stringify(error), 'application/problem+json')
  return error
}

/**
 * Writes the log line of an error, and counts it if it is a refusal (unless `counted` is false). For a refusal the line says
 * what was wrong in guestkey's own words, because the message of a library may quote the request. For a failure it gives the
 * cause, without anything that may be a challenge, token or id.
 */
export function logError(ctx: Context, error: GuestError, endpoint: string, { counted = true } = {}): void {
  const { code, status, reason, cause, help } = error
  if (counted && status < 500) ctx.counters.count(`refused.${code}`)
  const fields = { endpoint, code, status, reason }
  if (status < 500) ctx.logger.info({ ...fields, cause: refusalIn(cause) }, 'refused')
  else if (code === 'internal_error') ctx.logger.error({ ...fields, help, ...failureIn(cause) }, 'failed')
  else ctx.logger.warn({ ...fields, help, cause: failureIn(cause).cause }, 'unavailable')
}

const refusalIn = (cause: unknown): string | undefined =>
  cause instanceof CeremonyError ? cause.message : (cause as Error | undefined)?.name

function failureIn(cause: unknown): { cause?: string; stack?: string } {
  if (!(cause instanceof Error)) return {}
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { cause: `${cause.name}: ${cause.message.replace(/[\w-]{20,}/g, '…')}`, stack: frames.join('\n') }
}
