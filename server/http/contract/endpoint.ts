// The type of an endpoint: one row of the route table. Routing, validation and the OpenAPI document all follow from it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { Bearer, Presented, Session } from '../../core/sessions/sessions.ts'
import type { ErrorCode } from '../../errors.ts'
import type { BotCheckPurpose, Config } from '../../options/options.ts'
import type { z } from '../../zod.ts'

/** A text of another media type than JSON, or its compressed bytes. */
export type TextAnswer = {
  status: number
  text: { content: string | Uint8Array; type: string; headers: Record<string, string> }
}

/** The response of an endpoint: JSON, text of another media type, or no content. */
export type Answer = {
  status: number
  body?: unknown
  text?: TextAnswer['text']
  headers?: Record<string, string | string[]>
}

/**
 * Which session an endpoint needs. `required`: a valid session, else 401. `optional`: a valid session or no credential; an
 * invalid credential is refused. `presented`: whatever the request presents, even if it is invalid; the endpoint decides.
 * `none`: the credential is not read.
 */
type SessionFor = {
  required: Session
  optional: Session | undefined
  presented: Presented
  none: undefined
}

/** One request to an endpoint, parsed and validated. */
export type Exchange<S, B, Q> = {
  ctx: Context
  req: IncomingMessage
  res: ServerResponse
  session: S
  /** The client and key of the access token, if one was presented. */
  by: Bearer | undefined
  body: B
  query: Q
  /** The `:id` of the path. */
  id: string
  /**
   * To be called before a request gets what is dear in a flood.
   * Errors: `proof_of_work_required` (`too_many_requests` on a page), `bot_check_failed`.
   */
  brake: (purpose: BotCheckPurpose) => Promise<void>
}

export type EndpointSpec<S extends keyof SessionFor, B, Q> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below the base path; may end in `/:id`. A path that begins with `/.well-known/` is at the root as well. */
  path: string
  summary: string
  session: S
  /** Whether a deployment has this endpoint. Default: every deployment has it. */
  isEnabled?: (config: Config) => boolean
  /** Accepts a form as well as JSON, and answers errors in the form of RFC 6749, 5.2. */
  oauth?: true
  /** Counts against the rate limit although it is a GET, because it makes requests to another server. */
  limited?: true
  /** Accepts requests of other sites, because it changes nothing and reads no cookie. */
  fromAnySite?: true
  /** A page for people: accepts forms, and answers errors with a page. */
  page?: true
  /** Accepts all access tokens, even those that are also valid at another service, and those of pairwise clients. */
  anyToken?: true
  body?: z.ZodMiniType<B>
  query?: z.ZodMiniType<Q>
  /** By status: the schema of the JSON body, a media type, or null for no content. */
  answers: Record<number, z.ZodMiniType | string | null>
  /** The errors of this endpoint, beside those that all endpoints of its kind have. */
  errors?: ErrorCode[]
  run: (exchange: Exchange<SessionFor[S], B, Q>) => Answer | Promise<Answer>
}

/** The errors of an endpoint that calls `brake`. */
export const brakeErrors = ['proof_of_work_required', 'bot_check_failed'] as const

export type Endpoint = EndpointSpec<keyof SessionFor, unknown, unknown>

/** Makes an endpoint whose `run` is typed by its schemas. */
export const endpoint = <S extends keyof SessionFor, B = undefined, Q = undefined>(
  spec: EndpointSpec<S, B, Q>,
): Endpoint => spec as unknown as Endpoint
