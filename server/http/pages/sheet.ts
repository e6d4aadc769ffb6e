// The style sheet of guestkey's own pages: that of the elements, with the theme of the options (`pages`).

import { hash } from 'node:crypto'
import { base } from '../../../client/elements/styles/base.ts'
import { pieces } from '../../../client/elements/styles/pieces.ts'
import type { Config } from '../../options/options.ts'

type Theme = Config['pages']

/** A style sheet, and what the policy of its page says to allow it (CSP Level 3, 6.7.3.4). */
export type Sheet = { css: string; source: string }

const sheets = new WeakMap<Theme, Sheet>()

/** The style sheet for these options; made once. */
export function sheetFor(pages: Theme): Sheet {
  const made = sheets.get(pages)
  if (made) return made
  // The options were checked, so that none of them can end its declaration.
  const { accent, radius, font, theme } = pages
  const said = [
    `color-scheme:${theme ?? 'light dark'}`,
    accent && `--guestkey-accent:${accent}`,
    radius && `--guestkey-radius:${radius}`,
    font && `--guestkey-font:${font}`,
  ].filter(Boolean)
  // In a page, the host of a shadow root is the page.
  const elements = (base + pieces).replace(/:host\(([^)]*)\)/g, ':root$1').replaceAll(':host', ':root')
  const css = `:root{${said.join(';')}}${elements}${layout}${old(accent)}`
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ')
  const sheet = { css, source: `'sha256-${hash('sha256', css, 'base64')}'` }
  sheets.set(pages, sheet)
  return sheet
}

const layout = `
:root {
  --_canvas: light-dark(oklch(from var(--_accent) 0.972 min(c * 0.03, 0.005) h), oklch(from var(--_accent) 0.165 min(c * 0.06, 0.011) h));
  background: var(--_canvas);
  min-block-size: 100%;
}
body { margin: 0; min-block-size: 100vb; display: grid; grid-template: auto 1fr auto / minmax(0, 1fr); gap: var(--_6); padding: var(--_6) var(--_5) }
main { display: grid; grid-template-columns: minmax(0, 1fr); justify-items: center; align-content: center; gap: var(--_2) }
guestkey-sign-in { inline-size: 100%; max-inline-size: 400px }
:is(h1, form) { margin: 0 }
form, .ways { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_3) }
.ways { gap: var(--_2) }
.name { display: flex; align-items: center; justify-content: center; gap: 10px; font-weight: 600; overflow-wrap: anywhere }
.name img { block-size: calc(var(--_size) * 1.75); max-inline-size: calc(var(--_size) * 12); object-fit: contain }
.tile { display: grid; place-items: center; inline-size: 56px; block-size: 56px; margin-block-end: var(--_2); border: 1px solid var(--_line); border-radius: 14px; background: var(--_raised); color: var(--_ink-2) }
.head > .lead { text-wrap: balance; overflow-wrap: anywhere }
.note > span { min-inline-size: 0 }
.field .digits { direction: ltr; text-align: center; font-size: calc(var(--_size) * 1.5); letter-spacing: 0.25em; font-variant-numeric: tabular-nums }
.learns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 10px; padding: var(--_4); border: 1px solid var(--_line); border-radius: var(--_radius); font-size: var(--_text-s); line-height: 1.45 }
.learns li { display: flex; gap: 10px; overflow-wrap: anywhere }
.learns svg { color: var(--_good); margin-block-start: 1px }
.learns .not, .learns .not svg { color: var(--_ink-3) }
.meta { overflow-wrap: anywhere }
.mono { font-family: var(--_mono); font-variant-ligatures: none; font-size: var(--_text-xs); unicode-bidi: isolate }
footer { display: flex; justify-content: center; min-block-size: 24px; font-size: var(--_text-xs) }
footer a { color: var(--_ink-3); padding-block: 4px }
@media (forced-colors: active) { .tile { border-color: CanvasText } }
`

/** Black or white, whichever has more contrast with this colour (WCAG 2.2, 1.4.3); white if it is not `#rrggbb`. */
function inkOn(accent: string): string {
  const parts = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(accent)?.slice(1) ?? ['0', '0', '0']
  const [red, green, blue] = parts.map((part) => {
    const value = Number.parseInt(part, 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.179 ? '#000' : '#fff'
}

/** For browsers that cannot make one colour from another (CSS Color 5, 4): the light scheme, with the accent as it is. */
const old = (accent = '') => {
  const fill = /^#/.test(accent) ? accent : '#2a45c4'
  return `
@supports not (color: oklch(from red l c h)) {
  :root { color-scheme: light; --_fill: ${fill}; --_on-fill: ${inkOn(fill)}; --_fill-hover: ${fill}; --_accent-text: #2438a0; --_canvas: #f5f6f8; --_surface: #fff; --_raised: #fff; --_sunken: #f3f4f7; --_hover: #eceef2; --_line: #e0e2e8; --_edge: #c4c8d2; --_control: #7b8190; --_ink: #1b1e28; --_ink-2: #4d5260; --_ink-3: #5f6573; --_good: #1c6b3c; --_good-soft: #e9f7ee; --_danger: #b3261e; --_danger-soft: #fdecea; --_shadow-1: 0 0 transparent; --_shadow-2: 0 0 0 1px var(--_line) }
  .button { background: var(--_surface) }
  .primary { background: var(--_fill) }
  .quiet { background: none }
  .field input { background: #fff }
}
`
}
