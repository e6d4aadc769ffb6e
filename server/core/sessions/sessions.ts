// Sessions of browsers and clients: what they hold, and how they are listed.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { GrantRow, SessionRef, SessionRow, SessionWithGuest, SnoozeRow } from '../../store/store.ts'
import type { GuestSession, Recoverability } from '../../types.ts'

/** What every session has. Times are Unix seconds. */
type AnySession = {
  id: string
  anonymousId: string
  label: string
  collection: string
  createdAt: number
  lastSeenAt: number
  /** When it ends unless it is used before. */
  expiresAt: number
  /** When it ends even if it is used. */
  endsAt: number
  /** What an OAuth client was granted, if the session is a client's; null for a browser's. */
  grant: Grant | null
}

/** What a sealed token holds beyond the session itself. Until the guest is kept, it is stored nowhere else. */
export type Carried = {
  /** When the token was dated; the session may have been used since. */
  datedAt: number
  /** Until when it lives unused if its guest was kept meanwhile and could come back. */
  lastsUntil: number
  /** On how many days (UTC) the guest was seen. */
  daysSeen: number
  /** The prompts to which the guest said "later". */
  snoozes: SnoozeRow[]
}

/** It lives in its token alone. Its guest is not kept, so nothing brings the guest back, and nothing was proven. */
export type SealedSession = AnySession & {
  kind: 'sealed'
  carried: Carried
  recoverability: 'none'
  authTime: null
  enrolUntil: null
  promotedAt: null
}

/**
 * It is in the store, and its guest is kept. `carried` is null, unless its browser or client still carries the sealed token
 * from before the guest was kept.
 */
export type StoredSession = AnySession & {
  kind: 'stored'
  recoverability: Recoverability
  /** When a passkey was last proven in this session, or null. */
  authTime: number | null
  /** Until when a passkey or a device key may be added without such a proof, or null. */
  enrolUntil: number | null
  /** When the guest became a regular user; null: it is not one. */
  promotedAt: number | null
  /** Until when the guest is remembered if not seen again; null: for ever. */
  guestExpiresAt: number | null
} & ({ carried: null } | { carried: Carried })

/**
 * The session that a request was made in. There are three kinds. Sealed: it lives in its token alone, and its guest has no
 * row. Stored: it has a row, which its token names. Carried: its guest was kept meanwhile, so it has a row, but its browser
 * or client still carries the sealed token (here: `stored`, with `carried`). See also `SessionRef` in
 * store/port/sessions.ts.
 */
export type Session = SealedSession | StoredSession

/** A session whose token is a sealed one, so a sealed or a carried session. */
export type CarriedSession = Session & { carried: Carried }

/** The key of the row in which a sealed session goes on when its guest is kept: the row has the guest's own id. */
export const carriedKey = (anonymousId: string) => ({ anonymousId, id: anonymousId })

/** Whether a row has such a key. Only the sealed token opens it. */
export const isCarriedRow = ({ anonymousId, id }: SessionRow): boolean => id === carriedKey(anonymousId).id

/** The number of the UTC day. */
export const dayOf = (seconds: number): number => Math.floor(seconds / (24 * 60 * 60))

/** On how many days (UTC) the guest was seen, today included. */
export const daysSeenNow = (
  ctx: Context,
  { daysSeen, lastSeenAt }: { daysSeen: number; lastSeenAt: number },
): number => daysSeen + Number(dayOf(ctx.now()) > dayOf(lastSeenAt))

/** What an OAuth client was granted. */
export type Grant = {
  clientId: string
  scope: string[]
  /** The thumbprint of the key that its tokens are bound to (RFC 9449, 6), or null. */
  jkt: string | null
}

/** The client that gets a new session, and what it is granted. */
export type Holder = { client: Client; grant: Grant }

/**
 * A session and its new token: a browser's cookie, or a client's refresh token. The store never holds the token in the
 * clear.
 */
export type Issued = { session: Session; token: string }

/** The client whose access token was presented, and the key that the request proved to hold (`jkt`), or null. */
export type Bearer = {
  client: Client
  jkt: string | null
  /** The audiences of the token. */
  audiences: string[]
  /** What the client was granted with it. */
  scope: string[]
  /** Whether the token is for us alone. If another service gets it too, it must not have the guest's power here. */
  own: boolean
}

/** What a request presented: nothing, a living session, or a credential that is not valid (any more). */
export type Presented =
  | { status: 'absent' }
  | { status: 'valid'; session: Session; token: string; by?: Bearer }
  | { status: 'invalid'; error: GuestError; ended?: Session; by?: Bearer }

export const invalidSession = (
  reason: string,
  ended?: Session,
): Extract<Presented, { status: 'invalid' }> => ({
  status: 'invalid',
  error: new GuestError('session_invalid', { reason }),
  ...(ended && { ended }),
})

/**
 * The error if the session of a request ended meanwhile. `when` is for the log: `during the promotion` makes `ended during
 * the promotion`.
 */
export const sessionEnded = (when: string): GuestError =>
  new GuestError('session_invalid', { reason: `ended ${when}` })

/** The session that a row of the store holds, for a token that is not sealed. */
export const storedSession = (row: SessionWithGuest): StoredSession => ({
  kind: 'stored',
  id: row.id,
  anonymousId: row.anonymousId,
  label: row.label,
  collection: row.collection,
  recoverability: row.recoverability,
  createdAt: row.createdAt,
  lastSeenAt: row.lastSeenAt,
  expiresAt: row.expiresAt,
  endsAt: row.endsAt,
  authTime: row.authTime,
  enrolUntil: row.enrolUntil,
  grant: row.grant && toGrant(row.grant),
  guestExpiresAt: row.guestExpiresAt,
  promotedAt: row.promotedAt,
  carried: null,
})

const toGrant = ({ clientId, scope, jkt }: GrantRow): Grant => ({
  clientId,
  scope: scope.split(' ').filter(Boolean),
  jkt,
})

/** The longest time that a sealed session's token can live unused, in a browser or at any client. */
export const longestIdle = ({ config }: Context): number =>
  Math.max(config.sessions.idleSeconds, ...config.clients.map((client) => client.refreshIdleSeconds))

/** The longest time that any session can live, even if it is used. */
export const longestAbsolute = ({ config }: Context): number =>
  Math.max(config.sessions.absoluteSeconds, ...config.clients.map((client) => client.refreshAbsoluteSeconds))

export function sessionRef(ctx: Context, session: Session): SessionRef {
  const { kind, anonymousId, id, endsAt } = session
  if (kind === 'sealed')
    return { kind, anonymousId, endedUntil: Math.min(endsAt, ctx.now() + longestIdle(ctx)) }
  return session.carried ? { kind: 'carried', anonymousId } : { kind, anonymousId, id }
}

/** Whether the guest could come back without this session. */
export const canComeBack = ({
  recoverability,
  promotedAt,
}: Pick<Session, 'recoverability' | 'promotedAt'>): boolean =>
  recoverability !== 'none' || promotedAt !== null

/** Whom and which session an audit line is about. */
export const aboutSession = ({ anonymousId, id }: Session) => ({ anonymousId, sessionId: id })

/** The guest's sessions, the most recently used first. */
export async function listSessions(ctx: Context, session: Session): Promise<GuestSession[]> {
  const rows =
    session.kind === 'sealed'
      ? [session]
      : await ctx.store.listSessions({ anonymousId: session.anonymousId, now: ctx.now() })
  return rows.map((row) => ({
    id: row.id,
    created_at: row.id === session.id ? session.createdAt : row.createdAt,
    // If the host kept the guest by its id, the row knows this only after the next use is written.
    last_seen_at: row.id === session.id ? Math.max(row.lastSeenAt, session.lastSeenAt) : row.lastSeenAt,
    expires_at: row.expiresAt,
    auth_time: row.authTime,
    current: row.id === session.id,
  }))
}
