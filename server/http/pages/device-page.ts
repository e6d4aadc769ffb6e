// The pages on which a person lets a device in (RFC 8628, 3.3): one asks for the code that it shows, one asks whether the
// person has that device, and one says that this is done.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { whomOf } from '../../core/authorization/identification.ts'
import type { Telling } from '../../core/authorization/told.ts'
import type { Session } from '../../core/sessions/sessions.ts'
import type { GuestError } from '../../errors.ts'
import type { Answer } from '../contract/endpoint.ts'
import { pathOf } from '../request/mount.ts'
import { alert } from './authorize-pages.ts'
import { html } from './html.ts'
import { learns } from './identify-page.ts'
import { icon, page } from './page.ts'
import { wordsFor } from './texts.ts'

type Show = { ctx: Context; req: IncomingMessage; locales?: string | undefined }

/** The path of the page, with the code filled in (RFC 8628, 3.3.1). */
export const devicePath = ({ ctx, req, locales }: Show, code: string): string => {
  const query = new URLSearchParams({
    user_code: code,
    ...(locales !== undefined && { ui_locales: locales }),
  })
  return `${pathOf(ctx.config, req, '/device')}?${query}`
}

const carried = (locales: string | undefined) =>
  locales !== undefined && html`<input type="hidden" name="ui_locales" value="${locales}">\n`

/** Asks for the code. */
export async function codeOfDevicePage(show: Show, problem?: GuestError, typed = ''): Promise<Answer> {
  const { ctx, req, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  return page(ctx.config, words, {
    title: say('deviceTitle'),
    lead: html`<p class="lead">${say('deviceLead')}</p>`,
    problem,
    body: html`${alert(words, problem)}<form method="get" action="${pathOf(ctx.config, req, '/device')}">
${carried(locales)}<div class="field${problem && ' invalid'}"><label for="user_code">${say('code')}</label>
<input class="digits" id="user_code" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" dir="ltr" maxlength="12" ${problem && html`aria-describedby="problem" aria-invalid="true" `}required autofocus value="${typed}"></div>
<button class="button primary wide">${say('continue')}</button>
</form>`,
  })
}

/** A device that waits, as the page shows it. `code`: as it must stand on the device. `app`: the name of its client. */
export type ShownDevice = { code: string; told: Telling & { app: string } }

/** Asks whether the device of the person shows this code, and says what the app learns before it learns it. */
export async function letInPage(
  show: Show,
  { code, told }: ShownDevice,
  session: Session | undefined,
): Promise<Answer> {
  const { ctx, req, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  const { app } = told
  const isGuest = !session || session.promotedAt === null
  const signIn = `${pathOf(ctx.config, req, '/device/sign-in')}?${new URLSearchParams({ user_code: code })}`
  return page(ctx.config, words, {
    title: say('enterTitle', { app }),
    lead: session
      ? html`<p class="lead">${words.rich('consentLead', { guest: html`<bdi class="guest long">${session.label}</bdi>` })}</p>`
      : html`<p class="lead">${say('enterLead', { site: ctx.config.rpName })}</p>`,
    body: html`<p class="note">${icon('info')}<span>${words.rich('deviceCheck', { code: html`<b dir="ltr">${code}</b>` })}</span></p>
${learns(ctx, words, told, session)}
<form method="post" action="${pathOf(ctx.config, req, '/device')}">
${carried(locales)}<input type="hidden" name="user_code" value="${code}">
${session && html`<input type="hidden" name="whom" value="${whomOf(ctx, session)}">\n`}<div class="ways">
<button class="button primary wide" name="decision" value="approve">${say(isGuest ? 'continueAsGuest' : 'continue')}</button>
${!session && html`<a class="button wide" href="${signIn}">${say('beenHere')}</a>\n`}<button class="button quiet wide" name="decision" value="refuse">${say('cancel')}</button>
</div>
</form>`,
  })
}

/** Says that the decision is made. */
export async function decidedPage({ ctx, req, locales }: Show, isLetIn: boolean): Promise<Answer> {
  const words = await wordsFor(ctx.config, req, locales)
  return page(ctx.config, words, {
    title: words.say('deviceTitle'),
    lead: html`<p class="lead">${words.say(isLetIn ? 'deviceDone' : 'deviceRefused')}</p>`,
    body: html``,
  })
}

/** All ways in that the service and the browser have; then the page above again. It needs a script. */
export async function signInForDevicePage(show: Show, code: string): Promise<Answer> {
  const { ctx, req, locales } = show
  const words = await wordsFor(ctx.config, req, locales)
  const next = devicePath(show, code)
  return page(ctx.config, words, {
    title: words.say('deviceTitle'),
    elements: { source: pathOf(ctx.config, req, '/elements.js'), next },
    body: html`<h1 class="said">${words.say('deviceTitle')}</h1>
<guestkey-sign-in app="${ctx.config.rpName}"></guestkey-sign-in>
<a class="button quiet" href="${next}">${words.say('cancel')}</a>`,
  })
}
