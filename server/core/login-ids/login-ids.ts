// Login IDs: the e-mail addresses, phone numbers and provider accounts by which a regular user signs in.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { LoginIdRow } from '../../store/store.ts'
import type { LoginId } from '../../types.ts'
import { z } from '../../zod.ts'
import { note } from '../events/audit-trail.ts'
import { retainedBy } from '../guests/retention.ts'
import { aboutSession, type Session } from '../sessions/sessions.ts'
import { requireProof } from '../sessions/step-up.ts'

/** A login ID without its owner. */
export type LoginIdKey = Pick<LoginId, 'type' | 'value'>

const email = z.email()
/** E.164: a plus and seven to fifteen digits. */
const PHONE = /^\+[1-9]\d{6,14}$/
const MAX_EMAIL_CHARACTERS = 254

/**
 * The form in which login IDs are compared and stored. An e-mail address becomes lower case, because mail servers
 * ignore case. A phone number loses its spaces, dots, hyphens and brackets.
 * Errors: `login_id_invalid` if it is not one e-mail address or phone number, or has another type.
 */
export function normalLoginId({ type, value }: LoginIdKey): LoginIdKey {
  if (type === 'email') {
    const address = value.trim().normalize('NFC').toLowerCase()
    if (address.length <= MAX_EMAIL_CHARACTERS && email.safeParse(address).success)
      return { type, value: address }
    throw new GuestError('login_id_invalid', { detail: 'This is not an e-mail address.' })
  }
  if (type === 'phone') {
    const number = value.replace(/[\s().-]/g, '')
    if (PHONE.test(number)) return { type, value: number }
    throw new GuestError('login_id_invalid', {
      detail: 'This is not a telephone number with its country code, like +41 44 668 18 00.',
    })
  }
  if (type === 'oidc') return { type, value } // compared exactly, as the provider wrote it
  throw new GuestError('login_id_invalid', { detail: 'The type of a login ID must be email or phone.' })
}

/** A login ID as responses show it. */
export const toLoginId = ({ type, value, verifiedAt, primary }: LoginIdRow): LoginId => ({
  type,
  value,
  primary,
  verified_at: verifiedAt,
})

/** The login IDs of the guest, the primary one first. */
export async function listLoginIds(ctx: Context, { anonymousId }: Session): Promise<LoginId[]> {
  return (await ctx.store.listLoginIds({ anonymousId })).map(toLoginId)
}

/**
 * Removes a login ID. Whoever has none left is a guest again.
 * Errors: `login_id_invalid`; `not_found` if the guest does not have it; `insufficient_user_authentication`;
 * `would_lose_account` if it is the last login ID, nothing else could bring the guest back, and `force` is false.
 */
export async function removeLoginId(
  ctx: Context,
  session: Session,
  key: LoginIdKey,
  force: boolean,
): Promise<void> {
  requireProof(ctx, session)
  const { anonymousId, collection } = session
  const outcome = await ctx.store.removeLoginId({
    anonymousId,
    ...normalLoginId(key),
    force,
    now: ctx.now(),
    retained: retainedBy(ctx, collection),
    notes: [note(ctx, 'login_id.removed', { type: key.type }, aboutSession(session))],
  })
  if (outcome === 'not_found') throw new GuestError('not_found')
  if (outcome === 'last') throw new GuestError('would_lose_account')
}

/** Makes a login ID the primary one. Errors: `login_id_invalid`; `not_found` if the guest does not have it. */
export async function setPrimaryLoginId(
  ctx: Context,
  { anonymousId }: Session,
  key: LoginIdKey,
): Promise<void> {
  if (!(await ctx.store.setPrimaryLoginId({ anonymousId, ...normalLoginId(key) })))
    throw new GuestError('not_found')
}
