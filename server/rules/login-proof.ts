// Whether a proof of a login ID is accepted: a code that was sent, or an authorization code of our own pages. Each counts
// once.

/** `given`: the code that somebody entered. `sent`: the code that was sent, undefined if there is none. Both as MACs. */
export type CodeFacts = {
  given: string
  sent: { code: string; triesLeft: number; expiresAt: number } | undefined
  now: number
}

export type LoginProofFacts =
  | ({ kind: 'code' } & CodeFacts)
  /** `use`: what the authorization code was used for before, undefined if it was not. */
  | { kind: 'authorization_code'; use: { sessionId: string | null } | undefined }

/** `dead_code`: the code is unknown, used or expired, or has no attempts left. */
export type CodeRefusal = 'wrong_code' | 'dead_code'
export type LoginProofRefusal = { outcome: CodeRefusal } | { outcome: 'used'; sessionId: string | null }

/** Why a code is refused; undefined if it is right. */
export function refuseCode({ given, sent, now }: CodeFacts): CodeRefusal | undefined {
  if (!sent || sent.expiresAt <= now || sent.triesLeft <= 0) return 'dead_code'
  return sent.code === given ? undefined : 'wrong_code'
}

/** Why a proof is refused; undefined if it is valid. */
export function refuseLoginProof(facts: LoginProofFacts): LoginProofRefusal | undefined {
  if (facts.kind === 'authorization_code') return facts.use && { outcome: 'used', ...facts.use }
  const outcome = refuseCode(facts)
  return outcome && { outcome }
}
