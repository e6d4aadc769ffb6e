// Authorization requests (RFC 6749, 4.1; RFC 7636; RFC 9126): what a client may ask for, and where it is answered.

import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import { seal, unseal } from '../crypto/seal.ts'
import type { Session } from '../sessions/sessions.ts'
import { isFresh } from '../sessions/step-up.ts'
import { findClient, scopesIn } from '../tokens/clients.ts'
import { type Demands, type OpenIdParams, readDemands } from './openid-params.ts'
import { guestMac } from './whom.ts'

/** How long a request, and the page that shows it, stays valid: 30 minutes. */
export const REQUEST_SECONDS = 30 * 60
/** Our pages carry the nonce in URLs. */
const MAX_NONCE_CHARACTERS = 255
/** An S256 challenge: SHA-256 in base64url (RFC 7636, 4.2). */
const CHALLENGE = /^[\w-]{43}$/

export type AuthorizationPurpose = 'promote' | 'sign_in'

/** A checked authorization request. Our page carries it sealed, so that the store needs no row for it. */
export type AuthorizationRequest = {
  client: string
  redirectUri: string
  state: string
  challenge: string
  purpose: AuthorizationPurpose
  /** The guest to promote; null for a sign-in. A MAC of the id (`guestMac`), because URLs contain the request. */
  whom: string | null
  /** To promote: whether the guest had a passkey, and had proven it when it asked. */
  proven?: true
  /** Unix seconds. */
  expiresAt: number
}

/**
 * A checked request of a client that asks who is signed in (OpenID Connect Core 1.0, 3.1.2.1). Without a `challenge` it has a
 * `nonce`.
 */
export type IdentificationRequest = Demands & {
  purpose: 'identify'
  client: string
  redirectUri: string
  state?: string
  challenge?: string
  nonce?: string
  scope: string
  /** `form_post`: the answer comes in a form (OAuth 2.0 Form Post Response Mode). Default: in the query. */
  mode?: 'form_post'
  /** Unix seconds. */
  expiresAt: number
}

/** What our pages carry sealed. */
export type SealedRequest = AuthorizationRequest | IdentificationRequest

/** The parameters that a client sends, unchecked (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export type AuthorizationParams = OpenIdParams & {
  response_type?: string | undefined
  response_mode?: string | undefined
  client_id?: string | undefined
  redirect_uri?: string | undefined
  state?: string | undefined
  code_challenge?: string | undefined
  code_challenge_method?: string | undefined
  purpose?: AuthorizationPurpose | undefined
  scope?: string | undefined
  nonce?: string | undefined
  request?: string | undefined
  request_uri?: string | undefined
}

/**
 * Whether the client may be led back to this URI: if it is registered, character by character. One on a loopback address
 * that is registered without a port allows every port, because an app gets its port when it starts (RFC 8252, 7.3).
 */
const mayReturnTo = ({ redirectUris }: Client, uri: string): boolean =>
  redirectUris.includes(uri) ||
  (URL.canParse(uri) && redirectUris.includes(uri.replace(/^(http:\/\/(127\.0\.0\.1|\[::1\])):\d+/, '$1')))

/** Where a request came from, and may be led back to: the client, its redirect URI, its `state`, and how it is answered. */
export type Origin = Pick<AuthorizationRequest, 'client' | 'redirectUri'> & {
  state?: string | undefined
  mode?: 'form_post' | undefined
}

/** Where a request came from, if its redirect URI is one of the client's, whatever else is wrong with it. */
export function originOf(
  ctx: Context,
  { client_id = '', redirect_uri, response_mode, state }: AuthorizationParams,
): Origin | undefined {
  const client = findClient(ctx, client_id)
  if (!client || redirect_uri === undefined || !mayReturnTo(client, redirect_uri)) return undefined
  const mode = response_mode === 'form_post' && isWeb(redirect_uri) ? response_mode : undefined
  return { client: client.id, redirectUri: redirect_uri, state, mode }
}

/** No form can be sent to the scheme of an app. */
const isWeb = (uri: string): boolean => /^https?:/.test(uri)

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })
/** An error that the client is told at its redirect URI, by its name in OAuth (RFC 6749, 4.1.2.1). */
const refused = (oauth: string, detail: string) => new GuestError('invalid_request', { oauth, detail })

/**
 * Where a request came from. The client cannot be told of these errors, because it is not known where it is.
 * Errors: `invalid_client`; `invalid_request` for a redirect URI that is not one of the client's.
 */
export function requireOrigin(ctx: Context, asked: AuthorizationParams): Origin {
  if (!findClient(ctx, asked.client_id ?? '')) throw new GuestError('invalid_client', { status: 400 })
  const from = originOf(ctx, asked)
  if (!from)
    throw invalidRequest('redirect_uri must be exactly one of those that the client is registered with.')
  return from
}

/** Checks what every request has. Errors: `invalid_client`, `invalid_request`. */
function checkCommon(ctx: Context, asked: AuthorizationParams) {
  const { redirectUri, ...from } = requireOrigin(ctx, asked)
  const client = findClient(ctx, from.client)!
  if (asked.request !== undefined)
    throw refused(
      'request_not_supported',
      'request is not supported. Send the params themselves, or push them to /par.',
    )
  if (asked.request_uri !== undefined)
    throw refused('request_uri_not_supported', 'request_uri must be one that /par gave.')
  if (asked.response_type === undefined) throw invalidRequest('response_type is missing. It must be code.')
  if (asked.response_type !== 'code')
    throw refused('unsupported_response_type', 'response_type must be code.')
  const modes = isWeb(redirectUri) ? ['query', 'form_post'] : ['query']
  if (asked.response_mode !== undefined && !modes.includes(asked.response_mode))
    throw invalidRequest(`response_mode must be ${modes.join(' or ')}.`)
  return { client, redirectUri, expiresAt: ctx.now() + REQUEST_SECONDS }
}

/** The challenge of a request (RFC 7636, 4.3); undefined if it has none. Errors: `invalid_request`. */
function challengeOf({ code_challenge, code_challenge_method }: AuthorizationParams): string | undefined {
  if (code_challenge === undefined && code_challenge_method === undefined) return undefined
  if (code_challenge_method !== 'S256' || !CHALLENGE.test(code_challenge ?? ''))
    throw invalidRequest(
      'code_challenge must be an S256 challenge of 43 characters, and code_challenge_method must be S256 (RFC 7636).',
    )
  return code_challenge
}

/**
 * Checks a request for a login ID: to promote a guest, or to sign in. `purpose` defaults to `promote` if there is a session,
 * and to `sign_in` otherwise.
 * Errors: `invalid_client` for an unknown client, and for a pairwise one, which must not learn our id of the guest: the
 * refresh token of a stored session contains it; `invalid_request`; `not_signed_in` for a promotion without a session.
 */
export function checkRequest(
  ctx: Context,
  asked: AuthorizationParams,
  session: Session | undefined,
): AuthorizationRequest {
  const { client, ...common } = checkCommon(ctx, asked)
  if (client.pairwise)
    throw new GuestError('invalid_client', { status: 400, reason: 'pairwise', oauth: 'unauthorized_client' })
  const challenge = challengeOf(asked)
  if (challenge === undefined) throw invalidRequest('code_challenge is missing (RFC 7636).')
  if (!asked.state) throw invalidRequest('state is missing.')
  if (asked.response_mode === 'form_post')
    throw invalidRequest('response_mode must be query, unless scope contains openid.')
  const purpose = asked.purpose ?? (session ? 'promote' : 'sign_in')
  if (purpose === 'promote' && !session) throw new GuestError('not_signed_in')
  return {
    ...common,
    client: client.id,
    state: asked.state,
    challenge,
    purpose,
    whom: purpose === 'promote' && session ? guestMac(ctx.keys, session) : null,
    ...(purpose === 'promote' && session && isFresh(ctx, session) && { proven: true }),
  }
}

/**
 * Whether a request asks who is signed in: a pairwise client's, with the scope `openid` (OpenID Connect Core 1.0, 3.1.2.1).
 * Other clients would get access tokens with which they could act for the guest.
 */
export function isIdentification(ctx: Context, { client_id = '', scope }: AuthorizationParams): boolean {
  const isOpenId = scope?.split(' ').includes('openid') ?? false
  return isOpenId && findClient(ctx, client_id)?.pairwise !== undefined
}

/**
 * Checks a request that asks who is signed in. Scopes that the client is not registered for are left out (3.1.2.1).
 * Errors: `invalid_client`, `invalid_request`; `invalid_scope` if the client is not registered for `openid`.
 */
export async function checkIdentification(
  ctx: Context,
  asked: AuthorizationParams,
): Promise<IdentificationRequest> {
  const { client, ...common } = checkCommon(ctx, asked)
  const scopes = scopesIn(asked.scope ?? '').filter((scope) => client.scopes.includes(scope))
  if (!scopes.includes('openid')) throw new GuestError('invalid_scope')
  const { state, nonce } = asked
  const challenge = challengeOf(asked)
  if (nonce !== undefined && nonce.length > MAX_NONCE_CHARACTERS)
    throw invalidRequest(`nonce must have at most ${MAX_NONCE_CHARACTERS} characters.`)
  if (client.pkce === 'required') {
    if (challenge === undefined) throw invalidRequest('code_challenge is missing (RFC 7636).')
    if (!state) throw invalidRequest('state is missing.')
  }
  // RFC 9700, 2.1.1: one of the two ties the code to this request, so that no stolen code can be put into another one.
  if (challenge === undefined && !nonce)
    throw invalidRequest('code_challenge is missing (RFC 7636). Without it, send a nonce.')
  return {
    ...common,
    ...(await readDemands(ctx, client, asked)),
    purpose: 'identify',
    client: client.id,
    scope: [...new Set(scopes)].join(' '),
    ...(state !== undefined && { state }),
    ...(challenge !== undefined && { challenge }),
    ...(nonce !== undefined && { nonce }),
    ...(asked.response_mode === 'form_post' && { mode: 'form_post' }),
  }
}

/** Seals a request, so that our page can carry it. */
export const sealRequest = (ctx: Context, request: SealedRequest): string =>
  seal(ctx.keys.authorization, request)

/** A request that we sealed, even one that has expired; undefined if we did not, or if its client may not return there now. */
export function readRequest(ctx: Context, sealed: string): SealedRequest | undefined {
  const request = unseal<SealedRequest>(ctx.keyring, 'authorization', sealed)?.payload
  return request && isMeant(ctx, request) ? request : undefined
}

/** Whether the client of a request is still registered, with its redirect URI. */
export function isMeant(ctx: Context, { client: id, redirectUri }: SealedRequest): boolean {
  const client = findClient(ctx, id)
  return client !== undefined && mayReturnTo(client, redirectUri)
}

/** The same request, if it has not expired. Errors: `invalid_request` if it has, or if there is none. */
export function unexpired<R extends SealedRequest>(ctx: Context, request: R | undefined): R {
  if (!request || request.expiresAt <= ctx.now())
    throw invalidRequest('This page is too old. Go back to the app, and begin again.')
  return request
}

/** The URL to send the browser to if the user cancels, or with another error (RFC 6749, 4.1.2.1). */
export const deny = (ctx: Context, from: Origin, error = 'access_denied'): string =>
  sendBack(ctx, from, { error })

/** The params of an answer: with the `state` of the request, and our `iss` (RFC 9207). */
export const answerParams = ({ config }: Context, { state }: Origin, answer: Record<string, string>) =>
  Object.entries({ ...answer, ...(state !== undefined && { state }), iss: config.tokens.issuer })

/** The URL to send the browser to with an answer. */
export function sendBack(ctx: Context, from: Origin, answer: Record<string, string>): string {
  const url = new URL(from.redirectUri)
  for (const [name, value] of answerParams(ctx, from, answer)) url.searchParams.append(name, value)
  return url.href
}
