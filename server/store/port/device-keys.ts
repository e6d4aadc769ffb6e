// The store's contract for device keys: rows, outcomes, reads and writes.

import type { DeviceKey, Recoverability } from '../../types.ts'
import type { GuestRow, GuestWrites } from './guests.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** The device key of a browser or an app. Times are Unix seconds. */
export type DeviceKeyRow = {
  /** The key's SHA-256 thumbprint (RFC 7638), base64url. */
  id: string
  anonymousId: string
  /** The JWK as JSON. */
  publicKey: string
  algorithm: DeviceKey['algorithm']
  name: string
  createdAt: number
  lastUsedAt: number | null
}

export type DeviceKeyOutcome =
  /** `kept`: the same write kept the guest, who had no row before. */
  | { outcome: 'added'; kept: boolean; recoverability: Recoverability; guestExpiresAt: number | null }
  /** The guest has this key already; nothing is written. */
  | { outcome: 'repeated'; key: DeviceKeyRow; recoverability: Recoverability; guestExpiresAt: number | null }
  /**
   * `spent`: the challenge was used before. `taken`: the key belongs to another guest. `ended`: the session has ended,
   * the guest was merged, or the guest has no row and `keep` is undefined. `unproven`: the guest has a passkey, and
   * `isProven` is false. `too_many`: the guest has `maxDeviceKeys` keys already.
   */
  | { outcome: 'spent' | 'taken' | 'ended' | 'unproven' | 'too_many' }

export interface DeviceKeyReads {
  listDeviceKeys(key: { anonymousId: string }): Promise<DeviceKeyRow[]>
  /** A key together with its guest's label, collection and promotion date. */
  findDeviceKey(key: {
    id: string
  }): Promise<(DeviceKeyRow & Pick<GuestRow, 'label' | 'collection' | 'promotedAt'>) | undefined>
}

export interface DeviceKeyWrites {
  /** Adds a device key, and keeps its guest if the guest has no row yet. The session goes on. */
  addDeviceKey(input: {
    key: DeviceKeyRow
    /** The session in which the key is added. */
    from: SessionRef
    /** Whether `mayEnrol` allows it in this session; required if the guest has a passkey. */
    isProven: boolean
    /** What to write if the guest has no row yet; undefined: such a guest is refused. */
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    spent: Spent
    maxDeviceKeys: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<DeviceKeyOutcome>
  renameDeviceKey(input: { anonymousId: string; id: string; name: string }): Promise<DeviceKeyRow | undefined>
  /**
   * Removes a device key. `last`: it is the guest's only way back, and `force` is false. `unproven`: the guest has a
   * passkey, and `isProven` is false.
   */
  removeDeviceKey(input: {
    anonymousId: string
    id: string
    force: boolean
    isProven: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'unproven' | 'not_found'>
}
