// The tokens of a browser's sessions, which its cookie holds: sealed ones, and those of the store.

import type { Context } from '../context.ts'
import type { SessionRow } from '../store/store.ts'
import { seal, unsealSession } from './seal.ts'
import { hashToken, type Keys, mac, randomId } from './secrets.ts'
import { type Grant, type Issued, invalid, type Presented, type Session, storedSession } from './sessions.ts'

/**
 * The payload of a sealed session, short-named because every request carries it: anonymous_id, label, collection,
 * when it was issued and last dated anew (seen), when it expires unused and when it ends. The ends are sealed, so that
 * longer limits in a later set-up bring nothing back to life.
 */
export type SealedPayload = { a: string; l: string; c: string; i: number; s: number; x: number; e: number }

const SEALED = 'gks_'
const STORED = 'gkt_'
/** A stored session's use is written down at most this often, so that reading stays reading. */
const TOUCH_SECONDS = 10 * 60
/** A sealed session is dated anew when it is this old. */
const RENEW_SECONDS = 24 * 60 * 60

/** How long a session lives unused, and in all. */
export type Lifetimes = { idleSeconds: number; absoluteSeconds: number }

const lifetimesOf = ({ config }: Context): Lifetimes => ({
  idleSeconds: config.sessionIdleSeconds,
  absoluteSeconds: config.sessionAbsoluteSeconds,
})

/** Whether a text is meant to be a session token of ours, valid or not. */
export const looksLikeSessionToken = (text: string): boolean =>
  text.startsWith(SEALED) || text.startsWith(STORED)

export type NewGuest = { anonymousId: string; label: string; collection: string }
/** When a session began and ends, where it is an earlier one that goes on. */
export type Span = { createdAt: number; endsAt: number }

/** What a new or newly dated sealed session says. */
export function sealedPayload(
  ctx: Context,
  guest: NewGuest,
  { idleSeconds, absoluteSeconds }: Lifetimes,
  span?: Span,
): SealedPayload {
  const now = ctx.now()
  const { createdAt, endsAt } = span ?? { createdAt: now, endsAt: now + absoluteSeconds }
  return {
    a: guest.anonymousId,
    l: guest.label,
    c: guest.collection,
    i: createdAt,
    s: now,
    x: Math.min(now + idleSeconds, endsAt),
    e: endsAt,
  }
}

/** What a sealed session says, as the rules see it; a shorter life in a later set-up counts at once. */
export function sealedSession(
  { a, l, c, i, s, x, e }: SealedPayload,
  { idleSeconds, absoluteSeconds }: Lifetimes,
  grant: Grant | null,
): Session {
  const endsAt = Math.min(e, i + absoluteSeconds)
  return {
    kind: 'sealed',
    id: a, // a guest without a row has one session: that of the browser where the guest began
    anonymousId: a,
    label: l,
    collection: c,
    recoverability: 'none',
    createdAt: i,
    lastSeenAt: s,
    expiresAt: Math.min(x, s + idleSeconds, endsAt),
    endsAt,
    authTime: null,
    grant,
  }
}

/** A new session that lives nowhere but in its token. */
export function issueSealed(ctx: Context, guest: NewGuest, span?: Span): Issued {
  const payload = sealedPayload(ctx, guest, lifetimesOf(ctx), span)
  const session = sealedSession(payload, lifetimesOf(ctx), null)
  return { session, token: SEALED + seal(ctx.keys.session, payload) }
}

/** The row of a new stored session, made now and proven with a passkey now. */
export function newRow(
  ctx: Context,
  anonymousId: string,
  id: string,
  { idleSeconds, absoluteSeconds }: Lifetimes = lifetimesOf(ctx),
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
    grant: null,
  }
}

/** The row and the token of a browser's new stored session. */
export const newStoredSession = (ctx: Context, anonymousId: string, secret = randomId(256)) => ({
  row: newRow(ctx, anonymousId, hashToken(secret)),
  token: `${STORED}${anonymousId}.${secret}`,
})

/**
 * The secret of the session that a registration leads to. It follows from the challenge, so that a registration
 * whose answer was lost can be answered again with the same session, and from the deployment's key, so that
 * nobody else can follow.
 */
export const successorSecret = ({ keys, id }: { keys: Keys; id: string }): string => mac(keys.successor, id)

/** Reads a token: is it a session of ours, and is it alive? */
export async function readSessionToken(ctx: Context, token: string): Promise<Presented> {
  if (token.startsWith(SEALED)) return readSealed(ctx, token)
  if (token.startsWith(STORED)) return readStored(ctx, token)
  return invalid('not a token of ours')
}

async function readSealed(ctx: Context, token: string): Promise<Presented> {
  const payload = unsealSession<SealedPayload>(ctx.keyring, token.slice(SEALED.length))
  if (!payload) return invalid('seal broken')
  const session = sealedSession(payload, lifetimesOf(ctx), null)
  if (session.expiresAt <= ctx.now()) return invalid('sealed session expired')
  if (await ctx.store.sealedSessionEnded(session)) return invalid('sealed session ended', session)
  return { status: 'valid', session, token }
}

async function readStored(ctx: Context, token: string): Promise<Presented> {
  const [anonymousId, secret, ...more] = token.slice(STORED.length).split('.')
  if (!anonymousId || !secret || more.length > 0) return invalid('malformed token')
  const row = await ctx.store.findSession({ anonymousId, id: hashToken(secret) })
  if (!row || row.grant) return invalid('no such session')
  if (row.expiresAt <= ctx.now()) return invalid('stored session expired')
  touch(ctx, row)
  return { status: 'valid', session: storedSession(row), token }
}

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

/** The token to carry on with where a browser's sealed session is due for a new date; its absolute end stays. */
export function renewed(ctx: Context, session: Session): Issued | undefined {
  const due = Math.min(RENEW_SECONDS, ctx.config.sessionIdleSeconds / 4)
  if (session.kind !== 'sealed' || session.grant || ctx.now() - session.lastSeenAt < due) return undefined
  return issueSealed(ctx, session, session)
}
