// The frame of guestkey's own pages, in the theme of the options and the language of the request. All but one are HTML
// without scripts.

import { hash } from 'node:crypto'
import { drawings } from '../../../client/elements/kit/drawings.ts'
import type { GuestError } from '../../errors.ts'
import type { Config } from '../../options/options.ts'
import type { Answer } from '../contract/endpoint.ts'
import { Html, html } from './html.ts'
import { sheetFor } from './sheet.ts'
import type { Words } from './texts.ts'

/** A drawing of the elements. */
export const icon = (name: 'alert' | 'check' | 'clock' | 'info' | 'x', look = 'm') =>
  html`<svg class="icon ${look}" viewBox="0 0 20 20" aria-hidden="true"><path d="${drawings[name]}"/></svg>`

/** The elements, and what follows a sign-in by one of them: the page that `next` names. */
export type Elements = { source: string; next: string }

export type Page = {
  title: string
  /** What stands below the title. Default: there is no card, and the body stands alone. */
  lead?: Html
  /** A drawing above the title. */
  tile?: Html | undefined
  /** What stands in the card below the lead. */
  body: Html
  /** Other origins to which its forms may lead, also by a redirect (`form-action`, CSP Level 3, 6.4.1). */
  formTargets?: string[]
  /** The error that the page shows. The response has its status and headers. */
  problem?: GuestError | undefined
  /** A script that runs when the page is there. The policy allows it by its hash, and no other. */
  script?: string
  /** For a page with elements in it: their script is the only thing that it may run. */
  elements?: Elements
}

/** It reads where to go from the page, so that it is always the same and the policy allows it by its hash. */
const goOn = "addEventListener('guestkey-signed-in',()=>location.replace(document.body.dataset.next))"

const hashSource = (script: string) => `'sha256-${hash('sha256', script, 'base64')}'`

/** A page that loads nothing but the logo of the options (CSP), and that no other page may put in a frame. */
export function page(
  { pages, rpName }: Config,
  { language, direction, say }: Words,
  { title, lead, tile, body, formTargets = [], problem, script, elements }: Page,
): Answer {
  const { logo, privacy, theme = 'light dark' } = pages
  const { css, source } = sheetFor(pages)
  const content = html`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme}">
<meta name="robots" content="noindex">
<title>${title} · ${rpName}</title>
${logo !== undefined && html`<link rel="icon" href="${logo}">\n`}<style>${new Html(css)}</style>
${elements && html`<script type="module" src="${elements.source}"></script>\n<script>${new Html(goOn)}</script>\n`}</head>
<body${elements && html` data-next="${elements.next}"`}>
<header><p class="name">${logo !== undefined && html`<img src="${logo}" alt="">`}<bdi>${rpName}</bdi></p></header>
<main>${
    lead
      ? html`<section class="card"><div class="inner">
<div class="head">${tile && html`<span class="tile">${tile}</span>`}<h1 class="title big">${title}</h1>${lead}</div>
${body}
</div></section>`
      : body
  }</main>
<footer>${privacy !== undefined && html`<a href="${privacy}">${say('privacy')}</a>`}</footer>
${script !== undefined && html`<script>${new Html(script)}</script>\n`}</body>
</html>
`
  return {
    status: problem?.status ?? 200,
    headers: problem?.headers ?? {},
    text: {
      content: content.text,
      type: 'text/html; charset=utf-8',
      headers: {
        'Content-Language': language,
        Vary: 'Accept-Language',
        'Content-Security-Policy': [
          "default-src 'none'",
          `style-src ${source}`,
          ...(logo === undefined ? [] : [`img-src ${originOf(logo)}`]),
          ...(elements
            ? [
                `script-src 'self' ${hashSource(goOn)}`,
                "connect-src 'self'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
              ]
            : []),
          ...(script === undefined ? [] : [`script-src ${hashSource(script)}`]),
          `form-action ${["'self'", ...formTargets].join(' ')}`,
          "frame-ancestors 'none'",
          "base-uri 'none'",
        ].join('; '),
        'X-Frame-Options': 'DENY',
        // Not `no-referrer`: a form would then send `Origin: null` (Fetch Standard, 3.2), which is refused.
        'Referrer-Policy': 'same-origin',
      },
    },
  }
}

/** The origin of a logo for `img-src`. A path is at our own. */
const originOf = (logo: string): string => (logo.startsWith('/') ? "'self'" : new URL(logo).origin)

/** Leads the browser on, also after a form (RFC 9110, 15.4.4). */
export const redirect = (location: string): Answer => ({ status: 303, headers: { Location: location } })
