// @simplewebauthn/server, and the error of a ceremony that it or we refuse.

import { once } from '../crypto/once.ts'

export const webauthn = once(() => import('@simplewebauthn/server'))
export const helpers = once(() => import('@simplewebauthn/server/helpers'))

/** Why a response was refused; for the log, never for the caller. */
export class CeremonyError extends Error {
  override readonly name = 'CeremonyError'
}
