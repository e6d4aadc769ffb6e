// What both entry points of the client export.
export type { GuestAccount } from './api/account.ts'
export type { GuestCodeSignIn } from './api/code-sign-in.ts'
export type { GuestDeviceKey, GuestDeviceKeys, HeldKey } from './api/device-key-types.ts'
export type { GuestDeviceLinks, PendingLink, StartedLink } from './api/device-links.ts'
export type { GuestLoginIds } from './api/login-ids.ts'
export type { GuestPasskeys } from './api/passkeys.ts'
export type { GuestProfiles } from './api/profile.ts'
export type { GuestPromotion } from './api/promotion.ts'
export type { GuestPrompts } from './api/prompts.ts'
export type { GuestRecoveryCodes } from './api/recovery-codes.ts'
export type { RedirectOptions } from './api/redirects.ts'
export type { GuestSessions } from './api/sessions.ts'
export type { ContinueOptions, GuestClient, GuestClientOptions } from './guest-client.ts'
export { GuestClientError, type GuestClientErrorCode } from './lib/errors.ts'
export type { GuestClientEvents, GuestListener, OfferListener, PromptListener } from './lib/events.ts'
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
} from './lib/types.ts'
export type { PasskeySecret } from './webauthn/secret.ts'
