// Every verb of the store, collected from the files in verbs/.

import { operatorReads } from './operators/reads.ts'
import { operatorWrites } from './operators/writes.ts'
import type { Reads, Writes } from './statement.ts'
import { statisticReads, statisticWrites } from './support/statistics.ts'
import { wayInReads, wayInWrites } from './support/ways-in.ts'
import { codeReads, codeWrites } from './verbs/codes.ts'
import { deviceKeyReads, deviceKeyWrites } from './verbs/device-keys.ts'
import { deviceLinkReads, deviceLinkWrites } from './verbs/device-links.ts'
import { erasureWrites } from './verbs/erasure.ts'
import { guestReads, guestWrites } from './verbs/guests.ts'
import { importWrites } from './verbs/imports.ts'
import { loginIdReads, loginIdWrites } from './verbs/login-ids.ts'
import { mergeReads, mergeWrites } from './verbs/merges.ts'
import { passkeyReads, passkeyWrites } from './verbs/passkeys.ts'
import { recoveryCodeReads, recoveryCodeWrites } from './verbs/recovery-codes.ts'
import { sessionReads, sessionWrites } from './verbs/sessions.ts'
import { signInWrites } from './verbs/sign-in.ts'
import { trailReads, trailWrites } from './verbs/trail.ts'
import { upkeepReads, upkeepWrites } from './verbs/upkeep.ts'

export const reads: Reads = {
  ...guestReads,
  ...passkeyReads,
  ...recoveryCodeReads,
  ...deviceKeyReads,
  ...sessionReads,
  ...codeReads,
  ...loginIdReads,
  ...mergeReads,
  ...deviceLinkReads,
  ...trailReads,
  ...upkeepReads,
  ...wayInReads,
  ...statisticReads,
  ...operatorReads,
}

export const writes: Writes = {
  ...guestWrites,
  ...erasureWrites,
  ...passkeyWrites,
  ...recoveryCodeWrites,
  ...deviceKeyWrites,
  ...sessionWrites,
  ...signInWrites,
  ...codeWrites,
  ...loginIdWrites,
  ...importWrites,
  ...mergeWrites,
  ...deviceLinkWrites,
  ...trailWrites,
  ...upkeepWrites,
  ...wayInWrites,
  ...statisticWrites,
  ...operatorWrites,
}
