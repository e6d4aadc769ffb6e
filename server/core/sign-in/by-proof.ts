// Signing in a kept guest, whatever proves who it is: a passkey, a code, a recovery code, a device key, a device link or
// the host's word. The store checks the proof and uses it up.

import type { Context } from '../../context.ts'
import { type ErrorCode, GuestError } from '../../errors.ts'
import { promisedTo } from '../../rules/recoverability.ts'
import type { GuestRow, Note, SignInProof, SignInRefusal } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'
import { auditNote, note } from '../events/audit-trail.ts'
import { toGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { type Holder, type Session, sessionRef, storedSession } from '../sessions/sessions.ts'
import { ENROL_SECONDS } from '../sessions/step-up.ts'
import { newSessionFor } from '../tokens/new-session.ts'
import { completeSignIn, leftGuest, type SignedIn } from './complete.ts'

/** How to sign in a guest, and what the new session is like. */
export type SignInParams = {
  proof: SignInProof
  /** The error if the proof is not valid, or if the guest does not exist. */
  refused: (refusal: SignInRefusal) => GuestError | Promise<GuestError>
  /** The client that gets the session; default: the browser, by cookie. */
  holder?: Holder | undefined
  /** The secret of the session's token; default: random. Set it if the caller can repeat a response that was lost. */
  secret?: string
  /** Further notes to write with the sign-in; default: none. */
  more?: (sessionId: string) => Note[]
  /** Whether the guest may add a passkey within ENROL_SECONDS without proving another one first; default: false. */
  enrols?: boolean
}

/** The same error for every refusal. Only the log says which one it was. */
export const refusedAs =
  (code: ErrorCode) =>
  ({ outcome: reason }: SignInRefusal): GuestError =>
    new GuestError(code, { reason })

/**
 * Signs in this guest, and ends the previous session. The new session counts as proven by passkey only if a passkey is
 * the proof.
 * Errors: what `refused` makes of a refusal; `guest_merged`, `too_many_sessions`.
 */
export async function signInByProof(
  ctx: Context,
  session: Session | undefined,
  guest: Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'>,
  { proof, refused, holder, secret, more = () => [], enrols = false }: SignInParams,
): Promise<SignedIn> {
  const { anonymousId, label, collection, promotedAt } = guest
  const { row, token } = newSessionFor(ctx, holder, anonymousId, { secret })
  const authTime = proof.by === 'passkey' ? row.authTime : null
  const to = { ...row, authTime, enrolUntil: enrols ? ctx.now() + ENROL_SECONDS : null }
  const left = leftGuest(ctx, session, anonymousId)
  const promised = retainedBy(ctx, collection)
  const about = { anonymousId, sessionId: to.id }
  // Only the store knows the recoverability after the sign-in: another passkey may be backed up, or the recovery code
  // may have been the last one.
  const eventWith = (recoverability: Recoverability) => {
    const { expiresAt: guestExpiresAt } = promisedTo(promised, recoverability, promotedAt)
    const facts = { anonymousId, label, collection, promotedAt, recoverability, guestExpiresAt }
    return { guest: toGuest({ kind: 'stored', ...facts }) }
  }
  const restoredWith = (recoverability: Recoverability) => [
    note(ctx, 'guest.restored', eventWith(recoverability), about, { told: false }),
  ]
  const result = await ctx.store.signInByProof({
    proof,
    from: session && sessionRef(ctx, session),
    to,
    now: ctx.now(),
    maxSessions: ctx.config.maxSessions,
    retained: promised,
    merge: left.offer?.row,
    notes: [auditNote(ctx, 'guest.signed_in', about), ...more(to.id)],
    restored: {
      none: restoredWith('none'),
      device: restoredWith('device'),
      passkey: restoredWith('passkey'),
      synced: restoredWith('synced'),
    },
  })
  switch (result.outcome) {
    case 'signed_in': {
      const issued = { session: storedSession({ ...to, ...result }), token }
      const arrived = await completeSignIn(ctx, issued, proof.by, left, result)
      const { codesLeft } = result
      return { ...arrived, ...(codesLeft !== undefined && { recovery_codes_left: codesLeft }) }
    }
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    default:
      throw await refused(result)
  }
}
