// Merging: if a guest signs in to another account, its data can be moved to that account.
//
// The store writes a merge as `pending` before anything is done. If the process dies, another one does the merge.

import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import { decideOffer, gainedPasskey, mayBeMerged } from '../../rules/merge.ts'
import { hasPasskey } from '../../rules/recoverability.ts'
import type { MergeRow, NewMerge } from '../../store/store.ts'
import type { PreviousGuest, Recoverability } from '../../types.ts'
import { hashToken, randomId } from '../crypto/secrets.ts'
import { toPreviousGuest } from '../guests/guest.ts'
import type { Job } from '../jobs/jobs.ts'
import { canComeBack, type Session } from '../sessions/sessions.ts'
import { isFresh } from '../sessions/step-up.ts'
import { completeMerge } from './complete-merge.ts'
import { fromGuest, intoGuest, invalidTicket, mergeOfTicket, proofNeeded } from './merge-ticket.ts'

/** How long a guest can accept the offer of a merge, if it could come back. */
export const OFFER_SECONDS = 10 * 60
/** How long a decided merge is attempted, and how long an offer can be accepted if the guest cannot come back. */
const PENDING_SECONDS = 24 * 60 * 60
/** How long a request or job holds a merge that it has claimed; after that, another one may claim it. */
const MERGE_CLAIM_SECONDS = 60
/** A request waits for another one that does the same merge: 50 times 200 ms, so 10 seconds. */
const WAIT_MILLISECONDS = 200
const MAX_WAITS = 50

/**
 * A new merge of the guest who was here (`from`) into the one who signs in: decided or offered (see `decideOffer`). Only the
 * client gets the secret ticket. The host's hooks get its hash, the merge's id, and call that `ticket` too.
 * Merges are only within one collection: a sign-in to a guest of another one writes no merge (`writeSignIn` in
 * store/sql/verbs/complete-sign-in.ts).
 */
export function newMerge(ctx: Context, from: Session, intoId: string): { ticket: string; row: NewMerge } {
  const ticket = randomId(256)
  const now = ctx.now()
  const hasHook = ctx.config.merge.onMerge !== undefined
  const status = decideOffer({ canComeBack: canComeBack(from), isKept: from.kind === 'stored', hasHook })
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
    status,
    claimedUntil: status === 'pending' ? ctx.claims.now() + MERGE_CLAIM_SECONDS : 0,
    expiresAt: now + (canComeBack(from) ? OFFER_SECONDS : PENDING_SECONDS),
    offerIfKept: !hasHook,
  }
  return { ticket, row }
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
  now: ctx.claims.now(),
  until: ctx.claims.now() + MERGE_CLAIM_SECONDS,
  provenAt: ctx.now(),
  expiresAt: ctx.now() + PENDING_SECONDS,
})

/**
 * Merges the guest that a ticket names into the guest of the session, and returns the merged one. A repeated call
 * returns the same.
 * Errors: `merge_ticket_invalid`, `merge_refused`, `nothing_to_merge`, `guest_disabled`; `not_found` if it was merged too long ago to
 * undo; `insufficient_user_authentication` if the other guest has a passkey that was not proven lately, or got its first
 * way back while the hook ran; `unavailable` if the host's hook, or another request that does this merge, takes more
 * than 10 seconds, or if nodes of other versions use the store.
 */
export async function merge(ctx: Context, session: Session, ticket: string): Promise<PreviousGuest> {
  for (let waited = 0; waited < MAX_WAITS; waited++) {
    const found = await mergeOfTicket(ctx, session, ticket)
    if (found.status === 'merged') return fromGuest(found)
    if (found.status === 'undone') throw invalidTicket('undone')
    const row = await lookAgain(ctx, found)
    await ctx.fleet.refuseMixed()
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

/** Every minute, this job does the merges that were decided but not done: a process died, or the hook took too long. */
export const resumeMerges: Job = {
  name: 'resume merges',
  everySeconds: 60,
  waitsForFleet: true,
  async work(ctx) {
    for (const row of await ctx.store.listPendingMerges({ now: ctx.claims.now(), limit: 100 })) {
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
