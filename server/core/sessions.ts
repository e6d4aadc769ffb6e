// Sessions, whatever they are presented by: what they are, how they are listed, and how they end.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { Client } from '../options.ts'
import type { SessionRef, SessionWithGuest } from '../store/store.ts'
import type { GuestSession, Recoverability } from '../types.ts'

/** The session that a request was made in. Times are Unix seconds. */
export type Session = {
  /** `sealed`: the browser carries it whole; `stored`: it is in the store, and its guest is kept. */
  kind: 'sealed' | 'stored'
  id: string
  anonymousId: string
  label: string
  collection: string
  recoverability: Recoverability
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  endsAt: number
  /** When a passkey was last proven in this session, or null. */
  authTime: number | null
  /** Where it is an OAuth client's. */
  grant: Grant | null
}

/** What a client was given. */
export type Grant = {
  clientId: string
  scope: string[]
  /** The thumbprint of the key that its tokens are bound to (RFC 9449, 6), or null. */
  jkt: string | null
}

/** The client that a new session is to be of, and what it is given. */
export type Holder = { client: Client; grant: Grant }

/**
 * A session with the token that goes on with it: a browser's cookie, or a client's refresh token. This is the only
 * time that the token exists here in the clear.
 */
export type Issued = { session: Session; token: string }

/** The client whose access token was presented, and the key that the request proved to hold. */
export type Bearer = {
  client: Client
  jkt: string | null
  /** Whom it is for. */
  audiences: string[]
  /** Whether it is for us alone: what another service is sent as well must not have the guest's power here. */
  own: boolean
}

/** What a request presented: nothing, a session, or a credential that is no longer (or never was) one. */
export type Presented =
  | { status: 'absent' }
  | { status: 'valid'; session: Session; token: string; by?: Bearer }
  | { status: 'invalid'; error: GuestError; ended?: Session; by?: Bearer }

export const invalid = (reason: string, ended?: Session): Extract<Presented, { status: 'invalid' }> => ({
  status: 'invalid',
  error: new GuestError('session_invalid', { reason }),
  ...(ended && { ended }),
})

const recoverabilityOf = (backedUp: boolean | null): Recoverability =>
  backedUp === null ? 'none' : backedUp ? 'synced' : 'passkey'

/** A session of the store as the rules see it. */
export const storedSession = ({ backedUp, grant, ...row }: SessionWithGuest): Session => ({
  kind: 'stored',
  id: row.id,
  anonymousId: row.anonymousId,
  label: row.label,
  collection: row.collection,
  recoverability: recoverabilityOf(backedUp),
  createdAt: row.createdAt,
  lastSeenAt: row.lastSeenAt,
  expiresAt: row.expiresAt,
  endsAt: row.endsAt,
  authTime: row.authTime,
  grant: grant && { clientId: grant.clientId, scope: grant.scope.split(' ').filter(Boolean), jkt: grant.jkt },
})

/** How long a token of a sealed session may live unused, whoever has it. */
const longestIdle = ({ config }: Context) =>
  Math.max(config.sessionIdleSeconds, ...config.clients.map((client) => client.refreshIdleSeconds))

export const sessionRef = (ctx: Context, session: Session): SessionRef =>
  session.kind === 'sealed'
    ? {
        kind: 'sealed',
        anonymousId: session.anonymousId,
        endedUntil: Math.min(session.endsAt, ctx.now() + longestIdle(ctx)),
      }
    : { kind: 'stored', anonymousId: session.anonymousId, id: session.id }

/** Refuses what would lose a guest who could not come back. */
function keepFromLoss(session: Session, force: boolean): void {
  if (session.recoverability === 'none' && !force) throw new GuestError('would_lose_account')
}

/**
 * Signs out here, or everywhere.
 * Errors: `would_lose_account` for a guest who could not come back, unless forced; `session_invalid` where the
 * session ended meanwhile, perhaps by a first passkey that began another.
 */
export async function signOut(
  ctx: Context,
  session: Session,
  { everywhere = false, force = false }: { everywhere?: boolean | undefined; force?: boolean | undefined },
): Promise<void> {
  keepFromLoss(session, force)
  const ended =
    everywhere && session.kind === 'stored'
      ? await ctx.store.endSessions({ anonymousId: session.anonymousId })
      : await ctx.store.endSession(sessionRef(ctx, session))
  if (!ended) throw new GuestError('session_invalid', { reason: 'ended during the sign-out' })
  ctx.events.emit('guest.signed_out', { anonymous_id: session.anonymousId, everywhere })
}

/** The guest's sessions, the most recently used first. */
export async function listSessions(ctx: Context, session: Session): Promise<GuestSession[]> {
  const rows =
    session.kind === 'sealed'
      ? [session]
      : await ctx.store.listSessions({ anonymousId: session.anonymousId, now: ctx.now() })
  return rows.map((row) => ({
    id: row.id,
    created_at: row.createdAt,
    last_seen_at: row.lastSeenAt,
    expires_at: row.expiresAt,
    auth_time: row.authTime,
    current: row.id === session.id,
  }))
}

/**
 * Ends one session of the guest; true where it was the one that the request was made in.
 * Errors: `not_found`; `would_lose_account` as for signing out, where it is one's own.
 */
export async function endSession(
  ctx: Context,
  session: Session,
  id: string,
  force: boolean,
): Promise<boolean> {
  if (id === session.id) {
    await signOut(ctx, session, { force })
    return true
  }
  const ended =
    session.kind === 'stored' &&
    (await ctx.store.endSession({ kind: 'stored', anonymousId: session.anonymousId, id }))
  if (!ended) throw new GuestError('not_found')
  return false
}

/** Ends every session of the guest but the one that the request was made in; how many they were. */
export async function endOtherSessions(ctx: Context, session: Session): Promise<number> {
  if (session.kind === 'sealed') return 0
  return ctx.store.endSessions({ anonymousId: session.anonymousId, except: session.id })
}
