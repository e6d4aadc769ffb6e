// The pages of the authorization endpoint: one asks for an address or a provider, the other for the code.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { type AuthorizationRequest, sealRequest } from '../../core/authorization/authorization.ts'
import type { GuestError } from '../../errors.ts'
import type { Answer } from '../contract/endpoint.ts'
import { pathOf } from '../request/mount.ts'
import { type Html, html, page } from './html.ts'
import { type Texts, textOfError, textsFor } from './texts.ts'

/** The client's origin, or its scheme for an app: `form-action` must allow it, because forms end in a redirect there. */
function targetOf({ redirectUri }: AuthorizationRequest): string {
  const { origin, protocol } = new URL(redirectUri)
  return origin === 'null' ? protocol : origin
}

type Show = {
  ctx: Context
  req: IncomingMessage
  request: AuthorizationRequest
  locales?: string | undefined
}

/** Carries `ui_locales` from page to page. */
const localesField = (locales: string | undefined): Html | undefined =>
  locales === undefined ? undefined : html`<input type="hidden" name="ui_locales" value="${locales}">\n`

const localesIn = (locales: string | undefined): string =>
  locales === undefined ? '' : `&ui_locales=${encodeURIComponent(locales)}`

const alert = (texts: Texts, problem: GuestError | undefined): Html | undefined =>
  problem && html`<p class="alert" role="alert">${textOfError(texts, problem)}</p>`

/** The page that asks for an e-mail address, or for a provider. */
export function choosePage({ ctx, req, request, locales }: Show, problem?: GuestError, value = ''): Answer {
  const { config } = ctx
  const { texts, language } = textsFor(config, req, locales)
  const isPromotion = request.purpose === 'promote'
  const sealed = sealRequest(ctx, request)
  const query = `?request=${encodeURIComponent(sealed)}`
  const byMail = html`<form method="post" action="${pathOf(ctx.config, req, '/authorize/code')}">
<input type="hidden" name="request" value="${sealed}">
${localesField(locales)}<input type="hidden" name="type" value="email">
<label for="value">${texts.email}</label>
<input id="value" name="value" type="email" autocomplete="email" required autofocus value="${value}">
<button>${texts.sendCode}</button>
</form>`
  const providers = config.loginIds.providers.map(
    ({ id, name }) =>
      html`<a class="button" href="${pathOf(ctx.config, req, '/authorize/provider')}${query}&amp;provider=${id}">${texts.continueWith.replace('{name}', () => name)}</a>`,
  )
  const canMail = ctx.sender.can('email')
  return page({
    title: isPromotion ? texts.promoteTitle : texts.signInTitle,
    texts,
    language,
    name: config.rpName,
    accent: config.pages.accent,
    formTargets: [targetOf(request)],
    problem,
    body: html`<p>${isPromotion ? texts.promoteLead : texts.signInLead}</p>${alert(texts, problem)}
${canMail ? byMail : undefined}
${canMail && providers.length > 0 ? html`<p class="or">${texts.or}</p>` : undefined}${providers}
<a class="plain" href="${pathOf(ctx.config, req, '/authorize/deny')}${query}">${texts.cancel}</a>`,
  })
}

/** The page that asks for the code. */
export function codePage(
  { ctx, req, request, locales }: Show,
  { transaction, value }: { transaction: string; value: string },
  problem?: GuestError,
): Answer {
  const { config } = ctx
  const { texts, language } = textsFor(config, req, locales)
  const sealed = sealRequest(ctx, request)
  return page({
    title: texts.codeTitle,
    texts,
    language,
    name: config.rpName,
    accent: config.pages.accent,
    formTargets: [targetOf(request)],
    problem,
    body: html`<p>${texts.codeLead.replace('{value}', () => value)}</p>${alert(texts, problem)}
<form method="post" action="${pathOf(ctx.config, req, '/authorize/verify')}">
<input type="hidden" name="request" value="${sealed}">
${localesField(locales)}<input type="hidden" name="transaction" value="${transaction}">
<input type="hidden" name="value" value="${value}">
<label for="code">${texts.code}</label>
<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" required autofocus>
<button>${texts.confirm}</button>
</form>
<a class="plain" href="${pathOf(ctx.config, req, '/authorize')}?request=${encodeURIComponent(sealed)}${localesIn(locales)}">${texts.another}</a>`,
  })
}
