// Signing in a guest who is kept, by a proof that the store uses up: what the ways in beside the passkey share.

import type { Context } from '../context.ts'
import { type ErrorCode, GuestError } from '../errors.ts'
import type { GuestRow, SignInProof } from '../store/store.ts'
import { arrive, leftBy, type SignedIn } from './arrival.ts'
import type { GuestEvents } from './events.ts'
import { toGuest } from './guests.ts'
import { newStoredGrant } from './refresh-tokens.ts'
import { retainedBy } from './retention.ts'
import { newStoredSession } from './session-tokens.ts'
import { type Holder, type Session, sessionRef, storedSession } from './sessions.ts'
import { ENROL_SECONDS } from './step-up.ts'
import { note } from './trail.ts'

/** How a guest is signed in, and what the session is to be like. */
export type WayIn = {
  proof: SignInProof
  method: GuestEvents['guest.signed_in']['method']
  /** What is answered where the proof is not good, or there is no such guest. */
  refused: ErrorCode
  /** The client that the session is to be of; undefined: the browser's, by cookie. */
  holder?: Holder | undefined
  /** What the token follows from, where a lost answer can be asked for again. */
  secret?: string
  /** Whether a passkey may be added for a while without one being proven: where the guest's own may be elsewhere. */
  enrols?: boolean
}

/**
 * Signs in this guest, and ends the session that was there. No passkey is proven by it.
 * Errors: the one of `refused`; `guest_merged`, `too_many_sessions`.
 */
export async function signInWith(
  ctx: Context,
  session: Session | undefined,
  guest: Pick<GuestRow, 'anonymousId' | 'label' | 'collection' | 'promotedAt'>,
  { proof, method, refused, holder, secret, enrols = false }: WayIn,
): Promise<SignedIn> {
  const { anonymousId, label, collection, promotedAt } = guest
  const { row, token } = holder
    ? newStoredGrant(ctx, holder, anonymousId, secret === undefined ? {} : { secret })
    : newStoredSession(ctx, anonymousId, secret)
  const to = { ...row, authTime: null, enrolUntil: enrols ? ctx.now() + ENROL_SECONDS : null }
  const left = leftBy(ctx, session, anonymousId)
  const recoverability = await ctx.store.findRecoverability({ anonymousId })
  const known = { label, collection, promotedAt, recoverability, guestExpiresAt: null }
  const event = { guest: toGuest(storedSession({ ...to, ...known })) }
  const about = { anonymousId, sessionId: to.id }
  const result = await ctx.store.signInWith({
    ...{ proof, from: session && sessionRef(ctx, session), to, now: ctx.now() },
    maxSessions: ctx.config.maxSessions,
    retained: retainedBy(ctx, collection),
    merge: left.offer?.row,
    notes: [note(ctx, 'guest.signed_in', { ...event, method }, about)],
    restored: [note(ctx, 'guest.restored', event, about)],
  })
  switch (result.outcome) {
    case 'signed_in':
      return arrive(ctx, { session: storedSession({ ...to, ...result }), token }, method, left, result)
    case 'too_many_sessions':
      throw new GuestError('too_many_sessions')
    case 'merged':
      throw new GuestError('guest_merged')
    default:
      throw new GuestError(refused, { reason: result.outcome })
  }
}
