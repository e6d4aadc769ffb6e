// The metadata document of the authorization server (RFC 8414, 2), and the audiences of assertions.

import type { IncomingMessage } from 'node:http'
import { dpopAlgorithms } from '../../core/tokens/dpop.ts'
import { ANONYMOUS_GRANT, JWT_BEARER_GRANT, SESSION_GRANT } from '../../core/tokens/grants.ts'
import type { Config } from '../../options/options.ts'

/** The path at which the host's app mounted the router. Express sets `baseUrl`, so no header of the request can change it. */
const mountOf = (req: IncomingMessage & { baseUrl?: string }) => req.baseUrl ?? ''

/**
 * The audiences that an assertion may name (RFC 7523, 3): the issuer or its token endpoint, at the issuer or at any origin
 * of the deployment.
 */
export function audiencesOf({ issuer, origins, basePath }: Config, req: IncomingMessage): string[] {
  const ours = [...new Set([issuer, ...origins])]
  return [...ours, ...ours.map((one) => `${one}${mountOf(req)}${basePath}/token`)]
}

export function metadata({ issuer, basePath, clients, wellKnown }: Config, req: IncomingMessage) {
  const at = (path: string) => issuer + mountOf(req) + basePath + path
  const auth = ['none', 'client_secret_basic', 'client_secret_post']
  const scopes = [...new Set(clients.flatMap((client) => client.scopes))]
  return {
    issuer,
    authorization_endpoint: at('/authorize'),
    pushed_authorization_request_endpoint: at('/par'),
    token_endpoint: at('/token'),
    revocation_endpoint: at('/revoke'),
    introspection_endpoint: at('/introspect'),
    userinfo_endpoint: at('/userinfo'),
    jwks_uri:
      wellKnown && mountOf(req) === '' ? `${issuer}/.well-known/jwks.json` : at('/.well-known/jwks.json'),
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ANONYMOUS_GRANT,
      SESSION_GRANT,
      JWT_BEARER_GRANT,
    ],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: auth,
    revocation_endpoint_auth_methods_supported: auth,
    introspection_endpoint_auth_methods_supported: auth.slice(1),
    dpop_signing_alg_values_supported: dpopAlgorithms,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...(clients.some((client) => client.pairwise) && { subject_types_supported: ['public', 'pairwise'] }),
  }
}
