// All errors that guestkey answers with: one class, and one table with the status, title and detail of each code.
//
// How codes are named. First the thing, then what is the matter with it: `session_invalid`, `code_expired`,
// `collection_unknown`, `login_id_taken`, `link_refused`, `profile_too_large`. `no_` and `not_`: it is missing. `too_many_`:
// there would be too many of them. `would_`: what the request would do; it is repeated with a consent. Codes that a standard
// has keep the name that it gives them: those of OAuth (RFC 6749, 6750, 7009, 8707, 9449, 9470) and of HTTP (RFC 9110).

import { helpAt } from './help.ts'
import { codeOnTheWire } from './old-names.ts'

type Problem = { status: number; title: string; detail: string }

const problems = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    detail: 'The request is not in the form that this endpoint expects. See the OpenAPI document.',
  },
  credentials_ambiguous: {
    status: 400,
    title: 'Ambiguous credentials',
    detail: 'The request carries several credentials. Send one session cookie or one bearer token.',
  },
  collection_unknown: {
    status: 400,
    title: 'Unknown collection',
    detail: 'The service has no such collection. Use one that the option collections names.',
  },
  prompt_unknown: {
    status: 400,
    title: 'Unknown prompt',
    detail: 'The service has no such prompt. Use one that the option prompts names.',
  },
  attribute_invalid: {
    status: 400,
    title: 'Attribute not valid',
    detail: 'The profile has no such attribute, or the attribute does not accept this value.',
  },
  login_id_invalid: {
    status: 400,
    title: 'Not a login ID',
    detail: 'This is neither an e-mail address nor a telephone number. Send one of the two.',
  },
  code_wrong: {
    status: 400,
    title: 'Wrong code',
    detail: 'This is not the code that was sent. Check it. After five wrong attempts you need a new code.',
  },
  code_expired: {
    status: 400,
    title: 'Code no longer valid',
    detail: 'The code was used before, is too old, or had too many wrong attempts. Ask for a new one.',
  },
  flow_invalid: {
    status: 400,
    title: 'Begun elsewhere',
    detail: 'This was started in another browser, or too long ago. Go back to the app and start again.',
  },
  merge_ticket_invalid: {
    status: 400,
    title: 'Ticket not valid',
    detail: 'The ticket is unknown, has expired, was used before, or was issued to another guest.',
  },
  invalid_grant: {
    status: 400,
    title: 'Grant not valid',
    detail:
      'The grant was used before, has expired, was revoked, or was issued to another client. Sign in again.',
  },
  unsupported_grant_type: {
    status: 400,
    title: 'Grant type not supported',
    detail: 'This server does not support this grant_type. See grant_types_supported in its metadata.',
  },
  unauthorized_client: {
    status: 400,
    title: 'Grant not for this client',
    detail: 'The client is not registered for this grant. Set its option deviceGrant to allow it.',
  },
  authorization_pending: {
    status: 400,
    title: 'Not decided yet',
    detail: 'Nobody has let this device in yet. Ask again after the interval.',
  },
  slow_down: {
    status: 400,
    title: 'Asked too often',
    detail: 'The device asked again too soon. Wait five seconds longer between two requests from now on.',
  },
  unsupported_token_type: {
    status: 400,
    title: 'Token not revocable here',
    detail: 'This token belongs to a session that a browser holds by cookie. Sign out in that browser.',
  },
  invalid_scope: {
    status: 400,
    title: 'Scope not allowed',
    detail:
      'The scope is larger than the client is registered for, or larger than was granted before. Ask for less.',
  },
  invalid_target: {
    status: 400,
    title: 'Audience not allowed',
    detail: 'The client is not registered for this resource. Name one of its audiences.',
  },
  invalid_dpop_proof: {
    status: 400,
    title: 'Proof of the key not valid',
    detail:
      'The DPoP header is missing, or its proof was used before, is for another request, or is signed by another key.',
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
      'The device key or its proof is malformed, has expired, or was made for another request. Ask for a new challenge and try again.',
  },
  link_invalid: {
    status: 400,
    title: 'Link not valid',
    detail:
      'The code is wrong, was used before, or has expired. Show a new one on the device that is signed in.',
  },
  invitation_invalid: {
    status: 400,
    title: 'Invitation not valid',
    detail:
      'The invitation was used before, has expired, or was replaced by another one. Ask an owner for a new one.',
  },
  way_in_invalid: {
    status: 401,
    title: 'Way in not valid',
    detail:
      'There is no such way in. It was used, cancelled or replaced, or has expired, or the code is mistyped.',
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
      'The device key could not be verified, or was removed. Try once more with a new challenge. If that fails, sign in another way.',
  },
  recovery_code_wrong: {
    status: 401,
    title: 'Wrong recovery code',
    detail: 'This recovery code is wrong or was used before. Check it, or use another one.',
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
    detail:
      'No client with this id is registered, or the request does not prove that it comes from this client.',
  },
  insufficient_user_authentication: {
    status: 401,
    title: 'Passkey needed',
    detail:
      'This request needs a recent proof with a passkey. Confirm with a passkey, then repeat the request.',
  },
  cross_site_request: {
    status: 403,
    title: 'Cross-site request refused',
    detail: 'Requests that change something are accepted only from the origins of this service.',
  },
  guest_disabled: {
    status: 403,
    title: 'Account disabled',
    detail: 'The operator of this service has disabled this account. Ask the operator why, and until when.',
  },
  guest_sign_in_off: {
    status: 403,
    title: 'No new guests',
    detail:
      'This service lets no new guests in at the moment. Sign in with a passkey, a code or another way that you have.',
  },
  registration_off: {
    status: 403,
    title: 'No new passkeys',
    detail: 'This service takes no new passkeys at the moment. Passkeys that you have still sign you in.',
  },
  bot_check_failed: {
    status: 403,
    title: 'Check failed',
    detail: 'The check that tells people from programs failed. Load the page again and try once more.',
  },
  codes_off: {
    status: 403,
    title: 'No codes at the moment',
    detail: 'This service sends no codes at the moment. Sign in another way, or try again later.',
  },
  link_refused: {
    status: 403,
    title: 'Not let in',
    detail:
      'The device that is signed in refused this one. If that was a mistake, start again on that device.',
  },
  insufficient_scope: {
    status: 403,
    title: 'Not for this client',
    detail:
      'This token is also valid at another service, or belongs to a pairwise client, so it only gives userinfo here. Ask for one that is bound to a key (DPoP), or for one with the issuer as its resource.',
  },
  way_in_waiting: {
    status: 403,
    title: 'Not open yet',
    detail:
      'This way in lets nobody in yet: its delay is not over, or another operator has not approved it. Try again later.',
  },
  not_permitted: {
    status: 403,
    title: 'Not for your role',
    detail: 'Your role does not allow this. An owner can do it, or give you another role.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'Nothing that belongs to you is at this address.' },
  no_guest: {
    status: 404,
    title: 'No guest yet',
    detail: 'Nobody is signed in here. The request asked for a look-up only, so no guest was created.',
  },
  no_codes: {
    status: 404,
    title: 'No codes here',
    detail:
      'This service cannot send codes of this kind. Its operator sets that up with the option loginIds.send.',
  },
  login_id_unknown: {
    status: 404,
    title: 'No such account',
    detail: 'No account has this login ID. Continue as guest, and add it to your account.',
  },
  no_profile: {
    status: 404,
    title: 'No profiles here',
    detail: 'This service has no profiles. Its operator declares their attributes with the option profile.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This endpoint does not accept this method. Use one that the Allow header names.',
  },
  request_timeout: {
    status: 408,
    title: 'Request timed out',
    detail: 'The request did not arrive in time. Send it again.',
  },
  would_lose_account: {
    status: 409,
    title: 'The account would be lost',
    detail:
      'After this, this guest might have no way to come back. Add a passkey first, or repeat the request with force.',
  },
  would_leave_guest: {
    status: 409,
    title: 'Another guest is signed in here',
    detail:
      'This would sign in another guest in place of the one who is signed in. To do so, repeat the request with leave.',
  },
  too_many_device_keys: {
    status: 409,
    title: 'Too many device keys',
    detail: 'This guest already has the maximum number of device keys. Remove one first.',
  },
  login_id_taken: {
    status: 409,
    title: 'You already have an account',
    detail:
      'This login ID belongs to another account. Sign in to that account, and merge this guest into it.',
  },
  promotion_refused: {
    status: 409,
    title: 'Not accepted',
    detail: 'This service does not accept this login ID. Nothing was changed.',
  },
  not_promoted: {
    status: 409,
    title: 'A guest already',
    detail: 'This is a guest already: there is no login ID to remove.',
  },
  too_many_login_ids: {
    status: 409,
    title: 'Too many login IDs',
    detail: 'This user already has the maximum number of login IDs. Remove one first.',
  },
  merge_refused: {
    status: 409,
    title: 'Not merged',
    detail: 'The two guests could not be merged now. Nothing was changed. Try again later.',
  },
  nothing_to_merge: {
    status: 409,
    title: 'Nothing to merge',
    detail: 'The other guest no longer exists, or was merged before.',
  },
  collection_mismatch: {
    status: 409,
    title: 'Another collection',
    detail: 'The guest who is signed in belongs to another collection. Sign out first.',
  },
  too_many_passkeys: {
    status: 409,
    title: 'Too many passkeys',
    detail: 'This guest already has the maximum number of passkeys. Remove one first.',
  },
  too_many_sessions: {
    status: 409,
    title: 'Too many sessions',
    detail: 'This guest already has the maximum number of sessions. End one first.',
  },
  operator_name_taken: {
    status: 409,
    title: 'Name taken',
    detail: 'Another operator has this name. Choose another one.',
  },
  operators_changed: {
    status: 409,
    title: 'The operators changed lately',
    detail:
      'Within the delay of ways in, an operator was added, invited or removed, or got another role or a passkey. Wait until that is longer ago.',
  },
  way_in_replaced: {
    status: 409,
    title: 'Another way in',
    detail: 'The guest has another way in than this one. Look at the guest again before you approve it.',
  },
  no_other_owner: {
    status: 409,
    title: 'The last owner',
    detail:
      'This is the only owner who can sign in. Make another operator an owner first, and let that one sign in.',
  },
  precondition_failed: {
    status: 412,
    title: 'Changed meanwhile',
    detail: 'This was changed since you read it: If-Match names another version. Read it again.',
  },
  profile_too_large: {
    status: 413,
    title: 'Profile too large',
    detail: 'The profile would be larger than this service stores. Shorten an attribute.',
  },
  body_too_large: {
    status: 413,
    title: 'Body too large',
    detail: 'The body is larger than this endpoint accepts.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send JSON, uncompressed, with Content-Type: application/json.',
  },
  too_many_codes: {
    status: 429,
    title: 'Too many codes',
    detail: 'Too many codes were requested. Wait for as many seconds as Retry-After says.',
  },
  too_many_guesses: {
    status: 429,
    title: 'Too many wrong codes',
    detail:
      'Too many wrong codes were typed. Wait for as many seconds as Retry-After says, or scan the code.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'Too many requests came from this network. Wait for as many seconds as Retry-After says.',
  },
  proof_of_work_required: {
    status: 429,
    title: 'Proof of work required',
    detail:
      'Far more guests than usual are asked for. Solve the challenge, and send the request again with the proof in the header Altcha.',
  },
  internal_error: {
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong in this service. The error was logged. Try again later.',
  },
  provider_unavailable: {
    status: 503,
    title: 'The provider did not answer',
    detail: 'The account provider could not be reached, or returned an invalid response. Try again shortly.',
  },
  not_sent: {
    status: 503,
    title: 'Not sent',
    detail: 'The code could not be sent. Check the address, or try again shortly.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: 'The service cannot do this at the moment. Try again shortly.',
  },
} as const satisfies Record<string, Problem>

/** The stable codes of all errors. Programs decide by the code, never by the title or the detail. */
export type ErrorCode = keyof typeof problems

/** What an error may carry beside its code. */
export type GuestErrorInit = {
  /** Replaces the status of the table, if a standard asks for another one here. */
  status?: number
  /** Replaces the detail of the table in the response. Must not contain a secret. */
  detail?: string
  /** Why it happened, for the log only: never in the response. */
  reason?: string
  /** The underlying error, for the log only: never in the response. */
  cause?: unknown
  /** Further members of the problem document (RFC 9457, 3.2). */
  members?: Record<string, string | object>
  /** The name of the error in OAuth, if a standard has one that is more exact than the code. */
  oauth?: string
  /** Response headers that belong to the error (Retry-After, WWW-Authenticate, Set-Cookie, …). */
  headers?: Record<string, string | string[]>
}

/**
 * The one error class; see GuestError. `status`, `statusCode`, `expose` and `headers` have the meaning that http-errors
 * gave them. The error handlers of Express, Koa, Fastify and NestJS read these, so a host that passes the error on answers
 * as we do.
 */
class GuestErrorClass<Code extends ErrorCode> extends Error {
  static {
    Object.defineProperty(GuestErrorClass, 'name', { value: 'GuestError' })
  }

  override readonly name = 'GuestError'
  readonly code: Code
  /** HTTP status. */
  readonly status: number
  /** The same as `status`, because some error handlers read only this name. */
  readonly statusCode: number
  /** Whether `message` may be shown to the caller: true if `status` is below 500. */
  readonly expose: boolean
  readonly title: string
  readonly reason: string | undefined
  readonly headers: Record<string, string | string[]>
  readonly members: Record<string, string | object>
  /** The name of the error in OAuth, if it is more exact than the code. */
  readonly oauth: string | undefined
  readonly ticket: string | undefined

  constructor(code: Code, init: GuestErrorInit = {}) {
    super(init.detail ?? problems[code].detail, { cause: init.cause })
    this.code = code
    this.status = init.status ?? problems[code].status
    this.statusCode = this.status
    this.expose = this.status < 500
    this.title = problems[code].title
    this.reason = init.reason
    this.headers = init.headers ?? {}
    this.members = init.members ?? {}
    this.oauth = init.oauth
    this.ticket = this.members.ticket as string | undefined
  }

  /** A link to what the pages of the package say about the code: a `file:` URL. For the log, not for the response. */
  get help(): string {
    return helpAt('server/http/README.md', this.code)
  }

  /**
   * The response body: RFC 9457 problem details. `type` ends with the code. `code` is the code too, but until 0.7 five
   * codes have the name of 0.5 there. `reason`, `cause` and `headers` are left out.
   */
  toJSON(): { type: string; title: string; status: number; code: string; detail: string } {
    return {
      type: `urn:guestkey:problem:${this.code}`,
      title: this.title,
      status: this.status,
      code: codeOnTheWire(this.code),
      detail: this.message,
      ...this.members,
    }
  }
}

type Known<Code extends ErrorCode> = Omit<GuestErrorClass<Code>, 'ticket'>
type LoginIdTaken = Known<'login_id_taken'> & {
  /** For the merge into the account that has the login ID; undefined if the guest cannot be merged into it. */
  readonly ticket: string | undefined
}

/** An error of guestkey. The `code` tells what else it has: `login_id_taken` has a `ticket`. */
export type GuestError = LoginIdTaken | Known<Exclude<ErrorCode, 'login_id_taken'>>
export const GuestError = GuestErrorClass as unknown as {
  new (code: ErrorCode, init?: GuestErrorInit): GuestError
  readonly prototype: GuestError
}

/** Whether the error says that the session has ended: `session_invalid` or `guest_merged`. */
export const isSessionOver = ({ code }: GuestError): boolean =>
  code === 'session_invalid' || code === 'guest_merged'

/** All codes, in the order of the table. */
export const errorCodes = Object.keys(problems) as ErrorCode[]
