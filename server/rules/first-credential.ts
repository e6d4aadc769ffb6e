// What a guest's first passkey ends, and what its first login ID ends: the same.

import type { Recoverability } from '../types.ts'

/**
 * Whether a new passkey or login ID ends the guest's sessions, and its device keys: all of a kind, or none. If it ends the
 * sessions, a new one begins.
 */
export type Ended = { sessions: boolean; deviceKeys: boolean }

/**
 * The first passkey and the first login ID end every session and every device key that the guest has, those of the
 * asking browser too: whoever had a copy of its session may have added a device key. Recovery codes stay. A second
 * passkey or login ID ends nothing. A guest who was not kept (`isKept`) has no device keys to end.
 */
export const endedByNew = ({ isFirst, isKept }: { isFirst: boolean; isKept: boolean }): Ended => ({
  sessions: isFirst,
  deviceKeys: isFirst && isKept,
})

/** How the guest can come back once its device keys have ended. */
export const withoutDeviceKeys = (recoverability: Recoverability, recoveryCodes: number): Recoverability =>
  recoverability === 'device' && recoveryCodes === 0 ? 'none' : recoverability
