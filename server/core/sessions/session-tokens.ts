// The session tokens in browsers' cookies, sealed and stored: how they are read, and how stored ones are issued.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { SessionRow, SessionWithGuest } from '../../store/store.ts'
import { unsealSession } from '../crypto/seal.ts'
import { hashToken, type Keys, mac, randomId } from '../crypto/secrets.ts'
import { idFromToken, idInToken, isId } from '../guests/ids.ts'
import { asSeen, touch } from './renewal.ts'
import {
  carriedLifetimes,
  cookieLifetimes,
  type Lifetimes,
  SEALED_SESSION_PREFIX,
  type SealedPayload,
  sealedSession,
} from './sealed-sessions.ts'
import {
  type CarriedSession,
  canComeBack,
  carriedKey,
  invalidSession,
  isCarriedRow,
  type Presented,
  type SealedSession,
  type Session,
  storedSession,
} from './sessions.ts'

const STORED_SESSION_PREFIX = 'gkt_'

/**
 * The secret of a browser's stored session: 256 bits. No other text is hashed, so that no text hashes to the row id of a
 * client's session (see `rowId` in tokens/refresh-tokens.ts).
 */
const STORED_SECRET = /^[\w-]{43}$/

/** Whether a text has the prefix of our session tokens, valid or not. */
export const looksLikeSessionToken = (text: string): boolean =>
  text.startsWith(SEALED_SESSION_PREFIX) || text.startsWith(STORED_SESSION_PREFIX)

/**
 * The row of a new stored session that begins now. Its `authTime` is now, as after a proof with a passkey. A caller
 * without such a proof must replace it.
 */
export function newSessionRow(
  ctx: Context,
  anonymousId: string,
  id: string,
  { idleSeconds, absoluteSeconds }: Lifetimes = cookieLifetimes(ctx),
): SessionRow {
  const now = ctx.now()
  const endsAt = now + absoluteSeconds
  return {
    anonymousId,
    id,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: Math.min(now + idleSeconds, endsAt),
    endsAt,
    authTime: now,
    enrolUntil: null,
    grant: null,
  }
}

/** The row and the token of a browser's new stored session. */
export const newStoredSession = (ctx: Context, anonymousId: string, secret = randomId(256)) => ({
  row: newSessionRow(ctx, anonymousId, hashToken(secret)),
  token: `${STORED_SESSION_PREFIX}${idInToken(anonymousId)}.${secret}`,
})

/**
 * The secret of the session that a registration begins. It is derived from the challenge, so that a registration whose
 * answer was lost is answered again with the same session. It is derived from the deployment's key too, so that nobody
 * else can compute it.
 */
export const successorSecret = ({ keys, id }: { keys: Keys; id: string }): string => mac(keys.successor, id)

/**
 * Reads a session token: did we issue it, and is the session alive? `seenCookies`: the values of all seen cookies that
 * came with it (see `seenIfDue`). The latest one that is for this session counts, so a planted one changes nothing.
 */
export async function readSessionToken(
  ctx: Context,
  token: string,
  seenCookies: string[] = [],
): Promise<Presented> {
  if (token.startsWith(SEALED_SESSION_PREFIX)) return readSealed(ctx, token, seenCookies)
  if (token.startsWith(STORED_SESSION_PREFIX)) return readStored(ctx, token)
  return invalidSession('not a token of ours')
}

async function readSealed(ctx: Context, token: string, seenCookies: string[]): Promise<Presented> {
  const payload = unsealSession<SealedPayload>(ctx.keyring, token.slice(SEALED_SESSION_PREFIX.length))
  if (!payload) return invalidSession('seal broken')
  const latest = seenCookies.reduce((before, cookie) => asSeen(ctx, before, cookie), payload)
  const seen = sealedSession(ctx, latest, cookieLifetimes(ctx), null)
  const session = { ...seen, carried: { ...seen.carried, datedAt: payload.s } }
  const now = ctx.now()
  if (session.endsAt <= now) return invalidSession('sealed session expired')
  const living = await livingSession(ctx, session)
  // If the guest was kept, its row has the idle limit, so an old copy of the token still works.
  if (session.expiresAt <= now && living?.kind !== 'stored') return invalidSession('sealed session expired')
  return living
    ? { status: 'valid', session: living, token }
    : endedOrMerged(ctx, 'sealed session ended', session.anonymousId, session)
}

/**
 * What a sealed token stands for now: itself, or the row in which its session goes on since the guest was kept.
 * Undefined if the session has ended.
 */
export async function livingSession(
  ctx: Context,
  sealed: SealedSession,
): Promise<CarriedSession | undefined> {
  const { anonymousId } = sealed
  if (!(await ctx.store.sealedSessionEnded({ anonymousId }))) return sealed
  const row = await ctx.store.findSession(carriedKey(anonymousId))
  // An undone merge makes this row anew, dated like the session that was merged: older tokens stay dead.
  if (!row || row.expiresAt <= ctx.now() || sealed.createdAt < row.createdAt) return undefined
  const unusedUntil = sealed.grant
    ? clientUnused(sealed, row)
    : Math.max(sealed.expiresAt, keptUnused(ctx, sealed, row))
  if (unusedUntil <= ctx.now()) return undefined
  const { label, collection, endsAt, createdAt, lastSeenAt, grant, carried } = sealed
  const session = {
    ...storedSession({ ...row, label: row.label || label, collection: row.collection || collection }),
    endsAt,
    createdAt,
    lastSeenAt,
    grant,
    carried,
    expiresAt: Math.min(row.expiresAt, unusedUntil, endsAt),
  }
  return { ...session, guestExpiresAt: touch(ctx, session, row.lastSeenAt) }
}

/** Until when a kept guest's session lives unused in a client. The client has the latest token, so its date counts. */
const clientUnused = ({ expiresAt, carried }: SealedSession, row: SessionWithGuest): number =>
  canComeBack(row) ? carried.lastsUntil : expiresAt

/**
 * Until when a kept guest's session lives unused in a browser: for `sessions.idleSeconds`, but no longer than a guest who could
 * not come back is remembered. If the row was never used (`lastSeenAt` is 0): until the row or the guest expires.
 */
function keptUnused(ctx: Context, { collection }: Session, row: SessionWithGuest): number {
  const lifetimes = cookieLifetimes(ctx)
  const { idleSeconds } = canComeBack(row) ? lifetimes : carriedLifetimes(ctx, collection, lifetimes)
  if (row.lastSeenAt > 0) return row.lastSeenAt + idleSeconds
  return Math.min(row.expiresAt, row.guestExpiresAt ?? row.expiresAt)
}

/** The answer for a session that is over: `guest_merged` if its guest was merged into another one, or invalid. */
export async function endedOrMerged(
  ctx: Context,
  reason: string,
  anonymousId: string,
  ended?: Session,
  sessionId?: string,
): Promise<Extract<Presented, { status: 'invalid' }>> {
  const merged = await ctx.store.wasMerged({ anonymousId, sessionId, now: ctx.now() })
  return merged ? { status: 'invalid', error: new GuestError('guest_merged') } : invalidSession(reason, ended)
}

async function readStored(ctx: Context, token: string): Promise<Presented> {
  const [part = '', secret = '', ...more] = token.slice(STORED_SESSION_PREFIX.length).split('.')
  const anonymousId = idFromToken(part)
  if (more.length > 0 || !isId(anonymousId) || !STORED_SECRET.test(secret))
    return invalidSession('malformed token')
  const id = hashToken(secret)
  const row = await ctx.store.findSession({ anonymousId, id })
  // `guest_merged` only for the token of that very session, because an anonymous_id is no secret.
  if (!row || row.grant || isCarriedRow(row))
    return endedOrMerged(ctx, 'no such session', anonymousId, undefined, id)
  if (row.expiresAt <= ctx.now()) return invalidSession('stored session expired')
  const session = storedSession(row)
  const guestExpiresAt = touch(ctx, session, row.lastSeenAt)
  return { status: 'valid', session: { ...session, guestExpiresAt }, token }
}
