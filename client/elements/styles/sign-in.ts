// The style sheet of the sign-in: what it has beside the pieces.
import { css } from '../kit/dom.ts'

export const signIn = css`
.inner { animation: step var(--_calm) }
@keyframes step { from { opacity: 0; translate: 0 8px } }
`
