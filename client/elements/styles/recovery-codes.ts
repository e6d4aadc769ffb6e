// The style sheet of the recovery codes: the codes themselves, and how many are left.
import { css } from '../kit/dom.ts'

export const recoveryCodes = css`
.codes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 190px), 1fr)); gap: 2px var(--_5); padding: var(--_4) var(--_5); border: 1px solid var(--_line); border-radius: var(--_radius); background: var(--_sunken); font: 500 var(--_text-s) / 2.1 var(--_mono); font-variant-ligatures: none; counter-reset: code; direction: ltr }
.codes li { display: flex; gap: 12px; white-space: nowrap; counter-increment: code }
.codes li::before { content: counter(code); inline-size: 2ch; text-align: end; color: var(--_ink-3); user-select: none }
.tools { display: flex; flex-wrap: wrap; gap: var(--_2); margin-block-start: calc(-1 * var(--_2)) }
.tools > .button { flex: 1 1 auto; padding-inline: 8px }
.close { position: absolute; inset-block-start: 10px; inset-inline-end: 10px }
.ticks { display: flex; gap: 4px }
.ticks i { inline-size: 10px; block-size: 18px; border-radius: 3px; background: var(--_ink-2) }
.ticks .used { background: none; border: 1px dashed var(--_control) }
@container (inline-size < 29em) {
  .ticks { inline-size: 100%; padding-inline-start: calc(40px + var(--_4)) }
}
@media (forced-colors: active) {
  .ticks i { forced-color-adjust: none; background: CanvasText }
  .ticks .used { background: none; border-color: CanvasText }
}
`
