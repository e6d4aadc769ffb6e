// The OpenAPI document of the operators' API, and the errors of its endpoints. Both follow from the table.

import type { ErrorCode } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import { type Described, documentOf, errorsOfChanges } from '../contract/openapi.ts'
import { operatorCookieName } from '../request/cookies.ts'
import type { AdminEndpoint } from './endpoint.ts'

/** All errors that an endpoint may answer with. */
export const errorsOf = (one: AdminEndpoint) => new Set([...(one.errors ?? []), ...commonErrors(one)])

/** The errors that every endpoint of this kind may answer with. `errors` of an endpoint does not repeat them. */
export function commonErrors({ method, may, scope, needs, query, body }: AdminEndpoint): ErrorCode[] {
  return [
    ...(may === 'anybody'
      ? []
      : ([
          'credentials_ambiguous',
          'invalid_dpop_proof',
          'not_signed_in',
          'session_invalid',
          'not_permitted',
        ] as const)),
    ...(scope === null ? [] : (['insufficient_scope'] as const)),
    ...(needs ? (['insufficient_user_authentication'] as const) : []),
    ...(query || body ? (['invalid_request'] as const) : []),
    ...(method === 'GET' ? [] : errorsOfChanges),
    'unavailable',
    'internal_error',
  ]
}

/** `mount`: the path at which the host's app mounted the router. */
export function adminOpenApi(config: Config, endpoints: AdminEndpoint[], mount: string) {
  const { operators, basePath } = config
  return documentOf(
    endpoints.map((one) => described(config, one)),
    {
      info: {
        title: 'guestkey for operators',
        version: '1',
        description: `Below ${basePath}/admin. Each endpoint says in x-may and x-scope who may, and in x-needs what it wants besides.`,
      },
      servers: (operators ? operators.origins : []).map((url) => ({ url: url + mount })),
      securitySchemes: {
        operator: { type: 'apiKey', in: 'cookie', name: operatorCookieName(config) },
        machine: { type: 'http', scheme: 'bearer' },
      },
    },
  )
}

function described({ basePath }: Config, one: AdminEndpoint): Described {
  const { method, path, summary, answers, body, query, may, scope, needs } = one
  return {
    method,
    path: `${basePath}/admin${path.replaceAll(/:(\w+)/g, '{$1}')}`,
    summary,
    answers,
    body,
    query,
    operationId: [method.toLowerCase(), 'admin', ...path.split(/[^a-z]+/).filter(Boolean)].join('_'),
    security: may === 'anybody' ? [] : [{ operator: [] }, ...(scope === null ? [] : [{ machine: [] }])],
    codes: errorsOf(one),
    extensions: {
      'x-may': may,
      'x-scope': scope,
      'x-needs': needs ?? null,
    },
  }
}
