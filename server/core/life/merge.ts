// Merging: if a guest signs in to another account, its data can be moved to that account, and can be moved back.
//
// The store writes a merge as `pending` before anything is done. If the process dies, another one does the merge. The
// host's hook gets the same ticket in every attempt. Its work counts once the store has written `merged`.

import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Merge, MergeProfiles } from '../../options/options.ts'
import { gainedPasskey, mayBeMerged } from '../../rules/merge.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { GuestRow, MergeRow, NewMerge } from '../../store/store.ts'
import type { PreviousGuest, Recoverability } from '../../types.ts'
import { within } from '../../within.ts'
import { hashToken, longMac, randomId } from '../crypto/secrets.ts'
import { failureNote, note, noteFailure } from '../events/audit-trail.ts'
import { toPreviousGuest } from '../guests/guest.ts'
import { retained } from '../guests/retention.ts'
import type { Job } from '../jobs/jobs.ts'
import { issueSealed } from '../sessions/sealed-sessions.ts'
import { livingSession } from '../sessions/session-tokens.ts'
import {
  canComeBack,
  carriedKey,
  type Holder,
  type Issued,
  longestIdle,
  type Session,
} from '../sessions/sessions.ts'
import { isFresh } from '../sessions/step-up.ts'
import { issueSealedGrant } from '../tokens/refresh-tokens.ts'
import { keeping } from './keep.ts'

/** How long a guest can accept the offer of a merge, if it could come back. */
export const OFFER_SECONDS = 10 * 60
/** How long an undo can be repeated, in case its response was lost. */
const UNDO_REPEAT_SECONDS = 10 * 60
/** How long a decided merge is attempted, and how long an offer can be accepted if the guest could not come back. */
const PENDING_SECONDS = 24 * 60 * 60
/** How long a request or job holds a merge that it has claimed; after that, another one may claim it. */
const MERGE_CLAIM_SECONDS = 60
/** How long the host's hook may take. It must end well before the claim does. */
const HOOK_MILLISECONDS = 10_000
/** A request waits for another one that does the same merge: 50 times 200 ms, so 10 seconds. */
const WAIT_MILLISECONDS = 200
const MAX_WAITS = 50

/**
 * A new merge of the guest who was here (`from`) into the one who signs in. It is decided (`pending`) if `from` could
 * not come back. If `from` could come back, the merge is only offered, because that guest must agree. It is also only
 * offered if `from` is kept and the host has no `onMerge` to move its data. Only the client gets the ticket.
 * Merges are only within one collection: a sign-in to a guest of another one writes no merge (`writeSignIn`).
 */
export function newMerge(ctx: Context, from: Session, intoId: string): { ticket: string; row: NewMerge } {
  const ticket = randomId(256)
  const now = ctx.now()
  const unlessKept = ctx.config.onMerge === undefined
  const decided = !canComeBack(from) && !(unlessKept && from.kind === 'stored')
  const isProven = hasPasskey(from.recoverability) && isFresh(ctx, from)
  const row: NewMerge = {
    id: hashToken(ticket),
    fromId: from.anonymousId,
    intoId,
    label: from.label,
    collection: from.collection,
    recoverability: from.recoverability,
    carriedSince: from.carried ? from.createdAt : null,
    confirmed: !hasPasskey(from.recoverability) || isProven,
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
 * Does a merge that was decided and claimed: calls the host's hook, then changes everything in the store in one step.
 * `insists` is for the job: if the hook throws, the merge stays pending, and the job tries again. Without it, the merge
 * is an offer again.
 * Errors: `merge_refused` if the hook or `mergeProfiles` throws (the client may ask again); `nothing_to_merge` if one
 * of the two guests is gone; `insufficient_user_authentication` if the guest can come back by now, or has its first
 * passkey; `unavailable` if the hook takes more than 10 seconds or the claim has lapsed.
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
  const { claimedUntil } = row
  const fail = async (error: GuestError) => {
    const note = failureNote(ctx, 'guest.merged', about, error.code)
    await ctx.store.releaseMerge({ id, intoId, claimedUntil, note })
    return error
  }
  try {
    await within(HOOK_MILLISECONDS, runHook(ctx, merge), tookTooLong)
  } catch (cause) {
    ctx.logger.warn({ err: cause, ticket: id }, 'onMerge threw or took too long, so a merge was not done')
    // A slow hook may still finish its work, so the merge stays decided: the job does it when the claim has lapsed.
    if (cause instanceof TookTooLong) throw new GuestError('unavailable', { reason: cause.message })
    const refused = new GuestError('merge_refused', { cause })
    throw insists ? refused : await fail(refused)
  }
  const undoHookAndFail = async (error: GuestError) => {
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
          ? await undoHookAndFail(error)
          : error
      }),
      notes: [note(ctx, 'guest.merged', event, about)],
    })
    if (outcome === 'merged') break
    if (outcome === 'void') return // another request has done it, with the same ticket
    if (outcome === 'taken') throw new GuestError('unavailable', { reason: 'the claim has lapsed' })
    if (outcome === 'gone') throw await undoHookAndFail(new GuestError('nothing_to_merge'))
    if (outcome === 'recoverable') throw await undoHookAndFail(proofNeeded(row))
  }
}

/** Asks the host to take back what `onMerge` did, because the merge was not done. */
async function undoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.onUndoMerge?.(merge)
  } catch (err) {
    ctx.logger.error(
      { err, ticket: merge.ticket },
      'onUndoMerge failed: the merge was not done, but what onMerge did for it was not taken back',
    )
  }
}

/** The profile that both guests become; undefined if `from` has none. Errors: `merge_refused`. */
async function mergedProfile({ config, store, logger }: Context, fromId: string, intoId: string) {
  const [from, into] = await Promise.all(
    [fromId, intoId].map((anonymousId) => store.findProfile({ anonymousId })),
  )
  if (!from) return undefined
  const [fromAttributes, intoAttributes] = [from.attributes, into?.attributes ?? {}]
  const attributes = await mergedAttributes(config.mergeProfiles, fromAttributes, intoAttributes)
  const size = Buffer.byteLength(JSON.stringify(attributes))
  const fits = size <= Math.max(config.maxProfileBytes, Buffer.byteLength(JSON.stringify(intoAttributes)))
  if (!fits)
    logger.warn({ size }, 'the merged profile is too large: the profile of the target stays as it was')
  return {
    attributes: fits ? attributes : intoAttributes,
    fromVersion: from.version,
    intoVersion: into?.version ?? 0,
  }
}

/** Errors: `merge_refused` if the host's function throws or returns something else than a JSON object. */
async function mergedAttributes(
  rule: MergeProfiles,
  fromAttributes: Attributes,
  intoAttributes: Attributes,
): Promise<Attributes> {
  if (rule === 'keep-target') return { ...fromAttributes, ...intoAttributes }
  if (rule === 'keep-source') return { ...intoAttributes, ...fromAttributes }
  try {
    return asJsonObject(await rule(fromAttributes, intoAttributes))
  } catch (cause) {
    throw new GuestError('merge_refused', { cause })
  }
}

/** The value as the store keeps it. Throws a TypeError if it is not a JSON object. */
function asJsonObject(value: unknown): Attributes {
  const json: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new TypeError('mergeProfiles must return an object')
  return json as Attributes
}

class TookTooLong extends Error {}

const tookTooLong = () => new TookTooLong(`the host's hook took longer than ${HOOK_MILLISECONDS} ms`)

const runHook = async (ctx: Context, merge: Merge): Promise<unknown> => ctx.config.onMerge?.(merge)

type Attributes = Record<string, unknown>

const proofNeeded = ({ label }: MergeRow) =>
  new GuestError('insufficient_user_authentication', {
    detail: `${label} has a passkey that must be proven first. Sign in as ${label}, then to your own account again, and use the ticket of that sign-in.`,
  })

const invalidTicket = (reason: string) => new GuestError('merge_ticket_invalid', { reason })

/**
 * The merge that a ticket names, if the ticket was given to this guest.
 * Errors: `merge_ticket_invalid`; `not_found` if it is merged and too late to undo.
 */
async function mergeOfTicket(ctx: Context, { anonymousId }: Session, ticket: string): Promise<MergeRow> {
  const row = await ctx.store.findMerge({ id: hashToken(ticket) })
  if (!row || row.intoId !== anonymousId) throw invalidTicket(row ? 'given to another guest' : 'unknown')
  if (row.expiresAt > ctx.now()) return row
  throw row.status === 'merged'
    ? new GuestError('not_found', { reason: 'too late to undo the merge' })
    : invalidTicket('expired')
}

/**
 * The merge, with how its guest can come back now. Since the offer, that guest may have got a passkey or a login ID.
 * Errors: `nothing_to_merge` if it is a regular user now; `insufficient_user_authentication` if it has a passkey that
 * was not proven lately.
 */
async function lookAgain(ctx: Context, row: MergeRow): Promise<MergeRow> {
  const key = { anonymousId: row.fromId }
  const [source, recoverability] = await Promise.all([
    ctx.store.findGuest(key),
    ctx.store.findRecoverability(key),
  ])
  if (!mayBeMerged(source)) throw new GuestError('nothing_to_merge')
  // A proof that was fresh when the merge was accepted counts until the accepted merge is done or refused.
  const isFreshNow = row.status === 'pending' || (row.provenUntil ?? 0) >= ctx.now()
  const isProven = row.provenUntil !== null && isFreshNow
  const isNew = gainedPasskey(row.recoverability as Recoverability, recoverability)
  if (!row.confirmed || isNew || (hasPasskey(recoverability) && !isProven)) throw proofNeeded(row)
  return { ...row, recoverability }
}

const newClaim = (ctx: Context) => ({
  now: ctx.now(),
  until: ctx.now() + MERGE_CLAIM_SECONDS,
  expiresAt: ctx.now() + PENDING_SECONDS,
})

/**
 * Merges the guest that a ticket names into the guest of the session, and returns the merged one. A repeated call
 * returns the same.
 * Errors: `merge_ticket_invalid`, `merge_refused`, `nothing_to_merge`; `not_found` if it was merged too long ago to
 * undo; `insufficient_user_authentication` if the other guest has a passkey that was not proven lately; `unavailable`
 * if the host's hook, or another request that does this merge, takes more than 10 seconds.
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
  throw new GuestError('unavailable', {
    headers: { 'Retry-After': '1' },
    reason: 'another request is doing this merge',
  })
}

/**
 * A guest who was brought back. `needsSession`: it has no other way back, so the browser must get a session for it.
 */
export type UndoneMerge = { from: PreviousGuest; needsSession: boolean }

/**
 * Undoes the merge that a ticket names; the caller is the guest who took the other one in. If the other guest has no
 * way back of its own, it takes over this browser or client, in the session that is returned.
 * Errors: `merge_ticket_invalid`; `merge_refused` if the host's hook throws; `not_found` if it is too late, or if the
 * guest who was brought back has ended again.
 */
export async function undoMerge(
  ctx: Context,
  session: Session,
  ticket: string,
  holder?: Holder,
): Promise<Issued | undefined> {
  const row = await mergeOfTicket(ctx, session, ticket)
  // The response may have been lost, so the client may repeat the request for 10 minutes.
  const { from, needsSession } =
    row.status === 'undone' ? undoneMerge(row) : await undoRow(ctx, row, toPreviousGuest(session), session)
  if (!needsSession) return undefined
  const { anonymous_id: anonymousId, label, collection } = from
  const guest = { anonymousId, label, collection }
  const span = await ctx.store.findSession(carriedKey(anonymousId))
  const issued = holder
    ? issueSealedGrant(ctx, holder.client, guest, holder.grant, span)
    : issueSealed(ctx, guest, span)
  const living = await livingSession(ctx, issued.session)
  if (!living) throw new GuestError('not_found', { reason: 'the guest ended again meanwhile' })
  return { ...issued, session: living }
}

/**
 * Undoes a merge for the host, by the ticket that its hook got.
 * Errors: `merge_ticket_invalid`, also if it is too late; `merge_refused` if the hook throws; `not_found` if the
 * target was erased, or if the merge could not be undone any more.
 */
export async function undoMergeByHost(ctx: Context, id: string): Promise<UndoneMerge> {
  const row = await ctx.store.findMerge({ id })
  if (!row || row.expiresAt <= ctx.now()) throw invalidTicket(row ? 'expired' : 'unknown')
  const guest = await ctx.store.findGuest({ anonymousId: row.intoId })
  if (!guest) throw new GuestError('not_found')
  return undoRow(ctx, row, await intoGuest(ctx, guest))
}

/** The target of a merge as hooks name it, if there is no session to take it from. */
async function intoGuest(ctx: Context, { anonymousId, label, collection }: GuestRow): Promise<PreviousGuest> {
  const recoverability = await ctx.store.findRecoverability({ anonymousId })
  return { anonymous_id: anonymousId, label, collection, recoverability }
}

const undoneMerge = (row: MergeRow): UndoneMerge => ({
  from: fromGuest(row),
  needsSession: row.recoverability === 'none',
})

/**
 * Undoes a merge. `here`: the session that asks for it; it ends if the guest who comes back needs one in its place.
 * Errors: `merge_ticket_invalid`, `merge_refused`, `not_found`.
 */
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
    repeatUntil: ctx.now() + UNDO_REPEAT_SECONDS,
    guest: { ...guest, userHandle: longMac(ctx.keys.userHandle, fromId) },
    // Tokens of the session that was merged work again, older ones do not. If no browser carried it (null), only the
    // token that is issued now works.
    session: needsSession ? { ...session, createdAt: row.carriedSince ?? ctx.now() + 1 } : undefined,
    leaves: needsSession && here ? { anonymousId: here.anonymousId, id: here.id } : undefined,
    retained: retained(ctx, collection, from.recoverability),
    notes: [note(ctx, 'guest.merge_undone', event, { anonymousId: fromId })],
  })
  if (!isDone) {
    // Another request has undone it, with the same ticket.
    if ((await ctx.store.findMerge({ id }))?.status === 'undone') return { from, needsSession }
    await redoHook(ctx, event)
    throw new GuestError('not_found')
  }
  return { from, needsSession }
}

/** Asks the host to do again what `onUndoMerge` took back, because the merge stands. */
async function redoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.onMerge?.(merge)
  } catch (err) {
    ctx.logger.error(
      { err, ticket: merge.ticket },
      'onMerge failed: the merge stands, but what onUndoMerge took back was not done again',
    )
  }
}

/** Every minute, this job does the merges that were decided but not done: a process died, or the hook took too long. */
export const resumeMerges: Job = {
  name: 'resume merges',
  everySeconds: 60,
  async work(ctx) {
    for (const row of await ctx.store.listPendingMerges({ now: ctx.now(), limit: 100 })) {
      const claimed = newClaim(ctx)
      if (!(await ctx.store.claimMerge({ id: row.id, ...claimed }))) continue
      const into = await ctx.store.findGuest({ anonymousId: row.intoId })
      if (!into) continue // the target was erased, and the merge with it
      const mine = { ...row, claimedUntil: claimed.until }
      await completeMerge(ctx, mine, await intoGuest(ctx, into), { insists: true }).catch((err: unknown) =>
        ctx.logger.warn({ err, ticket: row.id }, 'the job could not do a decided merge'),
      )
    }
  },
}
