// Who is an operator, and with which role. A change of a role or a removal counts on all nodes at once: every request of an
// operator asks the store.

import { randomBytes } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { InvitationRow, OperatorChange, OperatorRow } from '../../store/store.ts'
import type { Operator, OperatorAct, OperatorRole } from '../../types.ts'
import { hashToken, randomId } from '../crypto/secrets.ts'
import { auditNote, note } from '../events/audit-trail.ts'
import { operatorConfig } from './set-up.ts'

const roles: readonly OperatorRole[] = ['viewer', 'support', 'owner']

/** What an operator's name may be. It stands in no other table. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,63}$/u

/** A new operator, or one who begins anew. `invitation`: the token for the link, good once, and nowhere stored. */
export type Invited = { id: string; invitation: string; expires_at: number }

export async function listOperators(ctx: Context): Promise<Operator[]> {
  operatorConfig(ctx)
  const found = await ctx.store.listOperators({ now: ctx.now() })
  return found.map(({ id, name, role, createdAt, passkeys, invitedUntil }) => ({
    id,
    name,
    role,
    created_at: createdAt,
    passkeys,
    invited_until: invitedUntil,
  }))
}

/**
 * The operator with this id or name.
 * Errors: `not_found`.
 */
export async function findOperator(ctx: Context, idOrName: string): Promise<Operator> {
  const all = await listOperators(ctx)
  const found = all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName)
  if (!found) throw noSuchOperator(idOrName)
  return found
}

/**
 * Adds an operator, who makes a passkey with the invitation and then can sign in.
 * Errors: `invalid_request` for a name or role that there cannot be; `operator_name_taken`.
 */
export async function addOperator(
  ctx: Context,
  { name, role }: { name: string; role: OperatorRole },
  act: OperatorAct,
): Promise<Invited> {
  operatorConfig(ctx)
  if (!NAME.test(name) || name !== name.normalize('NFC'))
    throw new GuestError('invalid_request', {
      detail: `The name must be 1 to 64 letters, digits, spaces or . _ @ -, and begin with a letter or digit. It is ${JSON.stringify(name)}.`,
    })
  const operator: OperatorRow = {
    id: randomId(128),
    name,
    role: checkRole(role),
    // 64 random bytes, the same for all passkeys of the operator (WebAuthn Level 3, 5.4.3).
    userHandle: randomBytes(64).toString('base64url'),
    createdAt: ctx.now(),
  }
  const { row, ...invited } = newInvitation(ctx, operator.id)
  const notes = [noteAbout(ctx, 'operator.added', `${operator.id} ${role}`, act)]
  if ((await ctx.store.addOperator({ operator, invitation: row, notes })) === 'taken')
    throw new GuestError('operator_name_taken', {
      detail: `Another operator is called ${name}. Choose another name, or use guestkey operators invite.`,
    })
  return invited
}

/**
 * Invites an operator anew, who has lost the link or the passkey: the passkey that is made with the invitation replaces all
 * earlier ones, and ends the operator's sessions. Until then these go on.
 * Errors: `not_found`.
 */
export async function inviteOperator(ctx: Context, id: string, act: OperatorAct): Promise<Invited> {
  const { row, ...invited } = newInvitation(ctx, id)
  const notes = [noteAbout(ctx, 'operator.invited', id, act)]
  if (!(await ctx.store.inviteOperator({ invitation: row, notes }))) throw noSuchOperator(id)
  return invited
}

/**
 * Gives an operator another role. Ends the operator's sessions, the invitations of one who has a passkey, and the ways in of
 * one who is no owner then.
 * Errors: `invalid_request` for a role that there is not; `not_found`; `no_other_owner`.
 */
export async function setOperatorRole(
  ctx: Context,
  id: string,
  role: OperatorRole,
  act: OperatorAct,
): Promise<void> {
  const notes = [noteAbout(ctx, 'operator.role_changed', `${id} ${checkRole(role)}`, act)]
  refuse(id, await ctx.store.setOperatorRole({ id, role, waysIn: endOfWaysIn(ctx, act), notes }))
}

/**
 * Removes an operator with the name, the passkeys and the sessions, and ends the ways in that the operator opened. The audit
 * trail keeps the id.
 * Errors: `not_found`; `no_other_owner`.
 */
export async function removeOperator(ctx: Context, id: string, act: OperatorAct): Promise<void> {
  const notes = [noteAbout(ctx, 'operator.removed', id, act)]
  refuse(id, await ctx.store.removeOperator({ id, waysIn: endOfWaysIn(ctx, act), notes }))
}

/** The store fills in the guests. */
const endOfWaysIn = (ctx: Context, operator: OperatorAct) => ({
  now: ctx.now(),
  cancelled: note(ctx, 'way_in.cancelled', {}, { anonymousId: '', operator }),
})

/** An audit line about operators, which is about no guest. `outcome`: the id of the operator whom it is about, and what. */
export const noteAbout = (ctx: Context, action: string, outcome: string, operator: OperatorAct) =>
  auditNote(ctx, action, { anonymousId: null, operator }, outcome)

/** An audit line about what an operator did in an own matter, which needs no reason: a sign-in, for example. */
export const noteOwn = (ctx: Context, action: string, { id, role }: OperatorRow, outcome = 'done') =>
  noteAbout(ctx, action, outcome, { by: id, role, reason: null, case: null })

function checkRole(role: OperatorRole): OperatorRole {
  if (roles.includes(role)) return role
  throw new GuestError('invalid_request', {
    detail: `role must be one of ${roles.join(', ')}. It is ${role}.`,
  })
}

function newInvitation(ctx: Context, operatorId: string): Invited & { row: InvitationRow } {
  const invitation = randomId(256)
  const now = ctx.now()
  const expiresAt = now + operatorConfig(ctx).invitationSeconds
  const row = { id: hashToken(invitation), operatorId, createdAt: now, expiresAt }
  return { id: operatorId, invitation, expires_at: expiresAt, row }
}

function refuse(id: string, change: OperatorChange): void {
  if (change === 'unknown') throw noSuchOperator(id)
  if (change === 'last_owner') throw new GuestError('no_other_owner')
}

const noSuchOperator = (id: string) =>
  new GuestError('not_found', { detail: `There is no operator ${id}. GET /operators lists them.` })
