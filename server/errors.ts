// Every error that guestkey answers with: one class, one table.

type Problem = { status: number; title: string; detail: string }

const problems = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    detail: 'The request does not have the form that this door expects.',
  },
  ambiguous_credentials: {
    status: 400,
    title: 'Ambiguous credentials',
    detail: 'The request carries several credentials. Send one session cookie or one bearer token.',
  },
  unknown_collection: {
    status: 400,
    title: 'Unknown collection',
    detail: 'This collection is not among those that the service was set up with.',
  },
  unknown_prompt: {
    status: 400,
    title: 'Unknown prompt',
    detail: 'This prompt is not among those that the service was set up with.',
  },
  invalid_attribute: {
    status: 400,
    title: 'Attribute not valid',
    detail: 'The profile has no such attribute, or this is no value of it.',
  },
  invalid_login_id: {
    status: 400,
    title: 'Not a login ID',
    detail: 'This is neither an e-mail address nor a telephone number.',
  },
  code_wrong: {
    status: 400,
    title: 'Wrong code',
    detail: 'This is not the code that was sent. Look again; after five tries a new one is needed.',
  },
  code_expired: {
    status: 400,
    title: 'Code no longer valid',
    detail: 'The code was used, is too old, or was tried too often. Ask for a new one.',
  },
  flow_invalid: {
    status: 400,
    title: 'Begun elsewhere',
    detail: 'This was begun in another browser, or too long ago. Go back to the app, and begin again.',
  },
  merge_ticket_invalid: {
    status: 400,
    title: 'Ticket not valid',
    detail: 'The ticket is not known here, is over, or was given to another guest.',
  },
  invalid_grant: {
    status: 400,
    title: 'Grant not valid',
    detail: 'The grant was used, has expired, was revoked, or was not given to this client. Sign in again.',
  },
  unsupported_grant_type: {
    status: 400,
    title: 'Grant type not supported',
    detail: 'See grant_types_supported in the metadata of this server.',
  },
  unsupported_token_type: {
    status: 400,
    title: 'Token not revocable here',
    detail: 'This token is of a session that a browser holds by cookie: sign out there.',
  },
  invalid_scope: {
    status: 400,
    title: 'Scope not allowed',
    detail: 'More is asked for than the client is registered for, or than was granted before.',
  },
  invalid_target: {
    status: 400,
    title: 'Audience not allowed',
    detail: 'The client is not registered for the resource that it names.',
  },
  invalid_dpop_proof: {
    status: 400,
    title: 'Proof of the key not valid',
    detail: 'The DPoP header is missing, or is not a fresh proof of the right key for this request.',
  },
  registration_failed: {
    status: 400,
    title: 'Passkey not registered',
    detail: 'The passkey could not be verified. Ask for new options and try again.',
  },
  device_key_invalid: {
    status: 400,
    title: 'Proof of a device key not taken',
    detail:
      'The device key, or what it has signed, is not as it must be here and now. Ask for a new challenge and try again.',
  },
  link_invalid: {
    status: 400,
    title: 'Link not valid',
    detail: 'The code is wrong, was used, or is too old. Show a new one on the device that is signed in.',
  },
  authentication_failed: {
    status: 401,
    title: 'Sign-in failed',
    detail: 'The passkey could not be verified. Ask for new options and try again.',
  },
  device_key_refused: {
    status: 401,
    title: 'Device key refused',
    detail:
      'The device key could not be verified, or is no longer taken. Try once more with a new challenge, then sign in another way.',
  },
  recovery_code_wrong: {
    status: 401,
    title: 'Wrong recovery code',
    detail: 'This is no recovery code, or it was used before. Look again, or try another one.',
  },
  not_signed_in: { status: 401, title: 'Not signed in', detail: 'Nobody is signed in here. Sign in first.' },
  session_invalid: {
    status: 401,
    title: 'Session no longer valid',
    detail: 'The session has ended, has expired or was never issued here. Sign in again.',
  },
  guest_merged: {
    status: 401,
    title: 'Merged into another account',
    detail: 'This guest was merged into another one: sign in to that one.',
  },
  invalid_client: {
    status: 401,
    title: 'Client not recognised',
    detail: 'The client is not registered here, or did not prove to be that client.',
  },
  insufficient_user_authentication: {
    status: 401,
    title: 'Passkey needed',
    detail: 'This needs a recent proof with a passkey. Confirm with a passkey and repeat the request.',
  },
  cross_site_request: {
    status: 403,
    title: 'Cross-site request refused',
    detail: 'Requests that change something are taken from the origin of this service only.',
  },
  link_refused: {
    status: 403,
    title: 'Not let in',
    detail: 'The device that is signed in has refused. If that was a mistake, begin again there.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Not for this client',
    detail:
      'This token is for another service too, or has a subject of its own (pairwise): it is good for userinfo. Ask for one that is bound to a key (DPoP), or whose resource is the issuer.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is nothing of yours at this address.' },
  no_guest: {
    status: 404,
    title: 'No guest yet',
    detail: 'Nobody is signed in here, and nothing was created because only a look-up was asked for.',
  },
  no_codes: {
    status: 404,
    title: 'No codes here',
    detail: 'This service was not set up to send codes of this kind (the option send).',
  },
  login_id_unknown: {
    status: 404,
    title: 'No such account',
    detail: 'Nobody here has this login ID. Continue as guest, and add it to your account.',
  },
  no_profile: {
    status: 404,
    title: 'No profiles here',
    detail: 'This service was not set up with attributes that guests may give (the option profile).',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This door does not take this method; see the Allow header.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timed out',
    detail: 'The request did not arrive in time. Send it again.',
  },
  would_lose_account: {
    status: 409,
    title: 'The account would be lost',
    detail: 'Nothing else could bring this guest back. Add a passkey first, or repeat with force.',
  },
  would_leave_guest: {
    status: 409,
    title: 'Another guest is signed in here',
    detail: 'Going on signs in another guest in place of the one who is here. Repeat with leave to do so.',
  },
  too_many_device_keys: {
    status: 409,
    title: 'Too many device keys',
    detail: 'This guest has as many device keys as are allowed. Remove one first.',
  },
  login_id_taken: {
    status: 409,
    title: 'You already have an account',
    detail: 'This login ID belongs to another account. Sign in to that one, and bring your things along.',
  },
  promotion_refused: {
    status: 409,
    title: 'Not accepted',
    detail: 'This service does not accept this login ID. Nothing is lost.',
  },
  not_promoted: {
    status: 409,
    title: 'A guest already',
    detail: 'There is no login ID to be dropped.',
  },
  too_many_login_ids: {
    status: 409,
    title: 'Too many login IDs',
    detail: 'There are as many login IDs as are allowed. Remove one first.',
  },
  merge_refused: {
    status: 409,
    title: 'Not merged',
    detail: 'The two guests could not be brought together now. Nothing is lost; try again later.',
  },
  nothing_to_merge: {
    status: 409,
    title: 'Nothing to merge',
    detail: 'The other guest is gone, or was merged already.',
  },
  collection_mismatch: {
    status: 409,
    title: 'Another collection',
    detail: 'The guest who is signed in belongs to another collection. Sign out first.',
  },
  too_many_passkeys: {
    status: 409,
    title: 'Too many passkeys',
    detail: 'This guest has as many passkeys as are allowed. Remove one first.',
  },
  too_many_sessions: {
    status: 409,
    title: 'Too many sessions',
    detail: 'This guest is signed in on as many devices as are allowed. End a session first.',
  },
  precondition_failed: {
    status: 412,
    title: 'Changed meanwhile',
    detail: 'What you want to change is not as you saw it: If-Match names another version. Read it again.',
  },
  profile_too_large: {
    status: 413,
    title: 'Profile too large',
    detail: 'The profile would be larger than this service keeps. Make something shorter.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    detail: 'The body is larger than this door takes.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send JSON, uncompressed, with Content-Type: application/json.',
  },
  too_many_codes: {
    status: 429,
    title: 'Too many codes',
    detail: 'Too many codes were asked for. Wait for the time that Retry-After names.',
  },
  too_many_guesses: {
    status: 429,
    title: 'Too many wrong codes',
    detail: 'Too many wrong codes were typed. Wait for the time that Retry-After names, or use the camera.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Too many requests came from this network. Wait for the time that Retry-After names.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong on this side. It was logged; try again later.',
  },
  provider_unavailable: {
    status: 503,
    title: 'The provider did not answer',
    detail: 'The account provider could not be reached, or said what cannot be believed. Try again shortly.',
  },
  not_sent: {
    status: 503,
    title: 'Not sent',
    detail: 'The code could not be sent. Check the address, or try again shortly.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'The service cannot use its store at the moment. Try again shortly.',
  },
} as const satisfies Record<string, Problem>

/** The stable codes of all errors; a program decides by these, never by the text. */
export type ErrorCode = keyof typeof problems

/** What an error carries beyond its code. */
export type GuestErrorInit = {
  /** Replaces the table's status, where a standard has another one for this place. */
  status?: number
  /** Replaces the table's sentence in the answer. Must hold nothing secret. */
  detail?: string
  /** Why it happened, for the log only. */
  reason?: string
  /** The underlying error, for the log only. */
  cause?: unknown
  /** Further members of the problem document (RFC 9457, 3.2). */
  members?: Record<string, string>
  /** Response headers that belong to the error (Retry-After, WWW-Authenticate, Set-Cookie, …). */
  headers?: Record<string, string | string[]>
}

/**
 * The one error class. `status`, `statusCode`, `expose` and `headers` are those of http-errors, which the error handlers
 * of Express, Koa, Fastify, NestJS and most hosts go by: a host that lets the error through answers as we would.
 */
export class GuestError extends Error {
  override readonly name = 'GuestError'
  readonly code: ErrorCode
  /** HTTP status. */
  readonly status: number
  /** The same: some error handlers read this name alone. */
  readonly statusCode: number
  /** Whether `message` is for whoever asked: below 500. */
  readonly expose: boolean
  readonly title: string
  readonly reason: string | undefined
  readonly headers: Record<string, string | string[]>
  readonly members: Record<string, string>

  constructor(code: ErrorCode, init: GuestErrorInit = {}) {
    super(init.detail ?? problems[code].detail, { cause: init.cause })
    this.code = code
    this.status = init.status ?? problems[code].status
    this.statusCode = this.status
    this.expose = this.status < 500
    this.title = problems[code].title
    this.reason = init.reason
    this.headers = init.headers ?? {}
    this.members = init.members ?? {}
  }

  /** The body of the answer: RFC 9457 problem details with the stable `code`. */
  toJSON(): { type: string; title: string; status: number; code: ErrorCode; detail: string } {
    return {
      type: `urn:guestkey:problem:${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: this.message,
      ...this.members,
    }
  }
}

/** Whether it says that the session is over, for whatever reason. */
export const isSessionOver = ({ code }: GuestError): boolean =>
  code === 'session_invalid' || code === 'guest_merged'

const oauthCodes: readonly string[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'unsupported_grant_type',
  'unsupported_token_type',
]

/** What is OAuth's by another name: `code` says which. */
const oauthNames: Partial<Record<ErrorCode, string>> = {
  // RFC 7523, 3.1
  device_key_invalid: 'invalid_grant',
  device_key_refused: 'invalid_grant',
  guest_merged: 'invalid_grant',
  // The grant is good, and will be taken once another session is over.
  too_many_sessions: 'temporarily_unavailable',
}

/** The error as an OAuth door answers it (RFC 6749, 5.2); `code` is ours, and says more where theirs says less. */
export function toOAuth({ code, status, message }: GuestError): {
  error: string
  error_description: string
  code: ErrorCode
} {
  const general =
    status === 500
      ? 'server_error'
      : status === 503 || status === 429
        ? 'temporarily_unavailable'
        : 'invalid_request'
  const error = oauthCodes.includes(code) ? code : (oauthNames[code] ?? general)
  return { error, error_description: message, code }
}

/** All codes, in the table's order. */
export const errorCodes = Object.keys(problems) as ErrorCode[]
