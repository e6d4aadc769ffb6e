// The answer to the app: a redirect to its redirect URI, or a form that the browser sends there (OAuth 2.0 Form Post Response
// Mode, 2). The page with the form sends it by itself, and has a button for browsers without scripts.

import { answerParams, type Origin, sendBack } from '../../core/authorization/authorization.ts'
import type { Answer } from '../contract/endpoint.ts'
import { type Show, targetOf } from './authorize-pages.ts'
import { html } from './html.ts'
import { page, redirect } from './page.ts'
import { wordsFor } from './texts.ts'
import { hostOf, nameOf } from './way-back.ts'

/** It is always the same, so that the policy of the page allows it by its hash. */
const SUBMIT = 'document.forms[0].submit()'

/** Answers the app: with a code, or with an error (RFC 6749, 4.1.2 and 4.1.2.1; RFC 9207). */
export async function toClient(
  { ctx, req, locales }: Omit<Show, 'request'>,
  from: Origin,
  answer: Record<string, string>,
): Promise<Answer> {
  if (from.mode !== 'form_post') return redirect(sendBack(ctx, from, answer))
  const words = await wordsFor(ctx.config, req, locales)
  const fields = answerParams(ctx, from, answer).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  )
  return page(ctx.config, words, {
    title: words.say('consentTitle', { app: nameOf(ctx, from) }),
    lead: html`<p class="lead">${words.rich('goesTo', { host: html`<bdi class="strong">${hostOf(from)}</bdi>` })}</p>`,
    formTargets: [targetOf(from)],
    script: SUBMIT,
    body: html`<form method="post" action="${from.redirectUri}">
${fields}<button class="button primary wide">${words.say('continue')}</button>
</form>`,
  })
}
