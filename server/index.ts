// The public exports of the server: what `import … from 'guestkey'` gives.

export type { DisableOptions } from './core/account/disabling.ts'
export type { ImportedGuest, ImportOptions, ImportResult, ImportSummary } from './core/account/imports.ts'
export type { GuestEvents } from './core/events/events.ts'
export type { ChangedBy } from './core/settings/change.ts'
export type { SettingChanges, SettingName, SettingValues } from './core/settings/settings.ts'
export { type ErrorCode, GuestError } from './errors.ts'
export { guestkey } from './guestkey.ts'
export type { GuestKey, SignIn, SignInByHost } from './host-api.ts'
export type { Guard } from './http/request-guest.ts'
export type { Middleware } from './http/router.ts'
export type { Logger } from './logger.ts'
export {
  type AndroidApp,
  type ClientOptions,
  type CodeMessage,
  type CollectionOptions,
  type DeviceKeyOptions,
  type LoginIdOptions,
  type Merge,
  type MergeOptions,
  type MergeProfiles,
  type Options,
  OptionsError,
  type PageOptions,
  type PasskeyEndpoints,
  type PasskeyOptions,
  type PostgresOptions,
  type ProfileOf,
  type ProfileSchema,
  type Promotion,
  type PromptRule,
  type ProviderOptions,
  type RetentionOptions,
  type SessionOptions,
  type TokenOptions,
  type WebhookEvent,
  type WebhookOptions,
  type WellKnownOptions,
} from './options/options.ts'
export type {
  AuditEntry,
  DeadLetter,
  DeviceKey,
  DisableReason,
  DueGuests,
  Guest,
  GuestInSession,
  GuestProfile,
  GuestSession,
  Passkey,
  PreviousGuest,
  Recoverability,
  RecoveryCodes,
  RecoveryCodesLeft,
  Setting,
  Tokens,
  UserInfo,
} from './types.ts'
