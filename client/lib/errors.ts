// GuestClientError, and the table of its codes: each code has a sentence that a page can show.
import { codeOfNow } from './old-names.ts'

const notUnderstood = 'The request was not understood.'
const beginAgain = 'That was begun elsewhere, or too long ago: please begin again.'

const sentences = {
  // The codes of the server.
  invalid_request: notUnderstood,
  credentials_ambiguous: notUnderstood,
  collection_unknown: notUnderstood,
  method_not_allowed: notUnderstood,
  unsupported_grant_type: notUnderstood,
  unsupported_token_type: notUnderstood,
  invalid_scope: notUnderstood,
  prompt_unknown: notUnderstood,
  invalid_target: notUnderstood,
  invalid_client: 'This app is not registered with the service.',
  invalid_grant: beginAgain,
  invalid_dpop_proof: 'This device did not prove who it is: is its clock right?',
  insufficient_scope: 'This app may not do that.',
  unsupported_media_type: notUnderstood,
  body_too_large: 'That is too large.',
  cross_site_request: 'The request came from another site.',
  not_signed_in: 'Nobody is signed in.',
  no_guest: 'Nobody is signed in.',
  session_invalid: 'Your session has ended.',
  guest_merged: 'This guest is part of another account now.',
  guest_disabled: 'This account is locked.',
  insufficient_user_authentication: 'Please confirm with your passkey.',
  authentication_failed: 'That passkey did not work here.',
  registration_failed: 'The passkey could not be saved.',
  device_key_invalid: 'The key of this device could not be checked: please try again.',
  device_key_refused: 'This device is no longer remembered.',
  too_many_device_keys: 'This account cannot hold more devices.',
  recovery_code_wrong: 'That is no recovery code, or it was used before.',
  link_invalid: 'That code is wrong, was used, or is too old: please show a new one.',
  link_refused: 'The other device said no.',
  would_leave_guest: 'Somebody else is known on this device.',
  too_many_guesses: 'Too many wrong codes: please wait a while.',
  too_many_passkeys: 'This account cannot hold more passkeys.',
  too_many_sessions: 'This account is signed in in too many places.',
  would_lose_account: 'There would be no way back into this account.',
  collection_mismatch: 'Somebody else is signed in here: sign out first.',
  merge_ticket_invalid: 'That can no longer be done here.',
  merge_refused: 'That cannot be done now: please try again soon.',
  nothing_to_merge: 'There is nothing left to merge.',
  no_profile: 'There are no profiles here.',
  attribute_invalid: 'That cannot be saved as it is.',
  profile_too_large: 'That is more than a profile can hold.',
  precondition_failed: 'That was changed elsewhere meanwhile.',
  login_id_invalid: 'That is neither an e-mail address nor a telephone number.',
  no_codes: 'No codes can be sent there.',
  not_sent: 'The code could not be sent: is the address right?',
  too_many_codes: 'Too many codes were asked for: please wait a while.',
  code_wrong: 'That is not the code that was sent.',
  code_expired: 'That code is no longer good: please ask for a new one.',
  flow_invalid: beginAgain,
  provider_unavailable: 'The other service did not answer: please try again soon.',
  login_id_unknown: 'There is no such account here.',
  login_id_taken: 'You already have an account here.',
  promotion_refused: 'That is not accepted here.',
  guest_sign_in_off: 'New guests are not accepted here.',
  registration_off: 'New passkeys are not accepted here.',
  codes_off: 'No codes are sent now.',
  not_promoted: 'Only a guest is signed in here.',
  too_many_login_ids: 'This account cannot hold more addresses.',
  not_found: 'That is no longer there.',
  request_timeout: 'That took too long.',
  too_many_requests: 'Too many attempts: please wait a while.',
  unavailable: 'The server is busy: please try again soon.',
  internal_error: 'Something went wrong on the server.',
  // The codes of the client itself.
  forbidden: 'The server did not allow that: please load the page again.',
  network: 'The server could not be reached.',
  server_error: 'Something went wrong on the server.',
  timeout: 'That took too long.',
  storage: 'This browser could not read or keep what that needs: is this a private window?',
  no_device_key: 'This device is not remembered.',
  no_secret: 'This passkey, or this browser, keeps no secrets.',
  cancelled: 'That was cancelled.',
  aborted: 'That was withdrawn.',
  unsupported: 'This browser does not support passkeys.',
  already_here: 'This device already holds a passkey for this account.',
  not_allowed_here: 'That cannot be done at this web address.',
  no_user_verification: 'This device needs a screen lock or a PIN to hold a passkey.',
  authenticator_error: 'The device could not use a passkey just now.',
}

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

  constructor(
    code: GuestClientErrorCode,
    cause?: unknown,
    status?: number,
    ticket?: string,
    detail?: string,
  ) {
    super(sentences[code], { cause })
    Object.assign(this, { code, status, ticket, detail })
  }
} as unknown as {
  new (
    code: GuestClientErrorCode,
    cause?: unknown,
    status?: number,
    ticket?: string,
    detail?: string,
  ): GuestClientError
  readonly prototype: GuestClientError
}

/** Whether it is a GuestClientError with one of these codes. */
export const isCode = (error: unknown, ...codes: GuestClientErrorCode[]): boolean =>
  error instanceof GuestClientError && codes.includes(error.code)

/** Whether the error says that the session of the request has ended. */
export const isSessionOver = (error: unknown) => isCode(error, 'session_invalid', 'guest_merged')

/** Whether the error says that nobody is signed in, or no more. */
export const isNobody = (error: unknown) => isCode(error, 'not_signed_in', 'no_guest') || isSessionOver(error)

/** The codes for what is not an answer of guestkey, by status. For example the app's own limiter or CSRF check. */
const codeByStatus: Record<number, GuestClientErrorCode> = { 403: 'forbidden', 429: 'too_many_requests' }

/**
 * The error for an answer that is no success: a problem document (RFC 9457), or what the app or a proxy said. That
 * becomes `forbidden`, `too_many_requests` or `server_error`. `text` is the whole answer.
 */
export function answerError(status: number, answer: unknown, text: string): GuestClientError {
  const { code, ticket, detail, error_description } = Object(answer) as Record<string, string | undefined>
  const name = typeof code === 'string' ? codeOfNow(code) : ''
  return new GuestClientError(
    Object.hasOwn(sentences, name)
      ? (name as GuestClientErrorCode)
      : (codeByStatus[status] ?? 'server_error'),
    answer,
    status,
    ticket,
    String(detail ?? error_description ?? text).slice(0, 500),
  )
}

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
