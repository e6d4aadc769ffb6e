// The authorization endpoint: guestkey's own pages, on which a person types an address and then a code, or lets an app know
// who is signed in; and the request that a client makes before (/par).

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import {
  approve,
  checkIdentification,
  checkRequest,
  deny,
  isIdentification,
  isWhom,
  originOf,
  sealRequest,
} from '../../core/authorization/authorization.ts'
import { identify, mayGoOn, refuseUnasked } from '../../core/authorization/identification.ts'
import { isKnown } from '../../core/authorization/known-apps.ts'
import { startPageCode, verifyPageCode } from '../../core/authorization/page-codes.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { requireProof } from '../../core/sessions/step-up.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { authenticateClient, findClient, requireClientOrigin } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { choosePage, codePage } from '../pages/authorize-pages.ts'
import { identifyPage, signInPage } from '../pages/identify-page.ts'
import { redirect } from '../pages/page.ts'
import { firstPage, noteKnown, openRequest, openSealed } from '../pages/way-back.ts'
import { appsOf, rememberApp } from '../request/apps-cookie.ts'
import {
  readCredential,
  requireOwnToken,
  sessionOrClearCookie,
  sessionOrNone,
} from '../request/credentials.ts'
import { networkOfRequest } from '../request/rate-limit.ts'
import { clientOrigin, requireOwnPage } from '../request/same-origin.ts'
import { renewOnNavigation, setSession } from '../request/session-cookie.ts'

/** RFC 9126, 2.2. The sealed request follows this prefix, so nothing has to be stored. */
const REQUEST_URI = 'urn:ietf:params:oauth:request_uri:'

/** The session of the browser that opens a page. Errors: `credentials_ambiguous`, `insufficient_scope`. */
async function sessionOfPage(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<Session | undefined> {
  const asking = await readCredential(ctx, req, { cookies: !clientOrigin(req, ctx.config) })
  const presented = renewOnNavigation(ctx, req, res, asking)
  if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
  return sessionOrNone(presented)
}

/** Shows an error that the person can correct on the page itself. Other errors get an error page. */
async function orShow(
  work: () => Promise<Answer>,
  show: (problem: GuestError) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    const shown = [
      'login_id_invalid',
      'code_wrong',
      'code_expired',
      'too_many_codes',
      'not_sent',
      'no_codes',
      'codes_off',
    ]
    if (error instanceof GuestError && shown.includes(error.code)) return show(error)
    throw error
  }
}

export const authorizeRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/par',
    summary: 'Begin a promotion or a sign-in on the pages of this service (RFC 9126)',
    session: 'presented',
    oauth: true,
    body: schemas.authorizationRequest,
    answers: { 201: schemas.pushed },
    errors: ['invalid_client', 'not_signed_in', 'session_invalid', 'insufficient_user_authentication'],
    async run({ ctx, req, session: presented, body }) {
      const client = authenticateClient(ctx, { id: body.client_id ?? '' })
      requireClientOrigin(client, req.headers.origin)
      // A sign-in may begin in a session that has ended; a promotion may not.
      if (body.purpose !== 'sign_in' && presented.status === 'invalid') throw presented.error
      const session = sessionOrNone(presented)
      const request = checkRequest(ctx, body, session)
      if (request.purpose === 'promote') requireProof(ctx, session!)
      return {
        status: 201,
        body: {
          request_uri: REQUEST_URI + sealRequest(ctx, request),
          expires_in: request.expiresAt - ctx.now(),
        },
      }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/authorize',
    summary: 'Show the page that adds a login ID or signs in with one (RFC 6749, 4.1; RFC 7636)',
    session: 'none',
    page: true,
    query: schemas.authorizeQuery,
    answers: { 200: 'text/html' },
    errors: ['invalid_client', 'invalid_scope', 'not_signed_in', 'insufficient_user_authentication'],
    async run({ ctx, req, res, query }) {
      const { request_uri, resume, ui_locales, prompt, max_age, ...asked } = query
      if (resume !== undefined) {
        const request = openSealed(ctx, req, resume)
        const show = { ctx, req, locales: ui_locales }
        if (request.purpose !== 'identify') return choosePage({ ...show, request })
        return identifyPage({ ...show, request, session: await sessionOfPage(ctx, req, res) })
      }
      if (request_uri !== undefined) {
        const request = openRequest(ctx, req, request_uri.replace(REQUEST_URI, ''))
        if (asked.client_id !== request.client) throw new GuestError('invalid_client', { status: 400 })
        return choosePage({ ctx, req, request, locales: ui_locales })
      }
      noteKnown(req, { from: originOf(ctx, asked) })
      const session = await sessionOfPage(ctx, req, res)
      if (isIdentification(ctx, asked)) {
        const request = checkIdentification(ctx, asked)
        const { scope } = request
        const client = findClient(ctx, request.client)!
        const known = session ? isKnown(await appsOf(ctx, req, session), client, scope, session) : false
        const asks = { prompt, maxAge: max_age, isKnown: known }
        const refused = refuseUnasked(ctx, session, asks)
        if (refused) return redirect(deny(ctx, request, refused))
        if (session && mayGoOn(asks)) {
          await rememberApp(ctx, res, { client, scope, session })
          return redirect(await identify(ctx, request, session))
        }
        return identifyPage({ ctx, req, request, locales: ui_locales, session })
      }
      const request = checkRequest(ctx, asked, session)
      if (request.purpose === 'promote') requireProof(ctx, session!)
      return choosePage({ ctx, req, request, locales: ui_locales })
    },
  }),
  endpoint({
    method: 'GET',
    path: '/authorize/sign-in',
    summary: 'Show all ways to come back, for an app that asks who is signed in',
    session: 'none',
    page: true,
    query: schemas.pageRequest,
    answers: { 200: 'text/html' },
    async run({ ctx, req, query: { request: sealed, ui_locales: locales } }) {
      const request = openSealed(ctx, req, sealed, locales)
      return request.purpose === 'identify'
        ? signInPage({ ctx, req, request, locales })
        : choosePage({ ctx, req, request, locales })
    },
  }),
  endpoint({
    method: 'POST',
    path: '/authorize/approve',
    summary: 'Let the app know who is signed in, as a new guest if nobody is: redirect to it with a code',
    session: 'presented',
    page: true,
    body: schemas.pageApproval,
    answers: { 303: null },
    errors: ['session_invalid', 'guest_merged', 'guest_sign_in_off'],
    async run({ ctx, req, res, session: presented, body: { request: sealed, whom, ui_locales: locales } }) {
      requireOwnPage(req, ctx.config)
      const request = openSealed(ctx, req, sealed, locales)
      if (request.purpose !== 'identify') return redirect(firstPage(ctx, req, request, locales))
      const session = sessionOrClearCookie(ctx, req, presented)
      // Another guest, or none, than the one whom the page showed: show the page again.
      if (session ? whom === undefined || !isWhom(ctx, session, whom) : whom !== undefined)
        return redirect(firstPage(ctx, req, request, locales))
      const { session: signedIn, issued } = await signInAnonymously(ctx, session)
      if (issued) setSession(ctx, res, issued)
      const client = findClient(ctx, request.client)!
      await rememberApp(ctx, res, { client, scope: request.scope, session: signedIn })
      return redirect(await identify(ctx, request, signedIn))
    },
  }),
  endpoint({
    method: 'POST',
    path: '/authorize/code',
    summary: 'Send a code, and show the page that asks for it',
    session: 'none',
    page: true,
    body: schemas.pageLoginId,
    answers: { 200: 'text/html' },
    async run({ ctx, req, body: { request: sealed, type, value, again, ui_locales: locales } }) {
      const request = openRequest(ctx, req, sealed, locales)
      return orShow(
        async () => {
          const network = networkOfRequest(req, ctx.config)
          const { transaction, loginId } = await startPageCode(ctx, request, { type, value }, network)
          const sent = { transaction, value: loginId.value, isAgain: again !== undefined }
          return codePage({ ctx, req, request, locales }, sent)
        },
        (problem) => choosePage({ ctx, req, request, locales }, problem, value),
      )
    },
  }),
  endpoint({
    method: 'POST',
    path: '/authorize/verify',
    summary: 'Check the code, and redirect to the client if it is right',
    session: 'none',
    page: true,
    body: schemas.pageCode,
    answers: { 303: null },
    async run({ ctx, req, body: { request: sealed, transaction, code, value, ui_locales: locales } }) {
      const request = openRequest(ctx, req, sealed, locales)
      return orShow(
        async () => {
          const loginId = await verifyPageCode(ctx, request, { transaction, code })
          return redirect(await approve(ctx, request, loginId))
        },
        (problem) => codePage({ ctx, req, request, locales }, { transaction, value }, problem),
      )
    },
  }),
  endpoint({
    method: 'GET',
    path: '/authorize/deny',
    summary: 'Cancel, and redirect to the client with access_denied',
    session: 'none',
    page: true,
    query: schemas.pageRequest,
    answers: { 303: null },
    run: ({ ctx, req, query: { request } }) => redirect(deny(ctx, openSealed(ctx, req, request))),
  }),
]
