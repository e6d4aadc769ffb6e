// The style sheet of the button's menu.
import { css } from '../kit/dom.ts'

export const menu = css`
.menu { position: fixed; inset: auto; margin: 0; inline-size: min(296px, 100vi - 16px); max-block-size: calc(100vb - 16px); overflow: auto; padding: 6px; border: 0; background: var(--_raised); color: inherit; border-radius: calc(var(--_r-s) + 6px); box-shadow: var(--_shadow-3); animation: enter var(--_calm) }
.who { display: flex; gap: var(--_3); align-items: center; padding: 10px 12px 12px }
.who .lines { line-height: 1.35 }
.keep { display: grid; gap: 10px; margin: 0 6px 6px; padding: 12px; border: 1px dashed var(--_control); border-radius: var(--_radius); font-size: var(--_text-s); line-height: 1.45; color: var(--_ink-2) }
.keep .note { margin: 0 }
.menu > .note, .menu > .pad { margin: 6px }
.menu > .pad { display: grid; gap: var(--_3); justify-items: stretch; padding: 6px }
@media (forced-colors: active) {
  .menu { border: 1px solid CanvasText }
}
.menu hr { border-block-start: 1px solid var(--_line); margin: 6px }
`
