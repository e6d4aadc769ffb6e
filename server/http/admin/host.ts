// What a host and the command `guestkey operators` call: the operators without a session, and the router.

import type { Context } from '../../context.ts'
import {
  addOperator,
  findOperator,
  inviteOperator,
  listOperators,
  removeOperator,
  setOperatorRole,
} from '../../core/operators/operators.ts'
import { listWaysIn } from '../../core/way-in/list.ts'
import type { Operator, OperatorAct, OperatorRole, OperatorsWayIn } from '../../types.ts'
import type { Middleware } from '../router.ts'
import { withLink } from './links.ts'
import { createAdminRouter } from './router.ts'

/** A link with which somebody becomes an operator. It is good once, until `expires_at` (Unix seconds). */
export type OperatorInvitation = { id: string; link: string; expires_at: number }

/** The operators of a deployment. `who` is an operator's id or name. */
export type Operators = {
  /**
   * Answers the operators' API, and gives every other request to `next`. For another app than that of the guests, together
   * with `operators.separate`.
   */
  router: Middleware
  /** The oldest first. */
  list: () => Promise<Operator[]>
  /** Errors: GuestError `operator_name_taken`; `invalid_request` for a name or role that there cannot be. */
  add: (name: string, role: OperatorRole) => Promise<OperatorInvitation>
  /** A new link for an operator who has lost the first one, or the passkey. Errors: GuestError `not_found`. */
  invite: (who: string) => Promise<OperatorInvitation>
  /** Errors: GuestError `not_found`, `no_other_owner`. */
  setRole: (who: string, role: OperatorRole) => Promise<void>
  /** Errors: GuestError `not_found`, `no_other_owner`. */
  remove: (who: string) => Promise<void>
  /** The ways in that are neither used nor over, the one that opens first at the front, at most 1000. */
  waysIn: () => Promise<OperatorsWayIn[]>
}

const MAX_WAYS_IN = 1000

const byHost: OperatorAct = { by: null, role: 'host', reason: null, case: null }

export function createOperators(ctx: Context): Operators {
  const idOf = async (who: string) => (await findOperator(ctx, who)).id
  const linkOf = (invited: Parameters<typeof withLink>[1]): OperatorInvitation => {
    const { id, link, expires_at } = withLink(ctx, invited)
    return { id, link, expires_at }
  }
  return {
    router: createAdminRouter(ctx),
    list: () => listOperators(ctx),
    add: async (name, role) => linkOf(await addOperator(ctx, { name, role }, byHost)),
    invite: async (who) => linkOf(await inviteOperator(ctx, await idOf(who), byHost)),
    setRole: async (who, role) => setOperatorRole(ctx, await idOf(who), role, byHost),
    remove: async (who) => removeOperator(ctx, await idOf(who), byHost),
    waysIn: () => listWaysIn(ctx, MAX_WAYS_IN),
  }
}
