// The link of an invitation.

import type { Context } from '../../context.ts'
import type { Invited } from '../../core/operators/operators.ts'
import { operatorConfig } from '../../core/operators/set-up.ts'

/**
 * The invitation with its link. The token stands in the fragment, which browsers send to no server and no log has. `mount`:
 * the path at which the host's app mounted the router.
 */
export const withLink = (ctx: Context, { id, invitation, expires_at }: Invited, mount = '') => ({
  id,
  invitation,
  link: `${operatorConfig(ctx).origins[0]}${mount}${ctx.config.basePath}/admin#invitation=${invitation}`,
  expires_at,
})
