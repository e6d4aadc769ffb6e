// The cookie with an operator's session. No page of another site makes a browser send it (SameSite=Strict).

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { OperatorSignIn } from '../../core/operators/sign-in.ts'
import { GuestError } from '../../errors.ts'
import { addHeaders } from '../contract/send.ts'
import { cookie, operatorCookieName, readCookies } from '../request/cookies.ts'

/** The token in the cookie; undefined if there is none. Errors: `credentials_ambiguous` for several. */
export function readOperatorCookie({ config }: Context, req: IncomingMessage): string | undefined {
  const [token, ...more] = readCookies(req, operatorCookieName(config))
  if (more.length > 0)
    throw new GuestError('credentials_ambiguous', { reason: 'several cookies of operators' })
  return token
}

/** Sets the cookie of a new session. */
export function giveSession(ctx: Context, res: ServerResponse, { token, session }: OperatorSignIn): void {
  setStrict(ctx, res, token, session.endsAt - ctx.now())
}

/** Removes the cookie. */
export const takeSession = (ctx: Context, res: ServerResponse): void => setStrict(ctx, res, '', 0)

const setStrict = ({ config }: Context, res: ServerResponse, value: string, maxAgeSeconds: number): void =>
  addHeaders(res, {
    'Set-Cookie': cookie(operatorCookieName(config), value, maxAgeSeconds, '/', 'Strict'),
  })
