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

/** Guest or regular user, under the names that tokens have and under those that Authgear's userinfo has. */
export function stageOf({ promotedAt }: Pick<GuestFacts, 'promotedAt'>) {
  const isAnonymous = promotedAt === null
  const isVerified = !isAnonymous
  return { is_anonymous: isAnonymous, is_verified: isVerified, isAnonymous, isVerified }
}

export function guestOf(facts: GuestFacts): Guest {
  const { is_anonymous, is_verified, isAnonymous, isVerified } = stageOf(facts)
  return {
    sub: facts.anonymousId,
    anonymous_id: facts.anonymousId,
    is_anonymous,
    is_verified,
    isAnonymous,
    isVerified,
    recoverability: facts.recoverability,
    label: facts.label,
    collection: facts.collection,
    expires_at: facts.kind === 'sealed' ? facts.expiresAt : facts.guestExpiresAt,
  }
}
