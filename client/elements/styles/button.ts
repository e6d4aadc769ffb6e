// The style sheet of the button's trigger.
import { css } from '../kit/dom.ts'

export const button = css`
:host { display: inline-block; position: relative; max-inline-size: 100% }
.split { display: inline-flex; max-inline-size: 100% }
.split.unknown { visibility: hidden }
.split > :first-child:not(:only-child) { border-start-end-radius: 0; border-end-end-radius: 0; border-inline-end: 0 }
.split > :last-child:not(:only-child) { border-start-start-radius: 0; border-end-start-radius: 0; min-inline-size: 44px; padding-inline: 0 }
.split > .primary:last-child { border-inline-start-color: color-mix(in oklab, var(--_on-fill), transparent 70%) }
.split > :focus-visible { z-index: 1 }
.swap { display: grid }
.swap > * { grid-area: 1 / 1 }
.swap > [hidden] { visibility: hidden }
.chip { display: inline-flex; align-items: center; gap: 10px; max-inline-size: 100%; min-block-size: 44px; padding-block: 4px; padding-inline: 6px 12px; border: 1px solid transparent; border-radius: 99px; background: none; cursor: pointer; text-align: start }
.chip:hover, .chip[aria-expanded='true'] { background: var(--_hover) }
.chip .names { display: grid; line-height: 1.25; font-size: var(--_text-s); min-inline-size: 0 }
.chip .guest.guest { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.hint { font-size: calc(var(--_size) * 0.75); color: var(--_ink-3) }
:host([compact]) .chip { padding-inline: 6px }
:host([compact]) .chip > .icon { display: none }
:host([compact]) .names { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%) }
@container (inline-size < 12em) {
  .chip { padding-inline: 6px }
  .chip > .icon { display: none }
  .names { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%) }
}
`
