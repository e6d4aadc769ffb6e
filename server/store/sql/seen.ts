// What is written about a guest who is seen: when that was, what is promised from then on, and what a session knows.

import { promisedTo } from '../../rules/promise.ts'
import type { Recoverability } from '../../types.ts'
import type { GuestRow, Retained, RetainedBy, RetainedIn } from '../store.ts'
import { numberOrNull } from './rows.ts'
import { type Statement, sql, type Value } from './statement.ts'

/** What is promised to a guest who could come back in this way, or to a regular user (`promotedAt` is not null). */
export const retainedWith = (
  retained: RetainedBy,
  recoverability: Recoverability,
  promotedAt: Value | undefined = null,
): Retained => promisedTo(retained, recoverability, numberOrNull(promotedAt))

/** A guest who was kept by its id alone has no collection yet, and the options may no longer have that of another. */
export const promiseOf = ({ collections, otherwise }: RetainedIn, collection: string): RetainedBy =>
  Object.hasOwn(collections, collection) ? collections[collection]! : otherwise

const DAY_SECONDS = 86_400

/** Records that the guest was seen now: the promise counts from now, and the guest is active again. */
export const seeGuest = (anonymousId: string, now: number, retained: Retained) =>
  sql(`${SEE} WHERE anonymous_id = ? AND stage <> 'merged'`, ...seen(now, retained), anonymousId)

/** The same for a guest who used a session, unless that session has ended since: an expired guest stays expired. */
export const seeGuestIn = (anonymousId: string, id: string, now: number, retained: Retained) =>
  sql(
    `${SEE} WHERE anonymous_id = ? AND stage IN ('active', 'warned')
      AND EXISTS (SELECT 1 FROM sessions s WHERE s.anonymous_id = guests.anonymous_id AND s.id = ?)`,
    ...seen(now, retained),
    anonymousId,
    id,
  )

/**
 * `last_seen_at` never goes back, because another node's clock may be a little behind. A guest who is promoted while
 * this waits for the row gets no expiry, whatever `retained` says.
 */
const SEE = `UPDATE guests SET stage = 'active',
  expires_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE NULL END,
  due_at = CASE WHEN promoted_at IS NULL THEN CAST(? AS BIGINT) ELSE NULL END,
  last_seen_at = CASE WHEN last_seen_at > ? THEN last_seen_at ELSE ? END,
  days_seen = days_seen + CASE WHEN last_seen_at / ${DAY_SECONDS} < CAST(? AS BIGINT) / ${DAY_SECONDS} THEN 1 ELSE 0 END`

const seen = (now: number, { expiresAt, dueAt }: Retained) => [expiresAt, dueAt, now, now, now]

/**
 * Takes over from the first passkey its user handle, and from its session the earlier start and the larger number of
 * days: the host may have kept the guest late.
 */
export const learnGuest = ({ anonymousId, userHandle, createdAt, daysSeen }: GuestRow): Statement =>
  sql(
    `UPDATE guests SET user_handle = ?, created_at = CASE WHEN created_at < ? THEN created_at ELSE ? END,
      days_seen = CASE WHEN days_seen > ? THEN days_seen ELSE ? END WHERE anonymous_id = ?`,
    userHandle,
    createdAt,
    createdAt,
    daysSeen,
    daysSeen,
    anonymousId,
  )
