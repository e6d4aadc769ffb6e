// The style sheet of the six digits.
import { css } from '../kit/dom.ts'

export const digits = css`
.digits { position: relative; display: grid; grid-template-columns: repeat(6, minmax(0, 52px)); justify-content: center; gap: var(--_2); direction: ltr }
.digits input { position: absolute; inset: 0; inline-size: 100%; opacity: 0; font-size: 16px; cursor: text }
.digits span { display: grid; place-items: center; min-inline-size: 0; block-size: 58px; border: 1px solid var(--_control); border-radius: var(--_radius); background: light-dark(var(--_surface), var(--_sunken)); font: 500 calc(var(--_size) * 1.5) / 1 var(--guestkey-font, system-ui, sans-serif); font-variant-numeric: tabular-nums }
.digits .here { outline: 2px solid var(--_accent-text); outline-offset: -1px; border-color: transparent }
.digits .here:empty::after { content: ''; inline-size: 2px; block-size: 26px; border-radius: 2px; background: var(--_accent-text); animation: blink 1.1s steps(2, jump-none) infinite }
@keyframes blink { to { opacity: 0 } }
.digits.invalid span { border-color: var(--_danger); color: var(--_danger) }
.digits.good span { border-color: var(--_good); background: var(--_good-soft); color: var(--_good) }
`
