// Who is signed in by a proof, and who is refused.

import { describe, expect, test } from 'vitest'
import { decideSignIn, type SignInFacts, type SignInProofFacts } from '../../../server/rules/sign-in.ts'

const assertion = { by: 'passkey', isSpent: false, signCount: 8, known: { signCount: 7 } } as const
const code = {
  by: 'code',
  isOfGuest: true,
  proof: { kind: 'code', given: 'mac', sent: { code: 'mac', triesLeft: 1, expiresAt: 101 }, now: 100 },
} as const
const proofs: SignInProofFacts[] = [
  { by: 'host', isTaken: true },
  { by: 'recovery_code', isOfGuest: true },
  { by: 'device_link', isOfGuest: true },
  { by: 'device_key', isOfGuest: true, isSpent: false },
  assertion,
  code,
]
/** A proof of each kind that proves nothing, and why. */
const refused: [SignInProofFacts, string][] = [
  [{ by: 'host', isTaken: false }, 'refused'],
  [{ by: 'recovery_code', isOfGuest: false }, 'refused'],
  [{ by: 'device_link', isOfGuest: false }, 'refused'],
  [{ by: 'device_key', isOfGuest: false, isSpent: false }, 'refused'],
  [{ by: 'device_key', isOfGuest: true, isSpent: true }, 'refused'],
  [{ ...assertion, isSpent: true }, 'spent'],
  [{ ...assertion, known: undefined }, 'unknown_credential'],
  [{ ...assertion, signCount: 7 }, 'counter_regressed'],
  [{ ...code, isOfGuest: false }, 'unknown'],
  [{ ...code, proof: { ...code.proof, given: 'another' } }, 'wrong_code'],
  [{ ...code, proof: { ...code.proof, sent: undefined } }, 'dead_code'],
]

const guest = { isMerged: false, isDisabled: false }
const merged = { isMerged: true, isDisabled: false }
const disabled = { isMerged: false, isDisabled: true }

const decide = (more: Partial<SignInFacts>) =>
  decideSignIn({ guest, proof: { by: 'host', isTaken: true }, sessions: 4, maxSessions: 5, ...more })

describe.each(proofs.map((proof) => [proof.by, proof] as const))('a sign-in by %s', (_, proof) => {
  test('succeeds if the proof is valid', () => {
    expect(decide({ proof })).toEqual({ outcome: 'signed_in' })
  })

  test('is refused at the limit of sessions', () => {
    expect(decide({ proof, sessions: 5 })).toEqual({ outcome: 'too_many_sessions' })
  })

  test('is refused for a merged guest, also at the limit of sessions', () => {
    expect(decide({ proof, guest: merged, sessions: 5 })).toEqual({ outcome: 'merged' })
  })

  test('is refused for a disabled guest, also at the limit of sessions', () => {
    expect(decide({ proof, guest: disabled, sessions: 5 })).toEqual({ outcome: 'disabled' })
  })

  test('is refused for a guest without a row', () => {
    expect(decide({ proof, guest: undefined })).toEqual({ outcome: 'unknown' })
  })
})

test.each(refused)(
  '%o is refused for a guest with a row, also if it was merged or disabled and is at the limit of sessions',
  (proof, outcome) => {
    expect(decide({ proof })).toEqual({ outcome })
    expect(decide({ proof, guest: disabled, sessions: 5 })).toEqual({ outcome })
    expect(decide({ proof, guest: merged, sessions: 5 })).toEqual({ outcome })
  },
)

test('a guest without a row is unknown: its recovery code, device key or device link is not judged', () => {
  const gone = refused.filter(([, outcome]) => outcome === 'refused')
  for (const [proof] of gone) expect(decide({ proof, guest: undefined })).toEqual({ outcome: 'unknown' })
})

test('an authorization code that was used before names its session', () => {
  const proof = { kind: 'authorization_code', use: { sessionId: 'session' } } as const
  expect(decide({ proof: { by: 'code', isOfGuest: false, proof } })).toEqual({
    ...{ outcome: 'used', sessionId: 'session' },
  })
})

test.each([
  [0, 0, 'signed_in'],
  [0, 1, 'signed_in'],
  [1, 2, 'signed_in'],
  [1, 1, 'counter_regressed'],
  [2, 1, 'counter_regressed'],
  [1, 0, 'counter_regressed'],
])('a counter of %i and then %i is %s', (before, signCount, outcome) => {
  const proof = { ...assertion, signCount, known: { signCount: before } }
  expect(decide({ proof })).toEqual({ outcome })
})
