// The renewal of sessions. A stored session: its use is written. A sealed session: its token says when it was last seen, and
// gets a new date at the first use that is due (see `isDue`).

import type { Context } from '../../context.ts'
import { mac, sameText } from '../crypto/secrets.ts'
import { forEver, retained, retainedBy, rulesOf } from '../guests/retention.ts'
import {
  cookieLifetimes,
  issueSealed,
  type SealedPayload,
  sealedPayload,
  sealedSession,
} from './sealed-sessions.ts'
import {
  type CarriedSession,
  dayOf,
  type Issued,
  longestIdle,
  type Session,
  type StoredSession,
} from './sessions.ts'

/** The use of a stored session is written at most every ten minutes, so that most requests write nothing. */
export const TOUCH_SECONDS = 10 * 60

/**
 * Extends the session's idle limit and the time for which the guest is remembered, in the background: the request neither
 * waits for the write nor fails with it. Returns until when the guest is remembered if not seen again; null: for ever.
 */
export function touch(ctx: Context, session: StoredSession, lastSeenAt: number): number | null {
  const { anonymousId, id, label, collection, recoverability } = session
  const now = ctx.now()
  if (now - lastSeenAt < Math.min(TOUCH_SECONDS, rulesOf(ctx, collection).shortestSeconds / 4))
    return session.guestExpiresAt
  const promised = session.promotedAt === null ? retained(ctx, collection, recoverability) : forEver
  const expiresAt = now + (session.carried ? longestIdle(ctx) : ctx.config.sessions.idleSeconds)
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
  return promised.expiresAt
}

/**
 * Whether a session that was dated `datedAt` is due for renewal: this use is on a later UTC day, or a quarter of the
 * collection's `shortestSeconds` has passed.
 */
function isDue(ctx: Context, { collection }: Session, datedAt: number): boolean {
  const now = ctx.now()
  return dayOf(now) > dayOf(datedAt) || now - datedAt >= rulesOf(ctx, collection).shortestSeconds / 4
}

/**
 * The new token, if a browser's sealed token is due for renewal (`isDue`). The absolute end stays.
 * Where: on a navigation to a page behind a guard, to /verify or to our own page; at userinfo; at a repeated sign-in.
 * Any other request sets the seen cookie instead (`seenIfDue`). A client's session is renewed at every refresh.
 */
export function renewIfDue(ctx: Context, session: Session): Issued | undefined {
  if (!session.carried || session.grant || !isDue(ctx, session, session.carried.datedAt)) return undefined
  return reissue(ctx, session)
}

/**
 * If a browser's sealed session was last seen long enough ago (`isDue`): the session with its new dates, and the
 * value of the seen cookie (`-seen`), which holds these dates. The cookie counts only for the session that it names,
 * and changes nothing but that session's dates. So it does no harm if it arrives late, after a sign-in or a sign-out. A
 * renewed token that arrives late would overwrite the token of the new session.
 */
export function seenIfDue(ctx: Context, session: Session): { session: Session; cookie: string } | undefined {
  if (session.kind !== 'sealed' || session.grant || !isDue(ctx, session, session.lastSeenAt)) return undefined
  const payload = sealedPayload(ctx, session, cookieLifetimes(ctx), session)
  const { s, x, d = 1 } = payload
  const { expiresAt } = sealedSession(ctx, payload, cookieLifetimes(ctx), null)
  const text = `${s}.${x}.${d}`
  return {
    session: { ...session, lastSeenAt: s, expiresAt, carried: { ...session.carried, daysSeen: d } },
    cookie: `${text}.${mac(ctx.keys.seen, seenText(payload, text))}`,
  }
}

/** The payload with the dates of a seen cookie, if that is for this session and is later than the payload. */
export function asSeen(ctx: Context, payload: SealedPayload, cookie: string): SealedPayload {
  const [, text, s, x, d, tag] = /^((\d{1,12})\.(\d{1,12})\.(\d{1,6}))\.([\w-]{43})$/.exec(cookie) ?? []
  if (text === undefined || tag === undefined || Number(s) <= payload.s) return payload
  const isOurs = ctx.keyring.some(({ seen }) => sameText(mac(seen, seenText(payload, text)), tag))
  return isOurs ? { ...payload, s: Number(s), x: Number(x), d: Number(d) } : payload
}

const seenText = ({ a, i }: SealedPayload, text: string) => `${a}.${i}.${text}`

/** The session with a new sealed token, dated now. A stored session stays in its row. */
export function reissue(ctx: Context, session: CarriedSession): Issued {
  const issued = issueSealed(ctx, session, session)
  const { carried, lastSeenAt, expiresAt } = issued.session
  return { session: { ...session, carried, lastSeenAt, expiresAt }, token: issued.token }
}
