// Keeping a guest: writing the row, because there is something to keep now. The session goes on as it is.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { SessionRow, StoreWrites } from '../../store/store.ts'
import type { Guest, Recoverability } from '../../types.ts'
import { longMac } from '../crypto/secrets.ts'
import { note } from '../events/audit-trail.ts'
import { toGuest } from '../guests/guest.ts'
import { isOurs } from '../guests/ids.ts'
import { retained } from '../guests/retention.ts'
import {
  daysSeenNow,
  longestAbsolute,
  longestIdle,
  type Session,
  storedSession,
} from '../sessions/sessions.ts'

/** What is known of a guest who is to be kept; without label and collection until it is seen. */
type NewlyKept = Pick<Session, 'anonymousId' | 'label' | 'collection'> &
  Partial<Pick<Session, 'createdAt' | 'endsAt' | 'daysSeen' | 'lastSeenAt' | 'snoozes'>>

type Keep = Parameters<StoreWrites['keepGuest']>[0]

/**
 * What is written to keep a guest: the row, and one for the session that the browser carries. `recoverability`: how the
 * guest can come back by what it is kept for.
 */
export function keeping(
  ctx: Context,
  guest: NewlyKept,
  { isNew = false, recoverability = 'none' }: { isNew?: boolean; recoverability?: Recoverability } = {},
): Keep {
  const { anonymousId, label, collection } = guest
  const now = ctx.now()
  const endsAt = guest.endsAt ?? now + longestAbsolute(ctx)
  const { daysSeen = 1, lastSeenAt = now } = guest
  const row: SessionRow = {
    // By the guest's own id, as a session without a row has it: its token says so.
    anonymousId,
    id: anonymousId,
    createdAt: guest.createdAt ?? now,
    lastSeenAt: now,
    expiresAt: Math.min(now + longestIdle(ctx), endsAt),
    endsAt,
    authTime: null,
    enrolUntil: null,
    grant: null,
  }
  const promised = retained(ctx, collection, recoverability)
  const kept = storedSession({
    ...row,
    label,
    collection,
    guestExpiresAt: promised.expiresAt,
    promotedAt: null,
    recoverability,
  })
  return {
    guest: {
      anonymousId,
      label,
      collection,
      userHandle: longMac(ctx.keys.userHandle, anonymousId),
      createdAt: row.createdAt,
      lastSeenAt: now,
      daysSeen: daysSeenNow(ctx, { daysSeen, lastSeenAt }),
      expiresAt: promised.expiresAt,
      stage: 'active',
      promotedAt: null,
    },
    // Seen for the first time, it is touched at once where the label is not known yet.
    session: guest.createdAt === undefined ? { ...row, createdAt: 0, lastSeenAt: 0 } : row,
    snoozes: guest.snoozes ?? [],
    retained: promised,
    endedUntil: Math.min(endsAt, now + longestIdle(ctx)),
    isNew,
    notes: [note(ctx, 'guest.kept', { guest: toGuest(kept) }, { anonymousId, sessionId: anonymousId })],
  }
}

/** A session without a row, once its guest is kept. */
export const keptSession = (session: Session, { retained }: Keep): Session => ({
  ...session,
  kind: 'stored',
  guestExpiresAt: retained.expiresAt,
})

/** Tells that a guest was kept. */
export const announceKept = (ctx: Context, session: Session): void =>
  ctx.events.emit('guest.kept', { guest: toGuest(session) })

/** Keeps the guest of a session; the session as it goes on. Errors: `session_invalid` where it ended meanwhile. */
export async function keepSession(
  ctx: Context,
  session: Session,
  options?: { isNew?: boolean },
): Promise<Session> {
  if (session.kind === 'stored') return session
  const keep = keeping(ctx, session, options)
  const outcome = await ctx.store.keepGuest(keep)
  if (outcome === 'ended') throw new GuestError('session_invalid', { reason: 'ended before it was kept' })
  const kept = keptSession(session, keep)
  if (outcome === 'kept') announceKept(ctx, kept)
  return kept
}

/**
 * Keeps a guest, by all that is known of it or by the id alone; true where it was not kept before.
 * Errors: `invalid_request` where that is no id; `not_found` where the guest was erased or signed out for good.
 */
export async function keepGuestByHost(ctx: Context, who: string | Guest): Promise<boolean> {
  const {
    anonymous_id: anonymousId,
    label,
    collection,
  } = typeof who === 'string' ? { anonymous_id: who, label: '', collection: '' } : who
  if (!isOurs(anonymousId)) {
    if (await ctx.store.findGuest({ anonymousId: String(anonymousId) })) return false // imported, and so kept
    throw new GuestError('invalid_request', { detail: 'This is not an anonymous_id.' })
  }
  const keep = keeping(ctx, { anonymousId, label, collection })
  const outcome = await ctx.store.keepGuest(keep)
  if (outcome === 'ended') throw new GuestError('not_found', { detail: 'This guest has ended.' })
  const { guestExpiresAt, ...row } = { ...keep.session, guestExpiresAt: keep.retained.expiresAt }
  if (outcome === 'kept')
    announceKept(
      ctx,
      storedSession({ ...row, label, collection, guestExpiresAt, promotedAt: null, recoverability: 'none' }),
    )
  return outcome === 'kept'
}
