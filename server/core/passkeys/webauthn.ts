// Loads @simplewebauthn/server at its first use; and the error for a ceremony that we refuse.

import { once } from '../crypto/once.ts'

export const webauthn = once(() => import('@simplewebauthn/server'))
export const helpers = once(() => import('@simplewebauthn/server/helpers'))

/** Why a response was refused: for the log only, never for the client. */
export class CeremonyError extends Error {
  override readonly name = 'CeremonyError'
}
