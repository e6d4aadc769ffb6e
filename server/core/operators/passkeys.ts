// How an operator gets passkeys: the first by an invitation, more in a session.

import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { OperatorPasskeyRow, OperatorRow } from '../../store/store.ts'
import { spentChallenge } from '../crypto/challenges.ts'
import { hashToken } from '../crypto/secrets.ts'
import { providerName } from '../passkeys/aaguids.ts'
import { creationOptions, verifiedPasskey } from './ceremonies.ts'
import { noteOwn } from './operators.ts'
import { newOperatorSession, type OperatorSession } from './sessions.ts'
import type { OperatorSignIn } from './sign-in.ts'

const MAX_PASSKEYS = 20

/** The operator whom an invitation is for. Errors: `invitation_invalid`. */
async function invited(ctx: Context, invitation: string): Promise<{ id: string; operator: OperatorRow }> {
  const id = hashToken(invitation)
  const operator = await ctx.store.findInvitation({ id, now: ctx.now() })
  if (!operator) throw new GuestError('invitation_invalid')
  return { id, operator }
}

/** The options to make the passkey of an invitation. They spend nothing. Errors: `invitation_invalid`. */
export async function invitationOptions(
  ctx: Context,
  invitation: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { id, operator } = await invited(ctx, invitation)
  return creationOptions(ctx, operator, id)
}

/**
 * Uses an invitation: the new passkey becomes the operator's only one, all sessions of the operator end, and a new one
 * begins. The session that this browser had ends too, also if it is another operator's (`from`: its token's hash).
 * Errors: `invitation_invalid`; `registration_failed`.
 */
export async function acceptInvitation(
  ctx: Context,
  invitation: string,
  response: RegistrationResponseJSON,
  from: string | undefined,
): Promise<OperatorSignIn> {
  const { id, operator } = await invited(ctx, invitation)
  const { passkey, challenge } = await verifiedPasskey(ctx, response, {
    operatorId: operator.id,
    boundTo: id,
  })
  const { token, row } = newOperatorSession(ctx, operator.id)
  const outcome = await ctx.store.redeemInvitation({
    invitationId: id,
    now: ctx.now(),
    passkey,
    session: row,
    from,
    spent: spentChallenge(challenge),
    notes: [noteOwn(ctx, 'operator.joined', operator)],
  })
  if (outcome === 'unknown') throw new GuestError('invitation_invalid')
  if (outcome !== 'done') throw new GuestError('registration_failed', { reason: outcome })
  return { session: { ...row, operator }, token }
}

/** A passkey of an operator in a list. */
export type OperatorPasskey = {
  id: string
  provider: string | null
  created_at: number
  last_used_at: number | null
  backed_up: boolean
}

const toPasskey = (row: OperatorPasskeyRow): OperatorPasskey => ({
  id: row.credentialId,
  provider: providerName(row.aaguid),
  created_at: row.createdAt,
  last_used_at: row.lastUsedAt,
  backed_up: row.backedUp,
})

/** The passkeys of an operator, the oldest first. */
export const listOwnPasskeys = async (
  ctx: Context,
  { operatorId }: OperatorSession,
): Promise<OperatorPasskey[]> => (await ctx.store.listOperatorPasskeys({ operatorId })).map(toPasskey)

/** The options to make one more passkey of the operator who is signed in. */
export const addOptions = (ctx: Context, { id, operator }: OperatorSession) =>
  creationOptions(ctx, operator, id)

/**
 * Adds a passkey of the operator who is signed in.
 * Errors: `registration_failed`; `too_many_passkeys`.
 */
export async function addOwnPasskey(
  ctx: Context,
  { id, operator }: OperatorSession,
  response: RegistrationResponseJSON,
): Promise<OperatorPasskey> {
  const { passkey, challenge } = await verifiedPasskey(ctx, response, {
    operatorId: operator.id,
    boundTo: id,
  })
  const outcome = await ctx.store.addOperatorPasskey({
    passkey,
    spent: spentChallenge(challenge),
    max: MAX_PASSKEYS,
    notes: [noteOwn(ctx, 'operator.passkey_added', operator)],
  })
  if (outcome === 'too_many')
    throw new GuestError('too_many_passkeys', {
      detail: `An operator has at most ${MAX_PASSKEYS} passkeys. Remove one first.`,
    })
  if (outcome !== 'done') throw new GuestError('registration_failed', { reason: outcome })
  return toPasskey(passkey)
}

/**
 * Removes a passkey of the operator who is signed in, and ends all other sessions and the invitations of the operator.
 * Errors: `not_found`, for another operator's passkey too; `would_lose_account` if it is the only one.
 */
export async function removeOwnPasskey(
  ctx: Context,
  { id, operator }: OperatorSession,
  credentialId: string,
): Promise<void> {
  const outcome = await ctx.store.removeOperatorPasskey({
    operatorId: operator.id,
    credentialId,
    sessionId: id,
    notes: [noteOwn(ctx, 'operator.passkey_removed', operator)],
  })
  if (outcome === 'unknown') throw new GuestError('not_found')
  if (outcome === 'last')
    throw new GuestError('would_lose_account', {
      detail: 'This is your only passkey: you could not sign in again. Add another one first.',
    })
}
