// The options about the operators' API: whether there is one, at which origin, and how long its sessions and links live.

import { z } from '../zod.ts'
import { OptionsError } from './errors.ts'
import { origin } from './urls.ts'
import { objectOf, type SchemasOf, seconds, text } from './values.ts'

/** The console and the API for operators, at `/admin` of the base path. */
export type OperatorOptions = {
  /** The origins of the pages that operators use: passkeys and changes are accepted from there. Default: the option `origin`. */
  origin?: string | string[] | undefined
  /**
   * The RP ID of the operators' passkeys, which all origins of `operators.origin` must be within. With one that guests do
   * not have, browsers never offer an operator's passkey to guests. Default: the option `rpId` if the origins are within
   * it, else the host of the first origin.
   */
  rpId?: string | undefined
  /**
   * True: only `guests.operators.router` answers, which you mount in another app or at another port; the guests' router
   * answers 404 there. Default: false.
   */
  separate?: boolean | undefined
  /** How long an operator's session lives without use, in seconds. Default: 30 minutes. */
  sessionIdleSeconds?: number | undefined
  /** How long an operator's session lives at most, in seconds. Default: 8 hours. */
  sessionAbsoluteSeconds?: number | undefined
  /** How old an operator's last proof with a passkey may be when it changes something. Default: 5 minutes. */
  stepUpSeconds?: number | undefined
  /**
   * Whether owners may open a way in for a guest who has lost everything. `delaySeconds`: how long it lets nobody in, so that
   * the guest can cancel it; `auditSeconds` must be at least as long. Default: 24 hours. Default: `false`.
   */
  wayIn?: { delaySeconds?: number | undefined } | false | undefined
  /** How long an invitation is good, in seconds. Default: 24 hours. */
  invitationSeconds?: number | undefined
}

const operators = objectOf({
  origin: z.optional(
    z.union(
      [origin, z.array(origin).check(z.minLength(1))],
      'must be an origin like https://admin.example.com, or a list of origins',
    ),
  ),
  rpId: z.optional(text),
  separate: z._default(z.boolean(), false),
  sessionIdleSeconds: z._default(seconds, 30 * 60),
  sessionAbsoluteSeconds: z._default(seconds, 8 * 60 * 60),
  stepUpSeconds: z._default(seconds, 5 * 60),
  wayIn: z._default(
    z.union([z.literal(false), objectOf({ delaySeconds: z._default(seconds, 24 * 60 * 60) })]),
    false,
  ),
  invitationSeconds: z._default(seconds, 24 * 60 * 60),
})

/** The operators' API. */
export type OperatorsOption = {
  /** The API for operators; false: there is none. Default: `false`. */
  operators?: OperatorOptions | false | undefined
}

export const operatorSchemas = {
  operators: z._default(
    z.union([z.literal(false), operators], 'must be false, or an object such as {}'),
    false,
  ),
} satisfies SchemasOf<OperatorsOption>

/**
 * The operators' API with defaults filled in. Errors: OptionsError if an origin is not within the RP ID, or if the audit trail
 * is kept for less than the delay of ways in.
 */
export function resolveOperators(
  given: z.output<typeof operatorSchemas.operators>,
  site: { origins: string[]; rpId: string; auditSeconds: number },
) {
  if (typeof given === 'boolean') return false as const
  const origins = [given.origin ?? site.origins].flat()
  const isWithin = (rpId: string) => (one: string) => `.${new URL(one).hostname}`.endsWith(`.${rpId}`)
  const fallback = origins.every(isWithin(site.rpId)) ? site.rpId : new URL(origins[0]!).hostname
  const rpId = given.rpId ?? fallback
  const outside = origins.find((one) => !isWithin(rpId)(one))
  if (outside)
    throw new OptionsError(
      `guestkey options: the origin ${outside} of operators is not within the RP ID ${rpId}; set operators.rpId to a domain that it is within`,
      'operators.rpId',
    )
  const delay = given.wayIn === false ? 0 : given.wayIn.delaySeconds
  // Its lines say whether an operator has changed within the delay.
  if (site.auditSeconds < delay)
    throw new OptionsError(
      `guestkey options: operators.wayIn.delaySeconds is ${delay}, but the audit trail is kept for ${site.auditSeconds} seconds; set auditSeconds to ${delay} or more`,
      'auditSeconds',
    )
  return { ...given, origins, rpId }
}
