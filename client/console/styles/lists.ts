// Tables that become lists on phones, the trail, settings, and the picture of the ways back.
import { css } from '../../elements/kit/dom.ts'

export const lists = css`
.table { inline-size: 100%; border-collapse: collapse; font-size: var(--_text-s); line-height: 1.4 }
.table th { font-weight: 500; text-align: start; color: var(--_ink-3); font-size: var(--_text-xs); padding: 10px var(--_3); border-block-end: 1px solid var(--_line); white-space: nowrap }
.table td { padding: 9px var(--_3); border-block-end: 1px solid var(--_line); vertical-align: middle; overflow-wrap: anywhere }
.table tbody th { font-size: var(--_text-s); color: var(--_ink); font-weight: 400; white-space: normal; overflow-wrap: anywhere }
.table tr:last-child > * { border-block-end: 0 }
.table tbody tr:hover > * { background: var(--_hover) }
.table tbody tr:has([data-row]:focus-visible) > * { background: var(--_accent-soft) }
.table tbody tr:has([data-row]:focus-visible) > :first-child { box-shadow: inset 3px 0 0 var(--_accent-text) }
.table [data-row]:focus-visible { outline-offset: 4px }
.table tr > :first-child { padding-inline-start: var(--_5) }
.table tr > :last-child { padding-inline-end: var(--_5) }
.table .end-cell { text-align: end }
.table .shrink { inline-size: 1% }
.table .num-cell { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap }
.who > .lines { min-inline-size: 0 }
.who { display: flex; align-items: center; gap: 10px; color: inherit; text-decoration: none; min-block-size: 30px }
a.who:hover .guest { text-decoration: underline }
.scroll { overflow-x: auto }
.scroll:focus-visible { outline-offset: -2px }
.pre { overflow: auto; max-block-size: 420px; margin: 0; padding: 12px 14px; border-radius: var(--_r-s); background: var(--_sunken); font-family: var(--_mono); font-size: var(--_text-xs); white-space: pre-wrap; overflow-wrap: anywhere }
details > summary { cursor: pointer; min-block-size: 34px; display: flex; align-items: center; gap: 6px; font-size: var(--_text-s); color: var(--_accent-text); font-weight: 550; list-style: none }
details > summary::-webkit-details-marker { display: none }
details > summary > svg { transition: rotate var(--_fast) }
details[open] > summary > svg { rotate: 90deg }
details[open] > summary { margin-block-end: 8px }
@container console (inline-size < 46em) {
  .setting { padding-inline: var(--_4) }
  .setting:has(.value) { flex-wrap: wrap }
  .setting:has(.value) .body { flex-basis: 100% }
  .table .acts { margin-inline-start: -12px; gap: 0 }
  .table:not(.grid) thead { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%) }
  .table:not(.grid), .table:not(.grid) tbody { display: block }
  .table:not(.grid) tbody tr { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 10px; padding: 10px var(--_4); border-block-end: 1px solid var(--_line) }
  .table:not(.grid) tbody tr:last-child { border: 0 }
  .table:not(.grid) tbody tr > :nth-child(n) { padding: 0; border: 0; background: none; box-shadow: none; text-align: start }
  .table:not(.grid) tbody tr > :first-child { flex: 1 1 100% }
  .table.tight tbody tr > :first-child { flex: 1 1 0; min-inline-size: 40% }
  .table.tight .shrink { inline-size: auto }
  .table.tight tbody tr { min-block-size: 44px; padding-block: 6px }
  .table.pairs tbody tr { flex-wrap: nowrap }
  .table.pairs tbody tr > :first-child { flex: 0 0 96px; min-inline-size: 0 }
  .table:not(.grid) .hide-small { display: none }
}
.trail { display: grid; font-size: var(--_text-s) }
.trail li { display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; gap: 0 12px; padding-block-end: 14px; position: relative }
.trail li:not(:last-child)::before { content: ''; position: absolute; inset-block: 22px 0; inset-inline-start: 9px; border-inline-start: 1.5px solid var(--_line) }
.trail svg { color: var(--_ink-3) }
.trail .operator svg { color: var(--_accent-text) }
.trail .meta { font-size: var(--_text-xs); overflow-wrap: anywhere }
.setting { display: flex; align-items: center; gap: var(--_4); padding: var(--_4) var(--_5) }
.setting + .setting { border-block-start: 1px solid var(--_line) }
.setting .body { flex: 1; min-inline-size: 0; display: grid; gap: 2px; overflow-wrap: anywhere }
.setting .name { font-weight: 550 }
.setting .origin { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; font-size: var(--_text-xs); color: var(--_ink-3) }
.setting .value { font-size: var(--_text-s); color: var(--_ink-2); font-variant-numeric: tabular-nums }
.setting .value { margin-inline-end: auto }
.switch { flex: none; position: relative; padding: 0; margin: 9px 0; inline-size: 44px; block-size: 26px; border-radius: 99px; border: 1px solid var(--_control); background: radial-gradient(circle at 12px 50%, var(--_control) 0 8px, transparent 8.5px) light-dark(var(--_surface), var(--_sunken)); cursor: pointer }
.switch[aria-checked='true'] { border-color: var(--_fill); background: radial-gradient(circle at calc(100% - 12px) 50%, var(--_on-fill) 0 8px, transparent 8.5px) var(--_fill) }
.switch[aria-disabled='true'] { opacity: 0.75; cursor: default }
.switch::after { content: ''; position: absolute; inset: -9px 0 }
.switch:dir(rtl) { scale: -1 1 }
.ways { display: grid; grid-template-columns: minmax(0, 1.9fr) minmax(24px, 0.5fr) auto; gap: 8px; align-items: stretch }
.ways ul { display: grid; grid-auto-rows: 1fr; gap: var(--_2) }
.way { display: flex; align-items: center; gap: 10px; min-block-size: 56px; padding: 8px 12px; border: 1px solid var(--_line); border-radius: var(--_radius); line-height: 1.35 }
.way .lines { min-inline-size: 0 }
.way .name { font-weight: 550; font-size: var(--_text-s); overflow-wrap: anywhere }
.way .what { font-size: var(--_text-xs); color: var(--_ink-3) }
.way > svg { color: var(--_ink-2) }
.way > .mark-holds { color: var(--_good) }
.way.gone { border: 1px dashed var(--_control) }
.way.gone > svg, .way.gone .name { color: var(--_ink-3) }
.bridges { inline-size: 100%; block-size: 100%; min-block-size: 100%; fill: none; stroke: var(--_good); stroke-width: 2; overflow: visible }
.bridges path { vector-effect: non-scaling-stroke }
.bridges .broken { stroke: var(--_control); stroke-width: 1.5; stroke-dasharray: 4 5 }
.bridges:dir(rtl) { scale: -1 1 }
.goal { align-self: center; display: grid; justify-items: center; gap: 6px; text-align: center; font-size: var(--_text-s); color: var(--_ink-2) }
@container (inline-size < 28em) {
  .goal > span { display: none }
  .way > .mark-holds, .way > .mark-gone { display: none }
}
@media (forced-colors: active) {
  .switch { forced-color-adjust: none; background: radial-gradient(circle at 12px 50%, CanvasText 0 8px, transparent 8.5px) Canvas; border-color: CanvasText }
  .switch[aria-checked='true'] { border-color: Highlight; background: radial-gradient(circle at calc(100% - 12px) 50%, HighlightText 0 8px, transparent 8.5px) Highlight }
  .way { border: 1px solid CanvasText }
  .way.gone { border-style: dashed }
  .bridges { stroke: CanvasText }
}
`
