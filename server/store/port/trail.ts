// The store's contract for the audit trail and the webhook deliveries.

import type { GuestCounter } from '../../rules/statistics.ts'
import type { OperatorAct } from '../../types.ts'

/**
 * An event, with its line of the audit trail and its webhook deliveries. The store writes them together with the change
 * they report, and tells the event once they are committed.
 */
export type Note = {
  /** Null if there are only deliveries. */
  audit: AuditRow | null
  deliveries: Delivery[]
  /** Undefined: listeners hear of nothing. */
  event?: NotedEvent | undefined
}

/**
 * An event as listeners hear it. `data` is also what the payloads of its deliveries hold. `counts`: what it counts as in the
 * operators' numbers.
 */
export type NotedEvent = {
  name: string
  data: object
  counts?: { as: GuestCounter; collection: string } | undefined
}

/** Who did what, when and in which session. `outcome`: `done`, or an error code. `at`: Unix seconds. */
export type AuditRow = {
  anonymousId: string
  at: number
  id: string
  sessionId: string | null
  action: string
  outcome: string
  /** The operator or machine who did it. Undefined: a guest, the host or guestkey itself. */
  operator?: OperatorAct | undefined
}

/** Where a page of the audit trail ends. `place`: where the store keeps the line. */
export type AuditPlace = { at: number; place: number; id: string }

/** An event that is sent to a webhook. Times are Unix seconds. */
export type Delivery = {
  /** The same in every attempt. */
  id: string
  url: string
  event: string
  /** The event as JSON. */
  payload: string
  createdAt: number
  attempts: number
  /** When the next attempt is due, by the clock of claims; 0: at once. Null: the delivery was given up. */
  dueAt: number | null
  /** Why the last attempt failed; null: none has failed yet. */
  failure: string | null
  /** The event's guest, or null. Erasing the guest deletes the delivery, unless the event is `guest.merged`. */
  anonymousId: string | null
  /** The other guest of a merge, or null. Erasing either guest takes the labels out of the payload. */
  otherId: string | null
}

export interface TrailReads {
  /** The lines since `since`, the latest first, at most `limit`: about one guest, or (null) about all. */
  listAudit(key: { anonymousId: string | null; since: number; limit: number }): Promise<AuditRow[]>
  /**
   * A page of the same lines, the latest first: at most `limit`, from the one that follows `after` on. Null: from the
   * latest on. `operatorId`: those alone that this operator or machine wrote; null: all. `next`: where the page ends, or null
   * if no line follows. Lines that are written meanwhile move no line to another page.
   */
  pageAudit(key: {
    anonymousId: string | null
    operatorId: string | null
    after: AuditPlace | null
    limit: number
  }): Promise<{ rows: AuditRow[]; next: AuditPlace | null }>
  /** How many deliveries are due at `now`, and how many were given up: `most` at most. `now`: by the clock of claims. */
  countDeliveries(key: { now: number; most: number }): Promise<{ due: number; dead: number }>
  /** Deliveries that were given up, the oldest first. */
  listDeadDeliveries(key: { limit: number }): Promise<Delivery[]>
}

export interface TrailWrites {
  /**
   * Completes deliveries about merges that an older version wrote: writes `otherId`, and takes out the labels of guests
   * who are gone. At most `limit`. Resolves to their number.
   */
  completeDeliveries(input: { limit: number }): Promise<number>
  /** Writes a note on its own, for something that changed no other row. */
  addNote(input: { note: Note }): Promise<void>
  /**
   * Takes due deliveries to `url`; no other process gets them before `until`. Each counts as an attempt. Like `dueAt`,
   * `now` and `until` are of the clock of claims.
   */
  claimDeliveries(input: { url: string; now: number; until: number; limit: number }): Promise<Delivery[]>
  /** Deletes a delivery that arrived. */
  settleDelivery(input: { id: string }): Promise<void>
  /** Records that an attempt failed. `dueAt`: when the next one is due; null: the delivery is given up. */
  failDelivery(input: { id: string; failure: string; dueAt: number | null }): Promise<void>
  /**
   * Gives back a delivery that was claimed until `until`, and whose attempt was cut short: it is due at once, and the
   * attempt does not count. Nothing changes if another process has claimed it since.
   */
  releaseDelivery(input: { id: string; until: number }): Promise<void>
  /**
   * Makes deliveries due again that were given up: the one with this id, or (null) all. Writes the notes. Resolves to the
   * number of deliveries.
   */
  retryDeliveries(input: { id: string | null; now: number; notes?: Note[] }): Promise<number>
}
