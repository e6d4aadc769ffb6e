// The types of what the endpoints answer; most are the server's own.

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
  LoginIdType,
  Passkey,
  PreviousGuest,
  Recoverability,
  RecoveryCodes,
  RecoveryCodesLeft,
  SignInMethods,
  UserInfo,
  WayIn,
} from '../../server/types.ts'

/**
 * The guest after a sign-in with a passkey, a code or another proof. `previous` is there if this browser was another
 * guest before. Then `merged` says that everything of that guest is this guest's now, and `ticket` is for `merge` or
 * `undoMerge`, if there is a choice. `offer_passkey` says that this device has no passkey of the guest and should be
 * offered one. `recovery_codes_left` is there after a sign-in with a recovery code. It is also there with a first
 * login ID, if codes from before still work: offer to renew them.
 */
export type SignedInGuest = UserInfo & {
  previous?: PreviousGuest
  merged?: boolean
  ticket?: string
  offer_passkey?: boolean
  recovery_codes_left?: number
}

/** The guest after a sign-in with a recovery code, and how many codes are left. */
export type RecoveredGuest = SignedInGuest & { recovery_codes_left: number }

/** The guest, and the other guest who has been merged into this one. */
export type MergedGuest = UserInfo & { merged: PreviousGuest }

/**
 * The guest, and the passkey that has just been added. `recovery_codes_left` is there with the first passkey, if
 * codes from before still work: offer to renew them.
 */
export type GuestWithPasskey = UserInfo & { passkey: Passkey; recovery_codes_left?: number }

/**
 * The regular user. `recovery_codes_left` is there with the first login ID, if codes from before still work: offer to
 * renew them.
 */
export type PromotedGuest = UserInfo & { recovery_codes_left?: number }

/** What the guest chose to tell. `etag` names this version of the profile. */
export type GuestProfile<Attributes = Record<string, unknown>> = Answered<Attributes> & { etag: string }

/**
 * An address to which a code can be sent: an e-mail address, or a telephone number with its country code, such as
 * `+41 44 668 18 00`.
 */
export type CodeAddress = { type: 'email' | 'phone'; value: string }

/** A code that has been sent; `expires_at` is its expiry, in Unix seconds. */
export type CodeTransaction = { transaction: string; expires_at: number }

/** A code that the user typed, and the transaction to which it belongs. */
export type GivenCode = { transaction: string; code: string }

/** What identifies a login ID. */
export type LoginIdKey = Pick<LoginId, 'type' | 'value'>
