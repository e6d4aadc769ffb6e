// How the operators' API is set up in this deployment.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'

/** The option `operators` with defaults filled in. Errors: `not_found` if the deployment has no operators. */
export function operatorConfig({ config: { operators } }: Pick<Context, 'config'>) {
  if (operators === false)
    throw new GuestError('not_found', {
      detail: 'This deployment has no operators. Set the option operators to have them.',
    })
  return operators
}
