// Upstream OpenID providers ("Continue with …"). The issuer and subject of the provider's ID token are a login ID.

import type { ClientAuth, Configuration } from 'openid-client'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Provider } from '../../options/options.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import { once } from '../crypto/once.ts'
import { isId } from '../guests/ids.ts'
import type { LoginIdKey } from '../login-ids/login-ids.ts'
import { type AuthorizationRequest, isMeant } from './authorization.ts'

const openid = once(() => import('openid-client'))

/** How long a user may take at the provider: 15 minutes. */
export const FLOW_SECONDS = 15 * 60

/**
 * What a cookie carries while the user is at the provider: the request, the provider's id, PKCE verifier, nonce, state
 * and expiry. It is encrypted, because it contains the verifier.
 */
type Flow = { r: AuthorizationRequest; p: string; v: string; n: string; s: string; e: number }

const configurations = new WeakMap<Provider, Promise<Configuration>>()

/** The provider's metadata (OpenID Connect Discovery 1.0). Fetched once; after a failure, the next call tries again. */
async function configurationOf(provider: Provider): Promise<Configuration> {
  const { discovery, allowInsecureRequests, ClientSecretPost, None } = await openid()
  const authenticationOf = ({ clientSecret }: Provider): ClientAuth => {
    if (typeof clientSecret !== 'function')
      return clientSecret === undefined ? None() : ClientSecretPost(clientSecret)
    // openid-client awaits the result, as it does for its own private_key_jwt.
    return async (...request) => ClientSecretPost(await clientSecret())(...request)
  }
  const issuer = new URL(provider.issuer)
  const isLocal = issuer.protocol === 'http:' // the options allow http on localhost only
  const found =
    configurations.get(provider) ??
    discovery(issuer, provider.clientId, undefined, authenticationOf(provider), {
      ...(isLocal && { execute: [allowInsecureRequests] }),
      timeout: 10,
    })
  configurations.set(provider, found)
  found.catch(() => configurations.delete(provider))
  return found
}

/** The configured provider with this id. Errors: `not_found`. */
export function findProvider({ config }: Context, id: string): Provider {
  const provider = config.loginIds.providers.find((one) => one.id === id)
  if (!provider) throw new GuestError('not_found')
  return provider
}

/** The library wraps errors, those of the host's function for the secret too; the log tells the one inside. */
const innermost = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error

const providerUnavailable = (cause: unknown) =>
  new GuestError('provider_unavailable', { cause: innermost(cause) })

/**
 * Starts a sign-in at a provider: the URL to send the browser to, and the `flow` to set as its cookie until it is back.
 * Errors: `provider_unavailable`.
 */
export async function startAtProvider(
  ctx: Context,
  provider: Provider,
  request: AuthorizationRequest,
  redirectUri: string,
): Promise<{ location: string; flow: string }> {
  const client = await openid()
  const configuration = await configurationOf(provider).catch((cause) =>
    Promise.reject(providerUnavailable(cause)),
  )
  const verifier = client.randomPKCECodeVerifier()
  const flow: Flow = {
    r: request,
    p: provider.id,
    v: verifier,
    n: client.randomNonce(),
    s: client.randomState(),
    e: ctx.now() + FLOW_SECONDS,
  }
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: provider.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: flow.s,
    nonce: flow.n,
    ...(provider.responseMode === 'form_post' && { response_mode: 'form_post' }),
  })
  return { location: url.href, flow: await encrypt(ctx, 'flow', flow) }
}

/** The request that the browser went to a provider for, by its flow cookie; undefined if there is none that is ours. */
export async function requestOfFlow(
  ctx: Context,
  flowText: string | undefined,
): Promise<AuthorizationRequest | undefined> {
  const flow = await decrypt<Flow>(ctx, 'flow', flowText ?? '')
  return flow && isMeant(ctx, flow.r) ? flow.r : undefined
}

/** The errors of a provider if the user declined (RFC 6749, 4.1.2.1); the second one is Apple's. */
const DECLINED = ['access_denied', 'user_cancelled_authorize']

/** The request that the browser went to the provider for, and the login ID; undefined if the user declined. */
export type ProviderResult = { request: AuthorizationRequest; loginId: LoginIdKey | undefined }

/**
 * Completes a sign-in at a provider. `flowText` is the browser's flow cookie; `url` is the callback with its query.
 * Errors: `flow_invalid` if the browser has no flow cookie for this provider and this `state`, or if it has expired;
 * `authentication_failed` if the provider's answer is not valid; `provider_unavailable` if the provider gives no answer,
 * or says that it is not able to; `not_found` if the provider is no longer configured.
 */
export async function finishAtProvider(
  ctx: Context,
  flowText: string | undefined,
  providerId: string,
  url: URL,
): Promise<ProviderResult> {
  const flow = await decrypt<Flow>(ctx, 'flow', flowText ?? '')
  if (!flow || flow.p !== providerId || flow.e <= ctx.now() || url.searchParams.get('state') !== flow.s)
    throw new GuestError('flow_invalid')
  if (DECLINED.includes(url.searchParams.get('error') ?? '')) return { request: flow.r, loginId: undefined }
  const provider = findProvider(ctx, flow.p)
  const client = await openid()
  const configuration = await configurationOf(provider).catch((cause) =>
    Promise.reject(providerUnavailable(cause)),
  )
  try {
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: flow.v,
      expectedState: flow.s,
      expectedNonce: flow.n,
      idTokenExpected: true,
    })
    const { sub, iss } = tokens.claims()!
    // OpenID Connect Core 1.0, 2: at most 255 characters. What no database can store is no subject either.
    if (!isId(sub)) throw answerInvalid('the subject of the ID token is too long, or has control characters')
    return { request: flow.r, loginId: { type: 'oidc', value: `${iss} ${sub}` } }
  } catch (cause) {
    if (cause instanceof GuestError) throw cause
    const problem = problemIn(cause)
    throw problem === undefined ? providerUnavailable(cause) : answerInvalid(problem, cause)
  }
}

/**
 * The refusal of an answer that did come, but does not prove who the user is at the provider: forged, replayed or
 * expired. Trying again shortly would not help; beginning anew might.
 */
const answerInvalid = (problem: string, cause?: unknown) =>
  new GuestError('authentication_failed', {
    detail: `The answer of the account provider is not valid: ${problem}. Go back to the app and start again.`,
    reason: `provider: ${problem}`,
    cause,
  })

/** What is wrong with the provider's answer, by the error of openid-client; undefined if there was no answer to check. */
function problemIn(error: unknown): string | undefined {
  const { code, error: refusal = '' } = error as { code?: string; error?: string }
  switch (code) {
    case 'OAUTH_AUTHORIZATION_RESPONSE_ERROR': // RFC 6749, 4.1.2.1: these two say that it may work later
      return /^(server_error|temporarily_unavailable)$/.test(refusal)
        ? undefined
        : 'it did not sign the user in'
    case 'OAUTH_RESPONSE_BODY_ERROR': // RFC 6749, 5.2: any other error is about us and not about this code
      return refusal === 'invalid_grant' ? 'its authorization code is wrong, used or expired' : undefined
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return 'its ID token is expired, or not valid yet'
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
      return 'a claim of its ID token is wrong'
    case 'OAUTH_INVALID_RESPONSE':
    case 'OAUTH_KEY_SELECTION_FAILED':
    case 'OAUTH_PARSE_ERROR':
    case 'OAUTH_UNSUPPORTED_OPERATION':
      return 'it is malformed, or not signed by the provider'
    default:
      return undefined
  }
}
