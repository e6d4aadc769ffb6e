// What a web page imports of guestkey.
export type { GuestAccount } from './account.ts'
export { createGuestClient } from './client.ts'
export type { GuestCodeSignIn } from './code-sign-in.ts'
export type { GuestDeviceKey, GuestDeviceKeys, HeldKey } from './device-key.ts'
export type { GuestDeviceLinks, PendingLink, StartedLink } from './device-links.ts'
export { GuestClientError, type GuestClientErrorCode } from './errors.ts'
export type { ContinueOptions, GuestClient, GuestClientOptions } from './guest-client.ts'
export type { GuestListener, OfferListener, PromptListener } from './guest-state.ts'
export type { GuestLoginIds } from './login-ids.ts'
export type { GuestPasskeys } from './passkeys.ts'
export type { GuestProfiles } from './profile.ts'
export type { GuestPromotion } from './promotion.ts'
export type { GuestPrompts } from './prompts.ts'
export type { GuestRecoveryCodes } from './recovery-codes.ts'
export type { RedirectOptions } from './redirects.ts'
export type { PasskeySecret } from './secret.ts'
export type { GuestSessions } from './sessions.ts'
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
  MergedGuest,
  Passkey,
  PreviousGuest,
  PromotedGuest,
  Recoverability,
  RecoveredGuest,
  RecoveryCodes,
  RecoveryCodesLeft,
  SignedInGuest,
  UserInfo,
} from './types.ts'
