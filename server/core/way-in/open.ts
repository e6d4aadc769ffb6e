// A way in for a guest who has lost everything and has shown an operator who it is: a code that is good once, and only after
// a delay, in which every session of the guest shows it and can cancel it. Off unless the option operators.wayIn is set.
//
// Against whoever has the browser of one owner: the delay, the other owner's approval, and that nobody can have made, removed
// or taken over an operator within the same time. Otherwise that person could act as a second owner, or remove the others and be
// alone.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { OperatorAct, WayIn } from '../../types.ts'
import { hashToken } from '../crypto/secrets.ts'
import { newWrittenCode, normalWrittenCode } from '../crypto/written-codes.ts'
import { note } from '../events/audit-trail.ts'
import { isId } from '../guests/ids.ts'
import { noWayIn, toWayIn, wayInName } from '../life/ways-in.ts'

/** How long a way in is good once it has opened: seven days. */
const OPEN_SECONDS = 7 * 24 * 60 * 60

/** `code`: for the guest alone. It is nowhere stored. `id`: names this way in to operators. */
export type OpenedWayIn = WayIn & { id: string; code: string }

/** The store has this hash instead of the code. 80 random bits need no slow hash. */
export const wayInHash = (code: string): string => hashToken(`way in ${normalWrittenCode(code)}`)

/** Errors: `not_found` if the option is off. */
function delayOf({ config: { operators } }: Context): number {
  if (operators !== false && operators.wayIn !== false) return operators.wayIn.delaySeconds
  throw new GuestError('not_found', {
    detail: 'This deployment has no ways in: the option operators.wayIn is off.',
  })
}

/**
 * Opens a way in for a guest, in place of an earlier one. If there are two owners, another one must approve it.
 * Errors: `not_found` if the guest is not kept, or the option is off; `guest_disabled`; `operators_changed`; `unavailable`
 * if nodes of other versions use the store.
 */
export async function openWayIn(ctx: Context, anonymousId: string, act: OperatorAct): Promise<OpenedWayIn> {
  const delay = delayOf(ctx)
  await ctx.fleet.refuseMixed() // at an older version, a sign-in of the guest would not end it
  const now = ctx.now()
  const code = newWrittenCode()
  const wayIn = {
    id: wayInHash(code),
    anonymousId,
    openedBy: act.by ?? '',
    createdAt: now,
    opensAt: now + delay,
    expiresAt: now + delay + OPEN_SECONDS,
  }
  const event = { opens_at: wayIn.opensAt, expires_at: wayIn.expiresAt }
  const result = isId(anonymousId)
    ? await ctx.store.openWayIn({
        wayIn,
        since: now - delay,
        now,
        cancelled: note(ctx, 'way_in.cancelled', {}, { anonymousId, operator: act }),
        notes: [note(ctx, 'way_in.opened', event, { anonymousId, operator: act })],
      })
    : ({ outcome: 'unknown' } as const)
  switch (result.outcome) {
    case 'opened':
      return { ...toWayIn(result.wayIn), id: wayInName(result.wayIn), code }
    case 'unknown':
      throw new GuestError('not_found', { detail: 'No guest with this id is kept. Check the id.' })
    case 'disabled':
      throw new GuestError('guest_disabled')
    default:
      throw new GuestError('operators_changed')
  }
}

/**
 * Approves the way in that another owner opened. `wayIn`: its id, so that nothing is approved that has replaced it meanwhile.
 * Errors: `not_found` if there is none; `way_in_replaced`; `not_permitted` for whoever opened it; `operators_changed`;
 * `unavailable` if nodes of other versions use the store.
 */
export async function approveWayIn(
  ctx: Context,
  anonymousId: string,
  wayIn: string,
  act: OperatorAct,
): Promise<void> {
  const delay = delayOf(ctx)
  await ctx.fleet.refuseMixed()
  const now = ctx.now()
  const found = isId(anonymousId) ? await ctx.store.findWayIn({ anonymousId, now }) : undefined
  if (!found) throw noWayIn()
  if (wayInName(found) !== wayIn) throw new GuestError('way_in_replaced')
  const outcome = await ctx.store.approveWayIn({
    id: found.id,
    anonymousId,
    by: act.by ?? '',
    since: now - delay,
    now,
    notes: [note(ctx, 'way_in.approved', {}, { anonymousId, operator: act })],
  })
  if (outcome === 'operators_changed') throw new GuestError('operators_changed')
  if (outcome === 'replaced') throw new GuestError('way_in_replaced')
  if (outcome === 'none') throw noWayIn()
  if (outcome === 'own')
    throw new GuestError('not_permitted', {
      detail: 'You have opened this way in yourself. Another owner must approve it.',
    })
}

/** Cancels the way in of a guest, for an operator. False if there is none. */
export const cancelWayInBy = async (ctx: Context, anonymousId: string, act: OperatorAct): Promise<boolean> =>
  isId(anonymousId) &&
  ctx.store.cancelWayIn({
    anonymousId,
    now: ctx.now(),
    notes: [note(ctx, 'way_in.cancelled', {}, { anonymousId, operator: act })],
  })
