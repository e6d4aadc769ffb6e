// Finding guests for an operator: one by what names it, or many page by page. Nothing finds a guest by a part of a login ID.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { FoundRow, GuestsOf } from '../../store/store.ts'
import type { FoundGuest, GuestStage, LoginIdType, Recoverability } from '../../types.ts'
import { isId, isOurs } from '../guests/ids.ts'
import { normalLoginId } from '../login-ids/login-ids.ts'

/** What to find guests by. At most one of the first five; all that is given must hold. Times are Unix seconds. */
export type GuestQuery = {
  anonymousId?: string | undefined
  /** The whole label, as it is written. Several guests may have it. */
  label?: string | undefined
  /** The id of a session, as events and the audit trail name it, while its row is there. */
  sessionId?: string | undefined
  /** The credential id of a passkey, base64url. */
  passkeyId?: string | undefined
  /** A whole login ID, in any form in which the guest could sign in with it. */
  loginId?: { type: LoginIdType; value: string } | undefined
  collection?: string | undefined
  recoverability?: Recoverability | undefined
  stage?: GuestStage | undefined
  /** Whether the guest is disabled now. */
  disabled?: boolean | undefined
  createdSince?: number | undefined
  createdBefore?: number | undefined
  seenSince?: number | undefined
  seenBefore?: number | undefined
}

/** `after`: the `next` of the page before. `limit`: how many guests at most. Default: 50, at most 200. */
export type FindOptions = { after?: string | undefined; limit?: number | undefined }

/**
 * A page of guests, in the order of their ids. `next`: for the page that follows, or null if this is the last one. A page
 * can have few guests or none, though `next` says that there are more to look at.
 */
export type FoundGuests = { guests: FoundGuest[]; next: string | null }

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200
/** At most this many rows are read for one page, so that it takes the same time among a million guests. More than MAX_LIMIT. */
const LOOK_ROWS = 1000

const BASE64URL = /^[A-Za-z0-9_-]+$/

const names = ['anonymousId', 'label', 'sessionId', 'passkeyId', 'loginId'] as const
const times = ['createdSince', 'createdBefore', 'seenSince', 'seenBefore'] as const
const stages: readonly GuestStage[] = ['unkept', 'kept', 'regular', 'expired', 'merged']
const recoverabilities: readonly Recoverability[] = ['none', 'device', 'passkey', 'synced']

const refused = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * Finds guests. A guest who is not kept has no row: it is found by its id alone, with the stage `unkept`, and nobody can say
 * whether there is such a guest.
 * Errors: `invalid_request`; `login_id_invalid`.
 */
export async function findGuests(
  ctx: Context,
  query: GuestQuery = {},
  { after, limit = DEFAULT_LIMIT }: FindOptions = {},
): Promise<FoundGuests> {
  checkQuery(query)
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw refused(`limit must be a whole number from 1 to ${MAX_LIMIT}. It is ${limit}.`)
  const isMatch = (guest: FoundGuest) => matches(guest, query)
  const named = await namedIn(ctx, query)
  if (named !== null) {
    const guest = named === undefined ? undefined : await findOne(ctx, named)
    return { guests: guest && isMatch(guest) ? [guest] : [], next: null }
  }
  if (query.label !== undefined && !isId(query.label)) return { guests: [], next: null }
  const of: GuestsOf =
    query.label !== undefined ? { label: query.label } : query.disabled === true ? 'disabled' : 'all'
  return pageOf(limit, isMatch, after === undefined ? '' : idIn(after), (from, most) =>
    ctx.store.listGuests({ of, after: from, limit: most, now: ctx.now() }),
  )
}

/**
 * The page that begins after the id `after`. If the first rows are not enough because few of them match, it reads once more.
 */
async function pageOf(
  limit: number,
  isMatch: (guest: FoundGuest) => boolean,
  after: string,
  read: (after: string, limit: number) => Promise<FoundRow[]>,
): Promise<FoundGuests> {
  const found: FoundGuest[] = []
  let last = after
  for (const most of [limit + 1, LOOK_ROWS - limit - 1]) {
    const rows = await read(last, most)
    found.push(...rows.map(toFound).filter(isMatch))
    const guests = found.slice(0, limit)
    if (found.length > limit) return { guests, next: cursorAt(guests.at(-1)!.anonymous_id) }
    if (rows.length < most) return { guests, next: null }
    last = rows.at(-1)!.anonymousId
  }
  return { guests: found, next: cursorAt(last) }
}

/** One guest by its id; undefined if nobody can have this id. */
export async function findOne(ctx: Context, anonymousId: string): Promise<FoundGuest | undefined> {
  const now = ctx.now()
  const [row] = await ctx.store.listGuests({ of: { anonymousId }, after: '', limit: 1, now })
  if (row) return toFound(row)
  if (!isOurs(anonymousId)) return undefined // imported guests are kept
  return { ...unkept, anonymous_id: anonymousId, disabled: await disabledNow(ctx, anonymousId) }
}

async function disabledNow(ctx: Context, anonymousId: string): Promise<FoundGuest['disabled']> {
  return toDisabled(await ctx.store.findDisabled({ anonymousId, now: ctx.now() }))
}

const unkept: Omit<FoundGuest, 'anonymous_id' | 'disabled'> = {
  stage: 'unkept',
  label: null,
  collection: null,
  recoverability: 'none',
  created_at: null,
  last_seen_at: null,
  days_seen: null,
  expires_at: null,
  promoted_at: null,
}

/** The id of the guest whom the query names; undefined: nobody has that name; null: it names none. */
async function namedIn(
  { store }: Context,
  { anonymousId, sessionId, passkeyId, loginId }: GuestQuery,
): Promise<string | undefined | null> {
  if (anonymousId !== undefined) return isId(anonymousId) ? anonymousId : undefined
  if (passkeyId !== undefined)
    return BASE64URL.test(passkeyId)
      ? (await store.findPasskey({ credentialId: passkeyId }))?.anonymousId
      : undefined
  if (loginId !== undefined) return (await store.findLoginId(normalLoginId(loginId)))?.anonymousId
  if (sessionId === undefined) return null
  // The session of a guest who is not kept has the id of its guest.
  if (isOurs(sessionId)) return sessionId
  return BASE64URL.test(sessionId) ? store.findGuestOfSession({ id: sessionId }) : undefined
}

/** The guest as a query and a list show it. */
function toFound(row: FoundRow): FoundGuest {
  return {
    anonymous_id: row.anonymousId,
    stage: stageOf(row),
    // A guest whom the host kept by its id alone, and who was not seen since, has none yet.
    label: row.label || null,
    collection: row.collection || null,
    recoverability: row.recoverability,
    created_at: row.createdAt,
    last_seen_at: row.lastSeenAt,
    days_seen: row.daysSeen,
    expires_at: row.expiresAt,
    promoted_at: row.promotedAt,
    disabled: toDisabled(row.disabled),
  }
}

export const toDisabled = (disabled: FoundRow['disabled']): FoundGuest['disabled'] =>
  disabled === undefined ? null : { ...disabled, reason: disabled.reason as 'other' }

function stageOf({ stage, promotedAt }: FoundRow): GuestStage {
  if (stage === 'merged' || stage === 'expired') return stage
  return promotedAt === null ? 'kept' : 'regular'
}

function matches(guest: FoundGuest, query: GuestQuery): boolean {
  const { created_at: created, last_seen_at: seen } = guest
  const holds = <T>(wanted: T | undefined, is: (wanted: T) => boolean) => wanted === undefined || is(wanted)
  return (
    holds(query.label, (label) => guest.label === label) &&
    holds(query.collection, (collection) => guest.collection === collection) &&
    holds(query.recoverability, (one) => guest.recoverability === one) &&
    holds(query.stage, (stage) => guest.stage === stage) &&
    holds(query.disabled, (disabled) => (guest.disabled !== null) === disabled) &&
    holds(query.createdSince, (time) => created !== null && created >= time) &&
    holds(query.createdBefore, (time) => created !== null && created < time) &&
    holds(query.seenSince, (time) => seen !== null && seen >= time) &&
    holds(query.seenBefore, (time) => seen !== null && seen < time)
  )
}

function checkQuery(query: GuestQuery): void {
  const given = names.filter((name) => query[name] !== undefined)
  if (given.length > 1)
    throw refused(`Give one of ${names.join(', ')}. These are given: ${given.join(', ')}.`)
  for (const name of ['anonymousId', 'label', 'sessionId', 'passkeyId', 'collection'] as const)
    if (query[name] !== undefined && typeof query[name] !== 'string')
      throw refused(`${name} must be a text. It is ${JSON.stringify(query[name])}.`)
  for (const name of times)
    if (query[name] !== undefined && !Number.isSafeInteger(query[name]))
      throw refused(`${name} must be whole Unix seconds. It is ${JSON.stringify(query[name])}.`)
  if (query.loginId !== undefined && !isLoginId(query.loginId))
    throw refused(`loginId must have a type and a value, both texts. It is ${JSON.stringify(query.loginId)}.`)
  checkOneOf('stage', query.stage, stages)
  checkOneOf('recoverability', query.recoverability, recoverabilities)
  checkOneOf('disabled', query.disabled, [true, false])
}

/** Whether the store can be asked for it: see `isId`. */
const isLoginId = ({ type, value }: Partial<Record<'type' | 'value', unknown>>): boolean =>
  typeof type === 'string' && typeof value === 'string' && value.isWellFormed() && !/\p{Cc}/u.test(value)

function checkOneOf<T>(name: string, given: T | undefined, known: readonly T[]): void {
  if (given !== undefined && !known.includes(given))
    throw refused(`${name} must be one of ${known.join(', ')}. It is ${JSON.stringify(given)}.`)
}

/** The cursor after the guest with this id. It says nothing about other guests, so that none who comes or goes moves it. */
const cursorAt = (anonymousId: string): string => Buffer.from(anonymousId).toString('base64url')

/** Errors: `invalid_request`. */
function idIn(cursor: string): string {
  const id = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : ''
  if (isId(id) && cursorAt(id) === cursor) return id
  throw refused('after must be the next of another page. It is not.')
}
