// Leaving: everything as a file, and the end of the guest.
import type { Child } from '../../kit/dom.ts'
import { download, trash } from '../../kit/icons.ts'
import { saveFile } from '../../kit/save-file.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Pieces } from '../pieces.ts'

export function createLeave({ emit, guestName, h, t }: Stage, pieces: Pieces) {
  const row = (name: Child, text: string, button: HTMLElement) =>
    h(
      'div',
      { class: 'row', part: 'row' },
      h('div', { class: 'lines' }, h('span', { class: 'strong' }, name), h('span', { class: 'meta' }, text)),
      h('div', { class: 'buttons' }, button),
    )

  return {
    rows: (label: string, take: () => void, ask: () => void): Child => [
      row(
        t('takeTitle'),
        t('takeText'),
        pieces.button({ kind: 'small', drawing: download, onclick: take }, t('download')),
      ),
      row(
        t.rich('deleteGuest', { guest: guestName(label) }),
        t('deleteText'),
        pieces.button({ kind: 'small red', drawing: trash, key: 'delete', onclick: ask }, t('deleteAsks')),
      ),
    ],

    /** Asks whether to erase the guest; `lost` is what goes with it. */
    question: (
      label: string,
      lost: string[],
      answers: { keep(): void; erase(): void },
      failure: Child,
      waiting: Child,
    ): HTMLElement =>
      pieces.dialog(
        'delete',
        t('deleteTitle', { guest: label }),
        answers.keep,
        waiting || [
          h('p', { class: 'lead' }, t('deleteWarning')),
          lost.length > 0 &&
            h(
              'ul',
              { class: 'bullets' },
              lost.map((one) => h('li', {}, one)),
            ),
          failure,
          h(
            'div',
            { class: 'actions' },
            pieces.button({ autofocus: true, onclick: answers.keep }, t('keepEverything')),
            pieces.button({ kind: 'danger', onclick: answers.erase }, t('deleteForGood')),
          ),
        ],
      ),

    /** Has the browser save all that the service keeps, unless the page does it. */
    save(label: string, account: object) {
      if (!emit('guestkey-export', { account })) return
      saveFile(`${label}.json`, JSON.stringify(account, null, 2), 'application/json')
    },
  }
}
