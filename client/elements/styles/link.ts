// The style sheet of device links: the code, and the two words that both devices show.
import { css } from '../kit/dom.ts'

export const link = css`
.code { font: 600 calc(var(--_size) * 1.75) / 1.2 var(--_mono); letter-spacing: 0.06em; font-variant-ligatures: none; direction: ltr; overflow-wrap: anywhere }
.words { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: var(--_2) }
.words > span { display: grid; place-items: center; padding: var(--_5) var(--_2); border-radius: var(--_radius); background: var(--_accent-soft); color: var(--_accent-text); font-size: calc(var(--_size) * 1.5); font-weight: 600; letter-spacing: -0.01em; overflow-wrap: anywhere }

.qr { inline-size: min(100%, 240px); margin-inline: auto; border: 1px solid var(--_line); border-radius: var(--_radius); forced-color-adjust: none; shape-rendering: crispEdges }
.qr rect { fill: white }
.qr path { fill: black }
.icon.good { inline-size: 44px; block-size: 44px; padding: 10px; border-radius: 50%; background: var(--_good-soft); color: var(--_good) }
@media (forced-colors: active) {
  .words > span, .icon.good { border: 1px solid CanvasText }
}
`
