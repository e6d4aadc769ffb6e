// The names that our errors have at OAuth endpoints (RFC 6749, 5.2).

import type { ErrorCode, GuestError } from '../../errors.ts'

const oauthCodes: readonly string[] = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'invalid_target',
  'invalid_dpop_proof',
  'unsupported_grant_type',
  'unsupported_token_type',
  'unauthorized_client',
  // RFC 8628, 3.5
  'authorization_pending',
  'slow_down',
]

/** Our codes that have another name in OAuth. The response carries both: `error` is theirs, `code` is ours. */
const oauthNames: Partial<Record<ErrorCode, string>> = {
  // RFC 7523, 3.1
  device_key_invalid: 'invalid_grant',
  device_key_refused: 'invalid_grant',
  guest_merged: 'invalid_grant',
  guest_disabled: 'invalid_grant',
  // RFC 8628, 3.5
  link_refused: 'access_denied',
  code_expired: 'expired_token',
  // RFC 6749, 5.2: the grant type is not for this client. It may ask for another grant.
  guest_sign_in_off: 'unauthorized_client',
  // The grant is valid. The client may send it again after another session has ended.
  too_many_sessions: 'temporarily_unavailable',
}

/**
 * The error as an OAuth endpoint answers it (RFC 6749, 5.2). `type` and `code` are our own, as in every other response, and
 * often more exact than `error`.
 */
export function toOAuth(refused: GuestError): {
  error: string
  error_description: string
  type: string
  code: string
} {
  const { code, status, message } = refused
  const general =
    status === 500
      ? 'server_error'
      : status === 503 || status === 429
        ? 'temporarily_unavailable'
        : 'invalid_request'
  const error = refused.oauth ?? (oauthCodes.includes(code) ? code : (oauthNames[code] ?? general))
  const problem = refused.toJSON()
  return { error, error_description: message, type: problem.type, code: problem.code, ...refused.members }
}
