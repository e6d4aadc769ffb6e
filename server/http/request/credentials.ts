// Finds the session of a request, by cookie or bearer token, and gives sessions to browsers and clients. Several session
// cookies are refused in session-cookie.ts.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { looksLikeSessionToken, readSessionToken } from '../../core/sessions/session-tokens.ts'
import type { Bearer, Holder, Issued, Presented, Session } from '../../core/sessions/sessions.ts'
import { looksLikeAccessToken, readAccessToken } from '../../core/tokens/access-tokens.ts'
import { authenticateClient, requireClientOrigin } from '../../core/tokens/clients.ts'
import { dpopAlgorithms } from '../../core/tokens/dpop.ts'
import { newGrant, requireKey, tokensFor } from '../../core/tokens/grants.ts'
import { GuestError, isSessionOver } from '../../errors.ts'
import type { Tokens } from '../../types.ts'
import { countHeaders, provenKey } from './proven-key.ts'
import {
  clientOrigin,
  foreignPage,
  isForeignChange,
  isForeignHandshake,
  requireOwnPage,
} from './same-origin.ts'
import {
  clearingCookie,
  clearingOnNavigation,
  readFormerCookie,
  readSessionCookie,
  seenCookiesOf,
  setSession,
} from './session-cookie.ts'

const absent: Presented = { status: 'absent' }

/** The token in the Authorization header, and the thumbprint of the key that the request proves to have. */
type BearerToken = { token: string; jkt: string | null }

/**
 * Reads the credential of a request. An invalid one is `invalid`, never `absent`. `hostsRoute`: ignore a bearer token that
 * is not guestkey's, because it may be the host's; and refuse the cookie in a change that a page of another origin sends,
 * as our own endpoints have done before. `cookies`: whether cookies count. `signsIn`: whether the request is part of a
 * sign-in or a sign-out. Then the refusal of several session cookies may remove them, and the host has checked who sends
 * the change.
 * Errors: `credentials_ambiguous` for several Authorization headers; `invalid_dpop_proof`, with status 401.
 */
export async function readCredential(
  ctx: Context,
  req: IncomingMessage,
  { hostsRoute = false, cookies = true, signsIn = false } = {},
): Promise<Presented> {
  const { authorization } = req.headers
  if (req.headers.cookie === undefined && authorization === undefined) return absent
  const bearer =
    authorization === undefined ? undefined : await bearerToken(ctx, req, authorization, hostsRoute)
  const cookie = cookies ? readSessionCookie(ctx, req, signsIn) : {}
  if (cookie.error) return { status: 'invalid', error: cookie.error }
  const former = cookies && cookie.token === undefined ? await readFormerCookie(ctx, req) : absent
  if (cookie.token === undefined && former.status === 'absent' && bearer === undefined) return absent
  const isForeign = () =>
    isForeignHandshake(req, ctx.config) || (hostsRoute && !signsIn && isForeignChange(req, ctx.config))
  if (bearer === undefined && isForeign()) return { status: 'invalid', error: foreignPage(ctx.config) }
  const byCookie =
    cookie.token === undefined ? former : await readSessionToken(ctx, cookie.token, seenCookiesOf(ctx, req))
  if (bearer === undefined) return clearingOnNavigation(ctx, req, byCookie)
  const byBearer = await readBearer(ctx, bearer)
  if (byCookie.status === 'absent') return byBearer
  const agree =
    byCookie.status === 'valid' &&
    byBearer.status === 'valid' &&
    byCookie.session.anonymousId === byBearer.session.anonymousId
  return agree ? byBearer : ambiguous('cookie and bearer disagree')
}

/**
 * The bearer token (RFC 6750, 2.1), or the DPoP token with its proof (RFC 9449, 7.1); undefined for other schemes.
 * Errors: `credentials_ambiguous`, `invalid_dpop_proof`.
 */
async function bearerToken(
  ctx: Context,
  req: IncomingMessage,
  authorization: string,
  hostsRoute: boolean,
): Promise<BearerToken | undefined> {
  // Node keeps only the first of several Authorization headers; the raw headers have all of them.
  if (countHeaders(req, 'authorization') > 1) throw new GuestError('credentials_ambiguous')
  const { scheme, token } = tokenIn(authorization)
  if (!scheme || token === undefined) return undefined
  if (hostsRoute && !looksLikeOurs(ctx, token)) return undefined
  if (scheme.toLowerCase() === 'bearer') return { token, jkt: null }
  try {
    return { token, jkt: await provenKey(ctx, req, token) }
  } catch (error) {
    if (!(error instanceof GuestError)) throw error
    const { code, reason = '' } = error
    // RFC 9449, 7.1: a resource server answers 401 and names the algorithms that it accepts.
    const challenge = `DPoP error="invalid_dpop_proof", algs="${dpopAlgorithms.join(' ')}"`
    throw new GuestError(code, { status: 401, reason, headers: { 'WWW-Authenticate': challenge } })
  }
}

function tokenIn(authorization: string): { scheme?: string | undefined; token?: string | undefined } {
  const [, scheme, token] = /^(bearer|dpop)(?:[\s,]+|$)(.*)$/i.exec(authorization) ?? []
  return { scheme, token }
}

const looksLikeOurs = (ctx: Context, token: string): boolean =>
  looksLikeSessionToken(token) || looksLikeAccessToken(ctx, token)

/** Whether the request has an Authorization header for the host: of another scheme, or with a token that is not ours. */
export const hasHostsAuthorization = (ctx: Context, req: IncomingMessage): boolean =>
  req.headers.authorization !== undefined && !presentsOurToken(ctx, req)

/** Whether the request has a token of ours in its Authorization header, which no page can make a browser send. */
export function presentsOurToken(ctx: Context, { headers }: IncomingMessage): boolean {
  const { token } = tokenIn(headers.authorization ?? '')
  return token !== undefined && looksLikeOurs(ctx, token)
}

/**
 * What a token presents by itself, without a request: a session token, or an access token that is for us alone.
 * Errors: `insufficient_scope`.
 */
export async function readToken(ctx: Context, token: string): Promise<Presented> {
  const presented = await readBearer(ctx, { token, jkt: null })
  if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
  return presented
}

const readBearer = (ctx: Context, { token, jkt }: BearerToken): Promise<Presented> =>
  looksLikeSessionToken(token) && jkt === null
    ? readSessionToken(ctx, token)
    : readAccessToken(ctx, token, jkt)

/**
 * Refuses a token that is also valid at another service, unless it is bound to a key: that service could use it here as
 * the guest (RFC 9068, 4; RFC 8707). Also refuses every token of a pairwise client.
 * Errors: `insufficient_scope`.
 */
export function requireOwnToken({ client, own, jkt }: Bearer): void {
  if (client.pairwise || (!own && jkt === null)) throw new GuestError('insufficient_scope')
}

/**
 * Refuses an access token for the session of a browser, which only the guest may end. A client may end its own session,
 * as at /revoke.
 * Errors: `insufficient_scope`.
 */
export function requireClientsSession({ grant }: Session): void {
  if (!grant) throw new GuestError('insufficient_scope')
}

/**
 * The session, if one was presented. For continuing as guest, signing out and adding a passkey: they refuse an invalid
 * cookie once, and remove it. Errors: `session_invalid`, `guest_merged`, `credentials_ambiguous`.
 */
export function sessionOrClearCookie(
  ctx: Context,
  req: IncomingMessage,
  presented: Presented,
): Session | undefined {
  if (presented.status === 'invalid') {
    throw clientOrigin(req, ctx.config) ? presented.error : clearingCookie(ctx, req, presented.error)
  }
  return presented.status === 'valid' ? presented.session : undefined
}

/**
 * The session, if a valid one was presented. For sign-ins by a proof, which replace a session that has ended.
 * Errors: `credentials_ambiguous`.
 */
export function sessionOrNone(presented: Presented): Session | undefined {
  if (presented.status === 'valid') return presented.session
  if (presented.status === 'invalid' && !isSessionOver(presented.error)) throw presented.error
  return undefined
}

const ambiguous = (reason: string) => ({
  status: 'invalid' as const,
  error: new GuestError('credentials_ambiguous', { reason }),
})

/** A request's session, if it has a valid one, and the client of its access token. Any `Presented` can be passed. */
type Asking = { status?: Presented['status']; session?: Session; by?: Bearer | undefined }

/**
 * The client that gets the new session: the one whose access token was presented, or the public one that the body names.
 * Undefined if the browser gets it, by cookie.
 * Errors: `invalid_client`, also for a pairwise client; `invalid_dpop_proof`; `cross_site_request` if the page of a client
 * would get a cookie.
 */
export async function holderOf(
  ctx: Context,
  req: IncomingMessage,
  { session, by }: Asking,
  clientId: string | undefined,
): Promise<Holder | undefined> {
  if (by && session) {
    const { client, jkt } = by
    return { client, grant: session.grant ?? newGrant(client, { jkt }) }
  }
  const named = clientId ?? by?.client.id
  if (named === undefined) {
    requireOwnPage(req, ctx.config)
    return undefined
  }
  const client = authenticateClient(ctx, { id: named })
  if (client.pairwise) throw new GuestError('invalid_client', { reason: 'pairwise' })
  requireClientOrigin(client, req.headers.origin)
  const jkt = await provenKey(ctx, req)
  requireKey(client, jkt)
  return { client, grant: newGrant(client, { jkt }) }
}

/** Gives out a new session: by cookie, or as tokens in the response if a client holds it. Errors: `invalid_client`. */
export async function handOut(
  ctx: Context,
  res: ServerResponse,
  issued: Issued,
  holder: Holder | undefined,
): Promise<{ tokens?: Tokens }> {
  if (holder) {
    // A request that is repeated after a lost response gets the session of the first time, which may be another client's.
    const { grant } = issued.session
    if (grant?.clientId !== holder.client.id) throw new GuestError('invalid_client')
    return { tokens: await tokensFor(ctx, holder.client, issued, grant) }
  }
  setSession(ctx, res, issued)
  return {}
}
