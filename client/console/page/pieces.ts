// The small pieces of which all views are made.
import { type Child, h, type Props } from '../../elements/kit/dom.ts'
import { drawings } from '../../elements/kit/drawings.ts'
import * as drawn from '../../elements/kit/icons.ts'
import { mark } from '../../elements/kit/mark.ts'
import { failure, texts } from '../words/words.ts'

/**
 * An icon, by its name or its drawing, which screen readers pass over. `kind` is its size, and `flip` if it points somewhere.
 */
export const icon = (drawing: string, kind = 'm'): HTMLElement =>
  h(
    'svg',
    { class: `icon ${kind}`, viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    h('path', { d: drawings[drawing] ?? drawing }),
  )

/** A button of a kind, such as `primary` or `small`. Those that one click must not press by accident ask first. */
export const button = (text: Child, onclick: () => unknown, kind = 'small', props: Props = {}): HTMLElement =>
  h('button', { type: 'button', class: `button ${kind}`, onclick, ...props }, text)

/** The name of a guest, as it stands in a sentence. It breaks anywhere if it is long. */
export const guestName = (label: string): HTMLElement =>
  h('bdi', { class: label.length > 24 ? 'guest long' : 'guest' }, label)

/** What names a guest who has no name: the beginning of the ID. */
export const nameOf = ({ label, anonymous_id }: { label: string | null; anonymous_id: string }): string =>
  label ?? `${anonymous_id.slice(0, 8)}…`

export { mark }

/** A note of a tone: `danger`, `caution`, `good`, or none. */
export const note = (tone: string, title: Child, text: Child, ...actions: Child[]): HTMLElement =>
  h(
    'div',
    { class: `note ${tone}`, role: tone === 'danger' ? 'alert' : null },
    icon(tone === 'good' ? drawn.check : tone ? drawn.alert : drawn.info),
    h(
      'div',
      { class: 'lines' },
      h('span', { class: 'strong' }, title),
      h('span', {}, text),
      actions.length > 0 && h('div', { class: 'buttons' }, actions),
    ),
  )

/** What went wrong, and what to do; with a button if there is something to press. */
export function failed(error: unknown, again?: () => unknown): HTMLElement {
  const [what, next] = failure(error)
  return note('danger', what, next, again && button(texts.loadAgain, again))
}

/** A section of a page: its heading, what stands beside that, and what is in it. */
export const cell = (
  { title, beside, kind = '' }: { title: Child; beside?: Child; kind?: string },
  ...children: Child[]
): HTMLElement =>
  h(
    'section',
    { class: `cell ${kind}` },
    h('header', {}, h('h2', { class: 'heading' }, title), beside),
    children,
  )

/** The head of a view. Its title gets the focus when the view comes. */
export const head = (title: Child, ...beside: Child[]): HTMLElement =>
  h('div', { class: 'page-head' }, h('h1', { class: 'title', tabindex: -1 }, title), beside)

export const meta = (...children: Child[]): HTMLElement => h('span', { class: 'meta' }, children)

export const badge = (text: Child, tone = ''): HTMLElement => h('span', { class: `badge ${tone}` }, text)

/** A choice in a row above a list. */
export const pick = (
  name: string,
  value: string,
  options: [value: string, text: string][],
  chosen: (value: string) => unknown,
): HTMLElement =>
  h(
    'select',
    {
      class: 'pick',
      'aria-label': name,
      onchange: ({ target }: Event) => chosen((target as HTMLSelectElement).value),
    },
    options.map(([one, text]) => h('option', { value: one, selected: one === value }, text)),
  )

/** The disclosures that are open, by key. */
const openKeys = new Set<string>()

/** What is shown when the person wants it. It stays open when the page is drawn again. */
export const disclosure = (key: string, summary: Child, ...content: Child[]): HTMLElement =>
  h(
    'details',
    {
      'data-key': key,
      open: openKeys.has(key),
      ontoggle: ({ target }: Event) => {
        if ((target as HTMLDetailsElement).open) openKeys.add(key)
        else openKeys.delete(key)
      },
    },
    h('summary', {}, icon(drawn.chevron, 's flip'), summary),
    content,
  )

type Column = { name: Child; kind?: string }

/** A table whose columns have names. A row is what stands in its cells; the first cell names it. */
export const table = (
  { columns, kind = '', label }: { columns: Column[]; kind?: string; label: string },
  rows: Child[][],
): HTMLElement =>
  h(
    'table',
    { class: `table ${kind}`, 'aria-label': label },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        columns.map(({ name, kind = '' }) => h('th', { scope: 'col', class: kind }, name)),
      ),
    ),
    h(
      'tbody',
      {},
      rows.map((cells) =>
        h(
          'tr',
          {},
          cells.map((one, i) =>
            i === 0 ? h('th', { scope: 'row' }, one) : h('td', { class: columns[i]?.kind ?? '' }, one),
          ),
        ),
      ),
    ),
  )
