// The style sheet of the devices: the switch.
import { css } from '../kit/dom.ts'

export const devices = css`
.switch { position: relative; flex: none; inline-size: 44px; block-size: 26px; padding: 0; border: 1px solid var(--_control); border-radius: 99px; background: light-dark(var(--_surface), var(--_sunken)); cursor: pointer; transition: background-color var(--_fast), border-color var(--_fast) }
/* The target is larger than what is seen. */
.switch::before { content: ''; position: absolute; inset: -10px 0 }
.switch::after { content: ''; position: absolute; inset-block: 4px; inset-inline-start: 4px; inline-size: 16px; border-radius: 50%; background: var(--_control); transition: inset-inline-start var(--_fast) }
.switch[aria-checked='true'] { border-color: var(--_accent-text); background: var(--_fill) }
.switch[aria-checked='true']::after { inset-inline-start: 22px; background: var(--_on-fill) }
.switch[aria-disabled='true'] { opacity: 0.6; cursor: default }
@container (inline-size < 24em) {
  .row:has(.switch) { flex-wrap: nowrap }
  .row:has(.switch) > .tile { display: none }
}
@media (forced-colors: active) {
  .switch::after { forced-color-adjust: none; background: CanvasText }
  .switch[aria-checked='true'] { forced-color-adjust: none; background: Highlight; border-color: Highlight }
  .switch[aria-checked='true']::after { background: HighlightText }
}
`
