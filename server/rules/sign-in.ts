// Who is signed in by a proof, and who is refused.

import { type LoginProofFacts, type LoginProofRefusal, refuseLoginProof } from './login-proof.ts'

/** What the store found about a proof. */
export type SignInProofFacts =
  /** `isTaken`: false if the proof is for unsaved guests only, and this one has a passkey or a login ID. */
  | { by: 'host'; isTaken: boolean }
  /** `isOfGuest`: the proof is there, it is valid, and it is this guest's. */
  | { by: 'recovery_code' | 'device_link'; isOfGuest: boolean }
  /** `isSpent`: the challenge that was signed has been used before. */
  | { by: 'device_key'; isOfGuest: boolean; isSpent: boolean }
  /** `signCount`: the counter in the assertion. `known`: the passkey, undefined if the guest has no such passkey. */
  | { by: 'passkey'; isSpent: boolean; signCount: number; known: { signCount: number } | undefined }
  /** `isOfGuest`: the login ID is this guest's. */
  | { by: 'code'; proof: LoginProofFacts; isOfGuest: boolean }

export type SignInFacts = {
  /** Undefined: the guest has no row. */
  guest: { isMerged: boolean; isDisabled: boolean } | undefined
  proof: SignInProofFacts
  /** The guest's live sessions, without those that this sign-in replaces. */
  sessions: number
  maxSessions: number
}

export type SignInRefused =
  | LoginProofRefusal
  | { outcome: 'unknown' | 'refused' | 'spent' | 'unknown_credential' | 'counter_regressed' }

export type SignInDecision =
  | { outcome: 'signed_in' }
  | { outcome: 'merged' | 'disabled' | 'too_many_sessions' }
  | SignInRefused

/**
 * An invalid proof is refused first: only whoever gives a valid proof learns that the guest was merged into another one,
 * is disabled, or has too many sessions.
 */
export function decideSignIn({ guest, proof, sessions, maxSessions }: SignInFacts): SignInDecision {
  const refusal = refuseProof(proof, guest !== undefined)
  if (refusal) return refusal
  if (!guest) return { outcome: 'unknown' }
  if (guest.isMerged) return { outcome: 'merged' }
  if (guest.isDisabled) return { outcome: 'disabled' }
  if (sessions >= maxSessions) return { outcome: 'too_many_sessions' }
  return { outcome: 'signed_in' }
}

/**
 * Why a proof is refused; undefined if it is valid. `isThere`: whether the guest has a row. A recovery code, a device link
 * and a device key are deleted with their guest. Then the guest is unknown, and the proof itself is not judged.
 */
function refuseProof(proof: SignInProofFacts, isThere: boolean): SignInRefused | undefined {
  switch (proof.by) {
    case 'host':
      return proof.isTaken || !isThere ? undefined : { outcome: 'refused' }
    case 'recovery_code':
    case 'device_link':
      return proof.isOfGuest || !isThere ? undefined : { outcome: 'refused' }
    case 'device_key':
      return (proof.isOfGuest && !proof.isSpent) || !isThere ? undefined : { outcome: 'refused' }
    case 'passkey':
      if (proof.isSpent) return { outcome: 'spent' }
      if (!proof.known) return { outcome: 'unknown_credential' }
      return grows(proof.known.signCount, proof.signCount) ? undefined : { outcome: 'counter_regressed' }
    case 'code':
      return refuseLoginProof(proof.proof) ?? (proof.isOfGuest ? undefined : { outcome: 'unknown' })
  }
}

/** WebAuthn Level 3, 7.2: if either count is not zero, the new one must be greater. */
const grows = (before: number, now: number): boolean => now > before || (now === 0 && before === 0)
