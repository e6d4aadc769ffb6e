// The style sheet of the sections of the account: their frame, their rows, the toast.
import { css } from '../kit/dom.ts'

export const section = css`
:host { container-type: inline-size }
.section { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_3); scroll-margin-block-start: var(--_6) }
.section > header { display: flex; align-items: end; justify-content: space-between; flex-wrap: wrap; gap: var(--_2) var(--_4) }
.section > header > .lines { flex: 1 1 15em }
.panel { background: var(--_surface); border-radius: var(--_r-l); box-shadow: 0 0 0 1px var(--_line), var(--_shadow-1) }
.panel + .panel { margin-block-start: 4px }
.row { display: flex; align-items: center; gap: var(--_4); padding: var(--_4) var(--_5) }
.row + .row { border-block-start: 1px solid var(--_line) }
.row > .lines { overflow-wrap: anywhere }
.row > .lead { flex: 1 1 12em }
.row > .lines > :first-child { font-weight: 550 }
.row > .buttons { display: flex; gap: 4px; margin-inline-end: calc(-1 * var(--_2)) }
.row > .buttons:has(> :not(.quiet)) { margin-inline-end: 0 }
.row > .buttons > .button { white-space: nowrap }
.foot-row { padding: 6px calc(var(--_5) - 12px); border-block-start: 1px solid var(--_line) }
.tile { display: grid; place-items: center; flex: none; inline-size: 40px; block-size: 40px; border-radius: var(--_radius); background: var(--_sunken); border: 1px solid var(--_line); color: var(--_ink-2) }
.badge { flex: none; padding: 2px 9px; border-radius: 99px; font-size: var(--_text-xs); font-weight: 550; background: var(--_accent-soft); color: var(--_accent-text) }
.still { animation: wait 200ms steps(1, jump-end) }
.still > div { block-size: 5.25em }
.still > div + div { border-block-start: 1px solid var(--_line) }
.still > div::before { content: ''; display: block; inline-size: min(60%, 16em); block-size: 1em; translate: var(--_5) 2.1em; border-radius: var(--_r-s); background: var(--_line) }
.still > div:dir(rtl)::before { translate: calc(-1 * var(--_5)) 2.1em }
@keyframes wait { from, to { opacity: 0 } }
.danger.button[aria-disabled='true'] { background: var(--_sunken); border-color: var(--_line); color: var(--_ink-3) }
.asked { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_5) }
.note .link { margin-block-start: 4px }
.toast { position: fixed; inset: auto; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: 16px; margin: 0; inline-size: min(400px, 100vi - 32px); min-block-size: 52px; padding-block: 6px; padding-inline: 16px 6px; border: 0; border-radius: var(--_radius); background: light-dark(oklch(from var(--_accent) 0.24 min(c * 0.13, 0.024) h), oklch(from var(--_accent) 0.32 min(c * 0.1, 0.02) h)); color: oklch(0.98 0 0); box-shadow: var(--_shadow-3); font-size: var(--_text-s); animation: enter var(--_calm) }
.toast:popover-open { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0 var(--_2) }
.toast .lines { flex: 1 1 12em; padding-block: 6px; overflow-wrap: anywhere }
.toast .button { min-block-size: 40px; color: inherit }
.toast .button:hover { background: oklch(1 0 0 / 0.1) }
.toast :focus-visible { outline-color: currentColor }
.toast .undo { color: oklch(from var(--_accent) 0.86 min(c, 0.09) h) }
@container (inline-size < 29em) {
  .row { flex-wrap: wrap; padding-inline: var(--_4) }
  .row > .buttons:has(> :not(.icon-only)) { flex-wrap: wrap; inline-size: 100%; padding-inline-start: calc(40px + var(--_4)); margin-block: calc(-1 * var(--_2)) -6px }
  .row > .buttons > .quiet:first-child { margin-inline-start: calc(-12px * var(--_density)) }
  .row > .lead + .buttons { padding-inline-start: 0; margin-block: -4px 0 }
}
@media (forced-colors: active) {
  .panel, .badge, .toast { border: 1px solid CanvasText }
  .still > div::before { forced-color-adjust: none; background: CanvasText; opacity: 0.3 }
  .row > .buttons.buttons > .button { margin-inline-start: 0 }
  .row > .buttons.buttons { margin-block: 0; margin-inline-end: 0 }
  .foot-row { padding-inline: var(--_4) }
}
`
