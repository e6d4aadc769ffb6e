// Makes the OpenAPI 3.1 document from the endpoints and their schemas.

import { type ErrorCode, errorCodes, GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { z } from '../../zod.ts'
import { cookieName } from '../request/cookies.ts'
import type { Endpoint } from './endpoint.ts'
import { oauthError, problem } from './schemas.ts'

type Json = Record<string, unknown>

/**
 * Where the endpoints of the document are: at each origin, below the path at which the host's app mounted the router
 * (OpenAPI 3.1, 4.8.5).
 */
export const serversAt = ({ origins }: Config, mount: string) => origins.map((url) => ({ url: url + mount }))

/** What the document says about an endpoint. `path`: with `{name}` for each param. `codes`: all errors that it answers. */
export type Described = Pick<Endpoint, 'method' | 'path' | 'summary' | 'oauth' | 'page' | 'answers'> & {
  operationId: string
  security: Json[]
  codes: Set<ErrorCode>
  body?: z.ZodMiniType | undefined
  query?: z.ZodMiniType | undefined
  /** Members of our own (OpenAPI 3.1, 4.9). */
  extensions?: { [name in `x-${string}`]: unknown } | undefined
}

/** The OpenAPI document for these endpoints, without those that this deployment does not have. */
export const openApi = (config: Config, endpoints: Endpoint[]): Json =>
  documentOf(
    endpoints.filter((one) => one.isEnabled?.(config) !== false).map((one) => describe(config, one)),
    {
      info: { title: 'guestkey', version: '1', description: 'Passkey-enabled guest identity' },
      servers: serversAt(config, ''),
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: cookieName(config) },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  )

const describe = (config: Config, one: Endpoint): Described => ({
  ...one,
  path:
    (config.wellKnown.atRoot && isWellKnown(one.path) ? '' : config.basePath) +
    one.path.replace(':id', '{id}'),
  operationId: operationId(one),
  security: one.session === 'required' ? [{ cookie: [] }, { bearer: [] }] : [],
  codes: errorsOf(one),
})

/** An OpenAPI document. */
export function documentOf(
  endpoints: Described[],
  { info, servers, securitySchemes }: { info: Json; servers: object[]; securitySchemes: Json },
): Json {
  const components: Json = {}
  const schemaOf = (schema: z.ZodMiniType, io: 'input' | 'output'): Json => {
    const text = JSON.stringify(z.toJSONSchema(schema, { io }))
    const {
      $schema: _,
      $defs,
      ...json
    } = JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/')) as Json
    Object.assign(components, $defs)
    return json
  }
  const errorAnswer = (code: ErrorCode, { oauth, page }: Described) => ({
    description: new GuestError(code).title,
    content: page
      ? { 'text/html': {} }
      : oauth
        ? { 'application/json': { schema: schemaOf(oauthError, 'output') } }
        : { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
  })

  const paths: Record<string, Json> = {}
  for (const one of endpoints) {
    const responses: Json = {}
    for (const code of errorCodes)
      if (one.codes.has(code)) responses[new GuestError(code).status] ??= errorAnswer(code, one)
    for (const [status, answer] of Object.entries(one.answers)) {
      responses[status] =
        answer === null
          ? { description: 'Done' }
          : typeof answer === 'string'
            ? { description: one.summary, content: { [answer]: {} } }
            : {
                description: one.summary,
                content: { 'application/json': { schema: schemaOf(answer, 'output') } },
              }
    }
    const parameters = parametersOf(one)
    paths[one.path] ??= {}
    paths[one.path]![one.method.toLowerCase()] = {
      operationId: one.operationId,
      summary: one.summary,
      security: one.security,
      ...one.extensions,
      ...(parameters.length > 0 && { parameters }),
      ...(one.body && {
        requestBody: {
          required: one.method !== 'DELETE',
          content: Object.fromEntries(
            [
              ...(one.oauth || one.page ? ['application/x-www-form-urlencoded'] : []),
              ...(one.page ? [] : ['application/json']),
            ].map((type) => [type, { schema: schemaOf(one.body!, 'input') }]),
          ),
        },
      }),
      responses,
    }
  }
  return { openapi: '3.1.0', info, servers, paths, components: { schemas: components, securitySchemes } }
}

/** Well-known paths are at the root of the origin (RFC 8615). */
const isWellKnown = (path: string) => path.startsWith('/.well-known/')

const operationId = ({ method, path }: Endpoint) =>
  [method.toLowerCase(), ...path.split(/[^a-z]+/).filter(Boolean)].join('_')

function parametersOf({ path, query }: Described): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const properties = query ? ((z.toJSONSchema(query, { io: 'input' }).properties ?? {}) as Json) : {}
  return [...inPath, ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }))]
}

/** All errors that an endpoint may answer with. */
export const errorsOf = (one: Endpoint) => new Set([...(one.errors ?? []), ...commonErrors(one)])

/** The errors that every request may meet which is no GET: it is limited, and may have a body. */
export const errorsOfChanges = [
  'invalid_request',
  'cross_site_request',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'too_many_requests',
] as const

/** The errors that every endpoint of this kind may answer with: `errors` of an endpoint does not repeat them. */
export function commonErrors({ method, session, anyToken, query }: Endpoint): ErrorCode[] {
  return [
    ...(session === 'none' ? [] : (['credentials_ambiguous', 'invalid_dpop_proof', 'unavailable'] as const)),
    ...(session === 'none' || anyToken ? [] : (['insufficient_scope'] as const)),
    ...(session === 'required' ? (['not_signed_in'] as const) : []),
    ...(session === 'required' || session === 'optional'
      ? (['session_invalid', 'guest_merged'] as const)
      : []),
    ...(query ? (['invalid_request'] as const) : []),
    ...(method === 'GET' ? [] : errorsOfChanges),
    'internal_error',
  ]
}
