// Every verb of the store, from the files that have them by area.

import type { Reads, Writes } from './sql.ts'
import { deviceKeyReads, deviceKeyWrites } from './sql-device-keys.ts'
import { deviceLinkReads, deviceLinkWrites } from './sql-device-links.ts'
import { guestReads, guestWrites } from './sql-guests.ts'
import { importWrites } from './sql-imports.ts'
import { loginIdReads, loginIdWrites } from './sql-login-ids.ts'
import { mergeReads, mergeWrites } from './sql-merges.ts'
import { passkeyReads, passkeyWrites } from './sql-passkeys.ts'
import { recoveryCodeReads, recoveryCodeWrites } from './sql-recovery-codes.ts'
import { sessionReads, sessionWrites } from './sql-sessions.ts'
import { signInWrites } from './sql-sign-in.ts'
import { trailReads, trailWrites } from './sql-trail.ts'
import { upkeepReads, upkeepWrites } from './sql-upkeep.ts'

export const reads: Reads = {
  ...guestReads,
  ...passkeyReads,
  ...recoveryCodeReads,
  ...deviceKeyReads,
  ...sessionReads,
  ...loginIdReads,
  ...mergeReads,
  ...deviceLinkReads,
  ...trailReads,
  ...upkeepReads,
}

export const writes: Writes = {
  ...guestWrites,
  ...passkeyWrites,
  ...recoveryCodeWrites,
  ...deviceKeyWrites,
  ...sessionWrites,
  ...signInWrites,
  ...loginIdWrites,
  ...importWrites,
  ...mergeWrites,
  ...deviceLinkWrites,
  ...trailWrites,
  ...upkeepWrites,
}
