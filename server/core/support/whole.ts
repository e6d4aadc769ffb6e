// One guest whole, for an operator: what the guest's own export has, and what only an operator needs.

import type { Context } from '../../context.ts'
import type { DeviceLink, FoundGuest, GuestSession, MergeStatus, WayIn } from '../../types.ts'
import { type GuestRecord, recordOf } from '../account/record.ts'
import { isId } from '../guests/ids.ts'
import { toWayIn, wayInName } from '../life/ways-in.ts'
import { findOne } from './find.ts'

/** Everything that is known about one guest. Times are Unix seconds. */
export type WholeGuest = FoundGuest & {
  /** When this was read. */
  read_at: number
  /** When the clean-up looks at the guest: it warns it, or lets it expire; null: never. */
  due_at: number | null
  /** Those that are alive. A guest who is not kept has one that only its browser knows. */
  sessions: (Omit<GuestSession, 'current'> & {
    ends_at: number
    client_id: string | null
    scope: string | null
  })[]
  /** Whether the session has ended that a browser carries itself: that of a guest who is not kept, or was not. */
  sealed_session_ended: boolean
  /** Links that let another device in, for a few minutes. `result`: the session that the other device got. */
  device_links: {
    id: string
    status: DeviceLink['status']
    session_id: string
    result: string | null
    expires_at: number
  }[]
  /**
   * The way in that an operator opened, with the ids of who did and who approved it; null if there is none. `id`: what an
   * approval names.
   */
  way_in: (WayIn & { id: string; opened_by: string; approved_by: string | null }) | null
  /** The merges into this guest, and of this guest into others. `ticket` undoes it while the status is `merged`. */
  merges: {
    ticket: string
    from: string
    into: string
    label: string
    status: MergeStatus
    expires_at: number
  }[]
} & Omit<GuestRecord, 'merges'>

/** One guest whole; null for an id that nobody can have. Of a guest who is not kept, there is little: `stage` is `unkept`. */
export async function wholeGuest(ctx: Context, anonymousId: string): Promise<WholeGuest | null> {
  const found = isId(anonymousId) ? await findOne(ctx, anonymousId) : undefined
  if (!found) return null
  const key = { anonymousId }
  const now = ctx.now()
  const [record, [row], sessions, sealedSessionEnded, links, into, from, wayIn] = await Promise.all([
    recordOf(ctx, anonymousId, { forOperators: true }),
    ctx.store.listGuests({ of: key, after: '', limit: 1, now }),
    ctx.store.listSessions({ ...key, now }),
    ctx.store.sealedSessionEnded(key),
    ctx.store.listDeviceLinks({ ...key, now }),
    ctx.store.listMerges(key),
    ctx.store.listMergesOf(key),
    ctx.store.findWayIn({ ...key, now }),
  ])
  return {
    ...found,
    ...record,
    read_at: now,
    due_at: row?.dueAt ?? null,
    sessions: sessions.map((one) => ({
      id: one.id,
      created_at: one.createdAt,
      last_seen_at: one.lastSeenAt,
      expires_at: one.expiresAt,
      auth_time: one.authTime,
      ends_at: one.endsAt,
      client_id: one.grant?.clientId ?? null,
      scope: one.grant?.scope ?? null,
    })),
    sealed_session_ended: sealedSessionEnded,
    device_links: links.map(({ id, status, sessionId, result, expiresAt }) => ({
      id,
      status,
      session_id: sessionId,
      result,
      expires_at: expiresAt,
    })),
    way_in: wayIn
      ? {
          ...toWayIn(wayIn),
          id: wayInName(wayIn),
          opened_by: wayIn.openedBy,
          approved_by: wayIn.approvedBy,
        }
      : null,
    merges: [...into, ...from].map(({ id, fromId, intoId, label, status, expiresAt }) => ({
      ticket: id,
      from: fromId,
      into: intoId,
      label,
      status,
      expires_at: expiresAt,
    })),
  }
}
