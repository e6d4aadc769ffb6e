// What the trail and failures are called, in English.
import type { ErrorCode } from '../../../server/errors.ts'

/** By the name of the event. Others are shown by their name. */
export const actions = {
  'device.linked': 'Device linked',
  'device_key.added': 'Key of a browser added',
  'device_key.removed': 'Key of a browser revoked',
  'guest.demoted': 'Is a guest again',
  'guest.disabled': 'Disabled',
  'guest.enabled': 'Enabled',
  'guest.erased': 'Erased',
  'guest.expired': 'Expired',
  'guest.expiring': 'Expires soon',
  'guest.extended': 'Expires later',
  'guest.imported': 'Imported',
  'guest.kept': 'Kept',
  'guest.merge_undone': 'Merge undone',
  'guest.merged': 'Merged',
  'guest.promoted': 'Became regular',
  'guest.renamed': 'Renamed',
  'guest.restored': 'Came back after expiring',
  'guest.signed_in': 'Signed in',
  'guest.signed_out': 'Signed out',
  'login_id.added': 'Address added',
  'login_id.removed': 'Address removed',
  'operator.added': 'Operator added',
  'operator.counter_regressed': 'Counter of an operator’s passkey went back',
  'operator.invited': 'Operator invited again',
  'operator.joined': 'Operator made a passkey',
  'operator.passkey_added': 'Operator’s passkey added',
  'operator.passkey_removed': 'Operator’s passkey removed',
  'operator.removed': 'Operator removed',
  'operator.role_changed': 'Operator’s role changed',
  'operator.sessions_ended': 'Operator’s sessions ended',
  'operator.signed_in': 'Operator signed in',
  'operator.signed_out': 'Operator signed out',
  'operator.stepped_up': 'Operator proved a passkey',
  'passkey.added': 'Passkey added',
  'passkey.backup_eligibility_changed': 'Passkey refused: its kind changed',
  'passkey.counter_regressed': 'Passkey refused: its counter went back',
  'passkey.removed': 'Passkey removed',
  'profile.changed': 'Profile changed',
  'recovery_code.used': 'Recovery code used',
  'recovery_codes.changed': 'Recovery codes replaced',
  'recovery_codes.confirmed': 'Recovery codes confirmed',
  'session.ended': 'Session ended',
  'session.refresh_reused': 'Refresh token used twice',
  'setting.changed': 'Setting changed',
  'signing_keys.rotated': 'New signing key',
  'way_in.approved': 'Way in approved',
  'way_in.cancelled': 'Way in cancelled',
  'way_in.opened': 'Way in made',
  'way_in.used': 'Way in used',
  'webhooks.retried': 'Webhooks sent again',
} as Record<string, string>

/** What only guests and apps are answered, and no operator. */
type OfGuests =
  | 'attribute_invalid'
  | 'authorization_pending'
  | 'bot_check_failed'
  | 'code_expired'
  | 'code_wrong'
  | 'codes_off'
  | 'collection_mismatch'
  | 'collection_unknown'
  | 'device_key_invalid'
  | 'device_key_refused'
  | 'flow_invalid'
  | 'guest_sign_in_off'
  | 'insufficient_scope'
  | 'insufficient_user_authentication' // the console asks for the passkey
  | 'invalid_client'
  | 'invalid_dpop_proof'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'link_invalid'
  | 'link_refused'
  | 'login_id_taken'
  | 'login_id_unknown'
  | 'no_codes'
  | 'no_guest'
  | 'no_profile'
  | 'not_promoted'
  | 'not_sent'
  | 'precondition_failed'
  | 'profile_too_large'
  | 'proof_of_work_required'
  | 'promotion_refused'
  | 'prompt_unknown'
  | 'provider_unavailable'
  | 'recovery_code_wrong'
  | 'registration_off'
  | 'too_many_codes'
  | 'too_many_device_keys'
  | 'too_many_guesses'
  | 'too_many_login_ids'
  | 'too_many_sessions'
  | 'slow_down'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_token_type'
  | 'way_in_waiting'
  | 'would_leave_guest'

type Failure = [what: string, next: string]

/**
 * What went wrong, by code: a sentence for what happened, and one for what to do. If the first is empty, the server says
 * more than the console could.
 */
const answered = {
  body_too_large: ['This is too long for the server.', 'Make it shorter, then try again.'],
  credentials_ambiguous: [
    'The browser sends two sessions at once.',
    'Delete the cookies of this address, then sign in.',
  ],
  cross_site_request: [
    'The server takes no changes from this address.',
    'Open the console at its own address.',
  ],
  guest_merged: ['The guest was merged into another one.', 'Load again, and look at that one.'],
  invalid_request: ['', 'Change it, then try again.'],
  login_id_invalid: ['This is no e-mail address and no phone number.', 'Change it, then try again.'],
  merge_refused: ['The app did not undo the merge.', 'Nothing has changed. Its log says more.'],
  merge_ticket_invalid: ['This merge cannot be undone any more.', 'Load again and look.'],
  method_not_allowed: ['This page and the server are not of one version.', 'Load it again.'],
  not_found: [
    'This is not there any more.',
    'Somebody else may have ended or removed it. Load again and look.',
  ],
  nothing_to_merge: [
    'This merge cannot be undone any more.',
    'One of the two guests is gone. Load again and look.',
  ],
  registration_failed: [
    'The server did not take this passkey.',
    'Nothing has changed. Try again, or on another device.',
  ],
  request_timeout: ['The request came too slowly.', 'Nothing has changed. Try again.'],
  unsupported_media_type: [
    'Something between here and the server changed the request.',
    'Ask who runs the proxy.',
  ],
  way_in_invalid: ['The guest has no way in any more.', 'Load again and look.'],
  authentication_failed: [
    'This passkey is none of an operator here.',
    'Use another one, or ask an owner for a link.',
  ],
  invitation_invalid: [
    'This link is not good any more.',
    'It was used, replaced or is too old. Ask for a new one.',
  ],
  not_permitted: ['Your role does not allow this.', 'Ask an owner.'],
  would_lose_account: ['The guest would have no way back.', 'Only an owner can do it all the same.'],
  operators_changed: [
    'An operator came, went or changed lately.',
    'No way in is made or approved until that is longer ago than its delay: 24 hours, unless it is configured otherwise.',
  ],
  way_in_replaced: ['The guest has another way in by now.', 'Load again, and look at that one.'],
  guest_disabled: ['The guest is disabled.', 'Enable it first.'],
  no_other_owner: ['This is the last owner who can sign in.', 'Make another one first.'],
  operator_name_taken: ['Another operator has this name.', 'Choose another one.'],
  too_many_requests: ['Too many tries from this network.', 'Wait a minute, then try again.'],
  too_many_passkeys: ['That is as many as one operator can have.', 'Remove one first.'],
  unavailable: ['The server cannot do this now.', 'Nothing has changed. Try again in a moment.'],
  internal_error: ['The server made a mistake.', 'Its log says more. Try again.'],
  session_invalid: ['Your session is over.', 'Sign in again.'],
  not_signed_in: ['Nobody is signed in.', 'Sign in again.'],
} satisfies Record<Exclude<ErrorCode, OfGuests>, Failure>

/** The same, of what goes wrong here. */
const here = {
  offline: ['You are offline.', 'Try again when the connection is back. Nothing has changed.'],
  no_answer: [
    'The server did not answer.',
    'It is not known whether anything has changed. Load again and look.',
  ],
  part_missing: ['This page is out of date.', 'Load it again.'],
  cancelled: ['The passkey was not used.', 'Nothing has changed. Try again when you like.'],
  aborted: ['The passkey was not used.', 'Nothing has changed. Try again when you like.'],
  timeout: ['The passkey was not used in time.', 'Nothing has changed. Try again when you like.'],
  unsupported: ['This browser does not do passkeys.', 'Use another browser.'],
  not_allowed_here: [
    'Passkeys do not work at this address.',
    'Open the console by https, at its own address.',
  ],
  no_user_verification: [
    'This device has no screen lock.',
    'Set a PIN or a fingerprint on it, then try again.',
  ],
  already_here: ['This device has a passkey of yours already.', 'There is nothing to add.'],
  other_operator: [
    'Somebody else is signed in now.',
    'Look at it again, and press the button if you mean it.',
  ],
  other: ['That did not work.', 'Try again. If it happens again, look into the log of the server.'],
} satisfies Record<string, Failure>

export const failures: Record<string, Failure | undefined> & typeof here = { ...here, ...answered }
