// Sessions: sealed ones, which the browser carries whole, and stored ones, of guests who are kept.

import type { Context } from '../context.ts'
import { GuestError } from '../errors.ts'
import type { SessionRef, SessionRow, SessionWithGuest } from '../store/store.ts'
import type { GuestSession, Recoverability } from '../types.ts'
import { seal, unsealOften } from './seal.ts'
import { hashToken, mac, randomId } from './secrets.ts'

/** The session that a request was made in. Times are Unix seconds. */
export type Session = {
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
}

/** A session with the token that opens it: the only time that the token exists here in the clear. */
export type Issued = { session: Session; token: string }

/** What a request presented: nothing, a session, or a credential that is no longer (or never was) one. */
export type Presented =
  | { status: 'absent' }
  | { status: 'valid'; session: Session; token: string }
  | { status: 'invalid'; error: GuestError; ended?: Session }

/**
 * The payload of a sealed session, short-named because every request carries it: anonymous_id, label, collection,
 * when it was issued and last dated anew (seen), when it expires unused and when it ends. The ends are sealed, so that
 * longer limits in a later set-up bring nothing back to life.
 */
type SealedPayload = { a: string; l: string; c: string; i: number; s: number; x: number; e: number }

const SEALED = 'gks_'
const STORED = 'gkt_'
/** A stored session's use is written down at most this often, so that reading stays reading. */
const TOUCH_SECONDS = 10 * 60
/** A sealed session is dated anew when it is this old. */
const RENEW_SECONDS = 24 * 60 * 60

/** Whether a text is meant to be a token of ours, valid or not. */
export const looksLikeToken = (text: string): boolean => text.startsWith(SEALED) || text.startsWith(STORED)

/** A new session that lives nowhere but in its token. */
export function issueSealed(
  ctx: Context,
  guest: { anonymousId: string; label: string; collection: string },
  { createdAt, endsAt }: { createdAt: number; endsAt: number } = {
    createdAt: ctx.now(),
    endsAt: ctx.now() + ctx.config.sessionAbsoluteSeconds,
  },
): Issued {
  const now = ctx.now()
  const payload: SealedPayload = {
    a: guest.anonymousId,
    l: guest.label,
    c: guest.collection,
    i: createdAt,
    s: now,
    x: Math.min(now + ctx.config.sessionIdleSeconds, endsAt),
    e: endsAt,
  }
  return { session: sealedSession(ctx, payload), token: SEALED + seal(ctx.keys.session, payload) }
}

/** The row and the token of a new stored session, made now and proven with a passkey now. */
export function newStoredSession(ctx: Context, anonymousId: string, secret = randomId(256)) {
  const now = ctx.now()
  const endsAt = now + ctx.config.sessionAbsoluteSeconds
  const row: SessionRow = {
    anonymousId,
    id: hashToken(secret),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: Math.min(now + ctx.config.sessionIdleSeconds, endsAt),
    endsAt,
    authTime: now,
  }
  return { row, token: `${STORED}${anonymousId}.${secret}` }
}

/**
 * The secret of the session that a registration leads to. It follows from the challenge, so that a registration
 * whose answer was lost can be answered again with the same session, and from the deployment's key, so that
 * nobody else can follow.
 */
export const successorSecret = (ctx: Context, challengeId: string): string =>
  mac(ctx.keys.successor, challengeId)

/** Reads a token: is it a session of ours, and is it alive? */
export async function readToken(ctx: Context, token: string): Promise<Presented> {
  if (token.startsWith(SEALED)) return readSealed(ctx, token)
  if (token.startsWith(STORED)) return readStored(ctx, token)
  return invalid('not a token of ours')
}

const invalid = (reason: string, ended?: Session): Presented => ({
  status: 'invalid',
  error: new GuestError('session_invalid', { reason }),
  ...(ended && { ended }),
})

async function readSealed(ctx: Context, token: string): Promise<Presented> {
  const payload = unsealOften<SealedPayload>(ctx.keys.session, token.slice(SEALED.length))
  if (!payload) return invalid('seal broken')
  const session = sealedSession(ctx, payload)
  if (session.expiresAt <= ctx.now()) return invalid('sealed session expired')
  if (await ctx.store.sealedSessionEnded(session)) return invalid('sealed session ended', session)
  return { status: 'valid', session, token }
}

function sealedSession(ctx: Context, { a, l, c, i, s, x, e }: SealedPayload): Session {
  const endsAt = Math.min(e, i + ctx.config.sessionAbsoluteSeconds)
  return {
    kind: 'sealed',
    id: a, // a guest without a row has one session: that of the browser where the guest began
    anonymousId: a,
    label: l,
    collection: c,
    recoverability: 'none',
    createdAt: i,
    lastSeenAt: s,
    expiresAt: Math.min(x, s + ctx.config.sessionIdleSeconds, endsAt),
    endsAt,
    authTime: null,
  }
}

async function readStored(ctx: Context, token: string): Promise<Presented> {
  const [anonymousId, secret, ...more] = token.slice(STORED.length).split('.')
  if (!anonymousId || !secret || more.length > 0) return invalid('malformed token')
  const row = await ctx.store.findSession({ anonymousId, id: hashToken(secret) })
  if (!row) return invalid('no such session')
  if (row.expiresAt <= ctx.now()) return invalid('stored session expired')
  touch(ctx, row)
  return { status: 'valid', session: storedSession(row), token }
}

const recoverabilityOf = (backedUp: boolean | null): Recoverability =>
  backedUp === null ? 'none' : backedUp ? 'synced' : 'passkey'

/** A session of the store as the rules see it. */
export const storedSession = ({ backedUp, ...row }: SessionWithGuest): Session => ({
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
})

/** Slides the idle limit, in the background: a request neither waits for it nor fails with it. */
function touch(ctx: Context, row: SessionRow): void {
  const now = ctx.now()
  if (now - row.lastSeenAt < Math.min(TOUCH_SECONDS, ctx.config.sessionIdleSeconds / 4)) return
  ctx.store
    .touchSession({
      anonymousId: row.anonymousId,
      id: row.id,
      now,
      expiresAt: now + ctx.config.sessionIdleSeconds,
    })
    .catch((error: unknown) => ctx.logger.warn({ err: error }, 'a session could not be touched'))
}

/** The token to carry on with where a sealed session is due for a new date; its absolute end stays. */
export function renewed(ctx: Context, session: Session): Issued | undefined {
  const due = Math.min(RENEW_SECONDS, ctx.config.sessionIdleSeconds / 4)
  if (session.kind !== 'sealed' || ctx.now() - session.lastSeenAt < due) return undefined
  return issueSealed(ctx, session, session)
}

export const sessionRef = (ctx: Context, session: Session): SessionRef =>
  session.kind === 'sealed'
    ? {
        kind: 'sealed',
        anonymousId: session.anonymousId,
        endedUntil: Math.min(session.endsAt, ctx.now() + ctx.config.sessionIdleSeconds),
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
