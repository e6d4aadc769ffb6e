// The pages on which a person lets an app know who is signed in here: as the guest of this browser, as a new one, or as one
// who comes back.

import type { Context } from '../../context.ts'
import type { IdentificationRequest } from '../../core/authorization/authorization.ts'
import { whomOf } from '../../core/authorization/identification.ts'
import { addressTold, type Telling } from '../../core/authorization/told.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import type { GuestError } from '../../errors.ts'
import type { Answer } from '../contract/endpoint.ts'
import { pathOf } from '../request/mount.ts'
import { alert, carried, query, type Show, target, targetOf } from './authorize-pages.ts'
import { type Html, html, type Part } from './html.ts'
import { icon, page } from './page.ts'
import { type Words, wordsFor } from './texts.ts'
import { firstPage, nameOf } from './way-back.ts'

/** A line of what the app learns, or does not. */
const line = (name: 'check' | 'x', text: Part): Html =>
  html`<li${name === 'x' && html` class="not"`}>${icon(name)}<span>${text}</span></li>\n`

/** What an app learns with these scopes, in the words of the page: it is said before the app learns it. */
export function learns(
  ctx: Context,
  { say, rich }: Words,
  told: Telling & { app: string },
  session: Session | undefined,
): Html {
  const { app } = told
  const address = addressTold(ctx, told, session)
  const isGuest = !session || session.promotedAt === null
  const asks = (scope: string) => told.scope.split(' ').includes(scope)
  return html`<ul class="learns">
${line('check', say('learnsNumber', { app }))}${line('check', say(isGuest ? 'learnsGuest' : 'learnsUser', { app }))}${address !== undefined && line('check', rich('learnsAlias', { app: html`${app}`, value: html`<bdi dir="ltr">${address}</bdi>` }))}${asks('recoverability') && line('check', say('learnsReturn', { app }))}${asks('collection') && line('check', say('learnsCollection', { app }))}${line('x', say('learnsNot', { app }))}</ul>`
}

/** Asks whether the app shall know who is here. */
export async function identifyPage(
  { session, ...show }: Show<IdentificationRequest> & { session: Session | undefined },
  problem?: GuestError,
): Promise<Answer> {
  const { ctx, req, request, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  const app = nameOf(ctx, request)
  const isGuest = !session || session.promotedAt === null
  return page(ctx.config, words, {
    title: say(session ? 'consentTitle' : 'enterTitle', { app }),
    lead: session
      ? html`<p class="lead">${words.rich('consentLead', { guest: html`<bdi class="guest long">${session.label}</bdi>` })}</p>`
      : html`<p class="lead">${say('enterLead', { site: ctx.config.rpName })}</p>`,
    formTargets: [targetOf(request)],
    problem,
    body: html`${alert(words, problem)}${learns(ctx, words, { ...request, app }, session)}
<form method="post" action="${pathOf(ctx.config, req, '/authorize/approve')}">
${carried(show)}${session && html`<input type="hidden" name="whom" value="${whomOf(ctx, session)}">\n`}<button class="button primary wide">${say(isGuest ? 'continueAsGuest' : 'continue')}</button>
</form>
<div class="ways">${session ? html`<a class="button wide" href="${pathOf(ctx.config, req, '/authorize/sign-out')}${query(show)}">${say('notYou')}</a>\n` : html`<a class="button wide" href="${pathOf(ctx.config, req, '/authorize/sign-in')}${query(show)}">${say('beenHere')}</a>\n`}<a class="button quiet wide" href="${pathOf(ctx.config, req, '/authorize/deny')}${query(show)}">${say('cancel')}</a>
</div>
${target(words, request)}`,
  })
}

/**
 * All ways in that the service and the browser have, by an element; then the page above again. It needs a script. `isFirst`: the
 * app demands a sign-in, so there is no page above to go back to.
 */
export async function signInPage({
  isFirst = false,
  ...show
}: Show<IdentificationRequest> & { isFirst?: boolean }): Promise<Answer> {
  const { ctx, req, request, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  const next = firstPage(ctx, req, request, locales)
  return page(ctx.config, words, {
    title: say('enterTitle', { app: nameOf(ctx, request) }),
    elements: { source: pathOf(ctx.config, req, '/elements.js'), next },
    body: html`<h1 class="said">${say('enterTitle', { app: nameOf(ctx, request) })}</h1>
<guestkey-sign-in app="${ctx.config.rpName}"></guestkey-sign-in>
<a class="button quiet" href="${isFirst ? `${pathOf(ctx.config, req, '/authorize/deny')}${query(show)}` : next}">${say('cancel')}</a>`,
  })
}
