// The tokens of a browser's sessions, which its cookie holds: sealed ones, and those of the store.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { SessionRow, SessionWithGuest } from '../../store/store.ts'
import { seal, unsealSession } from '../crypto/seal.ts'
import { hashToken, type Keys, mac, randomId, sameText } from '../crypto/secrets.ts'
import { idFromToken, idInToken } from '../guests/ids.ts'
import { forEver, retained, retainedBy, rulesOf } from '../guests/retention.ts'
import {
  dayOf,
  daysSeenNow,
  type Grant,
  type Issued,
  invalidSession,
  isCarried,
  longestIdle,
  type Presented,
  type Session,
  storedSession,
} from './sessions.ts'

/**
 * The payload of a sealed session, short-named because every request carries it: anonymous_id, label, collection,
 * when it was issued and last dated anew (seen), when it expires unused and when it ends. The ends are sealed, so that
 * longer limits in a later set-up bring nothing back to life.
 */
export type SealedPayload = {
  a: string
  l: string
  c: string
  i: number
  s: number
  x: number
  e: number
  /** Days seen, where more than one. */
  d?: number
  /** What the guest said "later" to: how often, and until when. */
  q?: Record<string, [times: number, until: number]>
}

const SEALED_SESSION_PREFIX = 'gks_'
const STORED_SESSION_PREFIX = 'gkt_'
/** A stored session's use is written down at most this often, so that reading stays reading. */
const TOUCH_SECONDS = 10 * 60
/** A sealed session is dated anew when it is this old. */
const RENEW_SECONDS = 24 * 60 * 60

/** How long a session lives unused, and in all. */
export type Lifetimes = { idleSeconds: number; absoluteSeconds: number }

const cookieLifetimes = ({ config }: Context): Lifetimes => ({
  idleSeconds: config.sessionIdleSeconds,
  absoluteSeconds: config.sessionAbsoluteSeconds,
})

/** A guest whom nothing but the session would bring back is forgotten with it: it lives no longer than that. */
export function carriedLifetimes(ctx: Context, collection: string, lifetimes: Lifetimes): Lifetimes {
  const { none } = rulesOf(ctx, collection).retention
  return none === false ? lifetimes : { ...lifetimes, idleSeconds: Math.min(lifetimes.idleSeconds, none) }
}

/** Whether a text is meant to be a session token of ours, valid or not. */
export const looksLikeSessionToken = (text: string): boolean =>
  text.startsWith(SEALED_SESSION_PREFIX) || text.startsWith(STORED_SESSION_PREFIX)

export type NewGuest = { anonymousId: string; label: string; collection: string } & Partial<
  Pick<Session, 'daysSeen' | 'snoozes' | 'lastSeenAt'>
>
/** When a session began and ends, where it is an earlier one that goes on. */
export type Span = { createdAt: number; endsAt: number }

/** What a new or newly dated sealed session says. */
export function sealedPayload(
  ctx: Context,
  guest: NewGuest,
  lifetimes: Lifetimes,
  span?: Span,
): SealedPayload {
  const { idleSeconds, absoluteSeconds } = carriedLifetimes(ctx, guest.collection, lifetimes)
  const now = ctx.now()
  const { lastSeenAt = now, daysSeen = 1 } = guest
  // A browser keeps no more than 4 KB of it: what no rule asks for any more is forgotten.
  const asked = rulesOf(ctx, guest.collection).prompts
  const snoozes = (guest.snoozes ?? []).filter((one) => asked.some(({ prompt }) => prompt === one.prompt))
  const days = daysSeenNow(ctx, { daysSeen, lastSeenAt })
  const { createdAt, endsAt } = span ?? { createdAt: now, endsAt: now + absoluteSeconds }
  return {
    a: guest.anonymousId,
    l: guest.label,
    c: guest.collection,
    i: createdAt,
    s: now,
    x: Math.min(now + idleSeconds, endsAt),
    e: endsAt,
    ...(days > 1 && { d: days }),
    ...(snoozes.length > 0 && {
      q: Object.fromEntries(
        snoozes.map(({ prompt, times, snoozedUntil }) => [prompt, [times, snoozedUntil]]),
      ),
    }),
  }
}

/** What a sealed session says, as the rules see it; a shorter life in a later set-up counts at once. */
export function sealedSession(
  ctx: Context,
  { a, l, c, i, s, x, e, d = 1, q = {} }: SealedPayload,
  lifetimes: Lifetimes,
  grant: Grant | null,
): Session {
  const { idleSeconds, absoluteSeconds } = carriedLifetimes(ctx, c, lifetimes)
  const endsAt = Math.min(e, i + absoluteSeconds)
  return {
    kind: 'sealed',
    id: a, // a guest without a row has one session: that of the browser where the guest began
    anonymousId: a,
    label: l,
    collection: c,
    recoverability: 'none',
    createdAt: i,
    datedAt: s,
    lastSeenAt: s,
    expiresAt: Math.min(x, s + idleSeconds, endsAt),
    endsAt,
    authTime: null,
    enrolUntil: null,
    grant,
    guestExpiresAt: null,
    promotedAt: null,
    daysSeen: d,
    snoozes: Object.entries(q).map(([prompt, [times, snoozedUntil]]) => ({ prompt, times, snoozedUntil })),
  }
}

/** A new session that lives nowhere but in its token. */
export function issueSealed(ctx: Context, guest: NewGuest, span?: Span): Issued {
  const payload = sealedPayload(ctx, guest, cookieLifetimes(ctx), span)
  const session = sealedSession(ctx, payload, cookieLifetimes(ctx), null)
  return { session, token: SEALED_SESSION_PREFIX + seal(ctx.keys.session, payload) }
}

/** The row of a new stored session, made now and proven with a passkey now. */
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
 * The secret of the session that a registration leads to. It follows from the challenge, so that a registration
 * whose answer was lost can be answered again with the same session, and from the deployment's key, so that
 * nobody else can follow.
 */
export const successorSecret = ({ keys, id }: { keys: Keys; id: string }): string => mac(keys.successor, id)

/** Reads a token: is it a session of ours, and is it alive? `mark`: what lay beside it, which may say that it was used. */
export async function readSessionToken(ctx: Context, token: string, mark?: string): Promise<Presented> {
  if (token.startsWith(SEALED_SESSION_PREFIX)) return readSealed(ctx, token, mark)
  if (token.startsWith(STORED_SESSION_PREFIX)) return readStored(ctx, token)
  return invalidSession('not a token of ours')
}

async function readSealed(ctx: Context, token: string, mark?: string): Promise<Presented> {
  const payload = unsealSession<SealedPayload>(ctx.keyring, token.slice(SEALED_SESSION_PREFIX.length))
  if (!payload) return invalidSession('seal broken')
  const seen = mark === undefined ? payload : asMarked(ctx, payload, mark)
  const session = { ...sealedSession(ctx, seen, cookieLifetimes(ctx), null), datedAt: payload.s }
  const now = ctx.now()
  if (session.endsAt <= now) return invalidSession('sealed session expired')
  const living = await livingSession(ctx, session)
  // Of a guest who was kept the row decides, which slides whichever way the guest is seen.
  if (session.expiresAt <= now && living?.kind !== 'stored') return invalidSession('sealed session expired')
  return living
    ? { status: 'valid', session: living, token }
    : endedOrMerged(ctx, 'sealed session ended', session.anonymousId, session)
}

/**
 * A session that the browser carries, as it lives: without a row, or in one since its guest was kept; undefined where
 * it has ended.
 */
export async function livingSession(ctx: Context, carried: Session): Promise<Session | undefined> {
  const { anonymousId } = carried
  if (!(await ctx.store.sealedSessionEnded({ anonymousId }))) return carried
  const row = await ctx.store.findSession({ anonymousId, id: anonymousId })
  // Copies from before it was brought back are of another life.
  if (!row || row.expiresAt <= ctx.now() || carried.createdAt < row.createdAt) return undefined
  const unusedUntil = carried.grant
    ? carried.expiresAt
    : Math.max(carried.expiresAt, keptUnused(ctx, carried, row))
  if (!carried.grant && unusedUntil <= ctx.now()) return undefined
  const { label, collection, endsAt, createdAt, datedAt, grant, snoozes, daysSeen } = carried
  const session: Session = {
    ...storedSession({ ...row, label: row.label || label, collection: row.collection || collection }),
    endsAt,
    createdAt,
    datedAt,
    grant,
    snoozes,
    daysSeen,
    lastSeenAt: carried.lastSeenAt,
    expiresAt: Math.min(row.expiresAt, unusedUntil, endsAt),
  }
  return touch(ctx, session, row.lastSeenAt)
}

/** Until when a browser's session of a kept guest lives unused, by its row; one that nobody has seen there, as promised. */
function keptUnused(ctx: Context, { collection }: Session, row: SessionWithGuest): number {
  const { idleSeconds } = carriedLifetimes(ctx, collection, cookieLifetimes(ctx))
  if (row.lastSeenAt > 0) return row.lastSeenAt + idleSeconds
  return Math.min(row.expiresAt, row.guestExpiresAt ?? row.expiresAt)
}

/** A session that is over; of a guest who was merged into another one, that is said. */
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
  const [part, secret, ...more] = token.slice(STORED_SESSION_PREFIX.length).split('.')
  if (!part || !secret || more.length > 0) return invalidSession('malformed token')
  const anonymousId = idFromToken(part)
  const id = hashToken(secret)
  const row = await ctx.store.findSession({ anonymousId, id })
  // Said to whoever had that session alone, for an id is no secret.
  if (!row || row.grant || id === anonymousId)
    return endedOrMerged(ctx, 'no such session', anonymousId, undefined, id)
  if (row.expiresAt <= ctx.now()) return invalidSession('stored session expired')
  return { status: 'valid', session: touch(ctx, storedSession(row), row.lastSeenAt), token }
}

/**
 * Slides the idle limit and what is promised to the guest, in the background: a request neither waits for it nor fails
 * with it.
 */
function touch(ctx: Context, session: Session, lastSeenAt: number): Session {
  const { anonymousId, id, label, collection, recoverability } = session
  const now = ctx.now()
  if (now - lastSeenAt < Math.min(TOUCH_SECONDS, rulesOf(ctx, collection).shortestSeconds / 4)) return session
  const promised = session.promotedAt === null ? retained(ctx, collection, recoverability) : forEver
  const expiresAt = now + (isCarried(session) ? longestIdle(ctx) : ctx.config.sessionIdleSeconds)
  ctx.store
    .touchSession({
      anonymousId,
      id,
      now,
      expiresAt,
      label,
      collection,
      // By how the guest could come back when that is written: a request beside this one may change it.
      retained: retainedBy(ctx, collection),
    })
    .catch((error: unknown) => ctx.logger.warn({ err: error }, 'a session could not be touched'))
  return { ...session, guestExpiresAt: promised.expiresAt }
}

/** Whether what was dated then is due for a new date. */
function isDue(ctx: Context, { collection }: Session, datedAt: number): boolean {
  const due = Math.min(RENEW_SECONDS, rulesOf(ctx, collection).shortestSeconds / 4)
  return dayOf(ctx.now()) > dayOf(datedAt) || ctx.now() - datedAt >= due
}

/** The token to carry on with where a browser's sealed session is due for a new date; its absolute end stays. */
export function renewIfDue(ctx: Context, session: Session): Issued | undefined {
  if (!isCarried(session) || session.grant || !isDue(ctx, session, session.datedAt)) return undefined
  return reissue(ctx, session)
}

/**
 * The session as it is seen now, where it lives in its token alone and is due for a new date, with the mark that says so
 * beside that token. A mark is good for its own session only, and for nothing but its date: one that comes late, after
 * a sign-in or a sign-out, does no harm, as another token in place of the new one would.
 */
export function marked(ctx: Context, session: Session): { session: Session; mark: string } | undefined {
  if (session.kind !== 'sealed' || session.grant || !isDue(ctx, session, session.lastSeenAt)) return undefined
  const payload = sealedPayload(ctx, session, cookieLifetimes(ctx), session)
  const { s, x, d = 1 } = payload
  const { expiresAt } = sealedSession(ctx, payload, cookieLifetimes(ctx), null)
  const text = `${s}.${x}.${d}`
  return {
    session: { ...session, lastSeenAt: s, expiresAt, daysSeen: d },
    mark: `${text}.${mac(ctx.keys.seen, markedText(payload, text))}`,
  }
}

/** What a sealed session says, with the date of a mark, if that is its own and later. */
function asMarked(ctx: Context, payload: SealedPayload, mark: string): SealedPayload {
  const [, text, s, x, d, tag] = /^((\d{1,12})\.(\d{1,12})\.(\d{1,6}))\.([\w-]{43})$/.exec(mark) ?? []
  if (text === undefined || tag === undefined || Number(s) <= payload.s) return payload
  const isOurs = ctx.keyring.some(({ seen }) => sameText(mac(seen, markedText(payload, text)), tag))
  return isOurs ? { ...payload, s: Number(s), x: Number(x), d: Number(d) } : payload
}

const markedText = ({ a, i }: SealedPayload, text: string) => `${a}.${i}.${text}`

/** The token to carry on with, dated now; where the session lives in a row, it goes on in that. */
export function reissue(ctx: Context, session: Session): Issued {
  const { session: carried, token } = issueSealed(ctx, session, session)
  const { daysSeen, snoozes, lastSeenAt, expiresAt } = carried
  return { session: { ...session, daysSeen, snoozes, lastSeenAt, expiresAt }, token }
}
