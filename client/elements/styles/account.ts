// The style sheet of the account: its list of sections, and the picture of what would bring the guest back.
import { css } from '../kit/dom.ts'

export const account = css`
:host { box-sizing: border-box; inline-size: 100% }
[hidden][hidden] { display: none }
.buttons { display: flex; flex-wrap: wrap; gap: var(--_2) }
.frame, .over { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_6) }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: var(--_3) var(--_4) }
.top > .lines { flex: 1 1 200px; min-inline-size: 0; gap: 2px }
.place { container-type: inline-size; outline: 0; scroll-margin-block-start: 24px }
.rest { display: grid; grid-template-columns: minmax(0, 1fr); gap: calc(44px * var(--_density)) }
.rest:not(:has(> :not([hidden]))) { display: none }
nav .item { font-size: var(--_text-s); color: var(--_ink-2) }
nav .lines { min-inline-size: 0 }
nav .meta { white-space: nowrap }
nav .boxed { background: var(--_surface) }
nav [hidden] + li { border: 0 }
.up .item { inline-size: fit-content; margin-inline-start: -12px; gap: 8px; font-size: var(--_text-s) }
.broad { grid-template: 'over over' auto 'nav back' auto 'nav rest' 1fr / 212px minmax(0, 700px); gap: calc(44px * var(--_density)) 48px; justify-content: center }
.broad > .over { grid-area: over; margin-block-end: -12px }
.broad > nav { grid-area: nav; align-self: start; position: sticky; inset-block-start: 24px; margin-inline-start: -12px }
.broad > .back { grid-area: back }
.broad > .rest { grid-area: rest }
.broad nav .item { min-block-size: 38px; padding-block: 6px; gap: 10px }
.broad nav [aria-current] { color: var(--_ink); background: light-dark(var(--_surface), var(--_raised)); box-shadow: 0 0 0 1px var(--_line), var(--_shadow-1) }
.broad nav [aria-current] > svg { color: var(--_accent-text) }
.whole { inline-size: min(1040px, 100vi - 32px) }
.whole > .frame { padding: var(--_6) }
.whole .top { padding-inline-end: 40px }
.bullets { display: grid; gap: 4px; padding-inline-start: var(--_5); list-style: disc }
.lost { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_5); padding: var(--_6) var(--_6) var(--_5) }
.verdict { display: flex; gap: 12px }
.verdict > svg { margin-block-start: 2px }
.verdict.good > svg { color: var(--_good) }
.verdict.danger > svg { color: var(--_danger) }
.picture { display: grid; grid-template-columns: minmax(0, 1fr) clamp(28px, 30cqi - 80px, 180px) auto; gap: 0 8px }
.picture > ul { display: grid; grid-auto-rows: 1fr; gap: var(--_2) }
.way { display: flex; align-items: center; gap: 10px; min-block-size: 56px; padding: 8px 12px; border: 1px solid var(--_line); border-radius: var(--_radius); line-height: 1.35 }
.way:only-child { align-self: center }
.way .lines { min-inline-size: 0; overflow-wrap: anywhere }
.way .strong { font-size: var(--_text-s); font-weight: 550 }
.way .meta { font-size: var(--_text-xs) }
.way .meta::first-letter { text-transform: uppercase }
.way > svg { color: var(--_ink-2) }
.way > svg:last-child { color: var(--_good) }
.way.gone { border: 1px dashed var(--_control) }
.way.gone :is(svg, .strong) { color: var(--_ink-3) }
.way.gone .strong { text-decoration: line-through 1px }
.bridges { inline-size: 100%; block-size: 100%; min-block-size: 100%; fill: none; overflow: visible }
.bridges:dir(rtl) { scale: -1 1 }
.bridges > * { vector-effect: non-scaling-stroke; stroke: var(--_good); stroke-width: 2 }
.bridges > .gone { stroke: var(--_control); stroke-width: 1.5; stroke-dasharray: 4 5 }
.goal { align-self: center; display: grid; justify-items: center; gap: 6px; max-inline-size: 112px; padding-block-start: calc(6px + 1.3em); text-align: center; font-size: var(--_text-s); line-height: 1.3 }
.goal > .guest { white-space: normal; overflow-wrap: anywhere }
@container (inline-size < 29em) {
  .lost { padding: var(--_4) }
  .lost > .buttons { flex-direction: column }
  .goal { padding: 0 }
  .goal > .mark { --_mark: 3.25 }
  .goal > .guest { display: none }
  .way > svg:last-child { display: none }
}
@media (forced-colors: active) {
  .way:not(.gone) { border-color: CanvasText }
  .bridges.bridges > * { stroke: CanvasText }
  .broad nav [aria-current] { outline: 2px solid Highlight; outline-offset: -2px }
}
`
