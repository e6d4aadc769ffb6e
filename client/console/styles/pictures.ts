// The pictures of the overview. What would be lost is dashed, what is kept is solid, before any colour.
import { css } from '../../elements/kit/dom.ts'

export const pictures = css`
.funnel { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr) }
.funnel li { display: grid; gap: 2px; grid-template-rows: auto auto auto 144px; padding-inline-end: 8px }
.funnel .figure { font-size: calc(var(--_size) * 1.25); font-weight: 600; letter-spacing: -0.015em; line-height: 1.2; font-variant-numeric: tabular-nums }
.funnel svg { inline-size: calc(100% + 8px); block-size: 132px; margin-block-start: 10px; align-self: end }
.funnel svg:dir(rtl) { scale: -1 1 }
.slope { fill: light-dark(oklch(from var(--_accent) 0.93 min(c * 0.2, 0.035) h), oklch(from var(--_accent) 0.3 min(c * 0.35, 0.06) h)) }
.bar { fill: var(--_fill) }
.bar.kept { fill: color-mix(in oklab, var(--_fill), var(--_surface) 45%) }
.bar.pencil { fill: var(--_surface); stroke: var(--_control); stroke-dasharray: 4 4; stroke-width: 1.5; vector-effect: non-scaling-stroke }
.bar.hatched { fill: var(--_sunken); stroke: var(--_control); stroke-width: 1; vector-effect: non-scaling-stroke }
.track { fill: var(--_line) }
@container (inline-size < 37em) {
  .funnel { grid-template-columns: minmax(0, 1fr); grid-auto-flow: row; gap: 10px }
  .funnel li { grid-template: 'name figure' auto 'bar share' auto / minmax(0, 1fr) auto; align-items: center; gap: 0 10px; padding: 0; font-size: var(--_text-s) }
  .funnel .figure { grid-area: figure; font-size: var(--_text-m); text-align: end }
  .funnel .name { grid-area: name }
  .funnel .share { grid-area: share; text-align: end; min-inline-size: 8em }
  .funnel svg { grid-area: bar; inline-size: 100%; block-size: 12px; margin: 0 }
  .funnel .tall { display: none }
}
@container (inline-size >= 37em) { .funnel .flat { display: none } }
.spread { inline-size: 100%; block-size: 44px; display: block }
.swatch { inline-size: 14px; block-size: 14px; flex: none }
.figures { display: grid; gap: 2px; font-size: var(--_text-s) }
.figures li { display: flex; align-items: center; gap: 10px; min-block-size: 32px }
.figures li > .what { flex: 1; min-inline-size: 0; overflow-wrap: anywhere }
.figures .share { inline-size: 5ch; text-align: end; color: var(--_ink-3) }
.bars { display: grid; gap: 8px; font-size: var(--_text-s) }
.bars li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 3px 10px }
.bars svg { grid-column: 1 / -1; inline-size: 100%; block-size: 6px }
.bars svg:dir(rtl) { scale: -1 1 }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; font-size: var(--_text-xs); color: var(--_ink-3) }
.legend span { display: inline-flex; align-items: center; gap: 6px }
.legend i { inline-size: 18px; border-block-start: 2px solid light-dark(var(--_fill), var(--_accent-text)) }
.legend i.pencil { border-block-start: 2px dashed var(--_control) }
console-plot { display: block; block-size: 240px; min-inline-size: 0 }
@media (forced-colors: active) {
  .slope { fill: none }
  .bar { forced-color-adjust: none; fill: CanvasText }
  .bar.kept { fill: GrayText }
  .bar.pencil, .bar.hatched { fill: Canvas; stroke: CanvasText }
  .track { forced-color-adjust: none; fill: Canvas; stroke: CanvasText }
}
`
