// The public exports of the server: what `import … from 'guestkey'` gives.

export type { DisableOptions } from './core/account/disabling.ts'
export type { ImportedGuest, ImportOptions, ImportResult, ImportSummary } from './core/account/imports.ts'
export type { AuditLine, GuestRecord } from './core/account/record.ts'
export type { GuestEventListener, GuestEvents, SessionEnd } from './core/events/events.ts'
export type { ChangedBy } from './core/settings/change.ts'
export type { SettingChanges, SettingName, SettingValues } from './core/settings/settings.ts'
export type { FindOptions, FoundGuests, GuestQuery } from './core/support/find.ts'
export type { WholeGuest } from './core/support/whole.ts'
export { type ErrorCode, GuestError, type GuestErrorInit } from './errors.ts'
export { guestkey } from './guestkey.ts'
export type { GuestKey, SignIn, SignInByHost } from './host-api.ts'
export type { OperatorInvitation, Operators } from './http/admin/host.ts'
export type {
  AccessTokenOptions,
  AuditTrailOptions,
  FailedWebhookOptions,
  FetchOptions,
  KeyRotation,
  PromoteOptions,
  RequireGuestOptions,
  RequirePasskeyOptions,
  SignInOptions,
  SignOutOptions,
  SweepOptions,
  WithHeaders,
} from './http/host-options.ts'
export type { Guard } from './http/request-guest.ts'
export type { Middleware } from './http/router.ts'
export type { Logger } from './logger.ts'
export type { PageText } from './names/page-texts.ts'
export {
  type AndroidApp,
  type BotCheck,
  type BotCheckPurpose,
  type ClientKey,
  type ClientOptions,
  type CodeMessage,
  type CollectionOptions,
  type DeviceKeyOptions,
  type LoginIdOptions,
  type Merge,
  type MergeOptions,
  type MergeProfiles,
  type OperatorOptions,
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
  type TrustedIssuerOptions,
  type WebhookEvent,
  type WebhookOptions,
  type WellKnownOptions,
} from './options/options.ts'
export type {
  AuditEntry,
  DeadLetter,
  DeviceKey,
  DeviceLink,
  DisabledGuest,
  DisableReason,
  DueGuests,
  FoundGuest,
  Guest,
  GuestInSession,
  GuestProfile,
  GuestSession,
  GuestStage,
  LoginId,
  LoginIdType,
  MergeStatus,
  Notice,
  Operator,
  OperatorAct,
  OperatorReason,
  OperatorRole,
  OperatorsWayIn,
  Passkey,
  PreviousGuest,
  Recoverability,
  RecoveryCodes,
  RecoveryCodesLeft,
  Setting,
  Tokens,
  UserInfo,
  WayIn,
} from './types.ts'
