// The style sheet of what several views are made of: cards, notes, rows, fields, dialogs. It adds to that of base.ts.
import { css } from '../kit/dom.ts'

export const pieces = css`
:host {
  --_raised: var(--guestkey-raised, light-dark(oklch(1 0 0), oklch(from var(--_accent) 0.25 min(c * 0.08, 0.015) h)));
  --_ink-2: var(--guestkey-ink-2, light-dark(oklch(from var(--_accent) 0.445 min(c * 0.13, 0.024) h), oklch(from var(--_accent) 0.79 min(c * 0.08, 0.014) h)));
  --_accent-soft: var(--guestkey-accent-soft, light-dark(oklch(from var(--_accent) 0.955 min(c * 0.14, 0.026) h), oklch(from var(--_accent) 0.285 min(c * 0.35, 0.055) h)));
  --_good: var(--guestkey-good, light-dark(oklch(0.47 0.12 155), oklch(0.81 0.13 155)));
  --_good-soft: light-dark(oklch(0.96 0.03 155), oklch(0.27 0.035 155));
  --_caution: var(--guestkey-caution, light-dark(oklch(0.48 0.105 70), oklch(0.84 0.12 80)));
  --_caution-soft: light-dark(oklch(0.965 0.035 85), oklch(0.275 0.034 75));
  --_danger: var(--guestkey-danger, light-dark(oklch(0.5 0.19 25), oklch(0.76 0.14 22)));
  --_danger-soft: light-dark(oklch(0.962 0.02 22), oklch(0.27 0.042 22));
  --_text-xs: calc(var(--_size) * 0.8125);
  --_mono: var(--guestkey-mono, ui-monospace, 'SF Mono', 'Cascadia Mono', 'Segoe UI Mono', 'Roboto Mono', 'Noto Sans Mono', monospace);
  --_2: calc(8px * var(--_density));
  --_3: calc(12px * var(--_density));
  --_4: calc(16px * var(--_density));
  --_5: calc(20px * var(--_density));
  --_6: calc(24px * var(--_density));
  --_8: calc(32px * var(--_density));
  --_r-s: calc(var(--_radius) * 0.6);
  --_r-l: min(calc(var(--_radius) * 1.6), 24px);
  --_shadow-2: 0 0 0 1px light-dark(oklch(from var(--_accent) 0.3 0.03 h / 0.09), var(--_line)), 0 2px 6px light-dark(oklch(from var(--_accent) 0.3 0.03 h / 0.06), transparent), 0 12px 32px -8px light-dark(oklch(from var(--_accent) 0.3 0.03 h / 0.16), oklch(0 0 0 / 0.5));
  --_shadow-3: 0 0 0 1px light-dark(oklch(from var(--_accent) 0.3 0.03 h / 0.09), var(--_line)), 0 24px 64px -12px light-dark(oklch(from var(--_accent) 0.25 0.04 h / 0.32), oklch(0 0 0 / 0.7));
  --_calm: var(--guestkey-calm, 220ms) cubic-bezier(0.2, 0.8, 0.2, 1);
}
:is(h1, h2, h3, h4, h5, h6, p, ul, ol, hr) { margin: 0; padding: 0; border: 0 }
:is(ul, ol) { list-style: none }
.title { font-size: calc(var(--_size) * 1.25); line-height: 1.25; font-weight: 600; letter-spacing: -0.012em; text-wrap: balance; overflow-wrap: break-word; hyphens: auto; hyphenate-limit-chars: 12 4 4; outline: 0 }
.title.big { font-size: calc(var(--_size) * 1.5); letter-spacing: -0.018em }
:is(.title, .heading):is(:lang(ar), :lang(he), :lang(hi), :lang(fa)) { letter-spacing: 0 }
.heading { font-size: calc(var(--_size) * 1.0625); line-height: 1.35; font-weight: 600; outline: 0 }
.lead { color: var(--_ink-2) }
.meta { font-size: var(--_text-s); line-height: 1.45; color: var(--_ink-3) }
.center { text-align: center }
.num { font-variant-numeric: tabular-nums }
.strong { font-weight: 600; color: var(--_ink) }
.quiet { border-color: transparent; background: none; box-shadow: none; color: var(--_ink-2) }
.quiet:hover { background: var(--_hover) }
.danger.button { background: oklch(0.53 0.2 25); border-color: oklch(0.46 0.18 25); color: white }
.danger.button:hover { background: oklch(0.48 0.19 25) }
.red { color: var(--_danger) }
.wide { inline-size: 100%; padding-inline: 12px }
.small { min-block-size: 34px; padding: 4px calc(12px * var(--_density)); font-size: var(--_text-s); border-radius: calc(var(--_radius) * 0.8) }
.icon-only { inline-size: 34px; padding: 0 }
@media (pointer: coarse) {
  .small { min-block-size: 44px }
  .icon-only { inline-size: 44px }
}
.link { display: inline-block; min-block-size: 24px; padding: 0; border: 0; background: none; cursor: pointer; color: var(--_accent-text); font-weight: 550; text-align: inherit; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; text-decoration-color: color-mix(in oklab, currentColor, transparent 60%) }
.xl { --_icon: 1.5 }
.mark.m { --_mark: 2.75 }
.mark.l { --_mark: 3.5 }
.mark.xl { --_mark: 4 }
.stack, .lines, .items, .head { display: grid; grid-template-columns: minmax(0, 1fr) }
.stack { gap: var(--_2) }
.lines { gap: 1px; flex: 1 }
.card { container-type: inline-size; inline-size: 100%; max-inline-size: 400px; background: var(--_surface); border-radius: var(--_r-l); box-shadow: var(--_shadow-2) }
.inner { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--_5); padding: var(--_8) }
.head { gap: 6px; justify-items: center; text-align: center }
.head > .lead { max-inline-size: 34ch }
.head > :is(.mark, .logo, .waiting) { margin-block-end: var(--_2) }
.logo { display: grid; place-items: center; inline-size: 44px; block-size: 44px; border-radius: 12px; background: var(--_fill); color: var(--_on-fill) }
.rule { display: flex; align-items: center; gap: var(--_3); font-size: var(--_text-s); color: var(--_ink-3); text-align: center }
.rule + .button { margin-block-start: var(--_2) }
.rule::before, .rule::after { content: ''; flex: 1; border-block-start: 1px solid var(--_line) }
.inner > .last { margin-block: calc(-1 * var(--_3)) calc(-1 * var(--_3)) }
.foot { display: flex; justify-content: center; gap: 8px; padding: 14px var(--_6); border-block-start: 1px solid var(--_line); background: var(--_sunken); border-end-start-radius: inherit; border-end-end-radius: inherit; font-size: var(--_text-xs); line-height: 1.45; color: var(--_ink-3) }
.foot svg { margin-block-start: 2px }
.item { display: flex; align-items: center; gap: var(--_3); inline-size: 100%; min-block-size: 44px; padding: 10px 12px; border: 0; border-radius: var(--_r-s); background: none; text-align: start; text-decoration: none; color: var(--_ink); cursor: pointer; line-height: 1.4 }
.item:hover { background: var(--_hover) }
.item:active { background: color-mix(in oklab, var(--_hover), var(--_ink) 4%) }
.item > svg { color: var(--_ink-3) }
.item .lines > :first-child { font-weight: 500; overflow-wrap: anywhere; hyphens: auto }
.item .lines > :nth-child(2) { font-size: var(--_text-s); color: var(--_ink-3) }
.boxed { border: 1px solid var(--_line); border-radius: var(--_radius); overflow: clip }
.boxed > li + li { border-block-start: 1px solid var(--_line) }
.boxed .item { border-radius: 0; padding-inline: var(--_4) }
.item:focus-visible { outline-offset: -2px }
.note { display: flex; gap: 10px; padding: 12px 14px; border-radius: var(--_radius); font-size: var(--_text-s); line-height: 1.5; background: var(--_sunken); border: 1px solid var(--_line); color: var(--_ink-2); overflow-wrap: anywhere }
.note > svg { margin-block-start: 1px }
.note .strong { display: block }
.note:is(.danger, .caution, .good) { --_tone: var(--_danger); --_soft: var(--_danger-soft); background: var(--_soft); border-color: color-mix(in oklab, var(--_soft), var(--_tone) 22%) }
.note.caution { --_tone: var(--_caution); --_soft: var(--_caution-soft) }
.note.good { --_tone: var(--_good); --_soft: var(--_good-soft) }
.note:is(.danger, .caution, .good) :is(svg, .strong) { color: var(--_tone) }
.field { display: grid; gap: 6px }
.field label { font-size: var(--_text-s); font-weight: 550 }
.field input { min-block-size: 44px; inline-size: 100%; padding: 8px 12px; font-size: max(16px, var(--_size)); border: 1px solid var(--_control); border-radius: var(--_radius); background: light-dark(var(--_surface), var(--_sunken)); color: var(--_ink) }
.field input:hover { border-color: var(--_ink-3) }
.field input:focus-visible { border-color: var(--_accent-text) }
.field input::placeholder { color: var(--_ink-3); opacity: 1 }
.field input.mono { font-family: var(--_mono); font-variant-ligatures: none; direction: ltr; text-transform: uppercase }
.invalid input { border-color: var(--_danger); box-shadow: 0 0 0 1px var(--_danger) }
.error { display: flex; gap: 6px; color: var(--_danger); font-size: var(--_text-s); line-height: 1.45 }
.error svg { margin-block-start: 1px }
.waiting { position: relative; display: grid; place-items: center; inline-size: 96px; block-size: 96px; color: var(--_accent-text) }
.waiting::before, .waiting::after { content: ''; position: absolute; inset: 0; border-radius: 50%; border: 1.5px solid color-mix(in oklab, var(--_accent-text), transparent 55%) }
.waiting::before { inset: 8px }
.waiting::after { border-color: color-mix(in oklab, var(--_accent-text), transparent 80%); animation: breathe 2.4s cubic-bezier(0.2, 0.8, 0.2, 1) infinite alternate }
@keyframes breathe { from { scale: 0.86; opacity: 0.2 } }
@keyframes enter { from { opacity: 0; translate: 0 8px } }
.dialog { container-type: inline-size; inline-size: min(400px, 100vi - 32px); max-block-size: calc(100vb - 32px); overflow: auto; margin: auto; padding: 0; border: 0; background: var(--_raised); color: inherit; border-radius: var(--_r-l); box-shadow: var(--_shadow-3); animation: enter var(--_calm) }
.dialog::backdrop { background: oklch(0.15 0.02 268 / 0.45); animation: fade var(--guestkey-calm, 220ms) }
@keyframes fade { from { opacity: 0 } }
.dialog .inner { padding: var(--_6) }
.dialog > .card { max-inline-size: none; background: none; box-shadow: none }
.close { position: absolute; inset-block-start: 10px; inset-inline-end: 10px }
.actions { display: flex; flex-wrap: wrap-reverse; gap: var(--_2); justify-content: flex-end }
@container (inline-size < 24em) {
  .card > .inner { padding: var(--_6) var(--_5) }
}
@container (inline-size < 23em) {
  .actions { flex-direction: column-reverse }
  .actions .button { inline-size: 100% }
}
@container (inline-size < 20em) {
  .wide > .first { display: none }
}
@media (forced-colors: active) {
  :is(.card, .dialog, .menu, .toast, .logo) { border: 1px solid CanvasText }
  /* A colour of its own is not one of the system's. */
  .icon { color: inherit !important }
  /* Quiet buttons have edges here. */
  .inner > .last { margin-block: 0 }
}
`
