// What a guest's first passkey ends, and what its first login ID ends: the same.

import type { Recoverability } from '../types.ts'

/** What ends with a new passkey or login ID, each time all of them. A new session begins where sessions end. */
export type Ended = { sessions: boolean; deviceKeys: boolean }

/**
 * The first passkey and the first login ID end every session and every device key that the guest has, those of the
 * asking browser too: whoever had a copy of its session may have added the key. The recovery codes stay. A further one
 * ends nothing, and a guest who was not kept (`isKept`) has no device key.
 */
export const endedByNew = ({ isFirst, isKept }: { isFirst: boolean; isKept: boolean }): Ended => ({
  sessions: isFirst,
  deviceKeys: isFirst && isKept,
})

/** How the guest can come back once its device keys have ended. */
export const withoutDeviceKeys = (recoverability: Recoverability, recoveryCodes: number): Recoverability =>
  recoverability === 'device' && recoveryCodes === 0 ? 'none' : recoverability
