// The authorization endpoint: guestkey's own pages, on which a person types an address and then a code, or chooses an
// OpenID provider; and the requests that a client makes before (/par) and after (/promotion/finish).

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import {
  type AuthorizationRequest,
  approve,
  checkRequest,
  deny,
  originOf,
  readRequest,
  sealRequest,
  unexpired,
} from '../../core/authorization/authorization.ts'
import { startPageCode, verifyPageCode } from '../../core/authorization/page-codes.ts'
import {
  FLOW_SECONDS,
  findProvider,
  finishAtProvider,
  requestOfFlow,
  startAtProvider,
} from '../../core/authorization/providers.ts'
import { redeem } from '../../core/authorization/redemption.ts'
import { userInfoAfter } from '../../core/life/prompts.ts'
import type { LoginIdKey } from '../../core/login-ids/login-ids.ts'
import { requireProof } from '../../core/sessions/step-up.ts'
import { authenticateClient, requireClientOrigin } from '../../core/tokens/clients.ts'
import { GuestError } from '../../errors.ts'
import { type Answer, type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { choosePage, codePage } from '../pages/authorize-pages.ts'
import { noteKnown } from '../pages/way-back.ts'
import { cookieName, readCookies, removeAll, setCookie } from '../request/cookies.ts'
import { handOut, holderOf, readCredential, requireOwnToken, sessionOrNone } from '../request/credentials.ts'
import { pathOf } from '../request/mount.ts'
import { networkOfRequest } from '../request/rate-limit.ts'
import { clientOrigin, requireOwnPage } from '../request/same-origin.ts'
import { renewOnNavigation } from '../request/session-cookie.ts'

/** RFC 9126, 2.2. The sealed request follows this prefix, so nothing has to be stored. */
const REQUEST_URI = 'urn:ietf:params:oauth:request_uri:'

const redirect = (location: string): Answer => ({ status: 303, headers: { Location: location } })

/** Opens a sealed request, and notes it for the page that shows an error. Errors: `invalid_request`. */
function openRequest(
  ctx: Context,
  req: IncomingMessage,
  sealed: string,
  locales?: string | undefined,
): AuthorizationRequest {
  const from = readRequest(ctx, sealed)
  noteKnown(req, { from, locales })
  return unexpired(ctx, from)
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

const flowCookie = (ctx: Context) => `${cookieName(ctx.config)}-flow`

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
    errors: ['invalid_client', 'not_signed_in', 'insufficient_user_authentication'],
    async run({ ctx, req, res, query }) {
      const { request_uri, request: carried, ui_locales, ...asked } = query
      if (carried !== undefined)
        return choosePage({ ctx, req, request: openRequest(ctx, req, carried), locales: ui_locales })
      if (request_uri !== undefined) {
        const request = openRequest(ctx, req, request_uri.replace(REQUEST_URI, ''))
        if (asked.client_id !== request.client) throw new GuestError('invalid_client', { status: 400 })
        return choosePage({ ctx, req, request, locales: ui_locales })
      }
      noteKnown(req, { from: originOf(ctx, asked) })
      const asking = await readCredential(ctx, req, { cookies: !clientOrigin(req, ctx.config) })
      const presented = renewOnNavigation(ctx, req, res, asking)
      if (presented.status === 'valid' && presented.by) requireOwnToken(presented.by)
      const session = sessionOrNone(presented)
      const request = checkRequest(ctx, asked, session)
      if (request.purpose === 'promote') requireProof(ctx, session!)
      return choosePage({ ctx, req, request, locales: ui_locales })
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
    run: ({ ctx, req, query: { request } }) => redirect(deny(ctx, openRequest(ctx, req, request))),
  }),
  endpoint({
    method: 'GET',
    path: '/authorize/provider',
    limited: true,
    summary: 'Redirect to an OpenID provider',
    session: 'none',
    page: true,
    query: schemas.pageProvider,
    answers: { 303: null },
    errors: ['not_found', 'flow_invalid', 'provider_unavailable', 'cross_site_request'],
    async run({ ctx, req, res, query: { request: sealed, provider } }) {
      requireOwnPage(req, ctx.config)
      // Only our own page may lead here: another site must not start a flow at a provider unasked.
      const site = req.headers['sec-fetch-site']
      if (site !== undefined && site !== 'same-origin') throw new GuestError('flow_invalid')
      const request = openRequest(ctx, req, sealed)
      // Each provider has its own callback, so that one cannot pass off its response as another's (RFC 9700, 4.4).
      const back = ctx.config.tokens.issuer + pathOf(ctx.config, req, `/authorize/callback/${provider}`)
      const { location, flow } = await startAtProvider(ctx, findProvider(ctx, provider), request, back)
      setCookie(res, flowCookie(ctx), flow, FLOW_SECONDS)
      return redirect(location)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/authorize/callback/:id',
    limited: true,
    summary: 'The callback of an OpenID provider: redirect to the client',
    session: 'none',
    page: true,
    query: schemas.providerAnswer,
    answers: { 303: null },
    errors: ['flow_invalid', 'authentication_failed', 'provider_unavailable', 'cross_site_request'],
    async run({ ctx, req, res, id }) {
      requireOwnPage(req, ctx.config) // the flow cookie is not for a client's page
      const [flow, ...more] = readCookies(req, flowCookie(ctx))
      // If there are several, somebody else may have set one, to sign this browser in to their own account.
      if (more.length > 0) {
        const headers = removeAll(req, flowCookie(ctx))
        throw new GuestError('flow_invalid', { reason: 'several flow cookies', headers })
      }
      setCookie(res, flowCookie(ctx), '', 0)
      noteKnown(req, { from: await requestOfFlow(ctx, flow) })
      const search = (req.url ?? '').split('?')[1] ?? ''
      const url = new URL(
        `${ctx.config.tokens.issuer}${pathOf(ctx.config, req, `/authorize/callback/${id}`)}?${search}`,
      )
      const { request, loginId } = await finishAtProvider(ctx, flow, id, url)
      return redirect(loginId ? await approve(ctx, request, loginId as LoginIdKey) : deny(ctx, request))
    },
  }),
  endpoint({
    method: 'POST',
    path: '/authorize/callback/:id',
    summary: 'The callback of an OpenID provider that answers by a form: redirect to the GET',
    session: 'none',
    page: true,
    // The provider's page sends the form, so the browser sends no SameSite=Lax cookie along. It does with the GET that
    // follows, which checks the state against the flow cookie, so a form of any other site leads nowhere.
    fromAnySite: true,
    isEnabled: ({ loginIds }) => loginIds.providers.some(({ responseMode }) => responseMode === 'form_post'),
    body: schemas.providerAnswer,
    answers: { 303: null },
    errors: ['not_found', 'method_not_allowed'],
    run({ ctx, req, id, body }) {
      if (findProvider(ctx, id).responseMode !== 'form_post')
        throw new GuestError('method_not_allowed', { headers: { Allow: 'GET, HEAD' } })
      const url = new URL(ctx.config.tokens.issuer + pathOf(ctx.config, req, `/authorize/callback/${id}`))
      for (const name of ['code', 'state', 'error', 'error_description', 'iss']) {
        const value = body[name]
        if (typeof value === 'string') url.searchParams.set(name, value)
      }
      return redirect(url.href)
    },
  }),
  endpoint({
    method: 'POST',
    path: '/promotion/finish',
    summary: 'Redeem an authorization code: for a promotion in the session that began it, or to sign in',
    session: 'presented',
    body: schemas.redemption,
    answers: { 200: schemas.signedIn },
    errors: [
      'invalid_grant',
      'not_signed_in',
      'session_invalid',
      'code_expired',
      'login_id_unknown',
      'login_id_taken',
      'promotion_refused',
      'too_many_login_ids',
      'insufficient_user_authentication',
      'too_many_sessions',
      'guest_merged',
      'guest_disabled',
      'invalid_client',
      'invalid_dpop_proof',
    ],
    async run({
      ctx,
      req,
      res,
      session: presented,
      by,
      body: { client_id, code, code_verifier, redirect_uri },
    }) {
      const named = client_id ?? by?.client.id ?? 'guestkey'
      const holder = await holderOf(ctx, req, presented, by ? undefined : client_id)
      const client = authenticateClient(ctx, { id: named })
      const redemption = { code, verifier: code_verifier, redirectUri: redirect_uri }
      const { session, token, ...left } = await redeem(
        ctx,
        client,
        sessionOrNone(presented),
        redemption,
        holder,
      )
      const tokens = token === undefined ? {} : await handOut(ctx, res, { session, token }, holder)
      return { status: 200, body: { ...(await userInfoAfter(ctx, session)), ...left, ...tokens } }
    },
  }),
]
