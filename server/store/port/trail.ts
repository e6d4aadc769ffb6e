// The audit trail and the webhook deliveries, as the store keeps them.

/** A line of the audit trail, and what is sent because of it: written together with what it tells of. */
export type Note = {
  /** Null where there is nothing but what is sent. */
  audit: AuditRow | null
  deliveries: Delivery[]
}

/** Who, when, in which session, what, and how it ended: `done`, or the code of the error. */
export type AuditRow = {
  anonymousId: string
  at: number
  id: string
  sessionId: string | null
  action: string
  outcome: string
}

/** An event for a webhook. */
export type Delivery = {
  /** The same in every try. */
  id: string
  url: string
  event: string
  /** JSON */
  payload: string
  createdAt: number
  attempts: number
  /** When it is tried next; null where it was given up. */
  dueAt: number | null
  /** Why the last try failed. */
  failure: string | null
  /** Whom it is about: it goes with the guest. */
  anonymousId: string | null
}

export interface TrailReads {
  /** The latest first; of one guest, or of all since then. */
  listAudit(key: { anonymousId: string | null; since: number; limit: number }): Promise<AuditRow[]>
  /** What was given up. */
  listDeadDeliveries(key: { limit: number }): Promise<Delivery[]>
}

export interface TrailWrites {
  /** Writes what happened where nothing else was written. */
  addNote(input: { note: Note }): Promise<void>
  /** Takes deliveries that are due, for so long. */
  claimDeliveries(input: { url: string; now: number; until: number; limit: number }): Promise<Delivery[]>
  /** Forgets a delivery that arrived. */
  settleDelivery(input: { id: string }): Promise<void>
  /** Notes that it failed, and when it is tried again, if it is. */
  failDelivery(input: { id: string; failure: string; dueAt: number | null }): Promise<void>
  /** Tries what was given up again: one, or all; how many they are. */
  retryDeliveries(input: { id: string | null; now: number }): Promise<number>
}
