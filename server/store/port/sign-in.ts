// The store's contract for sign-in, whatever proves who the guest is.

import type { CodeOutcome, LoginIdRow, LoginProof, UsedOutcome } from './login-ids.ts'
import type { NewMerge } from './merges.ts'
import type { PasskeyRow } from './passkeys.ts'
import type { RetainedBy } from './retention.ts'
import type { AboutGuest, SessionRef, SessionRow, Spent } from './sessions.ts'
import type { Note } from './trail.ts'

/** What signs in a kept guest. Only `host` can be used again. */
export type SignInProof =
  /** `onlyUnsaved`: it is not good for a guest who has a passkey or a login ID. */
  | { by: 'host'; onlyUnsaved?: boolean }
  /** `id`: SHA-256 of the code. */
  | { by: 'recovery_code'; id: string }
  /** `spent`: the challenge that the key signed. */
  | { by: 'device_key'; id: string; spent: Spent }
  /** A link that the guest approved. */
  | { by: 'device_link'; id: string }
  /** A verified assertion: the passkey's new counter and backup state, and the challenge that it signed. */
  | ({ by: 'passkey'; spent: Spent } & Pick<PasskeyRow, 'credentialId' | 'signCount' | 'backedUp'>)
  /** What proves a login ID of the guest. */
  | { by: 'code'; loginId: Pick<LoginIdRow, 'type' | 'value'>; proof: LoginProof }

/** The proof proves nothing. */
export type SignInRefusal =
  /**
   * `unknown`: the guest has no row, or does not have the login ID. `refused`: the recovery code, device key or device
   * link is invalid, used up, or another guest's. For a passkey: `spent` if its challenge was used before,
   * `unknown_credential`, and `counter_regressed` if `signCount` is not greater than before.
   */
  | { outcome: 'unknown' | 'refused' | 'spent' | 'unknown_credential' | 'counter_regressed' | CodeOutcome }
  | UsedOutcome

export type SignInOutcome =
  /**
   * `restored`: the guest had expired. `mergeable`: the merge was written. `codesLeft`: how many recovery codes are
   * left, if one was used.
   */
  | ({ outcome: 'signed_in'; restored: boolean; mergeable: boolean; codesLeft?: number } & AboutGuest)
  /** `merged`: the guest was merged into another one. */
  | { outcome: 'too_many_sessions' | 'merged' | 'disabled' }
  | SignInRefusal

export interface SignInWrites {
  /** Signs in a kept guest, uses up the proof, and begins the session `to`, which replaces `from` if that is given. */
  signInByProof(input: {
    proof: SignInProof
    from: SessionRef | undefined
    to: SessionRow
    maxSessions: number
    now: number
    retained: RetainedBy
    /** The merge of the guest of `from`. It is written only if this verb is the one that ends `from`. */
    merge: NewMerge | undefined
    /** Written for `from`, if this verb is the one that ends it: see `endSessions`. */
    ending?: Note
    /** Their events get the `guest` as the sign-in leaves it. */
    notes: Note[]
    /** The notes to write if the guest had expired. Their events get the same `guest`. */
    restored: Note[]
    /** What to write about the proof. After a recovery code, the events get how many are `left`. */
    used?: Note[]
    /** What to write if the proof ends a way in. */
    wayInEnded?: Note | undefined
  }): Promise<SignInOutcome>
}
