// The style sheet of a plot, which the canvas of uPlot and what lies over it need.
import { css } from '../../elements/kit/dom.ts'

export const plotStyles = css`
:host { display: block }
.uplot, .uplot *, .uplot *::before, .uplot *::after { box-sizing: border-box }
.uplot { inline-size: min-content; direction: ltr }
.u-wrap { position: relative; user-select: none }
.u-over, .u-under { position: absolute }
.u-wrap canvas { display: block; position: relative; inline-size: 100%; block-size: 100% }
.u-axis { position: absolute }
`
