// Which session a request presents: by cookie, or by bearer token.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import {
  looksLikeSessionToken,
  marked,
  readSessionToken,
  renewIfDue,
} from '../../core/sessions/session-tokens.ts'
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

/** Of several marks none counts: what sets them is not we. */
function markOf(ctx: Context, req: IncomingMessage): string | undefined {
  const [mark, ...more] = readCookies(req, markName(ctx.config))
  return more.length === 0 ? mark : undefined
}

/** A token of the Authorization header, and the key that the request proves to hold. */
type BearerToken = { token: string; jkt: string | null }

/**
 * Reads the credential of a request. One that does not hold is `invalid`, never `absent`. Where `hostsRoute`,
 * a bearer token that is not meant for us is the host's own affair. `cookies`: whether they count. `signsIn`: whether the
 * request begins or ends a session.
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
    const takesBack = signsIn || isNavigation(req)
    return { status: 'invalid', error: takesBack ? clearingCookie(ctx, req, error) : error }
  }
  if (value === undefined && bearer === undefined) return absent
  const byCookie = value === undefined ? absent : await readSessionToken(ctx, value, markOf(ctx, req))
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
 * The token of RFC 6750, 2.1, or of RFC 9449, 7.1 with its proof; undefined for other schemes, which are not ours.
 * Errors: `ambiguous_credentials`, `invalid_dpop_proof`.
 */
async function bearerToken(
  ctx: Context,
  req: IncomingMessage,
  authorization: string,
  hostsRoute: boolean,
): Promise<BearerToken | undefined> {
  // Node keeps the first of several Authorization headers; that there were more is in the raw ones.
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
    // RFC 9449, 7.1: at a resource it is a 401 that names what would do.
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
 * The thumbprint of the key that a request proves to hold by its DPoP header, or null where it has none and needs
 * none. Errors: `invalid_dpop_proof`.
 */
export async function provenKey(ctx: Context, req: IncomingMessage, accessToken: string): Promise<string>
export async function provenKey(ctx: Context, req: IncomingMessage): Promise<string | null>
export async function provenKey(
  ctx: Context,
  req: IncomingMessage & { originalUrl?: string },
  accessToken?: string,
): Promise<string | null> {
  const known = proofs.get(req) // a proof is good once, and a request may ask for it twice
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
 * Refuses a token that another service is sent as well, unless it is bound to a key that only the client has: whoever
 * is sent it must not have the guest's power here (RFC 9068, 4; RFC 8707). And any whose client has a name of its own
 * for the guest. Errors: `insufficient_scope`.
 */
export function requireOwnToken({ client, own, jkt }: Bearer): void {
  if (client.pairwise || (!own && jkt === null)) throw new GuestError('insufficient_scope')
}

/** On a navigation an invalid cookie is taken back with the refusal, so that a page does not fail for ever. */
function clearingOnNavigation(ctx: Context, req: IncomingMessage, presented: Presented): Presented {
  return presented.status === 'invalid' && isNavigation(req)
    ? { ...presented, error: clearingCookie(ctx, req, presented.error) }
    : presented
}

/**
 * Whether a browser asks for a page to show: by Fetch Metadata, or where there is none by what it accepts. A WebSocket
 * handshake is a GET too, and shows nothing, whatever it says that it accepts.
 */
export function isNavigation(req: IncomingMessage): boolean {
  const mode = req.headers['sec-fetch-mode']
  if (req.method !== 'GET' || req.headers.upgrade !== undefined) return false
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate'
}

/**
 * The refusal with the order to forget the cookie. Only for navigations and for the doors that sign in or out: the
 * answer to any other request could cross that of a sign-in on its way, and take the new session's cookie along.
 */
export function clearingCookie(ctx: Context, req: IncomingMessage, error: GuestError): GuestError {
  const { code, reason } = error
  const name = cookieName(ctx.config)
  const several = readCookies(req, name).length > 1
  if (!several && !isSessionOver(error)) return error // of a cookie and a bearer, one may hold
  return new GuestError(code, {
    ...(reason && { reason }),
    headers: several ? removeAll(req, name) : { 'Set-Cookie': cookie(name, '', 0) },
  })
}

/** For the doors that begin or end a session: a cookie that no longer holds is refused once, and taken back. */
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

/** For signing in, a session that no longer holds is none: the proof brings a new one. */
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
 * The client that a new session is to be of: the one whose access token was presented, or the public one that the
 * body names; undefined where it is the browser's own, by cookie.
 * Errors: `invalid_client`, `invalid_dpop_proof`; `cross_site_request` where it would be a cookie's on another origin.
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

/** Gives the browser a session. */
export function setSession(ctx: Context, res: ServerResponse, { token, session }: Issued): void {
  if (clientOrigin(res.req, ctx.config)) return // its page has no cookie of ours
  unsetCookie(res, markName(ctx.config)) // the token says it by itself
  setCookie(res, cookieName(ctx.config), token, session.endsAt - ctx.now())
}

/** Whether the request has our cookie, on a page of ours. */
const hasCookie = (ctx: Context, req: IncomingMessage): boolean =>
  !clientOrigin(req, ctx.config) && readCookies(req, cookieName(ctx.config)).length === 1

/**
 * Lets a use count, whatever the request is for: a browser's session without a row goes on from now, about once a day,
 * by a mark beside its cookie. The cookie itself is not set: see takingBack() for what that could cross. Nor is a mark
 * worth anything to whoever a cache gives it to. The session as it goes on.
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

/** The same for what no shared cache keeps: on a navigation, which nothing crosses, the cookie itself is dated anew. */
export function goOnFrom(
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

/** Takes the session from the browser. */
export function clearSession(ctx: Context, res: ServerResponse): void {
  if (clientOrigin(res.req, ctx.config)) return
  const mark = markName(ctx.config)
  unsetCookie(res, mark)
  setCookie(res, cookieName(ctx.config), '', 0)
  if (readCookies(res.req, mark).length > 0) setCookie(res, mark, '', 0)
}

/** Hands out a new session: by cookie, or to a client by tokens in the answer. */
export async function handOut(
  ctx: Context,
  res: ServerResponse,
  issued: Issued,
  holder: Holder | undefined,
): Promise<{ tokens?: Tokens }> {
  if (holder) {
    // Where an answer that was lost is asked for again, the session is as it was given then.
    const { grant } = issued.session
    if (grant?.clientId !== holder.client.id) throw new GuestError('invalid_client')
    return { tokens: await tokensFor(ctx, holder.client, issued, grant) }
  }
  setSession(ctx, res, issued)
  return {}
}
