// The type of an endpoint of the operators' API: one row of its table. Who may, what it wants and its OpenAPI document follow
// from the row; gate.ts checks them.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { OperatorSession } from '../../core/operators/sessions.ts'
import type { ErrorCode } from '../../errors.ts'
import type { OperatorScope } from '../../options/options.ts'
import type { OperatorAct, OperatorRole } from '../../types.ts'
import { z } from '../../zod.ts'
import type { Answer } from '../contract/endpoint.ts'
import { acting } from './schemas.ts'

/**
 * Who may. `anybody`: no credential is read. A role: operators with this role or a higher one (`viewer`, `support`,
 * `owner`).
 */
export type May = 'anybody' | OperatorRole

/**
 * The session of the operator who asks. A machine has none, so it is undefined if the endpoint lets machines in.
 */
type SessionFor<M extends May, S extends OperatorScope | null> = M extends 'anybody'
  ? undefined
  : S extends null
    ? OperatorSession
    : OperatorSession | undefined

/** One request to an endpoint, let in, parsed and validated. */
export type AdminExchange<Session, B, Q> = {
  ctx: Context
  req: IncomingMessage
  res: ServerResponse
  session: Session
  /**
   * Who acts, and why: for the audit line that the endpoint's function of core/ writes. `reason` and `case` are null unless
   * the endpoint `needs` a reason.
   */
  act: OperatorAct
  body: B
  query: Q
  /** The `:id` of the path. */
  id: string
  /** The `:item` of the path: something that belongs to `id`. */
  item: string
}

export type AdminEndpointSpec<M extends May, S extends OperatorScope | null, B, Q> = {
  method: 'GET' | 'POST'
  /** Below `/admin` of the base path. Its segments may be `:id` and `:item`. */
  path: string
  summary: string
  may: M
  /** The scope with which a machine may. null: never, whatever its scopes are. */
  scope: S
  /**
   * What it wants of an operator besides. `proof`: a passkey proven in the last `operators.stepUpSeconds`. `reason`: that,
   * and `reason` and `case` in the body, as of everything that changes something for others. A machine has no passkey and
   * must give a reason too. Undefined: nothing.
   */
  needs?: 'proof' | 'reason'
  /** Without `reason` and `case`, which the gate reads by itself. */
  body?: z.ZodMiniType<B>
  query?: z.ZodMiniType<Q>
  /** By status: the schema of the JSON body, a media type, or null for no content. */
  answers: Record<number, z.ZodMiniType | string | null>
  /** The errors of this endpoint, beside those that all endpoints of its kind have. */
  errors?: ErrorCode[]
  run: (exchange: AdminExchange<SessionFor<M, S>, B, Q>) => Answer | Promise<Answer>
}

export type AdminEndpoint = AdminEndpointSpec<May, OperatorScope | null, unknown, unknown>

/** Makes an endpoint whose `run` is typed by its schemas. With `needs: 'reason'`, its body has `reason` and `case`. */
export function adminEndpoint<
  const M extends May,
  const S extends OperatorScope | null,
  B = undefined,
  Q = undefined,
>(spec: AdminEndpointSpec<M, S, B, Q>): AdminEndpoint {
  const { body, ...rest } = spec as unknown as AdminEndpoint
  if (rest.needs !== 'reason') return body ? { ...rest, body } : rest
  const shape = body ? (body as z.ZodMiniObject).shape : {}
  return { ...rest, body: z.strictObject({ ...shape, ...acting }) }
}
