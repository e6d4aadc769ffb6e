// Sessions, whatever they are presented by: what they are, how they are listed, and how they end.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { Note, SessionRef, SessionWithGuest, SnoozeRow } from '../../store/store.ts'
import type { GuestSession, Recoverability } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import type { GuestEvents } from '../events/events.ts'
import { announceRevoked, revocableKeys } from './revoked-keys.ts'

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
  /** Of one that the browser carries: when its token was dated; it may have been used since. */
  datedAt: number
  lastSeenAt: number
  expiresAt: number
  endsAt: number
  /** When a passkey was last proven in this session, or null. */
  authTime: number | null
  /** Until when a passkey may be added in it without such a proof, or null. */
  enrolUntil: number | null
  /** Where it is an OAuth client's. */
  grant: Grant | null
  /** Of a stored one, when its guest is forgotten unless seen before; null: never. */
  guestExpiresAt: number | null
  /** Since when the guest is a regular user; null: is not. */
  promotedAt: number | null
  /** Of one that the browser carries: on how many days the guest was here. */
  daysSeen: number
  /** Of one that the browser carries: what the guest said "later" to. */
  snoozes: SnoozeRow[]
}

/** Whether the browser carries it whole; it may live on in a row since its guest was kept. */
export const isCarried = ({ id, anonymousId }: Session): boolean => id === anonymousId

export const dayOf = (seconds: number): number => Math.floor(seconds / (24 * 60 * 60))

/** On how many days (UTC) the guest was here, now being one of them. */
export const daysSeenNow = (
  ctx: Context,
  { daysSeen, lastSeenAt }: Pick<Session, 'daysSeen' | 'lastSeenAt'>,
): number => daysSeen + Number(dayOf(ctx.now()) > dayOf(lastSeenAt))

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

export const invalidSession = (
  reason: string,
  ended?: Session,
): Extract<Presented, { status: 'invalid' }> => ({
  status: 'invalid',
  error: new GuestError('session_invalid', { reason }),
  ...(ended && { ended }),
})

/** A session of the store as the rules see it. */
export const storedSession = ({ grant, ...row }: SessionWithGuest): Session => ({
  kind: 'stored',
  id: row.id,
  anonymousId: row.anonymousId,
  label: row.label,
  collection: row.collection,
  recoverability: row.recoverability,
  createdAt: row.createdAt,
  datedAt: row.createdAt,
  lastSeenAt: row.lastSeenAt,
  expiresAt: row.expiresAt,
  endsAt: row.endsAt,
  authTime: row.authTime,
  enrolUntil: row.enrolUntil,
  grant: grant && { clientId: grant.clientId, scope: grant.scope.split(' ').filter(Boolean), jkt: grant.jkt },
  guestExpiresAt: row.guestExpiresAt,
  promotedAt: row.promotedAt,
  daysSeen: 0,
  snoozes: [],
})

/** How long a token of a sealed session may live unused, whoever has it. */
export const longestIdle = ({ config }: Context): number =>
  Math.max(config.sessionIdleSeconds, ...config.clients.map((client) => client.refreshIdleSeconds))

/** How long any session may live in all. */
export const longestAbsolute = ({ config }: Context): number =>
  Math.max(config.sessionAbsoluteSeconds, ...config.clients.map((client) => client.refreshAbsoluteSeconds))

export const sessionRef = (ctx: Context, session: Session): SessionRef =>
  session.kind === 'sealed'
    ? {
        kind: 'sealed',
        anonymousId: session.anonymousId,
        endedUntil: Math.min(session.endsAt, ctx.now() + longestIdle(ctx)),
      }
    : { kind: 'stored', anonymousId: session.anonymousId, id: session.id }

/** Whether anything but this session would bring the guest back. */
export const canComeBack = ({ recoverability, promotedAt }: Session): boolean =>
  recoverability !== 'none' || promotedAt !== null

/** Refuses what would lose a guest who could not come back. */
function keepFromLoss(session: Session, force: boolean): void {
  if (!canComeBack(session) && !force) throw new GuestError('would_lose_account')
}

/**
 * Signs out here, or everywhere, device keys included.
 * Errors: `would_lose_account` for a guest who could not come back, unless forced; `session_invalid` where the
 * session ended meanwhile, perhaps by a first passkey that began another.
 */
export async function signOut(
  ctx: Context,
  session: Session,
  { everywhere = false, force = false }: { everywhere?: boolean | undefined; force?: boolean | undefined },
): Promise<void> {
  keepFromLoss(session, force)
  const event = { anonymous_id: session.anonymousId, everywhere }
  if (everywhere && session.kind === 'stored') {
    if (!force && (await livesByKeysAlone(ctx, session))) throw new GuestError('would_lose_account')
    if (!(await endSessions(ctx, session, {}, event))) throw endedBefore()
  } else {
    const notes = signedOutNotes(ctx, session, event)
    if (!(await ctx.store.endSession({ ...sessionRef(ctx, session), notes }))) throw endedBefore()
  }
  ctx.events.emit('guest.signed_out', event)
}

const endedBefore = () => new GuestError('session_invalid', { reason: 'ended during the sign-out' })

async function livesByKeysAlone(ctx: Context, { anonymousId, recoverability, promotedAt }: Session) {
  if (recoverability !== 'device' || promotedAt !== null) return false
  return (await ctx.store.countRecoveryCodes({ anonymousId })).left === 0
}

/** Ends sessions, and revokes the keys of the devices that had them; how many sessions they were. */
async function endSessions(
  ctx: Context,
  session: Session,
  which: { only?: string; except?: string },
  event: GuestEvents['guest.signed_out'],
): Promise<number> {
  const { anonymousId } = session
  const about = { anonymousId, sessionId: which.only ?? session.id }
  const { ended, keys } = await ctx.store.endSessions({
    anonymousId,
    ...which,
    notes: [note(ctx, 'guest.signed_out', event, about)],
    keys: await revocableKeys(ctx, about),
  })
  announceRevoked(ctx, anonymousId, keys)
  return ended
}

/** Of a guest without a row nothing is written down. */
export const signedOutNotes = (
  ctx: Context,
  session: Session,
  event: GuestEvents['guest.signed_out'],
): Note[] => (session.kind === 'sealed' ? [] : [note(ctx, 'guest.signed_out', event, aboutSession(session))])

/** Who, and in which session. */
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
    // Of a guest whom the host has kept, the row says so only once it is seen.
    last_seen_at: row.id === session.id ? Math.max(row.lastSeenAt, session.lastSeenAt) : row.lastSeenAt,
    expires_at: row.expiresAt,
    auth_time: row.authTime,
    current: row.id === session.id,
  }))
}

/**
 * Ends one session of the guest, and revokes the key of the device that had it; true where it was the one that the
 * request was made in: that device's key stays.
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
  const event = { anonymous_id: session.anonymousId, everywhere: false }
  if (session.kind === 'sealed' || !(await endSessions(ctx, session, { only: id }, event)))
    throw new GuestError('not_found')
  return false
}

/** Ends every session of the guest but the one that the request was made in, and revokes every other device's key; how many sessions they were. */
export async function endOtherSessions(ctx: Context, session: Session): Promise<number> {
  if (session.kind === 'sealed') return 0
  const event = { anonymous_id: session.anonymousId, everywhere: true }
  return endSessions(ctx, session, { except: session.id }, event)
}
