// Keeping a guest: the first time that there is something to keep, the store gets a row. The session goes on.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { GuestFacts } from '../../rules/guest.ts'
import type { Note, SessionRow, StoreWrites } from '../../store/store.ts'
import type { Guest, OperatorAct, Recoverability } from '../../types.ts'
import { longMac } from '../crypto/secrets.ts'
import { note } from '../events/audit-trail.ts'
import { findGuestById, toGuest } from '../guests/guest.ts'
import { isOurs } from '../guests/ids.ts'
import { retained } from '../guests/retention.ts'
import {
  carriedKey,
  daysSeenNow,
  longestAbsolute,
  longestIdle,
  type SealedSession,
  type Session,
  type StoredSession,
  sessionEnded,
} from '../sessions/sessions.ts'

/**
 * What is known about a guest to keep. If only the id is known, label and collection are empty until the next visit.
 */
type NewlyKept = Pick<Session, 'anonymousId' | 'label' | 'collection'> &
  Partial<Pick<SealedSession, 'createdAt' | 'endsAt' | 'lastSeenAt' | 'carried'>>

type Keep = Parameters<StoreWrites['keepGuest']>[0]

/**
 * What the store writes to keep a guest: a row for the guest, and one for the session that the browser carries.
 * `recoverability`: how the guest can come back from now on. `isNew`: the session was made just now.
 */
export function keeping(
  ctx: Context,
  guest: NewlyKept,
  {
    isNew = false,
    recoverability = 'none',
    operator,
  }: { isNew?: boolean; recoverability?: Recoverability; operator?: OperatorAct | undefined } = {},
): Keep {
  const { anonymousId, label, collection } = guest
  const now = ctx.now()
  const endsAt = guest.endsAt ?? now + longestAbsolute(ctx)
  const { lastSeenAt = now, carried } = guest
  const row: SessionRow = {
    ...carriedKey(anonymousId), // the sealed token stays in use
    createdAt: guest.createdAt ?? now,
    lastSeenAt: now,
    expiresAt: Math.min(now + longestIdle(ctx), endsAt),
    endsAt,
    authTime: null,
    enrolUntil: null,
    grant: null,
  }
  const promised = retained(ctx, collection, recoverability)
  const kept = newlyKept(guest, { recoverability, guestExpiresAt: promised.expiresAt })
  return {
    guest: {
      anonymousId,
      label,
      collection,
      userHandle: longMac(ctx.keys.userHandle, anonymousId),
      createdAt: row.createdAt,
      lastSeenAt: now,
      daysSeen: daysSeenNow(ctx, { daysSeen: carried?.daysSeen ?? 1, lastSeenAt }),
      expiresAt: promised.expiresAt,
      stage: 'active',
      promotedAt: null,
    },
    // The host kept the guest without its session: zeros make the next request touch it, which writes down the label.
    session: guest.createdAt === undefined ? { ...row, createdAt: 0, lastSeenAt: 0 } : row,
    snoozes: carried?.snoozes ?? [],
    retained: promised,
    endedUntil: Math.min(endsAt, now + longestIdle(ctx)),
    isNew,
    notes: [
      note(
        ctx,
        'guest.kept',
        { guest: toGuest(kept) },
        { anonymousId, sessionId: anonymousId, operator },
        { counts: { as: 'kept', collection } },
      ),
    ],
  }
}

/** A guest as it is when it was just kept. */
const newlyKept = (
  { anonymousId, label, collection }: NewlyKept,
  facts: { recoverability: Recoverability; guestExpiresAt: number | null },
): GuestFacts => ({ kind: 'stored', anonymousId, label, collection, promotedAt: null, ...facts })

/** What a sealed session becomes when its guest is kept. */
const keptSession = (session: SealedSession, { retained }: Keep): StoredSession => ({
  ...session,
  kind: 'stored',
  guestExpiresAt: retained.expiresAt,
})

/**
 * Keeps the guest of a session that was made just now, and returns the session as it goes on. `begun`: what is noted of it.
 * Errors: `session_invalid` if it ended meanwhile.
 */
export async function keepNewSession(
  ctx: Context,
  session: SealedSession,
  begun: (session: StoredSession) => Note,
): Promise<StoredSession> {
  const keep = keeping(ctx, session, { isNew: true })
  const kept = keptSession(session, keep)
  const outcome = await ctx.store.keepGuest({ ...keep, notes: [...keep.notes, begun(kept)] })
  if (outcome === 'ended') throw sessionEnded('before it was kept')
  return kept
}

/**
 * Keeps a guest, by the whole guest or by its id alone. Returns true if the guest was not kept before.
 * Errors: `invalid_request` if this is not an id; `not_found` if the guest's session has ended, for example
 * by sign-out or erasure.
 */
export async function keepGuestByHost(
  ctx: Context,
  who: string | Guest,
  operator?: OperatorAct,
): Promise<boolean> {
  const {
    anonymous_id: anonymousId,
    label,
    collection,
  } = typeof who === 'string' ? { anonymous_id: who, label: '', collection: '' } : who
  if (!isOurs(anonymousId)) {
    if (await findGuestById(ctx, String(anonymousId))) return false // imported guests are kept
    throw new GuestError('invalid_request', {
      detail:
        'This is not an anonymous_id. An anonymous_id is 22 characters of base64url, or the id that a guest was imported with.',
    })
  }
  const guest = { anonymousId, label, collection }
  const keep = keeping(ctx, guest, { operator })
  const outcome = await ctx.store.keepGuest(keep)
  if (outcome === 'ended')
    throw new GuestError('not_found', { detail: 'This guest can no longer be kept: its session has ended.' })
  return outcome === 'kept'
}
