// The store's contract for the background jobs: due guests, expired rows, signing keys, and who runs which job.

import type { Recoverability } from '../../types.ts'
import type { Erasure, GuestRow } from './guests.ts'
import type { Retained, Stage } from './retention.ts'
import type { Note } from './trail.ts'

/** A guest whom the clean-up has to look at. */
export type DueGuest = GuestRow & { dueAt: number; recoverability: Recoverability }

/** A key that signs tokens. */
export type SigningKeyRow = {
  /** 1, 2, 3, …: if two nodes make the next key at once, only one of them adds it. */
  generation: number
  kid: string
  algorithm: string
  /** The JWK as JSON. */
  publicKey: string
  /** The JWK, encrypted with the deployment's secret (JWE). */
  privateKey: string
  /** When the key begins to sign, Unix seconds. It is published before that. */
  signsFrom: number
  /** From when on the key is neither published nor accepted, Unix seconds; null: not decided yet. */
  retiresAt: number | null
}

/** A job that nodes claim. `lastRunAt`: when it last began, or null if that was before version 0.6. */
export type JobRow = { name: string; lastRunAt: number | null; claimedUntil: number }

export interface UpkeepReads {
  /** The jobs that have run at least once. */
  listJobs(key: Record<never, never>): Promise<JobRow[]>
  /** The database's clock, Unix seconds. On SQLite that is the clock of the machine. */
  readClock(key: Record<never, never>): Promise<number>
  listSigningKeys(key: Record<never, never>): Promise<SigningKeyRow[]>
  /** Guests who are due, in no particular order: at most `limit` with our own ids, and `limit` with imported ones. */
  listDueGuests(key: { now: number; limit: number }): Promise<DueGuest[]>
  /**
   * How many guests are due, by collection and stage. Regular users, and guests who were promised no date yet, do not
   * count.
   */
  countDueGuests(key: { now: number }): Promise<{ collection: string; stage: Stage; guests: number }[]>
}

export interface UpkeepWrites {
  /**
   * Moves guests on to their next stage and ends the sessions of those who expire. Leaves out guests whose `stage` or
   * `dueAt` has changed since they were read. Resolves to the ids of the guests who were moved.
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
    /** Written once for each session that ends: see `endSessions`. */
    ending?: Note
  }): Promise<string[]>
  /** Erases guests who are expired or merged and still due. Resolves to the ids of the guests who were erased. */
  eraseGuests(input: { now: number; guests: Erasure[]; ending?: Note }): Promise<string[]>
  /**
   * Deletes rows that expired before `before`, and audit lines and deliveries from before `auditBefore`: at most
   * `limit` rows of each kind. Writes `ending` once for each session among them, or `replaced` for one that an undone merge
   * had replaced. Resolves to the number of deleted rows.
   */
  deleteExpired(input: {
    before: number
    auditBefore: number
    limit: number
    ending?: Note
    replaced?: Note
  }): Promise<number>
  /**
   * Adds the next signing key. Earlier keys that have no `retiresAt` yet get `previousRetiresAt` (null: they get none), but for
   * those of the generations `kept`.
   * False if a key of this generation exists.
   */
  addSigningKey(input: {
    key: SigningKeyRow
    previousRetiresAt: number | null
    kept?: number[]
    notes?: Note[]
  }): Promise<boolean>
  /** Replaces the encrypted form of a private key. */
  reencryptSigningKey(input: { generation: number; privateKey: string }): Promise<void>
  /**
   * Claims a job that one node at a time may run, until `until` (by the clock of claims, as `now`). True if no node holds
   * it, if an older version does, which may not know what it would change, or if `again` is true and `holder` holds it
   * already. If the node dies, the claim ends at `until`.
   */
  claimJob(input: {
    name: string
    holder: string
    now: number
    until: number
    again: boolean
  }): Promise<boolean>
}
