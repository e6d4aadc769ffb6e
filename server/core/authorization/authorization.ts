// Authorization requests and codes (RFC 6749, 4.1; RFC 7636; RFC 9126). Our pages check a login ID and issue a code.
// The client's page redeems the code in the browser where the request began (see redemption.ts).

import { hash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { GuestError } from '../../errors.ts'
import type { Client } from '../../options/options.ts'
import type { LoginProof } from '../../store/store.ts'
import { decrypt, encrypt } from '../crypto/jwe.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { type Keys, mac, randomId, sameText } from '../crypto/secrets.ts'
import type { LoginIdKey } from '../login-ids/login-ids.ts'
import type { Session } from '../sessions/sessions.ts'
import { isFresh } from '../sessions/step-up.ts'
import { findClient, grantedScope } from '../tokens/clients.ts'

/** How long a request, and the page that shows it, stays valid: 30 minutes. */
const REQUEST_SECONDS = 30 * 60
/** How long an authorization code stays valid: one minute. */
export const AUTHORIZATION_CODE_SECONDS = 60
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

/** A checked request of a client that asks who is signed in (OpenID Connect Core 1.0, 3.1.2.1). */
export type IdentificationRequest = Pick<
  AuthorizationRequest,
  'client' | 'redirectUri' | 'state' | 'challenge' | 'expiresAt'
> & { purpose: 'identify'; scope: string; nonce?: string }

/** What our pages carry sealed. */
export type SealedRequest = AuthorizationRequest | IdentificationRequest

/** The parameters that a client sends, unchecked (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export type AuthorizationParams = {
  response_type?: string | undefined
  client_id?: string | undefined
  redirect_uri?: string | undefined
  state?: string | undefined
  code_challenge?: string | undefined
  code_challenge_method?: string | undefined
  purpose?: AuthorizationPurpose | undefined
  scope?: string | undefined
  nonce?: string | undefined
}

/**
 * Whether the client may be led back to this URI: if it is registered, character by character. One on a loopback address
 * that is registered without a port allows every port, because an app gets its port when it starts (RFC 8252, 7.3).
 */
const mayReturnTo = ({ redirectUris }: Client, uri: string): boolean =>
  redirectUris.includes(uri) ||
  (URL.canParse(uri) && redirectUris.includes(uri.replace(/^(http:\/\/(127\.0\.0\.1|\[::1\])):\d+/, '$1')))

/** Where a request came from, and may be led back to: the client, its redirect URI and its `state`. */
export type Origin = Pick<AuthorizationRequest, 'client' | 'redirectUri'> & { state: string | undefined }

/** Where a request came from, if its redirect URI is one of the client's, whatever else is wrong with it. */
export function originOf(
  ctx: Context,
  { client_id = '', redirect_uri, state }: AuthorizationParams,
): Origin | undefined {
  const client = findClient(ctx, client_id)
  return client && redirect_uri !== undefined && mayReturnTo(client, redirect_uri)
    ? { client: client.id, redirectUri: redirect_uri, state }
    : undefined
}

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * Checks what every request has. `redirect_uri` must be one of the client's registered URIs.
 * Errors: `invalid_client` for an unknown client; `invalid_request`.
 */
function checkCommon(ctx: Context, asked: AuthorizationParams) {
  const client = findClient(ctx, asked.client_id ?? '')
  if (!client) throw new GuestError('invalid_client', { status: 400 })
  if (client.pairwise && !isIdentification(ctx, asked))
    throw new GuestError('invalid_client', { status: 400, reason: 'pairwise' })
  if (asked.redirect_uri === undefined || !mayReturnTo(client, asked.redirect_uri))
    throw invalidRequest('redirect_uri must be exactly one of those that the client is registered with.')
  if (asked.response_type !== 'code') throw invalidRequest('response_type must be code.')
  if (!asked.state) throw invalidRequest('state is missing.')
  if (asked.code_challenge_method !== 'S256' || !CHALLENGE.test(asked.code_challenge ?? ''))
    throw invalidRequest(
      'code_challenge must be an S256 challenge of 43 characters, and code_challenge_method must be S256 (RFC 7636).',
    )
  const common = {
    client: client.id,
    redirectUri: asked.redirect_uri,
    state: asked.state,
    challenge: asked.code_challenge!,
    expiresAt: ctx.now() + REQUEST_SECONDS,
  }
  return { client, common }
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
  const { client, common } = checkCommon(ctx, asked)
  if (client.pairwise) throw new GuestError('invalid_client', { status: 400, reason: 'pairwise' })
  const purpose = asked.purpose ?? (session ? 'promote' : 'sign_in')
  if (purpose === 'promote' && !session) throw new GuestError('not_signed_in')
  return {
    ...common,
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
 * Checks a request that asks who is signed in.
 * Errors: `invalid_client`, `invalid_request`; `invalid_scope` if the client is not registered for a scope, or for `openid`.
 */
export function checkIdentification(ctx: Context, asked: AuthorizationParams): IdentificationRequest {
  const { client, common } = checkCommon(ctx, asked)
  const scope = grantedScope(asked.scope, client.scopes).join(' ')
  return { ...common, purpose: 'identify', scope, ...(asked.nonce !== undefined && { nonce: asked.nonce }) }
}

/** The MAC that stands for a guest in a request. */
export const guestMac = (keys: Keys, { anonymousId }: Session): string =>
  mac(keys.authorization, `whom ${anonymousId}`)

/** Whether a request names this guest, under the current secret or an earlier one that is still accepted. */
export const isWhom = ({ keyring }: Context, session: Session, whom: string | null): boolean =>
  keyring.some((keys) => guestMac(keys, session) === whom)

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

/**
 * The payload of an authorization code: an id, the request, the type and the value of the login ID, and the expiry in
 * Unix seconds. It is encrypted, because the code appears in a URL.
 */
type CodePayload = { n: string; r: AuthorizationRequest; t: LoginIdKey['type']; v: string; e: number }

/** The URL to send the browser to with a code, once the login ID is proven (RFC 6749, 4.1.2; RFC 9207). */
export async function approve(
  ctx: Context,
  request: AuthorizationRequest,
  { type, value }: LoginIdKey,
): Promise<string> {
  const payload: CodePayload = {
    n: randomId(128),
    r: request,
    t: type,
    v: value,
    e: ctx.now() + AUTHORIZATION_CODE_SECONDS,
  }
  return sendBack(ctx, request, { code: await encrypt(ctx, 'authorizationCode', payload) })
}

/** The URL to send the browser to if the user cancels, or with another error (RFC 6749, 4.1.2.1). */
export const deny = (ctx: Context, from: Origin, error = 'access_denied'): string =>
  sendBack(ctx, from, { error })

/** The URL to send the browser to with an answer. */
export function sendBack({ config }: Context, { redirectUri, state }: Origin, answer: object): string {
  const url = new URL(redirectUri)
  const params = { ...answer, ...(state !== undefined && { state }), iss: config.tokens.issuer }
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, value)
  return url.href
}

/**
 * The login ID that an authorization code proves. `whom` is the MAC of the guest to promote; for a sign-in it is null,
 * and the code signs in the owner of the login ID.
 */
export type ProvenLoginId = {
  purpose: AuthorizationPurpose
  whom: string | null
  isProven: boolean
  loginId: LoginIdKey
  proof: LoginProof
}

/**
 * Checks an authorization code: its expiry, its client, its redirect URI (if given) and its PKCE verifier. Does not yet
 * check whether the code was used before: the store does so when it takes `proof`.
 * Errors: `invalid_grant`.
 */
export async function openAuthorizationCode(
  ctx: Context,
  client: Client,
  redemption: { code: string; verifier: string; redirectUri?: string | undefined },
): Promise<ProvenLoginId> {
  const payload = await decrypt<CodePayload>(ctx, 'authorizationCode', redemption.code)
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  if (!payload) throw no('not an authorization code of this deployment')
  const { r: request, n, e } = payload
  if (e <= ctx.now()) throw no('code expired')
  if (request.client !== client.id) throw no('code issued to another client')
  if (redemption.redirectUri !== undefined && redemption.redirectUri !== request.redirectUri)
    throw no('redirect_uri differs from the one in the request')
  if (!sameText(hash('sha256', redemption.verifier, 'base64url'), request.challenge))
    throw no('code_verifier does not match code_challenge')
  return {
    purpose: request.purpose,
    whom: request.whom,
    isProven: request.proven === true,
    loginId: { type: payload.t, value: payload.v },
    proof: { spent: { id: n, expiresAt: e } },
  }
}
