// What a door is: one row of the route table, from which routing, validation and the OpenAPI document all follow.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { Bearer, Presented, Session } from '../../core/sessions/sessions.ts'
import type { ErrorCode } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import type { z } from '../../zod.ts'

/** What a door answers with: JSON, text of another type, or nothing. */
export type Answer = {
  status: number
  body?: unknown
  text?: { content: string; type: string; headers: Record<string, string> }
  headers?: Record<string, string | string[]>
}

/**
 * Who a door is for. `required`: a session, or 401. `optional`: a session or nobody, but not a credential that no
 * longer holds. `presented`: whatever was presented, for proofs that stand by themselves. `none`: nobody is asked.
 */
type SessionFor = {
  required: Session
  optional: Session | undefined
  presented: Presented
  none: undefined
}

/** One request at a door, parsed and validated. */
export type Exchange<S, B, Q> = {
  ctx: Context
  req: IncomingMessage
  res: ServerResponse
  session: S
  /** Where an access token was presented. */
  by: Bearer | undefined
  body: B
  query: Q
  /** The `:id` of the path. */
  id: string
}

export type EndpointSpec<S extends keyof SessionFor, B, Q> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base path; may end in `/:id`. What begins with `/.well-known/` is at the root as well. */
  path: string
  summary: string
  session: S
  /** Whether there is such a door in a deployment. Default: in all of them. */
  isEnabled?: (config: Config) => boolean
  /** Takes a form as well as JSON, and answers errors as RFC 6749, 5.2 has it. */
  oauth?: true
  /** Counts against the limit of its network, though it is a GET: it asks others. */
  limited?: true
  /** A page for people: takes forms, and shows errors as a page. */
  page?: true
  /** Open to tokens that are for another service too, and to clients that know the guest by a name of their own. */
  anyToken?: true
  body?: z.ZodMiniType<B>
  query?: z.ZodMiniType<Q>
  /** By status: the schema of the JSON answer, a media type, or null for no content. */
  answers: Record<number, z.ZodMiniType | string | null>
  /** The errors that this door has beyond those that all doors have. */
  errors?: ErrorCode[]
  run: (exchange: Exchange<SessionFor[S], B, Q>) => Answer | Promise<Answer>
}

export type Endpoint = EndpointSpec<keyof SessionFor, unknown, unknown>

/** Types a door by its own schemas. */
export const endpoint = <S extends keyof SessionFor, B = undefined, Q = undefined>(
  spec: EndpointSpec<S, B, Q>,
): Endpoint => spec as unknown as Endpoint
