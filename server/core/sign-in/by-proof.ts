// Signing in a guest who is kept, by a proof that the store uses up: what the ways in beside the passkey share.

import type { Context } from '../../context.ts'
import { type ErrorCode, GuestError } from '../../errors.ts'
import type { GuestRow, Note, SignInProof } from '../../store/store.ts'
import type { Recoverability } from '../../types.ts'
import { auditNote, note } from '../events/audit-trail.ts'
import type { GuestEvents } from '../events/events.ts'
import { toGuest } from '../guests/guest.ts'
import { retainedBy } from '../guests/retention.ts'
import { newStoredSession } from '../sessions/session-tokens.ts'
import { type Holder, type Session, sessionRef, storedSession } from '../sessions/sessions.ts'
import { ENROL_SECONDS } from '../sessions/step-up.ts'
import { newStoredGrant } from '../tokens/refresh-tokens.ts'
import { completeSignIn, leftGuest, type SignedIn } from './complete.ts'

/** How a guest is signed in, and what the session is to be like. */
export type SignInParams = {
  proof: SignInProof
  method: GuestEvents['guest.signed_in']['method']
  /** What is answered where the proof is not good, or there is no such guest. */
  refused: ErrorCode
  /** The client that the session is to be of; undefined: the browser's, by cookie. */
  holder?: Holder | undefined
  /** What the token follows from, where a lost answer can be asked for again. */
  secret?: string
  /** What else is written of it, given the id of the session. */
  more?: (sessionId: string) => Note[]
  /** Whether a passkey may be added for a while without one being proven: where the guest's own may be elsewhere. */
  enrols?: boolean
}

/**
 * Signs in this guest, and ends the session that was there. No passkey is proven by it.
 * Errors: the one of `refused`; `guest_merged`, `too_many_sessions`.
 */
export async function signInByProof(
  ctx: Context,
  session: Session | undefined,
  guest: Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'>,
  { proof, method, refused, holder, secret, more = () => [], enrols = false }: SignInParams,
): Promise<SignedIn> {
  const { anonymousId, label, collection, promotedAt } = guest
  const { row, token } = holder
    ? newStoredGrant(ctx, holder, anonymousId, secret === undefined ? {} : { secret })
    : newStoredSession(ctx, anonymousId, secret)
  const to = { ...row, authTime: null, enrolUntil: enrols ? ctx.now() + ENROL_SECONDS : null }
  const left = leftGuest(ctx, session, anonymousId)
  const promised = retainedBy(ctx, collection)
  const about = { anonymousId, sessionId: to.id }
  // How the guest can come back from now on turns out as it is written: a recovery code may be the last.
  const eventWith = (recoverability: Recoverability) => {
    const { expiresAt: guestExpiresAt } = promised[promotedAt === null ? recoverability : 'promoted']
    return {
      guest: toGuest(storedSession({ ...to, label, collection, promotedAt, recoverability, guestExpiresAt })),
    }
  }
  const restoredWith = (recoverability: Recoverability) => [
    note(ctx, 'guest.restored', eventWith(recoverability), about),
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
      const arrived = await completeSignIn(ctx, issued, method, left, result)
      const { codesLeft } = result
      return { ...arrived, ...(codesLeft !== undefined && { recovery_codes_left: codesLeft }) }
    }
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    default:
      throw new GuestError(refused, { reason: result.outcome })
  }
}
