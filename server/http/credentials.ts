// Which session a request presents: by cookie, or by bearer token.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../context.ts'
import { type Issued, looksLikeToken, type Presented, readToken } from '../core/sessions.ts'
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
  if (more.length > 0) return ambiguous(ctx, 'several session cookies')
  if (value === undefined && ours === undefined) return absent
  const byCookie = value === undefined ? absent : await readToken(ctx, value)
  if (ours === undefined) return forgetting(ctx, byCookie)
  const byBearer = await readToken(ctx, ours)
  if (byCookie.status === 'absent') return byBearer
  const agree =
    byCookie.status === 'valid' &&
    byBearer.status === 'valid' &&
    byCookie.session.anonymousId === byBearer.session.anonymousId
  return agree ? byBearer : ambiguous(ctx, 'cookie and bearer disagree')
}

/** The token of RFC 6750, 2.1; undefined for other schemes, which are not ours. */
function bearerToken(req: IncomingMessage, authorization: string): string | undefined {
  // Node keeps the first of several Authorization headers; that there were more is in the raw ones.
  const count = req.rawHeaders.filter(
    (name, i) => i % 2 === 0 && name.toLowerCase() === 'authorization',
  ).length
  if (count > 1) throw new GuestError('ambiguous_credentials')
  return /^bearer +(.*)$/i.exec(authorization)?.[1]
}

/** An invalid cookie is taken back with the refusal, so that the browser does not present it for ever. */
function forgetting(ctx: Context, presented: Presented): Presented {
  if (presented.status !== 'invalid') return presented
  const { reason } = presented.error
  const error = new GuestError('session_invalid', { ...(reason && { reason }), headers: forgetCookie(ctx) })
  return { ...presented, error }
}

function ambiguous(ctx: Context, reason: string): Presented {
  const error = new GuestError('ambiguous_credentials', { reason, headers: forgetCookie(ctx) })
  return { status: 'invalid', error }
}

const forgetCookie = (ctx: Context) => ({ 'Set-Cookie': cookie(cookieName(ctx.config), '', 0) })

/** Gives the browser a session. */
export function setSession(ctx: Context, res: ServerResponse, { token, session }: Issued): void {
  setCookie(res, cookieName(ctx.config), token, session.endsAt - ctx.now())
}

/** Takes the session from the browser. */
export function clearSession(ctx: Context, res: ServerResponse): void {
  setCookie(res, cookieName(ctx.config), '', 0)
}
