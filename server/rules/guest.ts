// A guest as hosts, browsers and most clients see it. core/guests/guest.ts adds what a pairwise client sees instead.

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
