// The metadata documents: of the authorization server (RFC 8414, 2) and of the OpenID provider.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { EXCHANGE_GRANT } from '../../core/exchange/token-exchange.ts'
import { assertionAlgorithms } from '../../core/tokens/client-assertions.ts'
import { dpopAlgorithms } from '../../core/tokens/dpop.ts'
import {
  ANONYMOUS_GRANT,
  DEVICE_CODE_GRANT,
  JWT_BEARER_GRANT,
  SESSION_GRANT,
} from '../../core/tokens/grants.ts'
import { CLIENT_CREDENTIALS_GRANT } from '../../core/tokens/machine-tokens.ts'
import { mountOf, pathOf } from '../request/mount.ts'

/**
 * The metadata of the OpenID provider (OpenID Connect Discovery 1.0, 3): that of the authorization server, and what ID tokens
 * are like. Only pairwise clients get ID tokens.
 */
export async function openIdMetadata(ctx: Context, req: IncomingMessage) {
  const apps = ctx.config.clients.filter(({ pairwise, scopes }) => pairwise && scopes.includes('openid'))
  const algorithms = new Set([ctx.config.tokens.signingAlgorithm, ...apps.map((app) => app.idTokenAlgorithm)])
  return {
    ...(await metadata(ctx, req)),
    end_session_endpoint: ctx.config.tokens.issuer + pathOf(ctx.config, req, '/end-session'),
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: [...algorithms],
    response_modes_supported: ['query', 'form_post'],
    claims_supported: [
      ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'at_hash', 'sid', 'acr', 'amr'],
      ...['is_anonymous', 'is_verified', 'recoverability', 'collection', 'email', 'email_verified'],
    ],
    prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
    acr_values_supported: ['phr'],
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }
}

export async function metadata({ config, settings }: Context, req: IncomingMessage) {
  const { clients, wellKnown } = config
  const { issuer } = config.tokens
  const at = (path: string) => issuer + pathOf(config, req, path)
  const auth = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt']
  const hasDevices = clients.some(({ deviceGrant }) => deviceGrant)
  const collections = Object.keys(config.collections)
  const letsIn = await Promise.all(collections.map((one) => settings.value(`guestSignIn.${one}`)))
  const scopes = [...new Set(clients.flatMap((client) => [...client.scopes, ...client.operatorScopes]))]
  return {
    issuer,
    authorization_endpoint: at('/authorize'),
    pushed_authorization_request_endpoint: at('/par'),
    token_endpoint: at('/token'),
    revocation_endpoint: at('/revoke'),
    introspection_endpoint: at('/introspect'),
    userinfo_endpoint: at('/userinfo'),
    ...(hasDevices && { device_authorization_endpoint: at('/device_authorization') }),
    jwks_uri:
      wellKnown.atRoot && mountOf(req) === ''
        ? `${issuer}/.well-known/jwks.json`
        : at('/.well-known/jwks.json'),
    grant_types_supported: [
      'authorization_code',
      'refresh_token',
      ...(letsIn.includes(true) ? [ANONYMOUS_GRANT] : []),
      SESSION_GRANT,
      JWT_BEARER_GRANT,
      ...(hasDevices ? [DEVICE_CODE_GRANT] : []),
      ...(config.operators ? [CLIENT_CREDENTIALS_GRANT] : []),
      ...(config.trustedIssuers.length > 0 ? [EXCHANGE_GRANT] : []),
    ],
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    token_endpoint_auth_methods_supported: auth,
    revocation_endpoint_auth_methods_supported: auth,
    introspection_endpoint_auth_methods_supported: auth.slice(1),
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    dpop_signing_alg_values_supported: dpopAlgorithms,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...(clients.some((client) => client.pairwise) && { subject_types_supported: ['public', 'pairwise'] }),
  }
}
