// The store's contract for sign-in by the host, a recovery code, a device key or a device link.

import type { Recoverability } from '../../types.ts'
import type { NewMerge } from './merges.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** What signs in a kept guest, other than passkeys and codes that were sent. Only `host` can be used again. */
export type SignInProof =
  | { by: 'host' }
  /** `id`: SHA-256 of the code. `used[n]`: the notes to write if n codes are left. */
  | { by: 'recovery_code'; id: string; used: Note[][] }
  /** `spent`: the challenge that the key signed. */
  | { by: 'device_key'; id: string; spent: Spent }
  /** A link that the guest approved. */
  | { by: 'device_link'; id: string }

export type ProofSignInOutcome =
  /**
   * `restored`: the guest had expired. `mergeable`: the merge was written. `codesLeft`: how many recovery codes are
   * left, if one was used.
   */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean; codesLeft?: number } & AboutGuest)
  /**
   * `unknown`: the guest has no row. `refused`: the proof is invalid, used up, or another guest's. `merged`: the guest
   * was merged into another one.
   */
  | { outcome: 'unknown' | 'refused' | 'too_many_sessions' | 'merged' }

export interface SignInWrites {
  /** Signs in a kept guest, uses up the proof, and begins the session `to`, which replaces `from` if that is given. */
  signInByProof(input: {
    proof: SignInProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    retained: RetainedBy
    merge: NewMerge | undefined
    notes: Note[]
    /** The notes to write if the guest had expired, by how the guest can come back once the proof is used up. */
    restored: Record<Recoverability, Note[]>
  }): Promise<ProofSignInOutcome>
}
