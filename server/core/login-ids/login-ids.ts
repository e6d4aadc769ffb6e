// Login IDs: what a regular user is known by. They are the only thing here that is personal, and only once given.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { LoginIdRow } from '../../store/store.ts'
import type { LoginId } from '../../types.ts'
import { z } from '../../zod.ts'
import { note } from '../events/audit-trail.ts'
import { retainedBy } from '../guests/retention.ts'
import { aboutSession, type Session } from '../sessions/sessions.ts'
import { requireProof } from '../sessions/step-up.ts'

export type LoginIdKey = { type: string; value: string }

const email = z.email()
/** E.164: a plus and at most fifteen digits. */
const PHONE = /^\+[1-9]\d{6,14}$/
const MAX_EMAIL_CHARACTERS = 254

/**
 * As it is compared and kept: an address in lower case, for no mailbox tells two of them apart by it; a number without
 * what stands between its digits. Errors: `invalid_login_id`.
 */
export function normalLoginId({ type, value }: LoginIdKey): LoginIdKey {
  if (type === 'email') {
    const address = value.trim().normalize('NFC').toLowerCase()
    if (address.length <= MAX_EMAIL_CHARACTERS && email.safeParse(address).success)
      return { type, value: address }
    throw new GuestError('invalid_login_id', { detail: 'This is not an e-mail address.' })
  }
  if (type === 'phone') {
    const number = value.replace(/[\s().-]/g, '')
    if (PHONE.test(number)) return { type, value: number }
    throw new GuestError('invalid_login_id', {
      detail: 'This is not a telephone number with its country, like +41 44 668 18 00.',
    })
  }
  if (type === 'oidc') return { type, value } // as the provider has it
  throw new GuestError('invalid_login_id', { detail: 'A login ID is an email or a phone.' })
}

export const toLoginId = ({ type, value, verifiedAt, primary }: LoginIdRow): LoginId => ({
  type,
  value,
  primary,
  verified_at: verifiedAt,
})

/** The primary one first. */
export async function listLoginIds(ctx: Context, { anonymousId }: Session): Promise<LoginId[]> {
  return (await ctx.store.listLoginIds({ anonymousId })).map(toLoginId)
}

/**
 * Removes a login ID; without one the user is a guest again.
 * Errors: `not_found`; `would_lose_account` for the last way in, unless forced; `insufficient_user_authentication`.
 */
export async function removeLoginId(
  ctx: Context,
  session: Session,
  key: LoginIdKey,
  force: boolean,
): Promise<void> {
  requireProof(ctx, session)
  const { anonymousId, collection } = session
  const event = { anonymous_id: anonymousId, type: key.type }
  const outcome = await ctx.store.removeLoginId({
    anonymousId,
    ...normalLoginId(key),
    force,
    now: ctx.now(),
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'login_id.removed', event, aboutSession(session))],
  })
  if (outcome === 'not_found') throw new GuestError('not_found')
  if (outcome === 'last') throw new GuestError('would_lose_account')
  ctx.events.emit('login_id.removed', event)
}

/** Errors: `not_found`. */
export async function setPrimaryLoginId(
  ctx: Context,
  { anonymousId }: Session,
  key: LoginIdKey,
): Promise<void> {
  if (!(await ctx.store.setPrimaryLoginId({ anonymousId, ...normalLoginId(key) })))
    throw new GuestError('not_found')
}
