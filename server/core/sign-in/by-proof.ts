// Signing in a kept guest, whatever proves who it is: a passkey, a code, a recovery code, a device key, a device link or
// the host's word. The store checks the proof and uses it up.

import type { Context } from '../../context.ts'
import { type ErrorCode, GuestError } from '../../errors.ts'
import type { GuestRow, Note, SignInProof, SignInRefusal } from '../../store/store.ts'
import { note } from '../events/audit-trail.ts'
import { toGuest, toPreviousGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { ending, endingOfWayIn } from '../sessions/endings.ts'
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
  /** What to write about the proof that is used up; default: nothing. */
  used?: (sessionId: string) => Note[]
  /**
   * Whether the guest may add a passkey or a device key within ENROL_SECONDS without proving a passkey first. Default:
   * false.
   */
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
 * Errors: what `refused` makes of a refusal; `guest_merged`, `guest_disabled`, `too_many_sessions`.
 */
export async function signInByProof(
  ctx: Context,
  session: Session | undefined,
  guest: Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'>,
  { proof, refused, holder, secret, used = () => [], enrols = false }: SignInParams,
): Promise<SignedIn> {
  const { anonymousId, label, collection, promotedAt } = guest
  const { row, token } = newSessionFor(ctx, holder, anonymousId, { secret })
  const authTime = proof.by === 'passkey' ? row.authTime : null
  const to = { ...row, authTime, enrolUntil: enrols ? ctx.now() + ENROL_SECONDS : null }
  const left = leftGuest(ctx, session, anonymousId)
  const previous = left.previous && toPreviousGuest(left.previous)
  const about = { anonymousId, sessionId: to.id }
  // Placeholders: the store replaces `recoverability` and `expires_at`, which are known only after the write.
  const facts = { anonymousId, label, collection, promotedAt, guestExpiresAt: null }
  const guestBefore = toGuest({ kind: 'stored', ...facts, recoverability: 'none' })
  const signedIn = { guest: guestBefore, session_id: to.id, method: proof.by, ...(previous && { previous }) }
  const result = await ctx.store.signInByProof({
    proof,
    from: session && sessionRef(ctx, session),
    to,
    now: ctx.now(),
    maxSessions: ctx.config.sessions.max,
    retained: retainedBy(ctx, collection),
    merge: left.offer?.row,
    ending: ending(ctx, 'replaced'),
    notes: [note(ctx, 'guest.signed_in', signedIn, about)],
    restored: [note(ctx, 'guest.restored', { guest: guestBefore }, about)],
    used: used(to.id),
    wayInEnded: endingOfWayIn(ctx, about),
  })
  switch (result.outcome) {
    case 'signed_in': {
      const isHere = session?.anonymousId === anonymousId || proof.by === 'device_key' || proof.by === 'host'
      ctx.counters.count(`${isHere ? 'signed_in' : 'came_back'}.${proof.by}`, result.collection)
      const issued = { session: storedSession({ ...to, ...result }), token }
      const arrived = await completeSignIn(ctx, issued, left, result)
      const { codesLeft } = result
      return { ...arrived, ...(codesLeft !== undefined && { recovery_codes_left: codesLeft }) }
    }
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    case 'disabled':
      throw new GuestError('guest_disabled')
    default:
      throw await refused(result)
  }
}
