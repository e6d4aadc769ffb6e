// Device keys as the store keeps them.

import type { DeviceKey, Recoverability } from '../../types.ts'
import type { GuestRow, GuestWrites } from './guests.ts'
import type { RetainedBy } from './retention.ts'
import type { SessionRef, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** A key of a browser or an app. */
export type DeviceKeyRow = {
  /** SHA-256 thumbprint (RFC 7638), base64url. */
  id: string
  anonymousId: string
  /** JWK, JSON */
  publicKey: string
  algorithm: DeviceKey['algorithm']
  name: string
  createdAt: number
  lastUsedAt: number | null
}

export type DeviceKeyOutcome =
  /** `kept`: the guest's row was written with it. */
  | { outcome: 'added'; kept: boolean; recoverability: Recoverability; guestExpiresAt: number | null }
  /** The guest has this key already. */
  | { outcome: 'repeated'; key: DeviceKeyRow; recoverability: Recoverability; guestExpiresAt: number | null }
  /** `taken`: it is another guest's; `unproven`: there is a passkey to prove oneself by. */
  | { outcome: 'spent' | 'taken' | 'ended' | 'unproven' | 'too_many' }

export interface DeviceKeyReads {
  listDeviceKeys(key: { anonymousId: string }): Promise<DeviceKeyRow[]>
  /** With what is known of its guest. */
  findDeviceKey(key: {
    id: string
  }): Promise<(DeviceKeyRow & Pick<GuestRow, 'label' | 'collection' | 'promotedAt'>) | undefined>
}

export interface DeviceKeyWrites {
  /** Adds a key of a browser or an app, and keeps its guest where there is no row yet. The session goes on. */
  addDeviceKey(input: {
    key: DeviceKeyRow
    /** The session that it is added in. */
    from: SessionRef
    /** Whether the session may do so though the guest has a passkey. */
    isProven: boolean
    keep: Parameters<GuestWrites['keepGuest']>[0] | undefined
    spent: Spent
    maxDeviceKeys: number
    retained: RetainedBy
    notes: Note[]
  }): Promise<DeviceKeyOutcome>
  renameDeviceKey(input: { anonymousId: string; id: string; name: string }): Promise<DeviceKeyRow | undefined>
  /** Refuses (`last`) to remove the last way back unless forced, and (`unproven`) where there is a passkey to prove oneself by. */
  removeDeviceKey(input: {
    anonymousId: string
    id: string
    force: boolean
    isProven: boolean
    notes: Note[]
  }): Promise<'removed' | 'last' | 'unproven' | 'not_found'>
}
