// The options about sessions and the credentials of a guest: how long each lives, and how many there may be.

import { z } from '../zod.ts'
import { count, days, objectOf, type SchemasOf, seconds } from './values.ts'

/** How long sessions live, and how many a guest may have. */
export type SessionOptions = {
  /** How long an unused session lives, in seconds. Default: 90 days. */
  idleSeconds?: number | undefined
  /** How long a session lives at most, however often it is used, in seconds. Default: 365 days. */
  absoluteSeconds?: number | undefined
  /** How many sessions a kept guest may have at once. Default: 100. */
  max?: number | undefined
}
const sessions = objectOf({
  idleSeconds: z._default(seconds, days(90)),
  absoluteSeconds: z._default(seconds, days(365)),
  max: z._default(count, 100),
})

/** How many passkeys there may be. */
export type PasskeyOptions = {
  /** How many passkeys a guest may have. Default: 20. */
  max?: number | undefined
}
const passkeys = objectOf({ max: z._default(count, 20) })

/** How many device keys there may be. */
export type DeviceKeyOptions = {
  /** How many device keys a guest may have. Default: 20. */
  max?: number | undefined
}
const deviceKeys = objectOf({ max: z._default(count, 20) })

/** Sessions and challenges, and what a guest signs in with. */
export type CredentialOptions = {
  /** How long sessions live, and how many a guest may have. */
  sessions?: SessionOptions | undefined
  /** How long a challenge is valid, for passkeys and device keys. Default: 5 minutes. */
  challengeSeconds?: number | undefined
  /**
   * How old a guest's last proof with a passkey may be when it changes how it can sign in (passkeys, device keys, recovery
   * codes, login IDs, device links) or erases its account. Guests without a passkey need no proof. Default: 5 minutes.
   */
  stepUpSeconds?: number | undefined
  /** How many passkeys there may be. */
  passkeys?: PasskeyOptions | undefined
  /** How many device keys there may be. */
  deviceKeys?: DeviceKeyOptions | undefined
}

export const credentialSchemas = {
  sessions: z.prefault(sessions, {}),
  challengeSeconds: z._default(seconds, 5 * 60),
  stepUpSeconds: z._default(seconds, 5 * 60),
  passkeys: z.prefault(passkeys, {}),
  deviceKeys: z.prefault(deviceKeys, {}),
} satisfies SchemasOf<CredentialOptions>
