// What the doors answer, as the browser sees it: the server's own types.

import type {
  GuestProfile as Answered,
  LoginId,
  Passkey,
  PreviousGuest,
  UserInfo,
} from '../../server/types.ts'

export type {
  DeviceKey,
  DeviceLink,
  Guest,
  GuestSession,
  LoginId,
  Passkey,
  PreviousGuest,
  Recoverability,
  RecoveryCodes,
  RecoveryCodesLeft,
  UserInfo,
} from '../../server/types.ts'

/**
 * The guest that a passkey, a code or another proof signed in. `previous` is there if the browser was another guest until then:
 * `merged` says that what that one did is this guest's now, and `ticket` is what merge or undoMerge takes, where there
 * is a choice. `offer_passkey` says that a passkey should be offered on this device: it has none of this guest.
 * `recovery_codes_left` is there where a recovery code signed in, and with a first login ID, if there are codes from
 * before, which are still good: offer to renew them.
 */
export type SignedInGuest = UserInfo & {
  previous?: PreviousGuest
  merged?: boolean
  ticket?: string
  offer_passkey?: boolean
  recovery_codes_left?: number
}

/** The guest that a recovery code signed in, and how many codes are left. */
export type RecoveredGuest = SignedInGuest & { recovery_codes_left: number }

/** The guest, and the other one who is a part of them from now on. */
export type MergedGuest = UserInfo & { merged: PreviousGuest }

/**
 * The guest, and the passkey that has just been added. `recovery_codes_left` is there with the first one, if there are
 * codes from before, which are still good: offer to renew them.
 */
export type GuestWithPasskey = UserInfo & { passkey: Passkey; recovery_codes_left?: number }

/** The regular user, whose first login ID `recovery_codes_left` comes with, as above. */
export type PromotedGuest = UserInfo & { recovery_codes_left?: number }

/** What the guest chose to tell; `etag` names this version of it. */
export type GuestProfile<Attributes = Record<string, unknown>> = Answered<Attributes> & { etag: string }

/** Where a code can be sent: an e-mail address, or a telephone number with its country, as `+41 44 668 18 00`. */
export type CodeAddress = { type: 'email' | 'phone'; value: string }

/** A code that is on its way; `expires_at` is when it is good no more, in Unix seconds. */
export type CodeTransaction = { transaction: string; expires_at: number }

/** A code that was typed, and the transaction that it belongs to. */
export type GivenCode = { transaction: string; code: string }

/** Which login ID. */
export type LoginIdKey = Pick<LoginId, 'type' | 'value'>
