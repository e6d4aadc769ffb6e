// A guest's passkeys as the guest sees them: listed, renamed, removed.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { PasskeyRow } from '../../store/store.ts'
import type { Passkey } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import { aboutSession, type Session } from '../sessions/sessions.ts'
import { requireRecentPasskey } from '../sessions/step-up.ts'
import { providerName } from './aaguids.ts'

export const toPasskey = (row: PasskeyRow): Passkey => ({
  id: row.credentialId,
  name: row.name,
  provider: providerName(row.aaguid),
  created_at: row.createdAt,
  last_used_at: row.lastUsedAt,
  transports: row.transports,
  backed_up: row.backedUp,
})

export async function listPasskeys(ctx: Context, session: Session): Promise<Passkey[]> {
  return (await passkeyRows(ctx, session)).map(toPasskey)
}

/** The rows; a guest who is not kept has none. */
export async function passkeyRows(ctx: Context, session: Session): Promise<PasskeyRow[]> {
  if (session.recoverability === 'none') return []
  return ctx.store.listPasskeys({ anonymousId: session.anonymousId })
}

/** Errors: `not_found`, for another guest's passkey too. */
export async function getPasskey(ctx: Context, session: Session, id: string): Promise<Passkey> {
  const passkey = (await listPasskeys(ctx, session)).find((one) => one.id === id)
  if (!passkey) throw new GuestError('not_found')
  return passkey
}

/** Errors: `not_found`, for another guest's passkey too. */
export async function renamePasskey(
  ctx: Context,
  session: Session,
  id: string,
  name: string,
): Promise<Passkey> {
  await ctx.store.renamePasskey({ anonymousId: session.anonymousId, credentialId: id, name })
  return getPasskey(ctx, session, id)
}

/**
 * Removes a passkey; the authenticator keeps its half, which then opens nothing.
 * Errors: `not_found`; `insufficient_user_authentication` on a stale session; `would_lose_account` for the last
 * one, unless forced.
 */
export async function removePasskey(
  ctx: Context,
  session: Session,
  id: string,
  force: boolean,
): Promise<void> {
  await getPasskey(ctx, session, id)
  requireRecentPasskey(ctx, session)
  const event = { anonymous_id: session.anonymousId, passkey_id: id }
  const outcome = await ctx.store.removePasskey({
    anonymousId: session.anonymousId,
    credentialId: id,
    force,
    notes: [note(ctx, 'passkey.removed', event, aboutSession(session))],
  })
  if (outcome === 'not_found') throw new GuestError('not_found')
  if (outcome === 'last') throw new GuestError('would_lose_account')
  ctx.events.emit('passkey.removed', event)
}
