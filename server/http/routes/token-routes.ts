// The OAuth endpoints: token, revocation, introspection, server metadata and signing keys.

import { grantByDeviceCode } from '../../core/authorization/device-grant.ts'
import { grantByIdentification, readIdentificationCode } from '../../core/authorization/identification.ts'
import { grantByAuthorizationCode } from '../../core/authorization/redemption.ts'
import { grantByDeviceKey } from '../../core/device-keys/sign-in.ts'
import { EXCHANGE_GRANT, grantByExchange } from '../../core/exchange/token-exchange.ts'
import { grantAnonymous } from '../../core/sign-in/anonymous-grant.ts'
import {
  ANONYMOUS_GRANT,
  DEVICE_CODE_GRANT,
  grantByRefreshToken,
  grantBySession,
  JWT_BEARER_GRANT,
  requireKey,
  SESSION_GRANT,
} from '../../core/tokens/grants.ts'
import { introspect } from '../../core/tokens/introspection.ts'
import { CLIENT_CREDENTIALS_GRANT, grantToMachine } from '../../core/tokens/machine-tokens.ts'
import { revoke } from '../../core/tokens/revocation.ts'
import { JWKS_SECONDS } from '../../core/tokens/signing-keys.ts'
import { GuestError } from '../../errors.ts'
import { brakeErrors, type Endpoint, endpoint } from '../contract/endpoint.ts'
import { metadata, openIdMetadata } from '../contract/metadata.ts'
import * as schemas from '../contract/schemas.ts'
import { audiencesOf, clientOf } from '../request/client.ts'
import { readCredential } from '../request/credentials.ts'
import { provenKey } from '../request/proven-key.ts'
import { requireSameOrigin } from '../request/same-origin.ts'
import { noteUse } from '../request/session-cookie.ts'

/** A response that anybody may read and caches may store for `seconds`. */
export const publicFor = (content: object, seconds: number) => ({
  status: 200,
  text: {
    content: JSON.stringify(content),
    type: 'application/json',
    headers: { 'Cache-Control': `public, max-age=${seconds}` },
  },
})

export const tokenRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/token',
    summary:
      'Get tokens for a client: as a new guest, by authorization code, refresh token, device key or browser session (RFC 6749)',
    session: 'none',
    oauth: true,
    body: schemas.tokenRequest,
    answers: { 200: schemas.tokens },
    errors: [
      'invalid_client',
      'invalid_grant',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_target',
      'invalid_dpop_proof',
      'device_key_invalid',
      'device_key_refused',
      'unauthorized_client',
      'authorization_pending',
      'slow_down',
      'link_refused',
      'code_expired',
      'guest_merged',
      'guest_disabled',
      'too_many_sessions',
      'collection_unknown',
      'guest_sign_in_off',
      'unavailable',
      ...brakeErrors,
    ],
    async run({ ctx, req, res, body, brake }) {
      const client = await clientOf(ctx, req, body)
      const jkt = await provenKey(ctx, req)
      requireKey(client, jkt)
      const params = { scope: body.scope, resource: body.resource, jkt }
      // All guests of a backend come from its network, and it has proven who it is.
      const newGuest = async () => void (client.kind === 'public' && (await brake('guest')))
      switch (body.grant_type) {
        case ANONYMOUS_GRANT:
          await newGuest()
          return {
            status: 200,
            body: await grantAnonymous(ctx, client, { ...params, collection: body.collection }),
          }
        case 'authorization_code': {
          if (!body.code || !body.redirect_uri)
            throw new GuestError('invalid_request', {
              detail: 'code or redirect_uri is missing. Send both.',
            })
          const { code, code_verifier: verifier, redirect_uri: redirectUri } = body
          const identified = await readIdentificationCode(ctx, code)
          if (identified) {
            const redemption = { verifier, redirectUri }
            return {
              status: 200,
              body: await grantByIdentification(ctx, client, identified, redemption, params),
            }
          }
          if (!verifier)
            throw new GuestError('invalid_request', { detail: 'code_verifier is missing. Send it.' })
          const redemption = { code, verifier, redirectUri }
          return { status: 200, body: await grantByAuthorizationCode(ctx, client, redemption, params) }
        }
        case 'refresh_token':
          if (!body.refresh_token) {
            throw new GuestError('invalid_request', { detail: 'refresh_token is missing. Send it.' })
          }
          return { status: 200, body: await grantByRefreshToken(ctx, client, body.refresh_token, params) }
        case JWT_BEARER_GRANT: {
          if (!body.assertion)
            throw new GuestError('invalid_request', { detail: 'assertion is missing. Send it.' })
          const audiences = audiencesOf(ctx.config, req)
          return { status: 200, body: await grantByDeviceKey(ctx, client, body.assertion, params, audiences) }
        }
        case DEVICE_CODE_GRANT:
          if (!body.device_code)
            throw new GuestError('invalid_request', { detail: 'device_code is missing. Send it.' })
          return { status: 200, body: await grantByDeviceCode(ctx, client, body.device_code, params) }
        case SESSION_GRANT: {
          requireSameOrigin(req, ctx.config.origins)
          const presented = noteUse(ctx, req, res, await readCredential(ctx, req))
          // No token for an access token: the new one would outlive it, and be for another client and audience.
          if (presented.status === 'absent' || presented.by) {
            throw new GuestError('invalid_grant', { reason: 'no browser session' })
          }
          if (presented.status === 'invalid') {
            throw new GuestError('invalid_grant', { reason: presented.error.reason ?? presented.error.code })
          }
          return { status: 200, body: await grantBySession(ctx, client, presented.session, params) }
        }
        case EXCHANGE_GRANT:
          return { status: 200, body: await grantByExchange(ctx, client, body, params, newGuest) }
        case CLIENT_CREDENTIALS_GRANT:
          return { status: 200, body: await grantToMachine(ctx, client, params) }
        default:
          throw new GuestError('unsupported_grant_type')
      }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/revoke',
    summary: 'End the session of a token (RFC 7009)',
    session: 'none',
    oauth: true,
    body: schemas.revocation,
    answers: { 200: null },
    errors: ['invalid_client', 'unsupported_token_type', 'unavailable'],
    async run({ ctx, req, body }) {
      await revoke(ctx, await clientOf(ctx, req, body), body.token)
      return { status: 200 }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/introspect',
    summary: 'Ask what a token says and whether it is still valid, as a confidential client (RFC 7662)',
    session: 'none',
    oauth: true,
    body: schemas.introspection,
    answers: { 200: schemas.introspected },
    errors: ['invalid_client', 'unavailable'],
    async run({ ctx, req, body }) {
      return { status: 200, body: await introspect(ctx, await clientOf(ctx, req, body), body.token) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    summary: 'Get the metadata of the authorization server (RFC 8414)',
    session: 'none',
    answers: { 200: schemas.metadata },
    run: async ({ ctx, req }) => publicFor(await metadata(ctx, req), JWKS_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/openid-configuration',
    summary: 'Get the metadata of the OpenID provider (OpenID Connect Discovery 1.0)',
    session: 'none',
    answers: { 200: schemas.metadata },
    run: async ({ ctx, req }) => publicFor(await openIdMetadata(ctx, req), JWKS_SECONDS),
  }),
  endpoint({
    method: 'GET',
    path: '/.well-known/jwks.json',
    summary: 'Get the keys that verify access tokens (RFC 7517)',
    session: 'none',
    answers: { 200: schemas.jwks },
    errors: ['unavailable'],
    run: async ({ ctx }) => publicFor(await ctx.signingKeys.jwks(), JWKS_SECONDS),
  }),
]
