// The endpoints of OpenID providers: from our page to the provider, and back from it to the client.

import type { Context } from '../../context.ts'
import { deny } from '../../core/authorization/authorization.ts'
import { approve } from '../../core/authorization/login-id-codes.ts'
import {
  FLOW_SECONDS,
  findProvider,
  finishAtProvider,
  requestOfFlow,
  startAtProvider,
} from '../../core/authorization/providers.ts'
import type { LoginIdKey } from '../../core/login-ids/login-ids.ts'
import { GuestError } from '../../errors.ts'
import { type Endpoint, endpoint } from '../contract/endpoint.ts'
import * as schemas from '../contract/schemas.ts'
import { redirect } from '../pages/page.ts'
import { noteKnown, openRequest } from '../pages/way-back.ts'
import { cookieName, readCookies, removeAll, setCookie } from '../request/cookies.ts'
import { pathOf } from '../request/mount.ts'
import { requireOwnPage } from '../request/same-origin.ts'

const flowCookie = (ctx: Context) => `${cookieName(ctx.config)}-flow`

export const providerRoutes: Endpoint[] = [
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
]
