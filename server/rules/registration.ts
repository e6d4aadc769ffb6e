// Whether a passkey is added, and what its guest gains and loses with it. What a first one ends: first-credential.ts.

import type { Recoverability } from '../types.ts'
import { type Ended, endedByNew } from './first-credential.ts'
import { byPasskeys } from './recoverability.ts'

export type RegistrationFacts = {
  /**
   * The session in which the passkey is added; undefined for a guest who begins with this passkey. The three kinds are
   * defined at `Session` in core/sessions/sessions.ts.
   */
  session: { kind: 'sealed' | 'carried' | 'stored'; hasEnded: boolean } | undefined
  /** Whether the guest has a row. */
  isKept: boolean
  /**
   * What the challenge was used for before: the id of a credential or a session. Null: it was used, and the store did not
   * note for what. Undefined: it was not used.
   */
  usedFor: string | null | undefined
  /** Whether the credential is registered already, for anybody. */
  isTaken: boolean
  /** The passkeys that the guest has. */
  passkeys: { credentialId: string; backedUp: boolean }[]
  maxPasskeys: number
  /** Whether the new passkey is backed up. */
  backedUp: boolean
}

export type RegistrationDecision =
  /** The same registration was done before. */
  | { outcome: 'repeated'; credentialId: string }
  | { outcome: 'spent' | 'session_ended' | 'credential_taken' | 'too_many_passkeys' }
  /** `keeps`: the guest is kept with it. `recoverability`: how the guest can come back from now on. */
  | { outcome: 'added'; first: boolean; keeps: boolean; recoverability: Recoverability; ends: Ended }

export function decideRegistration(facts: RegistrationFacts): RegistrationDecision {
  const { session, isKept, usedFor, isTaken, passkeys, maxPasskeys, backedUp } = facts
  if (usedFor !== undefined) {
    const own = passkeys.find(({ credentialId }) => credentialId === usedFor)
    return own ? { outcome: 'repeated', credentialId: own.credentialId } : { outcome: 'spent' }
  }
  if (session?.hasEnded) return { outcome: 'session_ended' }
  if (isTaken) return { outcome: 'credential_taken' }
  if (passkeys.length >= maxPasskeys) return { outcome: 'too_many_passkeys' }
  // A guest who begins with this passkey must have no row: otherwise another tab was first. A stored or
  // carried session needs a row. A sealed session works with and without one.
  if (session === undefined ? isKept : session.kind !== 'sealed' && !isKept)
    return { outcome: 'session_ended' }
  const first = passkeys.length === 0
  return {
    outcome: 'added',
    first,
    keeps: !isKept,
    recoverability: byPasskeys(...passkeys, { backedUp }),
    ends: endedByNew({ isFirst: first, isKept }),
  }
}
