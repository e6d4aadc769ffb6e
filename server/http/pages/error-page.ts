// The page that shows an error to a person: what happened, what to do, and a way back.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context } from '../../context.ts'
import type { ErrorCode, GuestError } from '../../errors.ts'
import { toGuestError } from '../contract/error-handler.ts'
import { addHeaders, send } from '../contract/send.ts'
import { html } from './html.ts'
import { icon, page } from './page.ts'
import { wordsFor } from './texts.ts'
import { localesOf, waysFrom } from './way-back.ts'

/** Errors for which our first page offers another way. */
const atProvider: ErrorCode[] = ['provider_unavailable', 'authentication_failed', 'flow_invalid', 'not_found']
/** Errors of the app that made the link: the person can do nothing about them. */
const ofLink: ErrorCode[] = ['invalid_request', 'invalid_client', 'invalid_scope']

/** Answers with a page that shows the error. Returns the error that it sent. */
export async function answerPage(
  ctx: Context,
  req: IncomingMessage,
  res: ServerResponse,
  thrown: unknown,
): Promise<GuestError> {
  const error = toGuestError(thrown)
  if (res.headersSent) {
    res.destroy()
    return error
  }
  const words = await wordsFor(ctx.config, req, localesOf(req))
  const { say } = words
  const { app, back, again, isOver } = waysFrom(ctx, req)
  const isLate = isOver || error.code === 'flow_invalid'
  const isOfLink = !isLate && ofLink.includes(error.code)
  const other = atProvider.includes(error.code) ? again : undefined
  // What the app's developers need to know, in English only.
  const isOfDevelopers = isOfLink || error.code === 'cross_site_request'
  const code = html`<code class="mono" lang="en" dir="ltr">${error.code}${isOfDevelopers && `: ${error.message}`}</code>`
  const { status, headers, text } = page(ctx.config, words, {
    problem: error,
    title: say(isLate ? 'expiredTitle' : isOfLink ? 'linkTitle' : 'errorTitle'),
    tile: icon(isLate || error.status === 429 ? 'clock' : 'alert', 'xl'),
    lead: html`<p class="lead" role="alert">${isOver ? say('otherError') : words.sayError(error)}</p>`,
    body: html`<div class="ways">
${other !== undefined && html`<a class="button primary wide" href="${other}">${say('otherWay')}</a>\n`}<a class="button ${other === undefined && 'primary '}wide" href="${back}">${say('backTo', { app })}</a>
</div>
<p class="meta center">${words.rich('tell', { app: html`<bdi>${ctx.config.rpName}</bdi>`, code })}</p>`,
  })
  addHeaders(res, headers!)
  send(res, status, text!.content, text!.type, text!.headers)
  return error
}
