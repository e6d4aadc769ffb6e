// The session in a browser's cookies: how requests carry it, and how responses set, renew and remove it.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { renewIfDue, seenIfDue } from '../../core/sessions/renewal.ts'
import { readSessionToken } from '../../core/sessions/session-tokens.ts'
import type { Issued, Presented } from '../../core/sessions/sessions.ts'
import { GuestError, isSessionOver } from '../../errors.ts'
import {
  appsName,
  cookie,
  cookieName,
  readCookies,
  removeAll,
  seenName,
  setCookie,
  unsetCookie,
} from './cookies.ts'
import { isNavigation } from './navigation.ts'
import { clientOrigin } from './same-origin.ts'

/**
 * Reads the session cookie of a request. `token` is undefined if there is none. Several are refused with
 * `credentials_ambiguous`, because one of them may be another guest's. `signsIn`: the request is part of a sign-in or a
 * sign-out, so the refusal may remove the cookies (see clearingCookie()).
 */
export function readSessionCookie(
  ctx: Context,
  req: IncomingMessage,
  signsIn: boolean,
): { token?: string | undefined; error?: GuestError } {
  const [token, ...more] = readCookies(req, cookieName(ctx.config))
  if (more.length === 0) return { token }
  const error = new GuestError('credentials_ambiguous', { reason: 'several session cookies' })
  return { error: signsIn || isNavigation(req) ? clearingCookie(ctx, req, error) : error }
}

/** A browser sends several seen cookies if another app, another path or an earlier version has set one. */
const MAX_SEEN_COOKIES = 4

/** The seen cookies of a request, at most MAX_SEEN_COOKIES. The session says which of them are its own. */
export const seenCookiesOf = (ctx: Context, req: IncomingMessage): string[] =>
  readCookies(req, seenName(ctx.config)).slice(0, MAX_SEEN_COOKIES)

/**
 * The session in a cookie with a former name (see resolveCookieNames()). One that is not valid is no cookie of ours: on
 * localhost, other deployments set cookies with that name too.
 */
export async function readFormerCookie(ctx: Context, req: IncomingMessage): Promise<Presented> {
  for (const name of ctx.config.formerCookieNames) {
    const [token, ...more] = readCookies(req, name)
    if (token === undefined || more.length > 0) continue
    const presented = await readSessionToken(ctx, token, seenCookiesOf(ctx, req))
    if (presented.status === 'valid') return presented
  }
  return { status: 'absent' }
}

/** Sets the session cookie, and sets no seen cookie in this response. A client's page gets no cookie. */
export function setSession(ctx: Context, res: ServerResponse, { token, session }: Issued): void {
  if (clientOrigin(res.req, ctx.config)) return // a client's page uses tokens, not our cookie
  unsetCookie(res, seenName(ctx.config)) // the new token has the date that a seen cookie would add
  setCookie(res, cookieName(ctx.config), token, session.endsAt - ctx.now())
}

/** Whether the request has one session cookie, and is not from a client's page. */
const hasCookie = (ctx: Context, req: IncomingMessage): boolean =>
  !clientOrigin(req, ctx.config) &&
  [cookieName(ctx.config), ...ctx.config.formerCookieNames].some(
    (name) => readCookies(req, name).length === 1,
  )

/**
 * Notes that a sealed session in a cookie was used, about once a day, and returns the session with its new expiry. It
 * sets the seen cookie, and not the session cookie: that could arrive after a sign-in and replace the new session (see
 * clearingCookie()). If a cache gives the seen cookie to somebody else, it does not count for them, but it displaces
 * their own. So the guards do not call this for a response that its host has made `public`.
 */
export function noteUse(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  presented: Presented,
): Presented {
  if (presented.status !== 'valid' || presented.by) return presented
  const next = seenIfDue(ctx, presented.session)
  if (!next || !hasCookie(ctx, req) || res.headersSent) return presented
  setCookie(res, seenName(ctx.config), next.cookie, next.session.expiresAt - ctx.now())
  return { ...presented, session: next.session }
}

/**
 * On a navigation, renews the session cookie when it is due: the page that could sign in meanwhile is not there yet.
 * Otherwise, notes the use (noteUse). Only for responses that no shared cache stores.
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

/** Removes the session cookie, the seen cookie and the apps cookie from the browser. */
export function clearSession(ctx: Context, res: ServerResponse): void {
  if (clientOrigin(res.req, ctx.config)) return
  const seen = seenName(ctx.config)
  unsetCookie(res, seen)
  setCookie(res, cookieName(ctx.config), '', 0)
  for (const name of [seen, appsName(ctx.config)])
    if (readCookies(res.req, name).length > 0) setCookie(res, name, '', 0)
}

/**
 * The error, with a header that removes the cookie. Only for page views and for the endpoints that are part of a sign-in
 * or a sign-out, the options included: the response to any other request could arrive after that of a sign-in, and remove
 * the cookie of the new session.
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

/** If a browser opens a page with an invalid cookie, the refusal removes the cookie, so that the page works next time. */
export function clearingOnNavigation(ctx: Context, req: IncomingMessage, presented: Presented): Presented {
  return presented.status === 'invalid' && isNavigation(req)
    ? { ...presented, error: clearingCookie(ctx, req, presented.error) }
    : presented
}
