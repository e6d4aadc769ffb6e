// `guestkey/verify`: verifies access tokens anywhere, with Web Crypto alone and no other package.

import { guardBy, type RequireGuest } from './guards.ts'
import { createTokenVerifier, type TokenVerifier, type VerifierOptions } from './verifier.ts'

export type { Recoverability } from '../types.ts'
export type { Proof, ProvenRequest } from './dpop.ts'
export { VerifyError, type VerifyErrorCode } from './errors.ts'
export { type ExpressGuard, type GuestHandler, isRecoverable, type RequireGuest } from './guards.ts'
export type { AnyRequest, NodeRequest } from './request.ts'
export type { GuestClaims, VerifierOptions } from './verifier.ts'

export type Verifier = TokenVerifier & {
  /** Lets guests and regular users with a valid token in. Others get the answer of the error: those of `guestOf`, and `not_signed_in`. */
  requireGuest: RequireGuest
  /** Lets those in who can come back: by a passkey, another key or a code, or as a regular user. Else `not_recoverable`. */
  requireRecoverable: RequireGuest
}

/** A verifier of the access tokens of one issuer, for one API. Make it once: it keeps the issuer's keys. */
export function createVerifier(options: VerifierOptions): Verifier {
  const verifier = createTokenVerifier(options)
  return {
    ...verifier,
    requireGuest: guardBy(verifier.guestOf, false),
    requireRecoverable: guardBy(verifier.guestOf, true),
  }
}
