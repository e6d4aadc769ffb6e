// The style sheet that every element has: the tokens that a button needs, text, buttons, the mark.
import { css } from '../kit/dom.ts'
import { HUES } from '../kit/mark.ts'

/** The hue of each class of marks, in degrees. */
const hues = Array.from({ length: HUES }, (_, i) => `.h${i}{--_hue:${i * 30 + 2}}`).join('')

/**
 * Two layers of custom properties. `--guestkey-x` is what a host says, on `:root` or on one element. `--_x` is what the
 * sheets read: the host's word, or the value derived from one accent and one radius.
 *
 * The accent as a filling: white text holds 4.5:1 on every colour up to L 0.54, near-black on every one from L 0.64, and what
 * lies between is drawn down to 0.54. In the dark it is lifted to 0.54, and a grey one to nearly white.
 */
export const base = `${css`
:host {
  --_accent: color(from var(--guestkey-accent, oklch(0.46 0.19 268)) srgb clamp(0, r, 1) clamp(0, g, 1) clamp(0, b, 1));
  --_radius: var(--guestkey-radius, 10px);
  --_size: var(--guestkey-size, 1rem);
  --_density: var(--guestkey-density, 1);
  --_lift: oklch(from var(--_accent) max(l, 0.54 + 0.41 * (1 - min(1, c * 20))) c h);
  --_base: light-dark(var(--_accent), var(--_lift));
  --_fill: var(--guestkey-fill, oklch(from var(--_base) calc(l - clamp(0, (l - 0.54) * 1e6, 1) * clamp(0, (0.64 - l) * 1e6, 1) * (l - 0.54)) c h));
  --_on-fill: var(--guestkey-on-fill, oklch(from var(--_fill) calc(0.14 + 0.86 * clamp(0, (0.6 - l) * 1e6, 1)) 0 0));
  --_fill-hover: oklch(from var(--_fill) calc(l - 0.045 + 0.085 * clamp(0, (l - 0.6) * 1e6, 1)) c h);
  --_accent-text: var(--guestkey-accent-text, light-dark(oklch(from var(--_accent) min(l, 0.48) c h), oklch(from var(--_accent) max(l, 0.8) min(c, 0.13) h)));
  --_surface: var(--guestkey-surface, light-dark(oklch(1 0 0), oklch(from var(--_accent) 0.212 min(c * 0.07, 0.013) h)));
  --_sunken: var(--guestkey-sunken, light-dark(oklch(from var(--_accent) 0.968 min(c * 0.035, 0.006) h), oklch(from var(--_accent) 0.182 min(c * 0.06, 0.012) h)));
  --_hover: light-dark(oklch(from var(--_accent) 0.2 0.02 h / 0.05), oklch(1 0 0 / 0.06));
  --_line: var(--guestkey-line, light-dark(oklch(from var(--_accent) 0.915 min(c * 0.05, 0.009) h), oklch(from var(--_accent) 0.315 min(c * 0.08, 0.015) h)));
  --_edge: var(--guestkey-edge, light-dark(oklch(from var(--_accent) 0.83 min(c * 0.07, 0.014) h), oklch(from var(--_accent) 0.42 min(c * 0.1, 0.018) h)));
  --_control: var(--guestkey-control, light-dark(oklch(from var(--_accent) 0.6 min(c * 0.1, 0.018) h), oklch(from var(--_accent) 0.58 min(c * 0.1, 0.018) h)));
  --_ink: var(--guestkey-ink, light-dark(oklch(from var(--_accent) 0.225 min(c * 0.13, 0.024) h), oklch(from var(--_accent) 0.955 min(c * 0.03, 0.005) h)));
  --_ink-3: var(--guestkey-ink-3, light-dark(oklch(from var(--_accent) 0.52 min(c * 0.12, 0.022) h), oklch(from var(--_accent) 0.7 min(c * 0.08, 0.016) h)));
  --_text-s: calc(var(--_size) * 0.875);
  --_text-m: calc(var(--_size) * 0.9375);
  --_shadow-1: 0 1px 2px light-dark(oklch(from var(--_accent) 0.3 0.03 h / 0.07), transparent);
  --_fast: var(--guestkey-fast, 120ms);
  color: var(--_ink);
  font: 400 var(--_text-m) / 1.5 var(--guestkey-font, ui-sans-serif, system-ui, -apple-system, 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Noto Sans', sans-serif);
  -webkit-font-smoothing: antialiased;
  text-wrap: pretty;
  display: block;
}
:host([hidden]) { display: none }
:host([theme='light']) { color-scheme: light }
:host([theme='dark']) { color-scheme: dark }
*, *::before, *::after { box-sizing: border-box }
button, input { font: inherit; color: inherit; letter-spacing: inherit }
svg { flex: none; display: block }
.said { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.icon { fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; inline-size: calc(var(--_size) * var(--_icon, 1.25)); block-size: calc(var(--_size) * var(--_icon, 1.25)) }
.xs { --_icon: 0.875 }
.s { --_icon: 1 }
.m { --_icon: 1.125 }
.flip:dir(rtl) { scale: -1 1 }
.guest { font-weight: 600; white-space: nowrap; unicode-bidi: isolate }
/* Its direction is its own, its side that of the page. */
:is(.lines, .names) > .guest { justify-self: start; max-inline-size: 100% }
.guest.long { white-space: normal; overflow-wrap: anywhere }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 44px; padding: 6px calc(18px * var(--_density));
  border: 1px solid var(--_edge); border-radius: var(--_radius); background: light-dark(var(--_surface), oklch(1 0 0 / 0.045)); color: var(--_ink);
  font-weight: 550; font-size: var(--_text-m); line-height: 1.25; text-align: center; text-decoration: none; cursor: pointer; box-shadow: var(--_shadow-1);
  transition: background-color var(--_fast), border-color var(--_fast); overflow-wrap: break-word; hyphens: auto;
}
.button:hover { background: light-dark(color-mix(in oklab, var(--_surface), var(--_ink) 4%), oklch(1 0 0 / 0.085)) }
.button:active { scale: 0.99 }
.primary { background: var(--_fill); border-color: color-mix(in oklab, var(--_fill), black 12%); color: var(--_on-fill); box-shadow: inset 0 1px 0 oklch(1 0 0 / 0.14), var(--_shadow-1) }
.primary:hover { background: var(--_fill-hover) }
.button[aria-disabled='true'] { color: var(--_ink-3); background: var(--_sunken); border-color: var(--_line); box-shadow: none; cursor: default; scale: 1 }
:focus-visible { outline: 2px solid var(--_accent-text); outline-offset: 2px }
.mark { inline-size: calc(var(--_size) * var(--_mark, 2)); block-size: calc(var(--_size) * var(--_mark, 2)); --_one: light-dark(oklch(0.53 0.16 var(--_hue)), oklch(0.8 0.12 var(--_hue))); --_two: light-dark(oklch(0.72 0.12 var(--_hue)), oklch(0.62 0.12 var(--_hue))) }
.mark * { transition: fill 420ms, stroke 420ms }
.ground { fill: light-dark(oklch(0.945 0.045 var(--_hue)), oklch(0.32 0.06 var(--_hue))); stroke: transparent; stroke-width: 1.5 }
.one { fill: var(--_one) }
.two { fill: var(--_two) }
.pencil * { fill: transparent; stroke: var(--_control); stroke-width: 1; vector-effect: non-scaling-stroke }
.pencil .ground { stroke-dasharray: 3.1 2.9; stroke-width: 1.5 }
@media (forced-colors: active) {
  .primary { forced-color-adjust: none; background: Highlight; border-color: Highlight; color: HighlightText }
  .mark:not(.pencil) .ground { fill: Canvas; stroke: CanvasText }
  .mark:not(.pencil) :is(.one, .two) { fill: CanvasText }
  .pencil * { stroke: CanvasText }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { transition: none !important; animation: none !important }
}
`}${hues}`
