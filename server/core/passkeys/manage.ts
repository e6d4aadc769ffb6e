// How a guest lists, renames and removes passkeys.

import type { RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { PasskeyRow } from '../../store/store.ts'
import type { Passkey } from '../../types.ts'
import { note } from '../events/audit-trail.ts'
import { aboutSession, type Session } from '../sessions/sessions.ts'
import { requireRecentPasskey } from '../sessions/step-up.ts'
import { providerName } from './aaguids.ts'
import type { verifyRegistration } from './ceremony.ts'

/** The row of a passkey that was verified just now. It has the name of what keeps it, until the guest gives it another. */
export const newPasskey = (
  credential: Awaited<ReturnType<typeof verifyRegistration>>,
  { response }: RegistrationResponseJSON,
  anonymousId: string,
  now: number,
): PasskeyRow => ({
  credentialId: credential.id,
  anonymousId,
  publicKey: credential.publicKey,
  signCount: credential.signCount,
  aaguid: credential.aaguid,
  name: providerName(credential.aaguid) ?? 'Passkey',
  transports: response.transports ?? [],
  backupEligible: credential.backupEligible,
  backedUp: credential.backedUp,
  createdAt: now,
  lastUsedAt: null,
})

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

/** The rows. If the guest has no way to come back, there is no passkey, and the store is not asked. */
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
 * Removes a passkey. The authenticator keeps its private key, which then signs nobody in.
 * Errors: `not_found`; `insufficient_user_authentication` if no passkey was proven in the session in the last
 * `stepUpSeconds`; `would_lose_account` if it is the guest's only way back, unless `force`.
 */
export async function removePasskey(
  ctx: Context,
  session: Session,
  id: string,
  force: boolean,
): Promise<void> {
  await getPasskey(ctx, session, id)
  requireRecentPasskey(ctx, session)
  const outcome = await ctx.store.removePasskey({
    anonymousId: session.anonymousId,
    credentialId: id,
    force,
    notes: [note(ctx, 'passkey.removed', { passkey_id: id }, aboutSession(session))],
  })
  if (outcome === 'not_found') throw new GuestError('not_found')
  if (outcome === 'last') throw new GuestError('would_lose_account')
}
