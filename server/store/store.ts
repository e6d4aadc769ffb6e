// The store as core/ sees it: all verbs of the contracts in port/, where each verb is documented.

import type { DeviceKeyReads, DeviceKeyWrites } from './port/device-keys.ts'
import type { DeviceLinkReads, DeviceLinkWrites } from './port/device-links.ts'
import type { GuestReads, GuestWrites } from './port/guests.ts'
import type { ImportWrites } from './port/imports.ts'
import type { LoginIdReads, LoginIdWrites } from './port/login-ids.ts'
import type { MergeReads, MergeWrites } from './port/merges.ts'
import type { ActingSession, OperatorReads, OperatorWrites } from './port/operators.ts'
import type { PasskeyReads, PasskeyWrites } from './port/passkeys.ts'
import type { RecoveryCodeReads, RecoveryCodeWrites } from './port/recovery-codes.ts'
import type { SessionReads, SessionWrites } from './port/sessions.ts'
import type { SettingReads, SettingWrites } from './port/settings.ts'
import type { SignInWrites } from './port/sign-in.ts'
import type { StatisticReads, StatisticWrites } from './port/statistics.ts'
import type { TrailReads, TrailWrites } from './port/trail.ts'
import type { UpkeepReads, UpkeepWrites } from './port/upkeep.ts'
import type { WayInReads, WayInWrites } from './port/ways-in.ts'

export type * from './port/device-keys.ts'
export type * from './port/device-links.ts'
export type * from './port/guests.ts'
export type * from './port/imports.ts'
export type * from './port/login-ids.ts'
export type * from './port/merges.ts'
export type * from './port/operators.ts'
export type * from './port/passkeys.ts'
export type * from './port/recovery-codes.ts'
export type * from './port/retention.ts'
export type * from './port/sessions.ts'
export type * from './port/settings.ts'
export type * from './port/sign-in.ts'
export type * from './port/statistics.ts'
export type * from './port/trail.ts'
export type * from './port/upkeep.ts'
export type * from './port/ways-in.ts'

/** The reads. Each sees every write that was acknowledged before it. */
export interface StoreReads
  extends GuestReads,
    TrailReads,
    LoginIdReads,
    DeviceLinkReads,
    MergeReads,
    UpkeepReads,
    SettingReads,
    StatisticReads,
    OperatorReads,
    PasskeyReads,
    DeviceKeyReads,
    SessionReads,
    WayInReads,
    RecoveryCodeReads {}

/** The writes. Each is done whole or not at all, and is acknowledged only once it is durable. */
export interface StoreWrites
  extends GuestWrites,
    TrailWrites,
    LoginIdWrites,
    ImportWrites,
    SignInWrites,
    DeviceLinkWrites,
    MergeWrites,
    UpkeepWrites,
    SettingWrites,
    StatisticWrites,
    OperatorWrites,
    PasskeyWrites,
    DeviceKeyWrites,
    SessionWrites,
    WayInWrites,
    RecoveryCodeWrites {}

export interface Store extends StoreReads, StoreWrites {
  /**
   * The store for what an operator does in this session. Each write is done only if the session has not ended then.
   * Errors: its writes reject with `session_invalid` if it has. They wrote nothing.
   */
  actingIn(session: ActingSession): Store
  /**
   * Resolves when the store can be read and written.
   * Errors: `unavailable` if it cannot be opened or read, if a trial write failed on SQLite, if the SQLite file was
   * removed or replaced, if the PostgreSQL database is read-only, or if the last write that failed would fail again.
   */
  ready(): Promise<void>
  /**
   * The other versions of guestkey that use the store now, in words; none if all nodes have the schema of this one. A newer
   * version counts as soon as it has changed the tables, whether or not it still runs.
   */
  otherVersions(): Promise<string[]>
  /** Waits for the verbs that are under way. Later ones reject with `unavailable`. */
  close(): Promise<void>
}
