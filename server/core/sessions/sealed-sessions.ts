// Sealed sessions, which live in their token alone: what the token holds, and how one is issued. When one is renewed:
// renewal.ts.

import type { Context } from '../../context.ts'
import type { SnoozeRow } from '../../store/store.ts'
import { seal } from '../crypto/seal.ts'
import { rulesOf } from '../guests/retention.ts'
import { type CarriedSession, canComeBack, daysSeenNow, type Grant, type SealedSession } from './sessions.ts'

/**
 * The payload of a sealed session, with short names because every request carries it: anonymous_id, label, collection,
 * when the session began, when it was last dated (seen), when it expires unless used, and when it ends. Both ends are
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

/** What the token of a browser's sealed session begins with. */
export const SEALED_SESSION_PREFIX = 'gks_'

/** How long a session lives unused, and how long even if it is used. */
export type Lifetimes = { idleSeconds: number; absoluteSeconds: number }

export const cookieLifetimes = ({ config }: Context): Lifetimes => ({
  idleSeconds: config.sessions.idleSeconds,
  absoluteSeconds: config.sessions.absoluteSeconds,
})

/**
 * The lifetimes of a session whose guest is forgotten with it: unused, it lives no longer than the collection's
 * retention for `none`.
 */
export function carriedLifetimes(ctx: Context, collection: string, lifetimes: Lifetimes): Lifetimes {
  const { none } = rulesOf(ctx, collection).retention
  return none === false ? lifetimes : { ...lifetimes, idleSeconds: Math.min(lifetimes.idleSeconds, none) }
}

/** Whose token is made. If it continues a sealed session: when that was last seen, and what its token carried. */
export type NewGuest = Pick<SealedSession, 'anonymousId' | 'label' | 'collection'> &
  Partial<Pick<CarriedSession, 'lastSeenAt' | 'carried' | 'recoverability' | 'promotedAt'>>
/** When a session began and ends, if a new token continues an earlier session. */
export type Span = { createdAt: number; endsAt: number }

/** The payload of a new or renewed sealed session. */
export function sealedPayload(
  ctx: Context,
  guest: NewGuest,
  lifetimes: Lifetimes,
  span?: Span,
): SealedPayload {
  const now = ctx.now()
  const { lastSeenAt = now, carried, recoverability = 'none', promotedAt = null } = guest
  const { idleSeconds, absoluteSeconds } = canComeBack({ recoverability, promotedAt })
    ? lifetimes
    : carriedLifetimes(ctx, guest.collection, lifetimes)
  const days = daysSeenNow(ctx, { daysSeen: carried?.daysSeen ?? 1, lastSeenAt })
  const { createdAt, endsAt } = span ?? { createdAt: now, endsAt: now + absoluteSeconds }
  const payload = {
    a: guest.anonymousId,
    l: guest.label,
    c: guest.collection,
    i: createdAt,
    s: now,
    x: Math.min(now + idleSeconds, endsAt),
    e: endsAt,
    ...(days > 1 && { d: days }),
  }
  return withSnoozes(ctx, payload, carried?.snoozes ?? [])
}

/**
 * Browsers drop a cookie whose name and value have more than 4,096 bytes (RFC 6265bis, 5.6), and some count its
 * attributes too. This becomes a token of 3,915 bytes; the longest name has 71, and the attributes have 58.
 */
const MAX_PAYLOAD_BYTES = 2900

/**
 * The payload with the snoozes of prompts that the options name, as many as fit. Those that hide nothing any more are
 * left out first, then the oldest ones.
 */
function withSnoozes(ctx: Context, payload: SealedPayload, snoozes: SnoozeRow[]): SealedPayload {
  const { prompts } = rulesOf(ctx, payload.c)
  const rules = new Map(prompts.map((rule) => [rule.prompt, rule]))
  const isHiding = ({ prompt, times, snoozedUntil }: SnoozeRow) =>
    snoozedUntil > payload.s || times >= rules.get(prompt)!.maxSnoozes
  const kept = snoozes.filter(({ prompt }) => rules.has(prompt)) // the oldest is the first
  const whole = () => ({
    ...payload,
    q: Object.fromEntries(
      kept.map(({ prompt, times, snoozedUntil }) => [prompt, [times, snoozedUntil] as [number, number]]),
    ),
  })
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(whole())) > MAX_PAYLOAD_BYTES) {
    const idle = kept.findIndex((one) => !isHiding(one))
    kept.splice(Math.max(0, idle), 1)
  }
  return kept.length > 0 ? whole() : payload
}

/** The session that a sealed payload describes. If later options give shorter lifetimes, these count at once. */
export function sealedSession(
  ctx: Context,
  { a, l, c, i, s, x, e, d = 1, q = {} }: SealedPayload,
  lifetimes: Lifetimes,
  grant: Grant | null,
): SealedSession {
  const { idleSeconds, absoluteSeconds } = carriedLifetimes(ctx, c, lifetimes)
  const endsAt = Math.min(e, i + absoluteSeconds)
  const lastsUntil = Math.min(x, s + lifetimes.idleSeconds, endsAt)
  return {
    kind: 'sealed',
    id: a, // a guest without a row has one session: that of the browser where the guest began
    anonymousId: a,
    label: l,
    collection: c,
    recoverability: 'none',
    createdAt: i,
    lastSeenAt: s,
    expiresAt: Math.min(lastsUntil, s + idleSeconds),
    endsAt,
    authTime: null,
    enrolUntil: null,
    grant,
    promotedAt: null,
    carried: {
      datedAt: s,
      lastsUntil,
      daysSeen: d,
      snoozes: Object.entries(q).map(([prompt, [times, snoozedUntil]]) => ({ prompt, times, snoozedUntil })),
    },
  }
}

/** A sealed session and its new token. */
export type IssuedSealed = { session: SealedSession; token: string }

/** Issues a session that lives in its token alone: a new one, or with `span` an earlier one that goes on. */
export function issueSealed(ctx: Context, guest: NewGuest, span?: Span): IssuedSealed {
  const payload = sealedPayload(ctx, guest, cookieLifetimes(ctx), span)
  const session = sealedSession(ctx, payload, cookieLifetimes(ctx), null)
  return { session, token: SEALED_SESSION_PREFIX + seal(ctx.keys.session, payload) }
}
