// Merging: what a guest did on a device before signing in to another account there is folded into that account.
//
// A merge is written down before it is done (`pending`), so that it is done by somebody whatever happens; the host's
// hook runs with the same ticket in every try, and what it did counts once the merge is written (`merged`).

import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Merge, MergeProfiles } from '../../options/options.ts'
import type { GuestRow, MergeRow, NewMerge } from '../../store/store.ts'
import type { PreviousGuest, Recoverability } from '../../types.ts'
import { hashToken, longMac, randomId } from '../crypto/secrets.ts'
import { failureNote, note, noteFailure } from '../events/audit-trail.ts'
import { toPreviousGuest } from '../guests/guest.ts'
import { retained } from '../guests/retention.ts'
import type { Job } from '../jobs/jobs.ts'
import { issueSealed, livingSession } from '../sessions/session-tokens.ts'
import {
  canComeBack,
  type Holder,
  type Issued,
  isCarried,
  longestIdle,
  type Session,
} from '../sessions/sessions.ts'
import { hasPasskey, isFresh } from '../sessions/step-up.ts'
import { issueSealedGrant } from '../tokens/refresh-tokens.ts'
import { keeping } from './keep.ts'

/** How long an offer stands, and how long one that was decided is tried. */
const OFFER_SECONDS = 10 * 60
const PENDING_SECONDS = 24 * 60 * 60
/** Whoever does a merge has it for so long: the hook must be done by then, and is not waited for any longer. */
const MERGE_CLAIM_SECONDS = 60
const HOOK_MILLISECONDS = 10_000
/** How long a request waits for another one that is at the same merge. */
const WAIT_MILLISECONDS = 200
const MAX_WAITS = 50

/**
 * The merge of the guest who was there into the one who signs in: decided already where the first could not come
 * back, and otherwise offered, for it is that guest's to say. A guest who is kept is offered as well where no hook of
 * the host's would bring along what the host keeps for it. The ticket is with the client alone.
 */
export function newMerge(ctx: Context, from: Session, intoId: string): { ticket: string; row: NewMerge } {
  const ticket = randomId(256)
  const now = ctx.now()
  const unlessKept = ctx.config.onMerge === undefined
  const decided = !canComeBack(from) && !(unlessKept && from.kind === 'stored')
  const isProven = hasPasskey(from) && isFresh(ctx, from)
  const row: NewMerge = {
    id: hashToken(ticket),
    fromId: from.anonymousId,
    intoId,
    label: from.label,
    collection: from.collection,
    recoverability: from.recoverability,
    carriedSince: isCarried(from) ? from.createdAt : null,
    confirmed: !hasPasskey(from) || isProven,
    provenUntil: isProven && from.authTime !== null ? from.authTime + ctx.config.stepUpSeconds : null,
    status: decided ? 'pending' : 'offered',
    claimedUntil: decided ? now + MERGE_CLAIM_SECONDS : 0,
    expiresAt: now + (canComeBack(from) ? OFFER_SECONDS : PENDING_SECONDS),
    unlessKept,
  }
  return { ticket, row }
}

const fromGuest = ({ fromId, label, collection, recoverability }: MergeRow): PreviousGuest => ({
  anonymous_id: fromId,
  label,
  collection,
  recoverability: recoverability as Recoverability,
})

/**
 * Does what was decided and claimed: the host's hook, and then everything here in one step.
 * Errors: `merge_refused` where the hook throws, and the merge may be asked for again; `nothing_to_merge` where one
 * of the two is gone; `insufficient_user_authentication` where the guest could come back meanwhile; `unavailable` where
 * it takes too long. `insists`: who asked is gone, so what refuses is asked again until the time is over.
 */
export async function completeMerge(
  ctx: Context,
  row: MergeRow,
  into: PreviousGuest,
  { insists = false } = {},
): Promise<void> {
  const { id, fromId, intoId } = row
  const merge: Merge = { ticket: id, from: fromGuest(row), into }
  const about = { anonymousId: intoId }
  const { claimedUntil, expiresAt } = row
  const fail = async (error: GuestError) => {
    const note = failureNote(ctx, 'guest.merged', about, error.code)
    await ctx.store.releaseMerge({ id, intoId, claimedUntil, expiresAt, note })
    return error
  }
  try {
    await within(HOOK_MILLISECONDS, async () => ctx.config.onMerge?.(merge))
  } catch (cause) {
    ctx.logger.warn({ err: cause, ticket: id }, 'onMerge refused a merge')
    // What takes too long may yet be done: it is tried again when the claim has lapsed.
    if (cause instanceof TookTooLong) throw new GuestError('unavailable', { reason: cause.message })
    const refused = new GuestError('merge_refused', { cause })
    throw insists ? refused : await fail(refused)
  }
  const comesToNothing = async (error: GuestError) => {
    await undoHook(ctx, merge)
    return fail(error)
  }
  const event = { ...merge, undo_until: ctx.now() + ctx.config.mergeGraceSeconds }
  for (;;) {
    const outcome = await ctx.store.finishMerge({
      id,
      fromId,
      intoId,
      claimedUntil,
      now: ctx.now(),
      undoUntil: event.undo_until,
      endedUntil: ctx.now() + longestIdle(ctx),
      profile: await mergedProfile(ctx, fromId, intoId).catch(async (error: unknown) => {
        throw error instanceof GuestError && error.code === 'merge_refused'
          ? await comesToNothing(error)
          : error
      }),
      notes: [note(ctx, 'guest.merged', event, about)],
    })
    if (outcome === 'merged') break
    if (outcome === 'void') return // another one has done it, with the same ticket
    if (outcome === 'taken') throw new GuestError('unavailable', { reason: 'the claim has lapsed' })
    if (outcome === 'gone') throw await comesToNothing(new GuestError('nothing_to_merge'))
    if (outcome === 'recoverable') throw await comesToNothing(proofNeeded(row))
  }
  ctx.events.emit('guest.merged', event)
}

/** What the host's hook did for a merge that came to nothing. */
async function undoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.onUndoMerge?.(merge)
  } catch (err) {
    ctx.logger.error({ err, ticket: merge.ticket }, 'onUndoMerge failed for a merge that came to nothing')
  }
}

/** The one profile of the two; undefined where there is nothing to be joined. */
async function mergedProfile({ config, store, logger }: Context, fromId: string, intoId: string) {
  const [from, into] = await Promise.all(
    [fromId, intoId].map((anonymousId) => store.findProfile({ anonymousId })),
  )
  if (!from) return undefined
  const [theirs, ours] = [from.attributes, into?.attributes ?? {}]
  const attributes = await mergedAttributes(config.mergeProfiles, theirs, ours)
  const size = Buffer.byteLength(JSON.stringify(attributes))
  const fits = size <= Math.max(config.maxProfileBytes, Buffer.byteLength(JSON.stringify(ours)))
  if (!fits) logger.warn({ size }, 'two profiles are too large to be one: that of the target stays')
  return {
    attributes: fits ? attributes : ours,
    fromVersion: from.version,
    intoVersion: into?.version ?? 0,
  }
}

/** Errors: `merge_refused` where the host's function throws. */
async function mergedAttributes(
  rule: MergeProfiles,
  theirs: Attributes,
  ours: Attributes,
): Promise<Attributes> {
  if (rule === 'keep-target') return { ...theirs, ...ours }
  if (rule === 'keep-source') return { ...ours, ...theirs }
  try {
    return asJsonObject(await rule(theirs, ours))
  } catch (cause) {
    throw new GuestError('merge_refused', { cause })
  }
}

/** As it is stored. Throws where it is no object of JSON. */
function asJsonObject(value: unknown): Attributes {
  const json: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('mergeProfiles must give an object')
  return json as Attributes
}

class TookTooLong extends Error {}

/** The host's work, which is not waited for any longer than this. */
async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const timer = new AbortController()
  const over = setTimeout(milliseconds, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new TookTooLong(`the host's hook took longer than ${milliseconds} ms`)
  })
  try {
    return await Promise.race([work(), over])
  } finally {
    over.catch(() => {})
    timer.abort()
  }
}

type Attributes = Record<string, unknown>

const proofNeeded = ({ label }: MergeRow) =>
  new GuestError('insufficient_user_authentication', {
    detail: `${label} has a passkey: sign in with it, come back with yours, and merge then.`,
  })

const invalidTicket = (reason: string) => new GuestError('merge_ticket_invalid', { reason })

/** The merge of a ticket that was given to this guest. Errors: `merge_ticket_invalid`. */
async function mergeOfTicket(ctx: Context, { anonymousId }: Session, ticket: string): Promise<MergeRow> {
  const row = await ctx.store.findMerge({ id: hashToken(ticket) })
  if (!row || row.intoId !== anonymousId) throw invalidTicket(row ? 'of another guest' : 'unknown')
  if (row.expiresAt > ctx.now()) return row
  throw row.status === 'merged'
    ? new GuestError('not_found', { reason: 'too late' })
    : invalidTicket('expired')
}

/**
 * The merge with what is true of its guest now, which may have its first passkey or a login ID since the offer.
 * Errors: `nothing_to_merge`, `insufficient_user_authentication`.
 */
async function lookAgain(ctx: Context, row: MergeRow): Promise<MergeRow> {
  const key = { anonymousId: row.fromId }
  const [source, recoverability] = await Promise.all([
    ctx.store.findGuest(key),
    ctx.store.findRecoverability(key),
  ])
  // A regular user by now is somebody by itself.
  if (source && source.promotedAt !== null) throw new GuestError('nothing_to_merge')
  const offered = { recoverability: row.recoverability as Recoverability }
  const isProven = hasPasskey(offered) && row.provenUntil !== null && row.provenUntil >= ctx.now()
  if (!row.confirmed || (hasPasskey({ recoverability }) && !isProven)) throw proofNeeded(row)
  return { ...row, recoverability }
}

const newClaim = (ctx: Context) => ({
  now: ctx.now(),
  until: ctx.now() + MERGE_CLAIM_SECONDS,
  expiresAt: ctx.now() + PENDING_SECONDS,
})

/**
 * Merges the guest of a ticket into the one who is signed in, which the ticket was given to; asked again, it says
 * so again.
 * Errors: `merge_ticket_invalid`, `merge_refused`, `nothing_to_merge`; `insufficient_user_authentication` where the
 * other guest has a passkey that was not proven lately; `unavailable` where somebody else is at it for long.
 */
export async function merge(ctx: Context, session: Session, ticket: string): Promise<PreviousGuest> {
  for (let waited = 0; waited < MAX_WAITS; waited++) {
    const found = await mergeOfTicket(ctx, session, ticket)
    if (found.status === 'merged') return fromGuest(found)
    if (found.status === 'undone') throw invalidTicket('undone')
    const row = await lookAgain(ctx, found)
    const claimed = newClaim(ctx)
    if (await ctx.store.claimMerge({ id: row.id, ...claimed, recoverability: row.recoverability })) {
      await completeMerge(ctx, { ...row, claimedUntil: claimed.until }, toPreviousGuest(session))
      return fromGuest(row)
    }
    await setTimeout(WAIT_MILLISECONDS)
  }
  throw new GuestError('unavailable', { headers: { 'Retry-After': '1' }, reason: 'merge under way' })
}

/** A guest who was brought back, and whether it needs a session to be there again. */
export type UndoneMerge = { from: PreviousGuest; needsSession: boolean }

/**
 * Brings the guest of a ticket back, as the one whom it was merged into; one who could not come back goes on here,
 * in place of that one, in the session that is returned.
 * Errors: `merge_ticket_invalid`, `merge_refused` where the host's hook throws, `not_found` where it is too late.
 */
export async function undoMerge(
  ctx: Context,
  session: Session,
  ticket: string,
  holder?: Holder,
): Promise<Issued | undefined> {
  const row = await mergeOfTicket(ctx, session, ticket)
  // An answer that was lost can be asked for again.
  const { from, needsSession } =
    row.status === 'undone' ? undoneMerge(row) : await undoRow(ctx, row, toPreviousGuest(session), session)
  if (!needsSession) return undefined
  const { anonymous_id: anonymousId, label, collection } = from
  const guest = { anonymousId, label, collection }
  const span = await ctx.store.findSession({ anonymousId, id: anonymousId })
  const issued = holder
    ? issueSealedGrant(ctx, holder.client, guest, holder.grant, span)
    : issueSealed(ctx, guest, span)
  const living = await livingSession(ctx, issued.session)
  if (!living) throw new GuestError('not_found', { reason: 'ended again meanwhile' })
  return { ...issued, session: living }
}

/** The same for the host, by the ticket that its hook was given. */
export async function undoMergeByHost(ctx: Context, id: string): Promise<UndoneMerge> {
  const row = await ctx.store.findMerge({ id })
  if (!row || row.expiresAt <= ctx.now()) throw invalidTicket(row ? 'expired' : 'unknown')
  const guest = await ctx.store.findGuest({ anonymousId: row.intoId })
  if (!guest) throw new GuestError('not_found')
  return undoRow(ctx, row, await intoGuest(ctx, guest))
}

/** A guest of whom no session says how it could come back. */
async function intoGuest(ctx: Context, { anonymousId, label, collection }: GuestRow): Promise<PreviousGuest> {
  const recoverability = await ctx.store.findRecoverability({ anonymousId })
  return { anonymous_id: anonymousId, label, collection, recoverability }
}

const undoneMerge = (row: MergeRow): UndoneMerge => ({
  from: fromGuest(row),
  needsSession: row.recoverability === 'none',
})

/** `here`: the session in which it was asked for, and which is left where the other one needs it. */
async function undoRow(
  ctx: Context,
  row: MergeRow,
  into: PreviousGuest,
  here?: Session,
): Promise<UndoneMerge> {
  const { id, fromId, label, collection } = row
  if (row.status !== 'merged') throw invalidTicket(row.status)
  const { from, needsSession } = undoneMerge(row)
  const event: Merge = { ticket: id, from, into }
  try {
    await ctx.config.onUndoMerge?.(event)
  } catch (cause) {
    await noteFailure(ctx, 'guest.merge_undone', { anonymousId: row.intoId }, 'merge_refused')
    throw new GuestError('merge_refused', { cause })
  }
  const { guest, session } = keeping(ctx, { anonymousId: fromId, label, collection })
  const isDone = await ctx.store.undoMerge({
    id,
    now: ctx.now(),
    repeatUntil: ctx.now() + OFFER_SECONDS,
    guest: { ...guest, userHandle: longMac(ctx.keys.userHandle, fromId) },
    // Its copies of then live again, and none from before; with none of then, the next one is the first.
    session: needsSession ? { ...session, createdAt: row.carriedSince ?? ctx.now() + 1 } : undefined,
    leaves: needsSession && here ? { anonymousId: here.anonymousId, id: here.id } : undefined,
    retained: retained(ctx, collection, from.recoverability),
    notes: [note(ctx, 'guest.merge_undone', event, { anonymousId: fromId })],
  })
  if (!isDone) {
    // Another one has undone it, with the same ticket.
    if ((await ctx.store.findMerge({ id }))?.status === 'undone') return { from, needsSession }
    await redoHook(ctx, event)
    throw new GuestError('not_found')
  }
  ctx.events.emit('guest.merge_undone', event)
  return { from, needsSession }
}

/** What the host's hook took back, though the merge stands. */
async function redoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.onMerge?.(merge)
  } catch (err) {
    ctx.logger.error({ err, ticket: merge.ticket }, 'onMerge failed for a merge that stands')
  }
}

/** Merges that were decided, and whose process ended before they were done. */
export const resumeMerges: Job = {
  name: 'resume merges',
  everySeconds: 60,
  async work(ctx) {
    for (const row of await ctx.store.listPendingMerges({ now: ctx.now(), limit: 100 })) {
      const claimed = newClaim(ctx)
      if (!(await ctx.store.claimMerge({ id: row.id, ...claimed }))) continue
      const into = await ctx.store.findGuest({ anonymousId: row.intoId })
      if (!into) continue // erased, and the merge with it
      const mine = { ...row, claimedUntil: claimed.until }
      await completeMerge(ctx, mine, await intoGuest(ctx, into), { insists: true }).catch((err: unknown) =>
        ctx.logger.warn({ err, ticket: row.id }, 'a merge was not done'),
      )
    }
  },
}
