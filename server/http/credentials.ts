// Which session a request presents: by cookie, or by bearer token.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { type Issued, looksLikeToken, type Presented, readToken, type Session } from '../core/sessions.ts'
import { GuestError } from '../errors.ts'
import { cookie, cookieName, readCookies, setCookie } from './cookies.ts'

const absent: Presented = { status: 'absent' }

/**
 * Reads the credential of a request. One that does not hold is `invalid`, never `absent`. Where `hostsRoute`,
 * a bearer token that is not meant for us is the host's own affair.
 */
export async function readCredential(
  ctx: Context,
  req: IncomingMessage,
  { hostsRoute = false } = {},
): Promise<Presented> {
  const { authorization } = req.headers
  if (req.headers.cookie === undefined && authorization === undefined) return absent
  const bearer = authorization === undefined ? undefined : bearerToken(req, authorization)
  const ours = bearer !== undefined && (!hostsRoute || looksLikeToken(bearer)) ? bearer : undefined
  const [value, ...more] = readCookies(req, cookieName(ctx.config))
  if (more.length > 0) return ambiguous('several session cookies')
  if (value === undefined && ours === undefined) return absent
  const byCookie = value === undefined ? absent : await readToken(ctx, value)
  if (ours === undefined) return forgetting(ctx, req, byCookie)
  const byBearer = await readToken(ctx, ours)
  if (byCookie.status === 'absent') return byBearer
  const agree =
    byCookie.status === 'valid' &&
    byBearer.status === 'valid' &&
    byCookie.session.anonymousId === byBearer.session.anonymousId
  return agree ? byBearer : ambiguous('cookie and bearer disagree')
}

/** The token of RFC 6750, 2.1; undefined for other schemes, which are not ours. */
function bearerToken(req: IncomingMessage, authorization: string): string | undefined {
  // Node keeps the first of several Authorization headers; that there were more is in the raw ones.
  const count = req.rawHeaders.filter(
    (name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length
  if (count > 1) throw new GuestError('ambiguous_credentials')
  return /^bearer(?:[\s,]+|$)(.*)$/i.exec(authorization)?.[1]
}

/** On a navigation an invalid cookie is taken back with the refusal, so that a page does not fail for ever. */
function forgetting(ctx: Context, req: IncomingMessage, presented: Presented): Presented {
  return presented.status === 'invalid' && isNavigation(req)
    ? { ...presented, error: takingBack(ctx, presented.error) }
    : presented
}

/** Whether a browser asks for a page to show: by Fetch Metadata, or where there is none by what it accepts. */
export function isNavigation(req: IncomingMessage): boolean {
  const mode = req.headers['sec-fetch-mode']
  if (req.method !== 'GET') return false
  return mode === undefined ? (req.headers.accept ?? '').includes('text/html') : mode === 'navigate'
}

/**
 * The refusal with the order to forget the cookie. Only for navigations and for the doors that sign in or out: the
 * answer to any other request could cross that of a sign-in on its way, and take the new session's cookie along.
 */
export function takingBack(ctx: Context, error: GuestError): GuestError {
  const { code, reason } = error
  if (code !== 'session_invalid') return error // of several credentials, one may hold
  return new GuestError(code, {
    ...(reason && { reason }),
    headers: { 'Set-Cookie': cookie(cookieName(ctx.config), '', 0) },
  })
}

/** For the doors that begin or end a session: a cookie that no longer holds is refused once, and taken back. */
export function sessionOrTakeBack(ctx: Context, presented: Presented): Session | undefined {
  if (presented.status === 'invalid') throw takingBack(ctx, presented.error)
  return presented.status === 'valid' ? presented.session : undefined
}

/** For signing in, a session that no longer holds is none: the proof brings a new one. */
export function sessionOrNone(presented: Presented): Session | undefined {
  if (presented.status === 'valid') return presented.session
  if (presented.status === 'invalid' && presented.error.code !== 'session_invalid') throw presented.error
  return undefined
}

const ambiguous = (reason: string): Presented => ({
  status: 'invalid',
  error: new GuestError('ambiguous_credentials', { reason }),
})

/** Gives the browser a session. */
export function setSession(ctx: Context, res: ServerResponse, { token, session }: Issued): void {
  setCookie(res, cookieName(ctx.config), token, session.endsAt - ctx.now())
}

/** Takes the session from the browser. */
export function clearSession(ctx: Context, res: ServerResponse): void {
  setCookie(res, cookieName(ctx.config), '', 0)
}
