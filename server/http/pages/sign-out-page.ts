// The page that asks before it signs out, so that no other site can sign anybody out, and no guest is lost unasked; and the page
// that says that it is done.

import type { IncomingMessage } from 'node:http'
import type { Context } from '../../context.ts'
import { whomOf } from '../../core/authorization/identification.ts'
import { canComeBack, type Session } from '../../core/sessions/sessions.ts'
import type { Answer } from '../contract/endpoint.ts'
import { pathOf } from '../request/mount.ts'
import { html } from './html.ts'
import { icon, page } from './page.ts'
import { wordsFor } from './texts.ts'
import { homeOf } from './way-back.ts'

export type SignOutPage = {
  ctx: Context
  req: IncomingMessage
  locales: string | undefined
  /** What the form sends along: the params of the app, or our request that is under way. */
  fields: Record<string, string | undefined>
  /** Where the browser goes if the person stays. */
  stay: string
  /** The origin to which the browser goes after the sign-out, if it is not ours. */
  target?: string | undefined
}

/** Asks whether to sign out. For a guest without a way back, it says what is lost. */
export async function signOutPage(show: SignOutPage, session: Session): Promise<Answer> {
  const { ctx, req, locales, fields, stay, target } = show
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  const isLost = !canComeBack(session)
  const guest = html`<bdi class="guest long">${session.label}</bdi>`
  const sent = {
    ...fields,
    whom: whomOf(ctx, session),
    ui_locales: locales,
    ...(isLost && { force: 'true' }),
  }
  return page(ctx.config, words, {
    title: isLost ? say('leaveTitle') : say('signOutTitle', { site: ctx.config.rpName }),
    tile: isLost ? icon('alert', 'xl') : undefined,
    lead: html`<p class="lead">${words.rich(isLost ? 'leaveText' : 'consentLead', { guest })}</p>`,
    formTargets: target === undefined ? [] : [target],
    body: html`<form method="post" action="${pathOf(ctx.config, req, '/end-session/confirm')}">
${Object.entries(sent).map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">\n`)}<button class="button ${isLost ? 'danger' : 'primary'} wide">${say(isLost ? 'leave' : 'signOut')}</button>
</form>
<div class="ways"><a class="button wide" href="${stay}">${say('stay')}</a>
</div>`,
  })
}

/** Says that nobody is signed in any more, with a way back to the site. */
export async function signedOutPage(
  ctx: Context,
  req: IncomingMessage,
  locales: string | undefined,
): Promise<Answer> {
  const words = await wordsFor(ctx.config, req, locales)
  const { say } = words
  return page(ctx.config, words, {
    title: say('signedOutTitle'),
    tile: icon('check', 'xl'),
    lead: html``,
    body: html`<div class="ways">
<a class="button primary wide" href="${homeOf(ctx)}">${say('backTo', { app: ctx.config.rpName })}</a>
</div>`,
  })
}
