// What the store does for the background jobs: due guests, expired rows, signing keys, leases.

import type { Recoverability } from '../../types.ts'
import type { Erasure, GuestRow } from './guests.ts'
import type { Retained, Stage } from './retention.ts'
import type { Note } from './trail.ts'

/** A guest at whom the clean-up has to look. */
export type DueGuest = GuestRow & { dueAt: number; recoverability: Recoverability }

/** A key that signs access tokens. */
export type SigningKeyRow = {
  /** 1, 2, 3, …: of two nodes that make the next one, one does. */
  generation: number
  kid: string
  algorithm: string
  /** JWK, JSON */
  publicKey: string
  /** JWK, encrypted under the deployment's secret (JWE) */
  privateKey: string
  /** Published from the beginning, it signs from then on. */
  signsFrom: number
  /** No longer published or believed from then on; null while it is the newest. */
  retiresAt: number | null
}

export interface UpkeepReads {
  listSigningKeys(key: Record<never, never>): Promise<SigningKeyRow[]>
  /** The guests whose time has come, in no particular order. */
  listDueGuests(key: { now: number; limit: number }): Promise<DueGuest[]>
  /** How many there are by then, by collection and stage; not those who were promised nothing yet. */
  countDueGuests(key: { now: number }): Promise<{ collection: string; stage: Stage; guests: number }[]>
}

export interface UpkeepWrites {
  /**
   * Moves guests on to their next stage, each if it is still as it was when it was found due; the ids of those that
   * were. Those who expire are signed out.
   */
  moveGuests(input: {
    guests: {
      anonymousId: string
      dueAt: number
      stage: Stage
      to: Stage
      retained: Retained
      notes: Note[]
    }[]
  }): Promise<string[]>
  /** Erases guests whose grace is over, each if it still is; the ids of those that were. */
  eraseGuests(input: { now: number; guests: Erasure[] }): Promise<string[]>
  /** Deletes what expired before `before`, at most `limit` rows of each kind; how many they were. */
  deleteExpired(input: { before: number; auditBefore: number; limit: number }): Promise<number>
  /**
   * Adds the next signing key, and has those before it retire then, or not at all (null); false where there is one of
   * this generation.
   */
  addSigningKey(input: { key: SigningKeyRow; previousRetiresAt: number | null }): Promise<boolean>
  /** Replaces what a private key is encrypted as. */
  reencryptSigningKey(input: { generation: number; privateKey: string }): Promise<void>
  /**
   * Takes work that one node at a time is to do, until then: true where nobody has it, and with `again` where the
   * holder has it already. Who dies over it has it no longer than that.
   */
  claimJob(input: {
    name: string
    holder: string
    now: number
    until: number
    again: boolean
  }): Promise<boolean>
}
