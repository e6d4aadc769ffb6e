// The exports of `@guestkey/client`: what a web page imports.
import { createPasskeys } from './api/passkeys.ts'
import { makeClient } from './client.ts'
import type { GuestClient, GuestClientOptions } from './guest-client.ts'

/**
 * Makes a client. It sends nothing until one of its functions is called, but in token mode it loads what handles tokens.
 * Throws TypeError for an unknown option, an unknown `mode`, an entry of `apis` that is not an origin, or an `initialGuest`
 * that is no guest.
 */
export function createGuestClient<Attributes = Record<string, unknown>>(
  options: GuestClientOptions = {},
): GuestClient<Attributes> {
  return makeClient(options, async () => ({ createPasskeys }))
}

export type { GuestAccount } from './api/account.ts'
export type { GuestCodeSignIn } from './api/code-sign-in.ts'
export type { EnableOptions, GuestDeviceKey, GuestDeviceKeys, HeldKey } from './api/device-key-types.ts'
export type {
  ClaimLinkOptions,
  GuestDeviceLinks,
  PendingLink,
  StartedLink,
  StartLinkOptions,
  WatchLinkOptions,
} from './api/device-links.ts'
export type { GuestLoginIds } from './api/login-ids.ts'
export type { AddPasskeyOptions, GuestPasskeys, PasskeySignInOptions } from './api/passkeys.ts'
export type { GuestProfiles, UpdateProfileOptions } from './api/profile.ts'
export type { GuestPromotion } from './api/promotion.ts'
export type { GuestPrompts, SnoozeOptions } from './api/prompts.ts'
export type { GuestRecoveryCodes } from './api/recovery-codes.ts'
export type { RedirectOptions } from './api/redirects.ts'
export type { GuestSessions } from './api/sessions.ts'
export type { GuestWayIn } from './api/way-in.ts'
export type { ContinueOptions, GuestClient, GuestClientOptions, SignOutOptions } from './guest-client.ts'
export { GuestClientError, type GuestClientErrorCode } from './lib/errors.ts'
export type {
  GuestClientEvent,
  GuestClientEvents,
  GuestEventListener,
  GuestListener,
  OfferListener,
  PromptListener,
} from './lib/events.ts'
export type { ForceOptions } from './lib/options.ts'
export type {
  CodeAddress,
  CodeTransaction,
  DeviceKey,
  DeviceLink,
  GivenCode,
  Guest,
  GuestProfile,
  GuestSession,
  GuestWithPasskey,
  LoginId,
  LoginIdKey,
  LoginIdType,
  MergedGuest,
  Passkey,
  PreviousGuest,
  PromotedGuest,
  Recoverability,
  RecoveredGuest,
  RecoveryCodes,
  RecoveryCodesLeft,
  SignedInGuest,
  SignInMethods,
  UserInfo,
  WayIn,
} from './lib/types.ts'
export type { InitialGuest } from './state/start-value.ts'
export type { PasskeySecret } from './webauthn/secret.ts'
