// A guest's mark: four quarter discs, each turned by the guest's name, in one of twelve hues.
import { h } from './dom.ts'

/** A quarter of a disc in a square of eight, by the corner that it fills. */
const quarters = [
  'M0 0h8a8 8 0 0 1-8 8Z',
  'M8 0v8a8 8 0 0 1-8-8Z',
  'M8 8h-8a8 8 0 0 1 8-8Z',
  'M0 8v-8a8 8 0 0 1 8 8Z',
]

/** How many hues there are; the style sheet has a class for each. */
export const HUES = 12

/**
 * The mark of the guest with this label, of `size` 20ths of the text size. It is dashed and grey, in pencil, until the guest
 * is saved.
 */
export function mark(label: string, isSaved: boolean, size: 's' | 'm' | 'l' | 'xl' = 's'): HTMLElement {
  // FNV-1a: close labels must not look alike.
  let hash = 0x811c9dc5
  for (const letter of label) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193)
  hash ^= hash >>> 15
  const quarter = (i: number) =>
    h('path', {
      class: i % 3 ? 'two' : 'one',
      d: quarters[(hash >>> (8 + 2 * i)) & 3]!,
      transform: `translate(${8 + 8 * (i % 2)} ${i < 2 ? 8 : 16})`,
    })
  return h(
    'svg',
    {
      class: `mark ${size} h${(hash >>> 0) % HUES}${isSaved ? '' : ' pencil'}`,
      part: 'mark',
      viewBox: '0 0 32 32',
      'aria-hidden': 'true',
    },
    h('circle', { class: 'ground', cx: 16, cy: 16, r: 15.2 }),
    [0, 1, 2, 3].map(quarter),
  )
}
