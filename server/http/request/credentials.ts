// Finds the session of a request, by cookie or bearer token, and gives sessions to browsers and clients.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { marked, renewIfDue } from '../../core/sessions/renewal.ts'
import { looksLikeSessionToken, readSessionToken } from '../../core/sessions/session-tokens.ts'
import type { Bearer, Holder, Issued, Presented, Session } from '../../core/sessions/sessions.ts'
import { looksLikeAccessToken, readAccessToken } from '../../core/tokens/access-tokens.ts'
import { authenticateClient, requireClientOrigin } from '../../core/tokens/clients.ts'
import { dpopAlgorithms, verifyProof } from '../../core/tokens/dpop.ts'
import { newGrant, requireKey, tokensFor } from '../../core/tokens/grants.ts'
import { GuestError, isSessionOver } from '../../errors.ts'
import type { Tokens } from '../../types.ts'
import { cookie, cookieName, markName, readCookies, removeAll, setCookie, unsetCookie } from './cookies.ts'
import { clientOrigin, requireOwnPage } from './same-origin.ts'

const absent: Presented = { status: 'absent' }

/** A browser sends more than one mark if another app, another path or an earlier version has set one, too. */
const MAX_MARKS = 4

/** The mark cookies of a request, at most MAX_MARKS. The session says which of them are its own. */
const marksOf = (ctx: Context, req: IncomingMessage): string[] =>
  readCookies(req, markName(ctx.config)).slice(0, MAX_MARKS)

/** The token in the Authorization header, and the thumbprint of the key that the request proves to have. */
type BearerToken = { token: string; jkt: string | null }

/**
 * Reads the credential of a request. An invalid one is `invalid`, never `absent`. `hostsRoute`: ignore a bearer token that
 * is not guestkey's, because it may be the host's. `cookies`: whether cookies count. `signsIn`: whether the request begins
 * or ends a session, and so whether the refusal of several session cookies may remove them.
 * Errors: `ambiguous_credentials` for several Authorization headers; `invalid_dpop_proof`, with status 401.
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
  const [value, ...more] = cookies ? readCookies(req, cookieName(ctx.config)) : []
  if (more.length > 0) {
    const { error } = ambiguous('several session cookies')
    const mayClearCookies = signsIn || isNavigation(req)
    return { status: 'invalid', error: mayClearCookies ? clearingCookie(ctx, req, error) : error }
  }
  if (value === undefined && bearer === undefined) return absent
  const byCookie = value === undefined ? absent : await readSessionToken(ctx, value, marksOf(ctx, req))
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
 * Errors: `ambiguous_credentials`, `invalid_dpop_proof`.
 */
async function bearerToken(
  ctx: Context,
  req: IncomingMessage,
  authorization: string,
  hostsRoute: boolean,
): Promise<BearerToken | undefined> {
  // Node keeps only the first of several Authorization headers; the raw headers have all of them.
  if (countHeaders(req, 'authorization') > 1) throw new GuestError('ambiguous_credentials')
  const [, scheme, token] = /^(bearer|dpop)(?:[\s,]+|$)(.*)$/i.exec(authorization) ?? []
  if (!scheme || token === undefined) return undefined
  if (hostsRoute && !looksLikeSessionToken(token) && !looksLikeAccessToken(ctx, token)) return undefined
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

const readBearer = (ctx: Context, { token, jkt }: BearerToken): Promise<Presented> =>
  looksLikeSessionToken(token) && jkt === null
    ? readSessionToken(ctx, token)
    : readAccessToken(ctx, token, jkt)

function countHeaders({ rawHeaders }: IncomingMessage, name: string): number {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i]!
    if (header.length === name.length && header.toLowerCase() === name) count++
  }
  return count
}

/**
 * The thumbprint of the key that the DPoP header of a request proves. Null if there is no header and no access token that
 * needs one. Errors: `invalid_dpop_proof`.
 */
export async function provenKey(ctx: Context, req: IncomingMessage, accessToken: string): Promise<string>
export async function provenKey(ctx: Context, req: IncomingMessage): Promise<string | null>
export async function provenKey(
  ctx: Context,
  req: IncomingMessage & { originalUrl?: string },
  accessToken?: string,
): Promise<string | null> {
  const known = proofs.get(req) // a proof is valid once, and one request may read it twice
  if (known && (accessToken === undefined || accessToken === known.accessToken)) return known.jkt
  const jkt = await readDpopProof(ctx, req, accessToken)
  if (jkt !== null) proofs.set(req, { jkt, accessToken })
  return jkt
}

const proofs = new WeakMap<IncomingMessage, { jkt: string; accessToken: string | undefined }>()

async function readDpopProof(
  ctx: Context,
  req: IncomingMessage & { originalUrl?: string },
  accessToken: string | undefined,
): Promise<string | null> {
  const count = countHeaders(req, 'dpop')
  if (count === 0 && accessToken === undefined) return null
  if (count !== 1) throw new GuestError('invalid_dpop_proof', { reason: `${count} proofs` })
  const { issuer, origins } = ctx.config
  const [path] = (req.originalUrl ?? req.url ?? '/').split('?')
  return verifyProof(ctx, String(req.headers.dpop), {
    method: req.method!,
    urls: [issuer, ...origins].map((origin) => origin + path),
    ...(accessToken !== undefined && { accessToken }),
  })
}

/**
 * Refuses a token that is also valid at another service, unless it is bound to a key: that service could use it here as
 * the guest (RFC 9068, 4; RFC 8707). Also refuses every token of a pairwise client.
 * Errors: `insufficient_scope`.
 */
export function requireOwnToken({ client, own, jkt }: Bearer): void {
  if (client.pairwise || (!own && jkt === null)) throw new GuestError('insufficient_scope')
}

/** If a browser opens a page with an invalid cookie, the refusal removes the cookie, so that the page works next time. */
function clearingOnNavigation(ctx: Context, req: IncomingMessage, presented: Presented): Presented {
  return presented.status === 'invalid' && isNavigation(req)
    ? { ...presented, error: clearingCookie(ctx, req, presented.error) }
    : presented
}

/**
 * Whether a browser opens a page: by Fetch Metadata, or without that, if it accepts HTML. A WebSocket handshake is a GET
 * too and never a page, whatever it accepts.
 */
export function isNavigation(req: IncomingMessage): boolean {
  const mode = req.headers['sec-fetch-mode']
  if (req.method !== 'GET' || req.headers.upgrade !== undefined) return false
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate'
}

/**
 * The error, with a header that removes the cookie. Only for page views and for the endpoints that sign in or out: the
 * response to any other request could arrive after that of a sign-in, and remove the cookie of the new session.
 */
export function clearingCookie(ctx: Context, req: IncomingMessage, error: GuestError): GuestError {
  const { code, reason } = error
  const name = cookieName(ctx.config)
  const several = readCookies(req, name).length > 1
  // The bearer token may be what is wrong, so a single cookie stays.
  if (!several && !isSessionOver(error)) return error
  return new GuestError(code, {
    ...(reason && { reason }),
    headers: several ? removeAll(req, name) : { 'Set-Cookie': cookie(name, '', 0) },
  })
}

/**
 * The session, if one was presented. For the endpoints that begin or end a session: they refuse an invalid cookie once,
 * and remove it. Errors: `session_invalid`, `guest_merged`, `ambiguous_credentials`.
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
 * The session, if a valid one was presented. For sign-ins, which replace a session that has ended.
 * Errors: `ambiguous_credentials`.
 */
export function sessionOrNone(presented: Presented): Session | undefined {
  if (presented.status === 'valid') return presented.session
  if (presented.status === 'invalid' && !isSessionOver(presented.error)) throw presented.error
  return undefined
}

const ambiguous = (reason: string) => ({
  status: 'invalid' as const,
  error: new GuestError('ambiguous_credentials', { reason }),
})

/**
 * The client that gets the new session: the one whose access token was presented, or the public one that the body names.
 * Undefined if the browser gets it, by cookie.
 * Errors: `invalid_client`, also for a pairwise client; `invalid_dpop_proof`; `cross_site_request` if the page of a client
 * would get a cookie.
 */
export async function holderOf(
  ctx: Context,
  req: IncomingMessage,
  presented: Presented,
  clientId: string | undefined,
): Promise<Holder | undefined> {
  const by = presented.status === 'absent' ? undefined : presented.by
  if (by && presented.status === 'valid') {
    const { client, jkt } = by
    return { client, grant: presented.session.grant ?? newGrant(client, { jkt }) }
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

/** Sets the session cookie, and removes the mark. A client's page gets no cookie. */
export function setSession(ctx: Context, res: ServerResponse, { token, session }: Issued): void {
  if (clientOrigin(res.req, ctx.config)) return // a client's page uses tokens, not our cookie
  unsetCookie(res, markName(ctx.config)) // the new token has the date that a mark would add
  setCookie(res, cookieName(ctx.config), token, session.endsAt - ctx.now())
}

/** Whether the request has one session cookie, and is not from a client's page. */
const hasCookie = (ctx: Context, req: IncomingMessage): boolean =>
  !clientOrigin(req, ctx.config) && readCookies(req, cookieName(ctx.config)).length === 1

/**
 * Notes that a sealed session in a cookie was used, about once a day, and returns the session with its new expiry. It
 * sets a mark, which is a second cookie, and not the session cookie: that could arrive after a sign-in and replace the new
 * session (see clearingCookie()). If a cache gives the mark to somebody else, it does not count for them, but it displaces
 * their own. So the guards do not call this for a response that its host has made `public`.
 */
export function noteUse(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  presented: Presented,
): Presented {
  if (presented.status !== 'valid' || presented.by) return presented
  const next = marked(ctx, presented.session)
  if (!next || !hasCookie(ctx, req) || res.headersSent) return presented
  setCookie(res, markName(ctx.config), next.mark, next.session.expiresAt - ctx.now())
  return { ...presented, session: next.session }
}

/**
 * On a navigation, renews the session cookie when it is due: no other response can arrive in between. Otherwise, notes
 * the use (noteUse). Only for responses that no shared cache stores.
 */
export function renewOnNavigation(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  presented: Presented,
): Presented {
  if (presented.status !== 'valid' || presented.by) return presented
  if (!isNavigation(req)) return noteUse(ctx, req, res, presented)
  const next = renewIfDue(ctx, presented.session)
  if (!next) return presented
  setSession(ctx, res, next)
  return { ...presented, session: next.session }
}

/** Removes the session cookie and the mark from the browser. */
export function clearSession(ctx: Context, res: ServerResponse): void {
  if (clientOrigin(res.req, ctx.config)) return
  const mark = markName(ctx.config)
  unsetCookie(res, mark)
  setCookie(res, cookieName(ctx.config), '', 0)
  if (readCookies(res.req, mark).length > 0) setCookie(res, mark, '', 0)
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
