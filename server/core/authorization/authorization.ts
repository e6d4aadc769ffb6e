// Authorization requests and codes (RFC 6749, 4.1; RFC 7636; RFC 9126): how a page of ours proves a login ID to a
// client, and how that client's page, in the browser where it began, makes use of it.

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
import { findClient } from '../tokens/clients.ts'

/** How long a page may be open, and how long a code is good for. */
const REQUEST_SECONDS = 30 * 60
const AUTHORIZATION_CODE_SECONDS = 60
/** A S256 challenge: SHA-256 in base64url (RFC 7636, 4.2). */
const CHALLENGE = /^[\w-]{43}$/

export type AuthorizationPurpose = 'promote' | 'sign_in'

/** What a client asks for, checked; sealed, so that our page can carry it. */
export type AuthorizationRequest = {
  client: string
  redirectUri: string
  state: string
  challenge: string
  purpose: AuthorizationPurpose
  /** The guest who is to be promoted, by a name that says nothing: the request stands in addresses. */
  whom: string | null
  expiresAt: number
}

/** What a client says (RFC 6749, 4.1.1; RFC 7636, 4.3). */
export type AuthorizationParams = {
  response_type?: string | undefined
  client_id?: string | undefined
  redirect_uri?: string | undefined
  state?: string | undefined
  code_challenge?: string | undefined
  code_challenge_method?: string | undefined
  purpose?: AuthorizationPurpose | undefined
}

const invalidRequest = (detail: string) => new GuestError('invalid_request', { detail })

/**
 * Checks a request. Nobody is ever sent to an address that the client is not registered with, compared as it stands.
 * Errors: `invalid_client`, `invalid_request`; `not_signed_in` where a promotion has nobody to promote.
 */
export function checkRequest(
  ctx: Context,
  asked: AuthorizationParams,
  session: Session | undefined,
): AuthorizationRequest {
  const client = asked.client_id === undefined ? undefined : findClient(ctx, asked.client_id)
  if (!client) throw new GuestError('invalid_client', { status: 400 })
  // What it would be given is the session of a kept guest, whose refresh token names the guest as we do.
  if (client.pairwise) throw new GuestError('invalid_client', { status: 400, reason: 'pairwise' })
  if (asked.redirect_uri === undefined || !client.redirectUris.includes(asked.redirect_uri))
    throw invalidRequest('redirect_uri is not one that the client is registered with.')
  if (asked.response_type !== 'code') throw invalidRequest('response_type must be code.')
  if (!asked.state) throw invalidRequest('state is missing.')
  if (asked.code_challenge_method !== 'S256' || !CHALLENGE.test(asked.code_challenge ?? ''))
    throw invalidRequest('A code_challenge of the method S256 is needed (RFC 7636).')
  const purpose = asked.purpose ?? (session ? 'promote' : 'sign_in')
  if (purpose === 'promote' && !session) throw new GuestError('not_signed_in')
  return {
    client: client.id,
    redirectUri: asked.redirect_uri,
    state: asked.state,
    challenge: asked.code_challenge!,
    purpose,
    expiresAt: ctx.now() + REQUEST_SECONDS,
    whom: purpose === 'promote' && session ? guestMac(ctx.keys, session) : null,
  }
}

/** How a request names a guest. */
const guestMac = (keys: Keys, { anonymousId }: Session): string =>
  mac(keys.authorization, `whom ${anonymousId}`)

/** Whether a request names this guest, by the secret of now or an earlier one that still counts. */
export const isWhom = ({ keyring }: Context, session: Session, whom: string | null): boolean =>
  keyring.some((keys) => guestMac(keys, session) === whom)

/** A request as our page carries it. */
export const sealRequest = (ctx: Context, request: AuthorizationRequest): string =>
  seal(ctx.keys.authorization, request)

/** Errors: `invalid_request` where it is none of ours, or too old. */
export function openRequest(ctx: Context, sealed: string): AuthorizationRequest {
  const request = unseal<AuthorizationRequest>(ctx.keyring, 'authorization', sealed)?.payload
  const client = request && findClient(ctx, request.client)
  const isMeant = request && client?.redirectUris.includes(request.redirectUri)
  if (!isMeant || request.expiresAt <= ctx.now()) {
    throw invalidRequest('This page is too old. Go back to the app, and begin again.')
  }
  return request
}

/** What an authorization code says. It is encrypted, for it is seen in an address. */
type CodePayload = { n: string; r: AuthorizationRequest; t: string; v: string; e: number }

/** Where to send the browser once the login ID is proven (RFC 6749, 4.1.2; RFC 9207). */
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

/** Where to send the browser of somebody who thought better of it (RFC 6749, 4.1.2.1). */
export const deny = (ctx: Context, request: AuthorizationRequest): string =>
  sendBack(ctx, request, { error: 'access_denied' })

function sendBack({ config }: Context, { redirectUri, state }: AuthorizationRequest, answer: object): string {
  const url = new URL(redirectUri)
  for (const [name, value] of Object.entries({ ...answer, state, iss: config.issuer }))
    url.searchParams.append(name, value)
  return url.href
}

/** A login ID that an authorization code proves, and whom it is for; null: whoever has it. */
export type ProvenLoginId = {
  purpose: AuthorizationPurpose
  whom: string | null
  loginId: LoginIdKey
  proof: LoginProof
}

/**
 * What an authorization code proves to the client that it was made for, by the verifier that it began with.
 * Errors: `invalid_grant`.
 */
export async function openAuthorizationCode(
  ctx: Context,
  client: Client,
  given: { code: string; verifier: string; redirectUri?: string | undefined },
): Promise<ProvenLoginId> {
  const payload = await decrypt<CodePayload>(ctx, 'authorizationCode', given.code)
  const no = (reason: string) => new GuestError('invalid_grant', { reason })
  if (!payload) throw no('not a code of ours')
  const { r: request, n, e } = payload
  if (e <= ctx.now()) throw no('code expired')
  if (request.client !== client.id) throw no('code of another client')
  if (given.redirectUri !== undefined && given.redirectUri !== request.redirectUri) throw no('redirect_uri')
  if (!sameText(hash('sha256', given.verifier, 'base64url'), request.challenge)) throw no('code_verifier')
  return {
    purpose: request.purpose,
    whom: request.whom,
    loginId: { type: payload.t, value: payload.v },
    // Remembered for longer than it is good, so that a second use is known as one.
    proof: { spent: { id: n, expiresAt: e + REQUEST_SECONDS } },
  }
}
