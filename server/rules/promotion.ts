// Whether a guest gets a login ID, and what it loses with the first one.

import { type Ended, endedByNew } from './first-credential.ts'
import { type LoginProofFacts, type LoginProofRefusal, refuseLoginProof } from './login-proof.ts'

export type PromotionFacts = {
  /** Undefined if the host verified the login ID itself. */
  proof: LoginProofFacts | undefined
  /** The session in which the guest asks; undefined: the host asks. */
  session: { hasEnded: boolean } | undefined
  /** Undefined: the guest has no row. */
  guest: { isMerged: boolean; isDisabled: boolean } | undefined
  /** Whether a guest without a row may be kept with the same write. */
  mayKeep: boolean
  /** Whether the guest has a passkey that must be proven first. */
  mustProve: boolean
  /** Who has the login ID. */
  owner: 'nobody' | 'guest' | 'another'
  /** How many login IDs the guest has. */
  loginIds: number
  maxLoginIds: number
}

export type PromotionDecision =
  | LoginProofRefusal
  | { outcome: 'ended' | 'disabled' | 'unproven' | 'too_many' }
  /** The guest has the login ID already. */
  | { outcome: 'known' }
  /** Another guest has it. */
  | { outcome: 'taken' }
  /** `keeps`: the guest is kept with it. */
  | { outcome: 'promoted'; first: boolean; keeps: boolean; ends: Ended }

/** A wrong proof is refused before anything else is said: a guess learns nothing. */
export function decidePromotion(facts: PromotionFacts): PromotionDecision {
  const { proof, session, guest, mayKeep, mustProve, owner, loginIds, maxLoginIds } = facts
  const refusal = proof && refuseLoginProof(proof)
  if (refusal) return refusal
  if (session?.hasEnded || guest?.isMerged) return { outcome: 'ended' }
  // Without a session, the host means a guest who is kept.
  if (!guest && (!session || !mayKeep)) return { outcome: 'ended' }
  if (guest?.isDisabled) return { outcome: 'disabled' }
  if (mustProve) return { outcome: 'unproven' }
  if (owner === 'guest') return { outcome: 'known' }
  if (owner === 'another') return { outcome: 'taken' }
  if (loginIds >= maxLoginIds) return { outcome: 'too_many' }
  const [first, isKept] = [loginIds === 0, guest !== undefined]
  return { outcome: 'promoted', first, keeps: !isKept, ends: endedByNew({ isFirst: first, isKept }) }
}
