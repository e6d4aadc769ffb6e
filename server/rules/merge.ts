// Whether a guest is merged into another one at a sign-in, later or not at all, and whether it must agree or prove a passkey
// first.

import type { Recoverability } from '../types.ts'
import { hasPasskey } from './recoverability.ts'

export type MergeFacts = {
  /**
   * The merge as it stands; undefined: there is none. `recoverability`: how the guest who is to be merged could come back,
   * as it was last read: when the merge was offered, claimed or last attempted.
   */
  merge:
    | {
        status: 'offered' | 'pending' | 'merged' | 'undone'
        claimedUntil: number
        recoverability: Recoverability
      }
    | undefined
  /** Until when the caller has claimed the merge: this identifies the claim. */
  claimedUntil: number
  /** The guest who is to be merged. It may have no row. */
  from: { isMerged: boolean; promotedAt: number | null } | undefined
  into: { isMerged: boolean } | undefined
  /** Whether one of the two is disabled. */
  isDisabled: boolean
  /** How the guest who is to be merged can come back now. */
  recoverability: Recoverability
  /** The versions of both profiles; 0: none. */
  profiles: { from: number; into: number }
  /** The versions that the joined profile was made of; undefined: there was nothing to join. */
  joined: { from: number; into: number } | undefined
}

/**
 * `merged`: the merge may be done now. `void`: it was done before. `taken`: another process has claimed it since. `gone`:
 * the merge is no longer pending, one of the guests is gone or was merged, or the one to be merged is a regular user.
 * `disabled`: one of the guests is disabled.
 * `stale`: a profile changed since it was read, so it must be joined again.
 */
export type MergeDecision =
  | { outcome: 'merged' | 'void' | 'taken' | 'gone' | 'disabled' | 'stale' }
  /** The guest got its first way back or its first passkey: it must agree, and first prove the passkey if `mustProve`. */
  | { outcome: 'recoverable'; mustProve: boolean }

export type OfferFacts = {
  /** Whether the guest who is to be merged can come back. */
  canComeBack: boolean
  /** Whether that guest has a row. */
  isKept: boolean
  /** Whether the host has a hook `onMerge`, which moves what it stores for a guest. */
  hasHook: boolean
}

/**
 * What becomes of the guest who was here before a sign-in. `pending`: it is merged unasked. `offered`: it must agree, because
 * it can come back, or because the host may store something for it that nothing would move.
 */
export const decideOffer = ({ canComeBack, isKept, hasHook }: OfferFacts): 'pending' | 'offered' =>
  canComeBack || (isKept && !hasHook) ? 'offered' : 'pending'

/** A regular user is never merged into another guest. One without a row is a guest. */
export const mayBeMerged = (guest: { promotedAt: number | null } | undefined): boolean =>
  guest === undefined || guest.promotedAt === null

/**
 * Whether the guest got its first passkey since its recoverability was last read (see `MergeFacts`). It must be proven,
 * whatever the offer said about a proof.
 */
export const gainedPasskey = (before: Recoverability, now: Recoverability): boolean =>
  hasPasskey(now) && !hasPasskey(before)

/**
 * A merge is done only by whoever claimed it, between two guests who are both there, and with the profiles that were
 * joined. A guest who got its first way back or its first passkey meanwhile is not merged unasked.
 */
export function decideMerge(facts: MergeFacts): MergeDecision {
  const { merge, claimedUntil, from, into, isDisabled, recoverability, profiles, joined } = facts
  if (merge?.status === 'merged') return { outcome: 'void' }
  // Another process has claimed the merge since, and does it.
  if (merge?.status === 'pending' && merge.claimedUntil !== claimedUntil) return { outcome: 'taken' }
  if (merge?.status !== 'pending') return { outcome: 'gone' }
  if (!into || into.isMerged || from?.isMerged || !mayBeMerged(from)) return { outcome: 'gone' }
  if (isDisabled) return { outcome: 'disabled' }
  const gainedAWay = merge.recoverability === 'none' && recoverability !== 'none'
  const mustProve = gainedPasskey(merge.recoverability, recoverability)
  if (gainedAWay || mustProve) return { outcome: 'recoverable', mustProve }
  if (profiles.from !== (joined?.from ?? 0)) return { outcome: 'stale' }
  if (joined && profiles.into !== joined.into) return { outcome: 'stale' }
  return { outcome: 'merged' }
}

type Attributes = Record<string, unknown>

/**
 * The attributes of a profile without what the merge changed, from what it was `before` and `after` the merge. An attribute
 * that was changed again since keeps its value.
 */
export function unmergedAttributes(
  now: Attributes,
  { before, after }: { before: Attributes; after: Attributes },
): Attributes {
  const attributes = { ...now }
  const text = (value: unknown) => JSON.stringify(value)
  for (const name of Object.keys({ ...before, ...after })) {
    const isMerged = text(before[name]) !== text(after[name]) && text(attributes[name]) === text(after[name])
    if (!isMerged) continue
    if (Object.hasOwn(before, name)) attributes[name] = before[name]
    else delete attributes[name]
  }
  return attributes
}
