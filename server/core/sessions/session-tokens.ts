// The session tokens in browsers' cookies, sealed and stored: how they are issued, read and renewed (`renewIfDue`).

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
 * The payload of a sealed session, with short names because every request carries it: anonymous_id, label, collection,
 * when it was issued, when it was last dated (seen), when it expires unless used, and when it ends. Both ends are
 * sealed, so that longer limits in later options bring no expired token back to life.
 */
export type SealedPayload = {
  a: string
  l: string
  c: string
  i: number
  s: number
  x: number
  e: number
  /** On how many days the guest was seen, if more than one. */
  d?: number
  /** The prompts to which the guest said "later": how often, and until when. */
  q?: Record<string, [times: number, until: number]>
}

const SEALED_SESSION_PREFIX = 'gks_'
const STORED_SESSION_PREFIX = 'gkt_'
/** The use of a stored session is written at most every ten minutes, so that most requests write nothing. */
const TOUCH_SECONDS = 10 * 60
/** The longest that a sealed session's date goes without renewal. The whole rule is at `renewIfDue`. */
const RENEW_SECONDS = 24 * 60 * 60

/** How long a session lives unused, and how long even if it is used. */
export type Lifetimes = { idleSeconds: number; absoluteSeconds: number }

const cookieLifetimes = ({ config }: Context): Lifetimes => ({
  idleSeconds: config.sessionIdleSeconds,
  absoluteSeconds: config.sessionAbsoluteSeconds,
})

/**
 * The lifetimes of a session whose guest is forgotten with it: unused, it lives no longer than the collection's
 * retention for `none`.
 */
export function carriedLifetimes(ctx: Context, collection: string, lifetimes: Lifetimes): Lifetimes {
  const { none } = rulesOf(ctx, collection).retention
  return none === false ? lifetimes : { ...lifetimes, idleSeconds: Math.min(lifetimes.idleSeconds, none) }
}

/** Whether a text has the prefix of our session tokens, valid or not. */
export const looksLikeSessionToken = (text: string): boolean =>
  text.startsWith(SEALED_SESSION_PREFIX) || text.startsWith(STORED_SESSION_PREFIX)

export type NewGuest = { anonymousId: string; label: string; collection: string } & Partial<
  Pick<Session, 'daysSeen' | 'snoozes' | 'lastSeenAt'>
>
/** When a session began and ends, if a new token continues an earlier session. */
export type Span = { createdAt: number; endsAt: number }

/** The payload of a new or renewed sealed session. */
export function sealedPayload(
  ctx: Context,
  guest: NewGuest,
  lifetimes: Lifetimes,
  span?: Span,
): SealedPayload {
  const { idleSeconds, absoluteSeconds } = carriedLifetimes(ctx, guest.collection, lifetimes)
  const now = ctx.now()
  const { lastSeenAt = now, daysSeen = 1 } = guest
  // A browser keeps cookies of at most 4 KB, so snoozes of prompts that the options no longer name are dropped.
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

/** The session that a sealed payload describes. If later options give shorter lifetimes, these count at once. */
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

/** Issues a session that lives in its token alone: a new one, or with `span` an earlier one that goes on. */
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
 * The secret of the session that a registration begins. It is derived from the challenge, so that a registration whose
 * answer was lost is answered again with the same session. It is derived from the deployment's key too, so that nobody
 * else can compute it.
 */
export const successorSecret = ({ keys, id }: { keys: Keys; id: string }): string => mac(keys.successor, id)

/**
 * Reads a session token: did we issue it, and is the session alive? `marks` are the cookies beside it that may be its
 * mark (`marked`). The latest one that is for this session counts, so a planted one changes nothing.
 */
export async function readSessionToken(
  ctx: Context,
  token: string,
  marks: string[] = [],
): Promise<Presented> {
  if (token.startsWith(SEALED_SESSION_PREFIX)) return readSealed(ctx, token, marks)
  if (token.startsWith(STORED_SESSION_PREFIX)) return readStored(ctx, token)
  return invalidSession('not a token of ours')
}

async function readSealed(ctx: Context, token: string, marks: string[]): Promise<Presented> {
  const payload = unsealSession<SealedPayload>(ctx.keyring, token.slice(SEALED_SESSION_PREFIX.length))
  if (!payload) return invalidSession('seal broken')
  const seen = marks.reduce((latest, mark) => asMarked(ctx, latest, mark), payload)
  const session = { ...sealedSession(ctx, seen, cookieLifetimes(ctx), null), datedAt: payload.s }
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
export async function livingSession(ctx: Context, carried: Session): Promise<Session | undefined> {
  const { anonymousId } = carried
  if (!(await ctx.store.sealedSessionEnded({ anonymousId }))) return carried
  const row = await ctx.store.findSession({ anonymousId, id: anonymousId })
  // An undone merge begins a newer row. Tokens from before it stay dead.
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

/**
 * Until when a kept guest's carried session lives unused. If the row was never used (`lastSeenAt` is 0): until the row
 * or the guest expires.
 */
function keptUnused(ctx: Context, { collection }: Session, row: SessionWithGuest): number {
  const { idleSeconds } = carriedLifetimes(ctx, collection, cookieLifetimes(ctx))
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
  const [part, secret, ...more] = token.slice(STORED_SESSION_PREFIX.length).split('.')
  if (!part || !secret || more.length > 0) return invalidSession('malformed token')
  const anonymousId = idFromToken(part)
  const id = hashToken(secret)
  const row = await ctx.store.findSession({ anonymousId, id })
  // `guest_merged` only for the token of that very session, because an anonymous_id is no secret.
  if (!row || row.grant || id === anonymousId)
    return endedOrMerged(ctx, 'no such session', anonymousId, undefined, id)
  if (row.expiresAt <= ctx.now()) return invalidSession('stored session expired')
  return { status: 'valid', session: touch(ctx, storedSession(row), row.lastSeenAt), token }
}

/**
 * Extends the session's idle limit and the guest's promise, in the background: the request neither waits for the write
 * nor fails with it.
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
      // For every recoverability, because another request may change it before this is written.
      retained: retainedBy(ctx, collection),
    })
    .catch((error: unknown) => ctx.logger.warn({ err: error }, 'the use of a session could not be written'))
  return { ...session, guestExpiresAt: promised.expiresAt }
}

/** Whether a session that was dated `datedAt` is due for renewal. The rule is at `renewIfDue`. */
function isDue(ctx: Context, { collection }: Session, datedAt: number): boolean {
  const due = Math.min(RENEW_SECONDS, rulesOf(ctx, collection).shortestSeconds / 4)
  return dayOf(ctx.now()) > dayOf(datedAt) || ctx.now() - datedAt >= due
}

/**
 * The new token, if a browser's sealed token is due for renewal.
 * When: its date is on an earlier UTC day, or is at least 24 hours or a quarter of the collection's `shortestSeconds`
 * old, whichever is shorter. The absolute end stays.
 * Where: on a navigation to a page behind a guard, to /verify or to our own page; at userinfo; at a repeated sign-in.
 * Any other request sets a mark instead (`marked`). A client's session is renewed at every refresh.
 */
export function renewIfDue(ctx: Context, session: Session): Issued | undefined {
  if (!isCarried(session) || session.grant || !isDue(ctx, session, session.datedAt)) return undefined
  return reissue(ctx, session)
}

/**
 * If a browser's sealed session was last seen long enough ago (`isDue`): the session with its new dates, and the mark
 * cookie that holds them. A mark counts for its own session alone, and changes only its dates. So a mark that arrives
 * late, after a sign-in or a sign-out, does no harm. A renewed token would replace the new session's.
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

/** The payload with the dates of its mark, if that mark is for this session and is later than the payload. */
function asMarked(ctx: Context, payload: SealedPayload, mark: string): SealedPayload {
  const [, text, s, x, d, tag] = /^((\d{1,12})\.(\d{1,12})\.(\d{1,6}))\.([\w-]{43})$/.exec(mark) ?? []
  if (text === undefined || tag === undefined || Number(s) <= payload.s) return payload
  const isOurs = ctx.keyring.some(({ seen }) => sameText(mac(seen, markedText(payload, text)), tag))
  return isOurs ? { ...payload, s: Number(s), x: Number(x), d: Number(d) } : payload
}

const markedText = ({ a, i }: SealedPayload, text: string) => `${a}.${i}.${text}`

/** The session with a new sealed token, dated now. A stored session stays in its row. */
export function reissue(ctx: Context, session: Session): Issued {
  const { session: carried, token } = issueSealed(ctx, session, session)
  const { daysSeen, snoozes, lastSeenAt, expiresAt } = carried
  return { session: { ...session, daysSeen, snoozes, lastSeenAt, expiresAt }, token }
}
