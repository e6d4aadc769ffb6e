// How guests would come back: one bar of four, told apart by their lines before their colours; and bars beside each other.
import { type Child, h } from '../../elements/kit/dom.ts'
import { number } from '../words/words.ts'
import { percent } from './funnel.ts'

export type Part = { name: string; value: number | null; kind: string }

const GAP = 0.6

/** One bar of several parts, in hundredths of its length. */
export function spread(parts: Part[]): Child {
  const all = parts.reduce((sum, { value }) => sum + (value ?? 0), 0)
  if (all === 0) return null
  const shown = parts.filter(({ value }) => value)
  const room = 100 - GAP * (shown.length - 1)
  let from = 0
  const rects = shown.map(({ value, kind }) => {
    const width = (value! / all) * room
    const rect = h('rect', {
      class: `bar ${kind}`,
      x: `${from + 0.2}%`,
      y: 1,
      width: `${Math.max(width - 0.4, 0.4)}%`,
      height: 42,
      rx: 4,
    })
    from += width + GAP
    return rect
  })
  return h('svg', { class: 'spread', 'aria-hidden': 'true' }, rects)
}

const swatch = (kind: string): Child =>
  h(
    'svg',
    { class: 'swatch', viewBox: '0 0 14 14', 'aria-hidden': 'true' },
    h('rect', { class: `bar ${kind}`, x: 1, y: 1, width: 12, height: 12, rx: 3 }),
  )

/** The parts with their numbers and shares. */
export function figures(parts: Part[]): Child {
  const all = parts.reduce((sum, { value }) => sum + (value ?? 0), 0)
  return h(
    'ul',
    { class: 'figures' },
    parts.map(({ name, value, kind }) =>
      h(
        'li',
        {},
        kind !== 'none' && swatch(kind),
        h('span', { class: 'what' }, name),
        h('span', { class: 'num' }, value === null ? '–' : number(value)),
        kind !== 'none' && h('span', { class: 'num share' }, value && all ? percent(value / all) : ''),
      ),
    ),
  )
}

/** A bar for each part, the longest one first. */
export function bars(parts: Omit<Part, 'kind'>[]): Child {
  const most = Math.max(...parts.map(({ value }) => value ?? 0), 1)
  return h(
    'ul',
    { class: 'bars' },
    parts
      .toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0))
      .map(({ name, value }) =>
        h(
          'li',
          {},
          h('span', {}, name),
          h('span', { class: 'num' }, value === null ? '–' : number(value)),
          h(
            'svg',
            { 'aria-hidden': 'true' },
            h('rect', { class: 'track', width: '100%', height: 6, rx: 3 }),
            value !== null &&
              h('rect', { class: 'bar', width: `${Math.max((value / most) * 100, 1)}%`, height: 6, rx: 3 }),
          ),
        ),
      ),
  )
}
