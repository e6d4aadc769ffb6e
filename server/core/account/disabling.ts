// Disabling a guest: the operator ends all its sessions, and nobody is let in as this guest until it is enabled.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { DisableReason, OperatorAct } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import { isId, isOurs } from '../guests/ids.ts'
import { ending } from '../sessions/endings.ts'
import { longestIdle } from '../sessions/sessions.ts'

/** `until`: Unix seconds; default null, so until somebody enables the guest. `reason`: default `other`. */
export type DisableOptions = { until?: number | null | undefined; reason?: DisableReason | undefined }

const reasons: readonly DisableReason[] = ['abuse', 'compromised', 'requested', 'legal', 'other']

const noSuchGuest = () => new GuestError('not_found', { detail: 'No guest has this id. Check it.' })

/**
 * Disables a guest, or changes until when and why it is disabled. All its sessions have ended on all nodes when the promise
 * resolves. Passkeys, device keys, codes and login IDs stay: they sign in again once the guest is enabled. A guest without
 * a row has nothing but its session, so it does not come back.
 * Errors: `invalid_request` if `until` is not a time to come, or `reason` is none of ours; `not_found` for an id that
 * nobody has; `unavailable` if nodes of other versions use the store.
 */
export async function disableGuest(
  ctx: Context,
  anonymousId: string,
  { until = null, reason = 'other' }: DisableOptions = {},
  operator?: OperatorAct,
): Promise<void> {
  const now = ctx.now()
  if (until !== null && !(Number.isSafeInteger(until) && until > now))
    throw new GuestError('invalid_request', {
      detail: `until must be a time to come, in whole Unix seconds (now: ${now}), or null. It is ${until}.`,
    })
  if (!reasons.includes(reason))
    throw new GuestError('invalid_request', {
      detail: `reason must be one of ${reasons.join(', ')}. It is ${reason}.`,
    })
  if (!isId(anonymousId)) throw noSuchGuest()
  await ctx.fleet.refuseMixed() // an older version would let the guest in
  const outcome = await ctx.store.disableGuest({
    anonymousId,
    now,
    until,
    reason,
    // An imported guest never had a session without a row.
    endedUntil: isOurs(anonymousId) ? now + longestIdle(ctx) : null,
    ending: ending(ctx, 'disabled'),
    notes: [note(ctx, 'guest.disabled', { reason, until }, { anonymousId, operator })],
  })
  if (outcome === 'unknown') throw noSuchGuest()
}

/** Lets a disabled guest in again. False if it was not disabled. */
export const enableGuest = async (
  ctx: Context,
  anonymousId: string,
  operator?: OperatorAct,
): Promise<boolean> =>
  isId(anonymousId) &&
  ctx.store.enableGuest({
    anonymousId,
    now: ctx.now(),
    notes: [note(ctx, 'guest.enabled', {}, { anonymousId, operator })],
  })
