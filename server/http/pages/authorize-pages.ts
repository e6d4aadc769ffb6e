// The pages of the authorization endpoint: one asks for an address or a provider, the other for the code.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import {
  type AuthorizationRequest,
  type SealedRequest,
  sealRequest,
} from '../../core/authorization/authorization.ts'
import type { GuestError } from '../../errors.ts'
import type { Answer } from '../contract/endpoint.ts'
import { pathOf } from '../request/mount.ts'
import { type Html, html } from './html.ts'
import { icon, page } from './page.ts'
import { type Words, wordsFor } from './texts.ts'
import { firstPage, hostOf } from './way-back.ts'

/** The client's origin, or its scheme for an app: `form-action` must allow it, because forms end in a redirect there. */
export function targetOf({ redirectUri }: Pick<SealedRequest, 'redirectUri'>): string {
  const { origin, protocol } = new URL(redirectUri)
  return origin === 'null' ? protocol : origin
}

/** What a page shows: a request that is under way, in a language. */
export type Show<Request extends SealedRequest = AuthorizationRequest> = {
  ctx: Context
  req: IncomingMessage
  request: Request
  locales?: string | undefined
}

/** A form carries the request, and `ui_locales`, from page to page. */
export const carried = ({ ctx, request, locales }: Show<SealedRequest>): Html =>
  html`<input type="hidden" name="request" value="${sealRequest(ctx, request)}">
${locales !== undefined && html`<input type="hidden" name="ui_locales" value="${locales}">\n`}`

/** The same in a URL. */
export const query = (
  { ctx, request, locales }: Show<SealedRequest>,
  more: Record<string, string> = {},
): string =>
  `?${new URLSearchParams({
    ...{ request: sealRequest(ctx, request), ...more },
    ...(locales !== undefined && { ui_locales: locales }),
  })}`

/** What is wrong, above the form. */
export const alert = (words: Words, problem: GuestError | undefined): Html | undefined =>
  problem &&
  html`<p class="note danger" id="problem" role="alert">${icon('alert')}<span>${words.sayError(problem)}</span></p>\n`

/** Ties a field to what is wrong with it. */
const ifWrong = (code: GuestError['code'], problem: GuestError | undefined): Html | undefined =>
  problem && html`aria-describedby="problem"${problem.code === code && html` aria-invalid="true"`} `

/** Where the browser goes when this is done. */
export const target = (words: Words, request: SealedRequest): Html =>
  html`<p class="meta center">${words.rich('goesTo', { host: html`<bdi class="strong">${hostOf(request)}</bdi>` })}</p>`

/** The page that asks for an e-mail address, or for a provider. */
export async function choosePage(show: Show, problem?: GuestError, value = ''): Promise<Answer> {
  const { ctx, req, request } = show
  const { config } = ctx
  const words = await wordsFor(config, req, show.locales)
  const { say } = words
  const isPromotion = request.purpose === 'promote'
  const byMail = html`<form method="post" action="${pathOf(config, req, '/authorize/code')}">
${carried(show)}<input type="hidden" name="type" value="email">
<div class="field${problem?.code === 'login_id_invalid' && ' invalid'}"><label for="value">${say('email')}</label>
<input id="value" name="value" type="email" autocomplete="email" dir="ltr" ${ifWrong('login_id_invalid', problem)}required autofocus value="${value}"></div>
<button class="button primary wide">${say('sendCode')}</button>
</form>
`
  const providers = config.loginIds.providers.map(
    ({ id, name }) =>
      html`<a class="button wide" href="${pathOf(config, req, '/authorize/provider')}${query(show, { provider: id })}">${say('continueWith', { name })}</a>\n`,
  )
  const canMail = ctx.sender.can('email')
  return page(config, words, {
    title: say(isPromotion ? 'promoteTitle' : 'signInTitle'),
    lead: html`<p class="lead">${say(isPromotion ? 'promoteLead' : 'signInLead')}</p>`,
    formTargets: [targetOf(request)],
    problem,
    body: html`${alert(words, problem)}${canMail && byMail}<div class="ways">
${canMail && providers.length > 0 && html`<p class="rule">${say('or')}</p>\n`}${providers}<a class="button quiet wide" href="${pathOf(config, req, '/authorize/deny')}${query(show)}">${say('cancel')}</a>
</div>
${target(words, request)}`,
  })
}

/** The page that asks for the code. `isAgain`: a new code is on its way. */
export async function codePage(
  show: Show,
  { transaction, value, isAgain }: { transaction: string; value: string; isAgain?: boolean },
  problem?: GuestError,
): Promise<Answer> {
  const { ctx, req, request, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  const address = html`<bdi class="strong" dir="ltr">${value}</bdi>`
  return page(ctx.config, words, {
    title: say('codeTitle'),
    lead: html`<p class="lead">${words.rich('codeLead', { value: address })}</p>`,
    formTargets: [targetOf(request)],
    problem,
    body: html`${alert(words, problem)}${isAgain && html`<p class="note good" role="status">${icon('info')}<span>${say('resent')}</span></p>\n`}<form method="post" action="${pathOf(ctx.config, req, '/authorize/verify')}">
${carried(show)}<input type="hidden" name="transaction" value="${transaction}">
<input type="hidden" name="value" value="${value}">
<div class="field${problem?.code === 'code_wrong' && ' invalid'}"><label for="code">${say('code')}</label>
<input class="digits" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{6,7}" maxlength="7" ${ifWrong('code_wrong', problem)}required autofocus></div>
<button class="button primary wide">${say('confirm')}</button>
</form>
<div class="ways"><form method="post" action="${pathOf(ctx.config, req, '/authorize/code')}">
${carried(show)}<input type="hidden" name="type" value="email">
<input type="hidden" name="value" value="${value}">
<input type="hidden" name="again" value="true">
<button class="button wide">${say('resend')}</button>
</form>
<a class="button quiet wide" href="${firstPage(ctx, req, request, locales)}">${say('another')}</a>
</div>`,
  })
}
