// A guest as everybody sees it: what the facts about it say.

import type { Guest, Recoverability } from '../types.ts'

/** The facts about a guest that everybody sees. Every session has them about its own guest. */
export type GuestFacts = {
  anonymousId: string
  label: string
  collection: string
  recoverability: Recoverability
  promotedAt: number | null
} & (
  | {
      /** The guest has no row, and is remembered as long as the session lives. */
      kind: 'sealed'
      expiresAt: number
    }
  | {
      /** The guest is kept. */
      kind: 'stored'
      guestExpiresAt: number | null
    }
)

export const guestOf = (facts: GuestFacts): Guest => ({
  sub: facts.anonymousId,
  anonymous_id: facts.anonymousId,
  isAnonymous: facts.promotedAt === null,
  isVerified: facts.promotedAt !== null,
  recoverability: facts.recoverability,
  label: facts.label,
  collection: facts.collection,
  expires_at: facts.kind === 'sealed' ? facts.expiresAt : facts.guestExpiresAt,
})
