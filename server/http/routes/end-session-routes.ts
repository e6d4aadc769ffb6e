// The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0): an app signs the person out here, too. Our page always asks.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import { checkLogout, type LogoutParams } from '../../core/authorization/logout.ts'
import { isWhom } from '../../core/authorization/whom.ts'
import { signOut } from '../../core/sessions/sign-out.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { redirect } from '../pages/page.ts'
import { signedOutPage, signOutPage } from '../pages/sign-out-page.ts'
import { firstPage, homeOf, openSealed } from '../pages/way-back.ts'
import { appsOf } from '../request/apps-cookie.ts'
import { sessionOrClearCookie } from '../request/credentials.ts'
import { pathOf } from '../request/mount.ts'
import { requireOwnPage } from '../request/same-origin.ts'
import { clearSession } from '../request/session-cookie.ts'
import { sessionOfPage } from '../request/session-of-page.ts'

/** What is asked: by an app, or on our page for a request that is under way (`request`). */
type Asked = LogoutParams & { request?: string | undefined; ui_locales?: string | undefined }

/** Where the browser goes after the sign-out; undefined for our own page. Errors: `invalid_request`, `invalid_client`. */
async function nextOf(ctx: Context, req: IncomingMessage, asked: Asked): Promise<string | undefined> {
  const { request, ui_locales: locales } = asked
  if (request !== undefined) return firstPage(ctx, req, openSealed(ctx, req, request, locales), locales)
  return (await checkLogout(ctx, asked))?.url
}

/** The page that asks; if nobody is signed in, what follows a sign-out. */
async function askOrGoOn(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  { ui_locales: locales, ...fields }: Asked,
): Promise<Answer> {
  const next = await nextOf(ctx, req, { ...fields, ui_locales: locales })
  const session = await sessionOfPage(ctx, req, res)
  if (!session) return next === undefined ? signedOutPage(ctx, req, locales) : redirect(next)
  const target = next === undefined || next.startsWith('/') ? undefined : new URL(next).origin
  return signOutPage({ ctx, req, locales, fields, stay: next ?? homeOf(ctx), target }, session)
}

export const endSessionRoutes: Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/end-session',
    summary: 'Ask whether to sign out, for an app (RP-Initiated Logout 1.0)',
    session: 'none',
    page: true,
    query: schemas.endSession,
    answers: { 200: 'text/html', 303: null },
    errors: ['invalid_client'],
    run: ({ ctx, req, res, query }) => askOrGoOn(ctx, req, res, query),
  }),
  endpoint({
    method: 'POST',
    path: '/end-session',
    summary: 'The same by a form: redirect to the page',
    session: 'none',
    page: true,
    // The app's page sends the form, so the browser sends no SameSite=Lax cookie along. It does with the GET that follows.
    fromAnySite: true,
    body: schemas.endSession,
    answers: { 303: null },
    errors: ['invalid_client'],
    async run({ ctx, req, body }) {
      await checkLogout(ctx, body)
      const given = Object.entries(body).filter(([, value]) => value !== undefined) as [string, string][]
      return redirect(`${pathOf(ctx.config, req, '/end-session')}?${new URLSearchParams(given)}`)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/authorize/sign-out',
    summary: 'Ask whether to sign out, for somebody else to go on to the app',
    session: 'none',
    page: true,
    query: schemas.pageRequest,
    answers: { 200: 'text/html', 303: null },
    run: ({ ctx, req, res, query }) => askOrGoOn(ctx, req, res, query),
  }),
  endpoint({
    method: 'POST',
    path: '/end-session/confirm',
    summary: 'Sign out, and go on to the app',
    session: 'presented',
    page: true,
    body: schemas.confirmedEnd,
    answers: { 200: 'text/html', 303: null },
    errors: ['session_invalid', 'would_lose_account', 'invalid_client'],
    async run({ ctx, req, res, session: presented, body: { whom, force, ...asked } }) {
      requireOwnPage(req, ctx.config)
      const next = await nextOf(ctx, req, asked)
      const session = sessionOrClearCookie(ctx, req, presented)
      // Another guest than the one whom the page showed: ask again.
      if (session && !isWhom(ctx, session, whom)) return askOrGoOn(ctx, req, res, asked)
      if (session)
        await signOut(ctx, session, { force: force === 'true', apps: await appsOf(ctx, req, session) })
      clearSession(ctx, res)
      return next === undefined ? signedOutPage(ctx, req, asked.ui_locales) : redirect(next)
    },
  }),
]
