// Does a merge that was decided: the host's hook moves its data, then the store changes everything in one step.
//
// The hook gets the same ticket in every attempt. Its work counts once the store has written `merged`.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Merge } from '../../options/options.ts'
import type { MergeRow } from '../../store/store.ts'
import type { PreviousGuest } from '../../types.ts'
import { within } from '../../within.ts'
import { failureNote, note } from '../events/audit-trail.ts'
import { ending } from '../sessions/endings.ts'
import { longestIdle } from '../sessions/sessions.ts'
import { agreementNeeded, fromGuest, proofNeeded } from './merge-ticket.ts'
import { mergedProfile } from './merged-profile.ts'

/** How long the host's hook may take. It must end well before the claim does. */
const HOOK_MILLISECONDS = 10_000

/**
 * Does a merge that was decided and claimed: calls the host's hook, then changes everything in the store in one step.
 * `insists` is for the job: if the hook throws, the merge stays pending, and the job tries again. Without it, the merge
 * is an offer again.
 * Errors: `merge_refused` if the hook or `merge.profiles` throws (the client may ask again); `nothing_to_merge` if one
 * of the two guests is gone; `guest_disabled` if one of them is disabled; `insufficient_user_authentication` if the guest can come back by now, or has its first
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
  const about = { anonymousId: intoId, otherId: fromId }
  const { claimedUntil } = row
  const fail = async (error: GuestError) => {
    const note = failureNote(ctx, 'guest.merged', about, error.code)
    await ctx.store.releaseMerge({ id, claimedUntil, note })
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
  const event = { ...merge, undo_until: ctx.now() + ctx.config.merge.graceSeconds }
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
      ending: ending(ctx, 'merged'),
      notes: [note(ctx, 'guest.merged', event, about)],
    })
    if (outcome === 'merged') break
    if (outcome === 'void') return // another request has done it, with the same ticket
    if (outcome === 'taken') throw new GuestError('unavailable', { reason: 'the claim has lapsed' })
    if (outcome === 'gone') throw await undoHookAndFail(new GuestError('nothing_to_merge'))
    if (outcome === 'disabled') throw await undoHookAndFail(new GuestError('guest_disabled'))
    if (outcome === 'recoverable') {
      await undoHookAndFail(proofNeeded(row))
      // `confirmed` is false now if there is a passkey that must be proven first.
      const { confirmed } = (await ctx.store.findMerge({ id })) ?? row
      throw confirmed ? agreementNeeded(row) : proofNeeded(row)
    }
  }
}

/** Asks the host to take back what `onMerge` did, because the merge was not done. */
async function undoHook(ctx: Context, merge: Merge): Promise<void> {
  try {
    await ctx.config.merge.onUndoMerge?.(merge)
  } catch (err) {
    ctx.logger.error(
      { err, ticket: merge.ticket },
      'onUndoMerge failed: the merge was not done, but what onMerge did for it was not taken back',
    )
  }
}

class TookTooLong extends Error {}

const tookTooLong = () => new TookTooLong(`the host's hook took longer than ${HOOK_MILLISECONDS} ms`)

const runHook = async (ctx: Context, merge: Merge): Promise<unknown> => ctx.config.merge.onMerge?.(merge)
