// From an error to its answer and its log line: the caller reads what to do, the log reads why.

import type { ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { CeremonyError } from '../../core/passkeys/webauthn.ts'
import { GuestError, isSessionOver, toOAuth } from '../../errors.ts'
import { send } from './send.ts'

/** The error as a GuestError; what nobody foresaw becomes `internal_error`. */
export const toGuestError = (error: unknown): GuestError =>
  error instanceof GuestError ? error : new GuestError('internal_error', { cause: error })

/** Answers with problem details (RFC 9457), or as OAuth has it, and returns the error that it answered with. */
export function answerError(res: ServerResponse, thrown: unknown, { oauth = false } = {}): GuestError {
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
  // At an OAuth door that is the client, which only HTTP Basic names a way for (RFC 6749, 5.2).
  if (error.status === 401 && !oauth && !res.hasHeader('WWW-Authenticate')) {
    res.setHeader('WWW-Authenticate', isSessionOver(error) ? 'Bearer error="invalid_token"' : 'Bearer')
  }
  if (oauth) send(res, error.status, JSON.stringify(toOAuth(error)), 'application/json')
  else send(res, error.status, JSON.stringify(error), 'application/problem+json')
  return error
}

/**
 * The log's side of an error. Of a refusal it names what was wrong, in our own words alone: what a library says may
 * quote the caller. Of a failure of ours it gives the cause, without what might be a challenge, a token or an id.
 */
export function logError(ctx: Context, error: GuestError, door: string): void {
  const { code, status, reason, cause } = error
  const fields = { door, code, status, reason }
  if (status < 500) ctx.logger.info({ ...fields, cause: refusalIn(cause) }, 'refused')
  else if (code === 'internal_error') ctx.logger.error({ ...fields, ...failureIn(cause) }, 'failed')
  else ctx.logger.warn({ ...fields, cause: failureIn(cause).cause }, 'unavailable')
}

const refusalIn = (cause: unknown): string | undefined =>
  cause instanceof CeremonyError ? cause.message : (cause as Error | undefined)?.name

function failureIn(cause: unknown): { cause?: string; stack?: string } {
  if (!(cause instanceof Error)) return {}
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { cause: `${cause.name}: ${cause.message.replace(/[\w-]{20,}/g, '…')}`, stack: frames.join('\n') }
}
