// The authorization endpoint: guestkey's own pages, on which a person types an address and then a code, or lets an app know
// who is signed in; and the request that a client makes before (/par).

import type { Context } from '../../context.ts'
import {
  type AuthorizationParams,
  checkIdentification,
  checkRequest,
  isIdentification,
  type Origin,
  requireOrigin,
  type SealedRequest,
  sealRequest,
} from '../../core/authorization/authorization.ts'
import { isAsDemanded } from '../../core/authorization/identification.ts'
import { approve } from '../../core/authorization/login-id-codes.ts'
import { startPageCode, verifyPageCode } from '../../core/authorization/page-codes.ts'
import { isWhom } from '../../core/authorization/whom.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import { requireProof } from '../../core/sessions/step-up.ts'
import { signInAnonymously } from '../../core/sign-in/anonymous.ts'
import { type ErrorCode, GuestError } from '../../errors.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import { toOAuth } from '../contract/oauth-errors.ts'
import * as schemas from '../contract/schemas.ts'
import { choosePage, codePage, type Show } from '../pages/authorize-pages.ts'
import { answerWith, firstAnswer } from '../pages/first-answer.ts'
import { signInPage } from '../pages/identify-page.ts'
import { redirect } from '../pages/page.ts'
import { toClient } from '../pages/to-client.ts'
import { firstPage, noteKnown, openRequest, openSealed } from '../pages/way-back.ts'
import { clientOf } from '../request/client.ts'
import { sessionOrClearCookie, sessionOrNone } from '../request/credentials.ts'
import { networkOfRequest } from '../request/rate-limit.ts'
import { requireOwnPage } from '../request/same-origin.ts'
import { setSession } from '../request/session-cookie.ts'
import { sessionOfPage } from '../request/session-of-page.ts'

/** RFC 9126, 2.2. The sealed request follows this prefix, so nothing has to be stored. */
const REQUEST_URI = 'urn:ietf:params:oauth:request_uri:'

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

/** What the app is told of its own request. All other errors are about the person, who gets our page. */
const told: ErrorCode[] = ['invalid_request', 'invalid_client', 'invalid_scope']

/** Tells the app what is wrong with its request, at its redirect URI (RFC 6749, 4.1.2.1). */
async function orTell(
  show: Omit<Show, 'request'>,
  from: Origin,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof GuestError) || !told.includes(thrown.code)) throw thrown
    const { error, error_description } = toOAuth(thrown)
    return toClient(show, from, { error, error_description })
  }
}

/** Checks the request of an app: for who is signed in, or for a login ID. Errors: those of both. */
async function checked(
  ctx: Context,
  asked: AuthorizationParams,
  session: () => Promise<Session | undefined>,
): Promise<SealedRequest> {
  if (isIdentification(ctx, asked)) return checkIdentification(ctx, asked)
  const who = await session()
  const request = checkRequest(ctx, asked, who)
  if (request.purpose === 'promote') requireProof(ctx, who!)
  return request
}

export const authorizeRoutes: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/par',
    summary: 'Begin a request for the pages of this service (RFC 9126)',
    session: 'presented',
    oauth: true,
    body: schemas.authorizationRequest,
    answers: { 201: schemas.pushed },
    errors: [
      'invalid_client',
      'invalid_scope',
      'not_signed_in',
      'session_invalid',
      'insufficient_user_authentication',
      'unavailable',
    ],
    async run({ ctx, req, session: presented, body }) {
      await clientOf(ctx, req, body)
      const request = await checked(ctx, body, async () => {
        // A sign-in may begin in a session that has ended; a promotion may not.
        if (body.purpose !== 'sign_in' && presented.status === 'invalid') throw presented.error
        return sessionOrNone(presented)
      })
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
    summary:
      'Show the page that lets an app know who is signed in, adds a login ID or signs in with one (RFC 6749, 4.1; RFC 7636)',
    session: 'none',
    page: true,
    query: schemas.authorizeQuery,
    answers: { 200: 'text/html', 303: null },
    errors: ['invalid_client', 'not_signed_in', 'insufficient_user_authentication'],
    async run({ ctx, req, res, query: { resume, ui_locales: locales, ...asked } }) {
      const show = { ctx, req, res, locales }
      const session = () => sessionOfPage(ctx, req, res)
      // The pages of 0.5 link here with `request`, and without a client.
      const carried = resume ?? (asked.client_id === undefined ? asked.request : undefined)
      if (carried !== undefined) return firstAnswer(show, openSealed(ctx, req, carried), session)
      if (asked.request_uri?.startsWith(REQUEST_URI)) {
        const request = openSealed(ctx, req, asked.request_uri.slice(REQUEST_URI.length))
        if (asked.client_id !== request.client) throw new GuestError('invalid_client', { status: 400 })
        return firstAnswer(show, request, session)
      }
      const from = requireOrigin(ctx, asked)
      noteKnown(req, { from })
      return orTell(show, from, async () => firstAnswer(show, await checked(ctx, asked, session), session))
    },
  }),
  endpoint({
    method: 'POST',
    path: '/authorize',
    summary: 'The same by a form, for an app that asks who is signed in: redirect to the page',
    session: 'none',
    page: true,
    // The app's page sends the form, so the browser sends no SameSite=Lax cookie along. It does with the GET that follows.
    fromAnySite: true,
    body: schemas.authorizeForm,
    answers: { 303: null },
    errors: ['invalid_client'],
    async run({ ctx, req, body: { ui_locales: locales, ...asked } }) {
      const show = { ctx, req, locales }
      const from = requireOrigin(ctx, asked)
      noteKnown(req, { from, locales })
      return orTell(show, from, async () =>
        redirect(firstPage(ctx, req, await checkIdentification(ctx, asked), locales)),
      )
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
    answers: { 200: 'text/html', 303: null },
    errors: ['session_invalid', 'guest_merged', 'guest_sign_in_off', 'bot_check_failed'],
    async run({ ctx, req, res, session: presented, body, brake }) {
      const { request: sealed, whom, ui_locales: locales } = body
      requireOwnPage(req, ctx.config)
      const request = openSealed(ctx, req, sealed, locales)
      if (request.purpose !== 'identify') return redirect(firstPage(ctx, req, request, locales))
      const session = sessionOrClearCookie(ctx, req, presented)
      // Another guest, or none, than the one whom the page showed: show the page again.
      if (session ? whom === undefined || !isWhom(ctx, session, whom) : whom !== undefined)
        return redirect(firstPage(ctx, req, request, locales))
      if (!session) await brake('guest')
      const { session: signedIn, issued } = await signInAnonymously(ctx, session)
      if (issued) setSession(ctx, res, issued)
      // Another guest than the app asked for, or one who has to sign in anew: the page says what to do.
      if (!isAsDemanded(ctx, request, signedIn)) return redirect(firstPage(ctx, req, request, locales))
      return answerWith({ ctx, req, res, locales }, request, signedIn)
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
    errors: ['bot_check_failed'],
    async run({ ctx, req, body: { request: sealed, type, value, again, ui_locales: locales }, brake }) {
      const request = openRequest(ctx, req, sealed, locales)
      await brake('code')
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
    answers: { 200: 'text/html', 303: null },
    run: ({ ctx, req, query: { request, ui_locales: locales } }) =>
      toClient({ ctx, req, locales }, openSealed(ctx, req, request), { error: 'access_denied' }),
  }),
]
