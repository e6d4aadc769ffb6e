// The style sheet of the prompt: a banner in the flow of the page, or a sheet from below.
import { css } from '../kit/dom.ts'

export const prompt = css`
:host { display: contents }
.banner { container-type: inline-size; background: var(--_surface); border: 1px dashed var(--_control); border-radius: var(--_r-l); animation: enter var(--_calm) }
.banner > .inner { grid-template-columns: auto minmax(0, 1fr); align-items: center; gap: var(--_3) var(--_4); padding: var(--_4) var(--_5) }
.banner .lines { gap: 2px }
.banner .buttons { grid-column: 2; display: flex; flex-wrap: wrap; gap: var(--_2) }
.banner .note { grid-column: 1 / -1 }
.banner.kept { border-style: solid; border-color: var(--_line) }
.banner.done > .inner { grid-template-columns: auto minmax(0, 1fr) auto }
.banner.done .buttons.buttons { grid-column: auto }
.done .heading { display: flex; align-items: center; gap: 8px; color: var(--_good) }
@container (inline-size >= 50em) {
  .banner > .inner { grid-template-columns: auto minmax(0, 1fr) auto }
  .banner .buttons { grid-area: 1 / 3; flex-direction: row-reverse }
  .banner .note { grid-row: 2 }
}
@container (inline-size < 29em) {
  .banner > .inner { padding: var(--_4); align-items: start }
  .banner .buttons { grid-column: 1 / -1; flex-direction: column }
  .banner .button:not(.icon-only) { inline-size: 100% }
}
.sheet { inline-size: min(100vi, 30em); max-inline-size: none; max-block-size: 90vb; margin: auto auto 0; border-end-start-radius: 0; border-end-end-radius: 0; padding-block-end: env(safe-area-inset-bottom) }
.sheet .title, .sheet .lead { text-align: center }
.change { order: -1; display: flex; align-items: center; justify-content: center; gap: 14px; color: var(--_ink-3) }
`
