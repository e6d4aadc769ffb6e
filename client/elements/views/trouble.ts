// What an error of the client means for a person, and how serious it looks.
import type { GuestClientErrorCode } from '../../index.ts'

/** What went wrong, as far as a person needs to know. */
export type Trouble =
  | 'cancelled'
  | 'passkeyGone'
  | 'offline'
  | 'tooFast'
  | 'server'
  | 'guestsOff'
  | 'disabled'
  | 'cookies'
  | 'unsupported'
  | 'noLock'
  | 'alreadyHere'
  | 'notAllowed'
  | 'outdated'
  | 'sessionOver'
  | 'wrongCode'
  | 'locked'
  | 'notSent'
  | 'linkWrong'
  | 'otherRefused'
  | 'full'
  | 'other'

const troubles: Partial<Record<GuestClientErrorCode | 'cookies_blocked', Trouble>> = {
  cancelled: 'cancelled',
  timeout: 'cancelled',
  authentication_failed: 'passkeyGone',
  network: 'server',
  server_error: 'server',
  internal_error: 'server',
  unavailable: 'server',
  request_timeout: 'server',
  client_incomplete: 'server',
  too_many_requests: 'tooFast',
  proof_of_work_required: 'tooFast',
  bot_check_failed: 'outdated',
  too_many_codes: 'tooFast',
  too_many_guesses: 'locked',
  guest_sign_in_off: 'guestsOff',
  guest_disabled: 'disabled',
  cookies_blocked: 'cookies',
  storage: 'cookies',
  unsupported: 'unsupported',
  no_user_verification: 'noLock',
  already_here: 'alreadyHere',
  not_allowed_here: 'notAllowed',
  client_outdated: 'outdated',
  forbidden: 'outdated',
  not_signed_in: 'sessionOver',
  no_guest: 'sessionOver',
  session_invalid: 'sessionOver',
  guest_merged: 'sessionOver',
  recovery_code_wrong: 'wrongCode',
  link_invalid: 'linkWrong',
  link_refused: 'otherRefused',
  not_sent: 'notSent',
  no_codes: 'notSent',
  codes_off: 'notSent',
  too_many_passkeys: 'full',
  too_many_device_keys: 'full',
  too_many_sessions: 'full',
  too_many_login_ids: 'full',
}

/** The errors that happened while the browser was offline. They stay so when it is online again. */
const offline = new WeakSet<object>()

/** What an error of the client means for a person. */
export function troubleOf(error: unknown): Trouble {
  const { code } = error as { code?: GuestClientErrorCode }
  if (code === 'network' && !navigator.onLine) offline.add(error as object)
  return offline.has(error as object) ? 'offline' : ((code && troubles[code]) ?? 'other')
}

/** The look of the note that says it. Default: `danger`. */
export const looks: Partial<Record<Trouble, string>> = {
  cancelled: '',
  alreadyHere: '',
  guestsOff: '',
  unsupported: '',
  offline: 'caution',
  tooFast: 'caution',
  locked: 'caution',
  cookies: 'caution',
}
