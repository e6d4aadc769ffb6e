// A sign-in by a proof, as the store does it.

import type { Recoverability } from '../../types.ts'
import type { NewMerge } from './merges.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** What signs in a guest who is kept, beside passkeys and codes that are sent; all but the host's word is used up. */
export type SignInProof =
  | { by: 'host' }
  /** The SHA-256 of the code; `used[n]` is written where so many are left. */
  | { by: 'recovery_code'; id: string; used: Note[][] }
  | { by: 'device_key'; id: string; spent: Spent }
  /** One that was approved. */
  | { by: 'device_link'; id: string }

export type ProofSignInOutcome =
  /** `codesLeft`: how many recovery codes, where one was used. */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean; codesLeft?: number } & AboutGuest)
  /** `unknown`: there is no such guest; `refused`: the proof is not good, or no more. */
  | { outcome: 'unknown' | 'refused' | 'too_many_sessions' | 'merged' }

export interface SignInWrites {
  /** Signs in a guest who is kept, by a proof that is used up, and replaces the session, if there was one. */
  signInByProof(input: {
    proof: SignInProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    retained: RetainedBy
    merge: NewMerge | undefined
    notes: Note[]
    /** By how the guest can come back once the proof is used up. */
    restored: Record<Recoverability, Note[]>
  }): Promise<ProofSignInOutcome>
}
