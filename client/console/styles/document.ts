// The style sheets of the elements for a whole page: they are written for shadow roots.
import { css, sheet } from '../../elements/kit/dom.ts'
import { base } from '../../elements/styles/base.ts'
import { pieces } from '../../elements/styles/pieces.ts'
import { frame } from './frame.ts'
import { lists } from './lists.ts'
import { pictures } from './pictures.ts'

const forPage = (text: string) => text.replaceAll(/:host\(([^)]*)\)/g, ':root$1').replaceAll(':host', ':root')

/** What a page has and a shadow root has not. */
const page = css`
:root { --guestkey-density: 0.9; --_canvas: var(--guestkey-canvas, light-dark(oklch(from var(--_accent) 0.972 min(c * 0.03, 0.005) h), oklch(from var(--_accent) 0.165 min(c * 0.06, 0.011) h))); background: var(--_canvas); -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body { margin: 0 }
:is(h1, h4, ol, dl, dd, pre, table, fieldset, legend) { margin: 0; padding: 0; border: 0 }
ol { list-style: none }
`

/** Gives the page its look. `accent`: a colour, or empty. */
export function dress(accent: string): void {
  if (accent) document.documentElement.style.setProperty('--guestkey-accent', accent)
  document.adoptedStyleSheets = [
    sheet([base, pieces].map(forPage).join('') + page + frame + lists + pictures),
  ]
}
