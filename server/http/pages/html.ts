// The template of guestkey's own pages: HTML without scripts, in the browser's own colours.

import { randomId } from '../../core/crypto/secrets.ts'
import type { GuestError } from '../../errors.ts'
import type { Answer } from '../contract/endpoint.ts'
import type { Texts } from './texts.ts'

/** HTML that may be put in a page without escaping. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | Html | Html[] | undefined

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

const textOf = (part: Part): string =>
  part === undefined
    ? ''
    : part instanceof Html
      ? part.text
      : Array.isArray(part)
        ? part.map(textOf).join('')
        : escaped(part)

/** A template for HTML. It escapes every string that is put in; only Html objects go in as they are. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.map((string, i) => string + textOf(parts[i])).join(''))

export type Page = {
  title: string
  body: Html
  texts: Texts
  language: string
  name: string
  accent: string | undefined
  /** Other origins to which its forms may lead, also by a redirect (`form-action`, CSP Level 3, 6.4.1). */
  formTargets?: string[]
  /** The error that the page shows. The response has its status and headers. */
  problem?: GuestError | undefined
}

/** A page that loads nothing else (CSP) and that no other page may put in a frame. */
export function page({ title, body, language, name, accent, formTargets = [], problem }: Page): Answer {
  const nonce = randomId(128)
  const content = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<style nonce="${nonce}">${new Html(style(accent))}</style>
</head>
<body><main><p class="name">${name}</p><h1>${title}</h1>${body}</main></body>
</html>
`
  return {
    status: problem?.status ?? 200,
    headers: problem?.headers ?? {},
    text: {
      content: content.text,
      type: 'text/html; charset=utf-8',
      headers: {
        'Content-Security-Policy': [
          "default-src 'none'",
          `style-src 'nonce-${nonce}'`,
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

/** Black or white, whichever has more contrast with this colour (WCAG 2.2, 1.4.3). */
function inkOn(accent: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(accent.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.179 ? '#000' : '#fff'
}

const style = (accent = '#2a45c4') => `
:root{--accent:${accent};--line:color-mix(in srgb,var(--accent) 55%,CanvasText);color-scheme:light dark;font:100%/1.5 system-ui,sans-serif}
body{margin:0;display:grid;min-height:100vh;place-items:start center;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:min(26rem,100%);padding:3rem 1.25rem}
.name{margin:0;opacity:.75}h1{margin:.25rem 0 1rem;font-size:1.6rem;line-height:1.2}
label{display:block;font-weight:600;margin:1rem 0 .25rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.65rem .75rem;border:1px solid GrayText;border-radius:.5rem}
input:focus-visible,button:focus-visible,a:focus-visible{outline:3px solid var(--line);outline-offset:2px}
button,.button{box-sizing:border-box;display:block;width:100%;font:inherit;font-weight:600;text-align:center;text-decoration:none;margin:1rem 0 0;padding:.7rem;border-radius:.5rem;border:1px solid var(--line);cursor:pointer}
button{background:var(--accent);color:${inkOn(accent)}}.button{background:transparent;color:LinkText}
.code{letter-spacing:.3em;font-variant-numeric:tabular-nums}
.alert{border-left:4px solid #c4242a;padding:.25rem .75rem;margin:1rem 0}
.plain{display:inline-block;margin-top:1.5rem;color:LinkText}.or{margin:1.5rem 0 0;text-align:center;opacity:.75}
`
