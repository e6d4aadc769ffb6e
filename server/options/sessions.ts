// The options about sessions and the credentials of a guest: how long each lives, and how many there may be.

import { z } from '../zod.ts'
import { count, days, type SchemasOf, seconds } from './values.ts'

/** How long sessions and challenges live, and how much a guest may have. */
export type SessionOptions = {
  /** How long an unused session lives. Default: 90 days. */
  sessionIdleSeconds?: number | undefined
  /** How long a session lives at most, however often it is used. Default: 365 days. */
  sessionAbsoluteSeconds?: number | undefined
  /** How long a challenge is valid, for passkeys and device keys. Default: 5 minutes. */
  challengeSeconds?: number | undefined
  /**
   * How old a guest's last proof with a passkey may be when it changes how it can sign in (passkeys, device keys, recovery
   * codes, login IDs, device links) or erases its account. Guests without a passkey need no proof. Default: 5 minutes.
   */
  stepUpSeconds?: number | undefined
  /** How many passkeys a guest may have. Default: 20. */
  maxPasskeys?: number | undefined
  /** How many device keys a guest may have. Default: 20. */
  maxDeviceKeys?: number | undefined
  /** How many sessions a kept guest may have at once. Default: 100. */
  maxSessions?: number | undefined
}

export const sessionSchemas = {
  sessionIdleSeconds: z._default(seconds, days(90)),
  sessionAbsoluteSeconds: z._default(seconds, days(365)),
  challengeSeconds: z._default(seconds, 5 * 60),
  stepUpSeconds: z._default(seconds, 5 * 60),
  maxPasskeys: z._default(count, 20),
  maxDeviceKeys: z._default(count, 20),
  maxSessions: z._default(count, 100),
} satisfies SchemasOf<SessionOptions>
