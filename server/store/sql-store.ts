// Every verb of the store, from the files that have them by area.

import type { Reads, Writes } from './sql.ts'
import { guestReads } from './sql-guests.ts'
import { passkeyReads, passkeyWrites } from './sql-passkeys.ts'
import { sessionReads, sessionWrites } from './sql-sessions.ts'
import { upkeepReads, upkeepWrites } from './sql-upkeep.ts'

export const reads: Reads = { ...guestReads, ...passkeyReads, ...sessionReads, ...upkeepReads }
export const writes: Writes = { ...passkeyWrites, ...sessionWrites, ...upkeepWrites }
