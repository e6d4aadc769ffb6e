// What an operator does to one guest. Each writes a line of the audit trail, with who did it and why; the guest's own export
// has that line too, without the operator's name.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { LoginIdType, OperatorAct } from '../../types.ts'
import { auditNote, note } from '../events/audit-trail.ts'
import { isId, isOurs } from '../guests/ids.ts'
import { retainedBy, warningBefore } from '../guests/retention.ts'
import { normalLoginId } from '../login-ids/login-ids.ts'
import { ending } from '../sessions/endings.ts'
import { revocation } from '../sessions/revoked-device-keys.ts'
import { longestIdle } from '../sessions/sessions.ts'

/** `force`: even if the guest then has no way back. Only an owner may. */
export type Force = { force?: boolean | undefined }

/** How far ahead an expiry may be set: ten years. */
const MAX_EXTENSION_SECONDS = 10 * 365 * 24 * 60 * 60

const noSuchGuest = () => new GuestError('not_found', { detail: 'No guest has this id. Check it.' })

const wouldLose = (act: OperatorAct): GuestError =>
  new GuestError('would_lose_account', {
    detail: `The guest would have no way back. ${isOwner(act) ? 'Set force if that is meant.' : 'Only an owner can do this.'}`,
  })

const isOwner = ({ role }: OperatorAct): boolean => role === 'owner' || role === 'host'

/** Whether the guest may be left without a way back. */
const mayLose = (act: OperatorAct, { force = false }: Force): boolean => force && isOwner(act)

/**
 * Ends one session of a guest, and revokes the device key of that browser.
 * Errors: `not_found`; `would_lose_account` if it is all that the guest has, unless an owner sets `force`.
 */
export async function endSessionBy(
  ctx: Context,
  { anonymousId, sessionId }: { anonymousId: string; sessionId: string },
  act: OperatorAct,
  force: Force = {},
): Promise<void> {
  if (!isId(anonymousId) || !isId(sessionId)) throw noSuchSession()
  const ended = await endThem(ctx, anonymousId, act, { only: sessionId, ...force })
  if (ended === 0) throw noSuchSession()
}

const noSuchSession = () => new GuestError('not_found', { detail: 'The guest has no such session.' })

/**
 * Ends all sessions of a guest, and revokes all its device keys. Returns how many sessions ended.
 * Errors: `not_found`; `would_lose_account` if nothing else brings the guest back, unless an owner sets `force`.
 */
export async function endSessionsBy(
  ctx: Context,
  anonymousId: string,
  act: OperatorAct,
  force: Force = {},
): Promise<number> {
  if (!isId(anonymousId)) throw noSuchGuest()
  const ended = await endThem(ctx, anonymousId, act, force)
  if (ended === 0 && !(await ctx.store.findGuest({ anonymousId }))) throw noSuchGuest()
  return ended
}

/**
 * Ends the session `only`, or all. A guest who is not kept has one that its browser carries.
 * Errors: `would_lose_account`.
 */
async function endThem(
  ctx: Context,
  anonymousId: string,
  act: OperatorAct,
  { only, ...force }: Force & { only?: string },
): Promise<number> {
  const about = { anonymousId, sessionId: only ?? null, operator: act }
  const line = auditNote(ctx, 'guest.signed_out', about)
  const { ended, isLost } = await ctx.store.endSessions({
    anonymousId,
    only,
    unlessLost: mayLose(act, force) ? undefined : { now: ctx.now() },
    notes: [line],
    revocation: revocation(ctx, about),
    ending: ending(ctx, 'operator'),
  })
  if (isLost) throw wouldLose(act)
  if (ended > 0 || !isOurs(anonymousId) || (only ?? anonymousId) !== anonymousId) return ended
  if (!mayLose(act, force)) {
    if (await ctx.store.sealedSessionEnded({ anonymousId })) return 0
    throw wouldLose(act)
  }
  const endedUntil = ctx.now() + longestIdle(ctx)
  const session = { kind: 'sealed', anonymousId, endedUntil } as const
  return Number(await ctx.store.endSession({ ...session, notes: [line], ending: ending(ctx, 'operator') }))
}

/**
 * Revokes a device key of a guest: it signs nobody in. Sessions that it began go on until they end.
 * Errors: `not_found`; `would_lose_account` if it is the only way back, unless an owner sets `force`.
 */
export async function removeDeviceKeyBy(
  ctx: Context,
  { anonymousId, id }: { anonymousId: string; id: string },
  act: OperatorAct,
  force: Force = {},
): Promise<void> {
  if (!isId(anonymousId) || !isId(id)) throw noSuchItem('device key')
  const outcome = await ctx.store.removeDeviceKey({
    ...{ anonymousId, id, force: mayLose(act, force), isProven: true },
    notes: [note(ctx, 'device_key.removed', { device_key_id: id }, { anonymousId, operator: act })],
  })
  refuse(outcome, 'device key', act)
}

/**
 * Removes a passkey of a guest.
 * Errors: `not_found`; `would_lose_account` if it is the only way back, unless an owner sets `force`.
 */
export async function removePasskeyBy(
  ctx: Context,
  { anonymousId, id }: { anonymousId: string; id: string },
  act: OperatorAct,
  force: Force = {},
): Promise<void> {
  if (!isId(anonymousId)) throw noSuchItem('passkey')
  const outcome = await ctx.store.removePasskey({
    ...{ anonymousId, credentialId: id, force: mayLose(act, force) },
    notes: [note(ctx, 'passkey.removed', { passkey_id: id }, { anonymousId, operator: act })],
  })
  refuse(outcome, 'passkey', act)
}

/**
 * Removes a login ID of a guest, in any form in which the guest could sign in with it. Whoever has none left is a guest again.
 * Errors: `not_found`; `login_id_invalid`; `would_lose_account` if it is the only way back, unless an owner sets `force`.
 */
export async function removeLoginIdBy(
  ctx: Context,
  { anonymousId, type, value }: { anonymousId: string; type: LoginIdType; value: string },
  act: OperatorAct,
  force: Force = {},
): Promise<void> {
  const guest = isId(anonymousId) ? await ctx.store.findGuest({ anonymousId }) : undefined
  if (!guest) throw noSuchItem('login ID')
  const outcome = await ctx.store.removeLoginId({
    ...{ anonymousId, ...normalLoginId({ type, value }), force: mayLose(act, force), now: ctx.now() },
    retained: retainedBy(ctx, guest.collection),
    notes: [note(ctx, 'login_id.removed', { type }, { anonymousId, operator: act })],
  })
  refuse(outcome, 'login ID', act)
}

function refuse(outcome: string, what: string, act: OperatorAct): void {
  if (outcome === 'not_found') throw noSuchItem(what)
  if (outcome === 'last') throw wouldLose(act)
}

const noSuchItem = (what: string) => new GuestError('not_found', { detail: `The guest has no such ${what}.` })

/**
 * Lets a guest expire later, until it is next seen: then what its collection promises counts again. An expired guest is
 * there again. `expiresAt`: Unix seconds.
 * Errors: `invalid_request` if that is not later than now and than before, or more than ten years ahead, or if the guest
 * never expires; `not_found` if the guest is not kept.
 */
export async function extendGuestBy(
  ctx: Context,
  { anonymousId, expiresAt }: { anonymousId: string; expiresAt: number },
  act: OperatorAct,
): Promise<void> {
  const now = ctx.now()
  if (!Number.isSafeInteger(expiresAt) || expiresAt <= now || expiresAt > now + MAX_EXTENSION_SECONDS)
    throw new GuestError('invalid_request', {
      detail: `expires_at must be in whole Unix seconds, later than now (${now}) and at most ten years ahead. It is ${expiresAt}.`,
    })
  const guest = isId(anonymousId) ? await ctx.store.findGuest({ anonymousId }) : undefined
  if (!guest) throw notKept()
  const outcome = await ctx.store.extendGuest({
    ...{ anonymousId, expiresAt, dueAt: warningBefore(ctx, guest.collection, expiresAt) },
    notes: [note(ctx, 'guest.extended', { expires_at: expiresAt }, { anonymousId, operator: act })],
  })
  if (outcome === 'unknown') throw notKept()
  if (outcome === 'forever')
    throw new GuestError('invalid_request', {
      detail: 'The guest never expires, so there is nothing to extend.',
    })
  if (outcome === 'later')
    throw new GuestError('invalid_request', {
      detail: `The guest expires later than ${expiresAt} already. Give a later time.`,
    })
}

const notKept = () => new GuestError('not_found', { detail: 'This guest is not kept. Keep it first.' })
