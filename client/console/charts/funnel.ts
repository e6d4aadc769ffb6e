// The funnel: pencil on the left, ink on the right, each step with its share of the one before.
import { type Child, h } from '../../elements/kit/dom.ts'
import { number, texts } from '../words/words.ts'

export type Step = { name: string; value: number | null }

const HEIGHT = 120

/** How the bar of a step is drawn: dashed, then a tint, then solid. */
const kindOf = (i: number) => (i === 0 ? 'pencil' : i === 1 ? 'kept' : '')

export const percent = (part: number): string =>
  part.toLocaleString(undefined, { style: 'percent', maximumFractionDigits: part < 0.1 ? 1 : 0 })

/** A step's share of the one before; undefined if there is nothing to compare. */
export const shareOf = (value: number | null, before: number | null | undefined): string | undefined =>
  value !== null && before ? percent(value / before) : undefined

export function funnel(steps: Step[], range: string): Child {
  const most = Math.max(...steps.map(({ value }) => value ?? 0), 1)
  const top = (i: number) => HEIGHT - ((steps[i]?.value ?? 0) / most) * (HEIGHT - 1)
  const tall = (i: number) => {
    const isLast = i === steps.length - 1
    return h(
      'svg',
      { class: 'tall', viewBox: `0 0 100 ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      !isLast && h('path', { class: 'slope', d: `M62 ${top(i)}L100 ${top(i + 1)}V${HEIGHT}H62Z` }),
      h('rect', {
        class: `bar ${kindOf(i)}`,
        x: 1,
        y: top(i),
        width: 61,
        height: Math.max(HEIGHT - top(i) - 0.5, 2),
        rx: 2,
      }),
    )
  }
  const flat = (i: number) =>
    h(
      'svg',
      { class: 'flat', 'aria-hidden': 'true' },
      h('rect', {
        class: `bar ${kindOf(i)}`,
        x: 1,
        y: 1,
        height: 10,
        width: `${Math.max(((steps[i]!.value ?? 0) / most) * 98, 1)}%`,
        rx: 3,
      }),
    )
  return h(
    'ol',
    { class: 'funnel' },
    steps.map(({ name, value }, i) => {
      const share = shareOf(value, steps[i - 1]?.value)
      return h(
        'li',
        {},
        h('span', { class: 'name meta' }, name),
        h('span', { class: 'figure' }, value === null ? '–' : number(value)),
        h(
          'span',
          { class: 'share meta' },
          i === 0 ? texts.overview.inRange(range) : share ? texts.overview.ofThose(share) : '–',
        ),
        tall(i),
        flat(i),
      )
    }),
  )
}
