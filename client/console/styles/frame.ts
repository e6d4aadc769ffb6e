// The frame of the console: the side bar, the bar of phones, the top bar, cells, dialogs.
import { css } from '../../elements/kit/dom.ts'

export const frame = css`
#app { container: console / inline-size; min-block-size: 100vh }
.shell { display: grid; grid-template-columns: 216px minmax(0, 1fr); min-block-size: 100vh }
.skip { position: fixed; inset: 8px auto auto 8px; z-index: 3; translate: 0 -80px }
.skip:focus { translate: 0 0 }
.side { position: sticky; inset-block-start: 0; block-size: 100vh; overflow: auto; display: flex; flex-direction: column; gap: var(--_5); padding: var(--_4) var(--_3); border-inline-end: 1px solid var(--_line); background: var(--_sunken) }
.brand { display: flex; align-items: center; gap: 10px; padding: 4px 8px; font-weight: 600; overflow-wrap: anywhere }
.brand .logo { flex: none; inline-size: 28px; block-size: 28px; border-radius: 8px }
.brand .meta { font-weight: 400; display: block }
.side nav { display: grid; gap: 2px }
.side nav a { display: flex; align-items: center; gap: 10px; min-block-size: 36px; padding: 4px 10px; border-radius: var(--_r-s); color: var(--_ink-2); text-decoration: none; font-size: var(--_text-s); font-weight: 500 }
.side nav a:hover { background: var(--_hover) }
.side nav a svg { color: var(--_ink-3) }
.side nav a[aria-current] { background: light-dark(var(--_surface), var(--_raised)); color: var(--_ink); box-shadow: 0 0 0 1px var(--_line), var(--_shadow-1) }
.side nav a[aria-current] svg { color: var(--_accent-text) }
.end { margin-inline-start: auto }
.you { margin-block-start: auto; display: grid; gap: 8px; padding: 12px; border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_surface); font-size: var(--_text-xs); line-height: 1.45; color: var(--_ink-3); text-decoration: none; overflow-wrap: anywhere }
.you:hover { border-color: var(--_edge) }
.main { min-inline-size: 0; display: grid; align-content: start; gap: var(--_5); padding: var(--_4) clamp(16px, 3cqi, 32px) calc(40px * var(--_density)); max-inline-size: 1180px; grid-template-columns: minmax(0, 1fr) }
.view { display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: var(--_5); outline: 0 }
.view > .cell { grid-column: 1 }
.topbar { display: flex; align-items: center; gap: var(--_3) }
.find { flex: 1; max-inline-size: 520px; display: flex; align-items: center; gap: 10px; min-block-size: 44px; padding: 0 8px 0 12px; border: 1px solid var(--_control); border-radius: var(--_radius); background: var(--_surface); color: var(--_ink-3); font-size: var(--_text-s) }
.find:focus-within { border-color: var(--_accent-text); outline: 2px solid var(--_accent-text); outline-offset: 1px }
.find input { flex: 1; min-inline-size: 0; min-block-size: 42px; border: 0; padding: 0; background: none; outline: 0; font-size: max(16px, var(--_text-m)); color: var(--_ink) }
.find input::placeholder { color: var(--_ink-3); opacity: 1 }
.find input::-webkit-search-cancel-button { display: none }
.kbd { display: inline-grid; place-items: center; min-inline-size: 22px; min-block-size: 22px; box-sizing: border-box; padding: 3px 5px; border: 1px solid var(--_line); border-block-end-width: 2px; border-radius: 5px; font-size: 12px; line-height: 1; font-weight: 500; color: var(--_ink-2); background: var(--_sunken) }
.page-head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--_2) var(--_4) }
.page-head > .title { flex: 1 1 auto }
.page-head > .who-head { flex: 1 1 240px; min-inline-size: 0; display: grid; gap: 2px }
.who-head .title { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px }
.buttons { display: flex; flex-wrap: wrap; gap: var(--_2); align-items: center }
.mono { font-family: var(--_mono); font-variant-ligatures: none; font-size: var(--_text-xs); overflow-wrap: anywhere; direction: ltr; unicode-bidi: isolate }
.segmented { display: inline-flex; padding: 3px; gap: 2px; border-radius: var(--_radius); background: light-dark(oklch(from var(--_accent) 0.935 min(c * 0.05, 0.008) h), var(--_surface)) }
.segmented button { border: 0; background: none; border-radius: calc(var(--_radius) - 3px); min-block-size: 34px; padding: 2px 12px; font-size: var(--_text-s); font-weight: 500; color: var(--_ink-2); cursor: pointer }
.segmented button[aria-pressed='true'] { background: light-dark(var(--_surface), oklch(1 0 0 / 0.1)); color: var(--_ink); box-shadow: var(--_shadow-1) }
.strip { display: flex; flex-wrap: wrap; gap: 6px var(--_6); font-size: var(--_text-s); color: var(--_ink-2) }
.strip > * { display: inline-flex; align-items: center; gap: 8px; min-block-size: 24px; color: inherit; text-decoration: none }
.strip a:hover { text-decoration: underline }
.strip svg { color: var(--_good) }
.strip .caution svg { color: var(--_caution) }
.cards { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); gap: var(--_4) }
.cell { container-type: inline-size; grid-column: span 6; display: grid; grid-template-columns: minmax(0, 1fr); align-content: start; gap: var(--_4); padding: var(--_5); background: var(--_surface); border-radius: var(--_r-l); box-shadow: 0 0 0 1px var(--_line), var(--_shadow-1) }
.cell > header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 2px 12px }
.cell.flush { padding: 0; gap: 0; overflow: clip }
.cell.flush > header { padding: var(--_4) var(--_5); align-items: center; border-block-end: 1px solid var(--_line) }
.cell.flush > .empty { padding: var(--_4) var(--_5) }
.centre { display: grid; place-items: center; min-block-size: 100vh; padding: 16px; box-sizing: border-box }
.badge { display: inline-flex; align-items: center; gap: 5px; padding: 2px 8px; border-radius: 99px; font-size: var(--_text-xs); line-height: 1.35; font-weight: 550; letter-spacing: 0; white-space: nowrap; border: 1px solid transparent; color: var(--_ink-2); background: var(--_sunken) }
.badge.pencil { background: none; border: 1px dashed var(--_control); color: var(--_ink-2) }
.badge.good { color: var(--_good); background: var(--_good-soft) }
.badge.caution { color: var(--_caution); background: var(--_caution-soft) }
.badge.danger { color: var(--_danger); background: var(--_danger-soft) }
.badge.accent { color: var(--_accent-text); background: var(--_accent-soft) }
.note > .lines { gap: 2px }
.note .buttons { margin-block-start: 8px }
.toast { position: fixed; z-index: 2; inset: auto 16px 16px auto; max-inline-size: min(420px, 100vi - 32px); display: flex; gap: 10px; align-items: center; padding: 12px 16px; border-radius: var(--_radius); background: var(--_raised); box-shadow: var(--_shadow-3); font-size: var(--_text-s); animation: enter var(--_calm) }
.toast svg { color: var(--_good) }
.dialog.roomy { inline-size: min(560px, 100vi - 32px) }
.dialog form, .fields { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_4) }
.field :is(select, textarea) { min-block-size: 44px; inline-size: 100%; padding: 8px 12px; font: inherit; font-size: max(16px, var(--_size)); border: 1px solid var(--_control); border-radius: var(--_radius); background: light-dark(var(--_surface), var(--_sunken)); color: var(--_ink) }
.field :is(select, textarea):focus-visible { border-color: var(--_accent-text) }
.invalid :is(select, textarea) { border-color: var(--_danger); box-shadow: 0 0 0 1px var(--_danger) }
.field .help { font-size: var(--_text-xs); color: var(--_ink-3) }
.tick { display: flex; gap: 10px; align-items: center; min-block-size: 44px; font-size: var(--_text-s) }
.tick input { inline-size: 20px; block-size: 20px; flex: none; accent-color: var(--_fill) }
.pick { font-size: var(--_text-s); min-block-size: 34px; max-inline-size: 100%; padding: 4px 8px; border: 1px solid var(--_edge); border-radius: calc(var(--_radius) * 0.8); background: light-dark(var(--_surface), var(--_sunken)); color: var(--_ink); font-weight: 500; font-family: inherit }
@media (pointer: coarse) { .pick, .segmented button { min-block-size: 44px } }
@media (hover: none) and (pointer: coarse) { .by-key { display: none } }
.shown { display: block; padding: 12px 14px; border-radius: var(--_radius); background: var(--_sunken); border: 1px solid var(--_line); font-family: var(--_mono); font-size: var(--_text-s); overflow-wrap: anywhere; user-select: all }
.tabbar { display: none }
@container console (inline-size >= 60em) {
  .half { grid-column: span 3 }
  .third { grid-column: span 2 }
  .two-thirds { grid-column: span 4 }
}
@container console (inline-size < 46em) {
  .shell { grid-template-columns: minmax(0, 1fr) }
  .side { display: none }
  .main { padding-block-end: 112px }
  .cell:not(.flush) { padding: var(--_4) }
  .cell.flush > header { padding-inline: var(--_4) }
  .cell.flush > .empty { padding-inline: var(--_4) }
  .toast { inset: auto 16px 84px 16px }
  .tabbar { position: fixed; z-index: 1; inset: auto 0 0; display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); background: var(--_surface); border-block-start: 1px solid var(--_line); padding-block-end: env(safe-area-inset-bottom, 0px) }
  .tabbar button { font: inherit; border: 0; background: none; cursor: pointer }
  .tabbar :is(a, button) { display: grid; justify-items: center; gap: 2px; padding: 8px 2px; min-block-size: 52px; font-size: calc(var(--_size) * 0.75); font-weight: 500; overflow: hidden; color: var(--_ink-3); text-decoration: none }
  .tabbar [aria-current] { color: var(--_accent-text) }
  .tabbar :is(a, button):focus-visible { outline-offset: -2px }
}
@container console (inline-size < 20em) { .tabbar :is(a, button) > span { position: absolute; clip-path: inset(50%) } .tabbar :is(a, button) { align-content: center } }
@media (forced-colors: active) {
  .segmented button[aria-pressed='true'] { outline: 2px solid Highlight; outline-offset: -2px }
  .cell, .side nav a[aria-current], .you, .find { border: 1px solid CanvasText }
  .badge { border-color: CanvasText }
  .tabbar [aria-current] { text-decoration: underline }
}
`
