// How a guest ends sessions: by signing out, and from the list of all sessions.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Note, StoreWrites } from '../../store/store.ts'
import { auditNote, note, tellUnwritten } from '../events/audit-trail.ts'
import type { SessionEnd } from '../events/events.ts'
import { ending } from './endings.ts'
import { revocation } from './revoked-device-keys.ts'
import { aboutSession, canComeBack, type Session, sessionEnded, sessionRef } from './sessions.ts'

/** Errors: `would_lose_account` if the guest cannot come back, unless `force` is set. */
function keepFromLoss(session: Session, force: boolean): void {
  if (!canComeBack(session) && !force) throw new GuestError('would_lose_account')
}

/** `apps`: those that the browser knows to know the guest, and the sessions that they know. Default: none. */
type SignOut = {
  everywhere?: boolean | undefined
  force?: boolean | undefined
  apps?: { client: string; session: string }[]
}

/**
 * Ends this session, or all sessions and device keys of the guest (`everywhere`).
 * Errors: `would_lose_account` if the guest cannot come back then, unless `force` is set; `session_invalid` if the
 * session ended meanwhile, for example because a first passkey began another one.
 */
export async function signOut(
  ctx: Context,
  session: Session,
  { everywhere = false, force = false, apps = [] }: SignOut,
): Promise<void> {
  keepFromLoss(session, force)
  if (everywhere && session.kind === 'stored') {
    const event = { session_id: session.id, everywhere }
    const signedOut = note(ctx, 'guest.signed_out', event, aboutSession(session))
    // It revokes all device keys too: they may be all that brings the guest back.
    const unlessLost = force ? undefined : { now: ctx.now() }
    if (!(await endSessions(ctx, session, { unlessLost }, signedOut, 'signed_out', apps)))
      throw sessionEnded('during the sign-out')
  } else if (!(await endSessionOf(ctx, session, { everywhere, apps })))
    throw sessionEnded('during the sign-out')
}

/** Ends one session; false if it had ended before. A guest without a row leaves nothing in the audit trail. */
export async function endSessionOf(
  ctx: Context,
  session: Session,
  { everywhere, apps = [] }: { everywhere: boolean; apps?: SignOut['apps'] },
): Promise<boolean> {
  const event = { session_id: session.id, everywhere }
  const isKept = session.kind === 'stored'
  const notes = isKept ? [note(ctx, 'guest.signed_out', event, aboutSession(session))] : []
  const ended = await ctx.store.endSession({
    ...sessionRef(ctx, session),
    notes,
    ending: ending(ctx, 'signed_out', { knowing: apps, onlyThese: !isKept }),
  })
  if (ended && !isKept) tellUnwritten(ctx, 'guest.signed_out', event, aboutSession(session))
  return ended
}

/** Ends sessions, and revokes the keys of their devices. Returns how many sessions ended. Errors: `would_lose_account`. */
async function endSessions(
  ctx: Context,
  session: Session,
  which: Pick<Parameters<StoreWrites['endSessions']>[0], 'only' | 'except' | 'unlessLost'>,
  signedOut: Note,
  reason: SessionEnd,
  apps: SignOut['apps'] = [],
): Promise<number> {
  const { anonymousId } = session
  const about = { anonymousId, sessionId: which.only ?? session.id }
  const { ended, isLost } = await ctx.store.endSessions({
    anonymousId,
    ...which,
    notes: [signedOut],
    revocation: revocation(ctx, about),
    ending: ending(ctx, reason, { knowing: apps }),
  })
  if (isLost) throw new GuestError('would_lose_account')
  return ended
}

/**
 * Ends one session of the guest. Returns true if it was the session of the request: that device's key stays. The key of
 * any other device is revoked with its session.
 * Errors: `not_found` if the guest has no such session; for the session of the request, those of `signOut`.
 */
export async function endSession(
  ctx: Context,
  session: Session,
  id: string,
  options: Omit<SignOut, 'everywhere'>,
): Promise<boolean> {
  if (id === session.id) {
    await signOut(ctx, session, options)
    return true
  }
  if (session.kind === 'sealed') throw new GuestError('not_found')
  // No event guest.signed_out: the guest is still signed in here.
  const signedOut = auditNote(ctx, 'guest.signed_out', { ...aboutSession(session), sessionId: id })
  if (!(await endSessions(ctx, session, { only: id }, signedOut, 'revoked')))
    throw new GuestError('not_found')
  return false
}

/** Ends all sessions of the guest except that of the request, and revokes the other devices' keys. Returns how many. */
export async function endOtherSessions(ctx: Context, session: Session): Promise<number> {
  if (session.kind === 'sealed') return 0
  const signedOut = auditNote(ctx, 'guest.signed_out', aboutSession(session))
  return endSessions(ctx, session, { except: session.id }, signedOut, 'revoked')
}
