// GuestClientError, and what its code says.
import type { sentences } from './sentences.ts'
import { sentenceAtOnce } from './sentences-at-once.ts'

/** Every code that a GuestClientError can have. */
export type GuestClientErrorCode = keyof typeof sentences

interface Known<Code extends GuestClientErrorCode> extends Error {
  readonly name: 'GuestClientError'
  /** Stable: decide by this and not by the message. */
  readonly code: Code
  /** The HTTP status, if the server answered. */
  readonly status: number | undefined
  /**
   * What the server said was wrong, and what would be right. It is for the developer, in English, and not for users. If
   * not guestkey but something else answered, the first 500 characters of what it said. Undefined without an answer.
   */
  readonly detail: string | undefined
  /** After how many seconds to try again, if the server said so. */
  readonly retryAfter: number | undefined
}

interface LoginIdTaken extends Known<'login_id_taken'> {
  /**
   * After the guest has signed in to the account that has the login ID, hand it to `merge`. It expires after ten
   * minutes. Undefined if the guest cannot be merged into that account.
   */
  readonly ticket: string | undefined
}

/**
 * The error with which the functions of the client reject. `message` is a plain sentence that a page can show as it
 * is. The `code` tells what else it has: `login_id_taken` has a `ticket`.
 */
export type GuestClientError = LoginIdTaken | Known<Exclude<GuestClientErrorCode, 'login_id_taken'>>
export const GuestClientError = class GuestClientError extends Error {
  override readonly name = 'GuestClientError'

  /** Each file that a page loads later has a copy of this class, and makes errors of the same kind. */
  static override [Symbol.hasInstance](value: unknown) {
    return (value as Error | undefined)?.name === 'GuestClientError'
  }

  // When a page gets the error, it has the sentence of its code as message: see `withSentences`.
  constructor(
    code: GuestClientErrorCode,
    cause?: unknown,
    status?: number,
    ticket?: string,
    detail?: string,
    retryAfter?: number,
  ) {
    super(sentenceAtOnce(code), { cause })
    Object.assign(this, { code, status, ticket, detail, retryAfter })
  }
} as unknown as {
  new (
    code: GuestClientErrorCode,
    cause?: unknown,
    status?: number,
    ticket?: string,
    detail?: string,
    retryAfter?: number,
  ): GuestClientError
  readonly prototype: GuestClientError
}

/** Whether it is a GuestClientError with one of these codes. */
export const isCode = (error: unknown, ...codes: GuestClientErrorCode[]): boolean =>
  error instanceof GuestClientError && codes.includes(error.code)

/** Whether the error says that the session of the request has ended. */
export const isSessionOver = (error: unknown) => isCode(error, 'session_invalid', 'guest_merged')

/**
 * Does some work, and once more if the session has ended: the answer that says so deleted the cookie or the tokens, so that
 * nobody is signed in then.
 */
export const oncePerSession = <T>(work: () => Promise<T>): Promise<T> =>
  work().catch((error) => {
    if (!isSessionOver(error)) throw error
    return work()
  })

/** Whether the error says that nobody is signed in, or no more. */
export const isNobody = (error: unknown) => isCode(error, 'not_signed_in', 'no_guest') || isSessionOver(error)

type Answered = Pick<Response, 'status' | 'headers'>

/**
 * The error for an answer that is no success: a problem document (RFC 9457), or what the app or a proxy said. `text` is
 * the whole answer. Its code may be one that guestkey does not have: see `explain`.
 */
export function answerError({ status, headers }: Answered, answer: unknown, text: string): GuestClientError {
  const { code, ticket, detail, error_description } = Object(answer) as Record<string, string | undefined>
  return new GuestClientError(
    typeof code === 'string' ? (code as GuestClientErrorCode) : foreignCode(status),
    answer,
    status,
    ticket,
    String(detail ?? error_description ?? text).slice(0, 500),
    secondsIn(headers),
  )
}

/** Retry-After is a number of seconds, or a date (RFC 9110, 10.2.3), which is one by the clock of the server. */
function secondsIn(headers: Headers): number | undefined {
  const after = headers.get('retry-after')!
  const seconds = /\D/.test(after)
    ? (Date.parse(after) - Date.parse(headers.get('date')!)) / 1000
    : Number.parseFloat(after)
  return seconds >= 0 ? seconds : undefined
}

/** The code for what is not an answer of guestkey, such as that of the app's own limiter or CSRF check. */
export const foreignCode = (status: number | undefined): GuestClientErrorCode =>
  status === 403 ? 'forbidden' : status === 429 ? 'too_many_requests' : 'server_error'

// The name of the error is enough: a WebAuthnError of SimpleWebAuthn has the name of its DOMException.
const ceremonyCodes: Record<string, GuestClientErrorCode> = {
  NotAllowedError: 'cancelled',
  AbortError: 'aborted',
  TimeoutError: 'timeout',
  SecurityError: 'not_allowed_here',
  InvalidStateError: 'already_here',
  ConstraintError: 'no_user_verification',
  NotSupportedError: 'no_user_verification',
}

/**
 * The error for a ceremony that failed in the browser (WebAuthn Level 3, 5.1.3 and 5.1.4). `late` says that its time
 * was up: for the privacy of the user, browsers report that as NotAllowedError too.
 */
export function ceremonyError(error: unknown, late = false): GuestClientError {
  const code = ceremonyCodes[(error as Error).name] ?? 'authenticator_error'
  return new GuestClientError(late && code === 'cancelled' ? 'timeout' : code, error)
}
