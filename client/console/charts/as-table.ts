// The numbers of a picture as a table, behind a disclosure, and as a file. A screen reader reads the table; the picture is for the
// eye.
import { type Child, h } from '../../elements/kit/dom.ts'
import { download as down } from '../page/icons.ts'
import { button, disclosure, icon, table } from '../page/pieces.ts'
import { csvOf, download } from '../page/take-along.ts'
import { number, texts } from '../words/words.ts'

/** The heads of the columns, then the rows. null: nothing is shown there. */
export type Numbers = { heads: string[]; rows: (string | number | null)[][] }

/** `name`: of the picture, and of the file. */
export function asTable(name: string, { heads, rows }: Numbers): Child {
  const shown = rows.map((row) =>
    row.map((one): Child => (typeof one === 'number' ? number(one) : (one ?? '–'))),
  )
  return disclosure(
    `table-${name}`,
    [texts.asTable, h('span', { class: 'said' }, `: ${name}`)],
    h(
      'div',
      { class: 'stack' },
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name },
        table(
          {
            label: name,
            kind: 'grid',
            columns: heads.map((one, i) => ({ name: one, kind: i === 0 ? '' : 'num-cell' })),
          },
          shown,
        ),
      ),
      h(
        'div',
        {},
        button(
          [icon(down, 's'), texts.download],
          () =>
            download(
              `${name.toLowerCase().replaceAll(/\W+/g, '-')}.csv`,
              csvOf([heads, ...rows]),
              'text/csv',
            ),
          'small',
          { 'aria-label': `${texts.download}: ${name}` },
        ),
      ),
    ),
  )
}
