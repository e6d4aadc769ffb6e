// The keys of the console. Single keys count only while no field has the focus and no dialog is open, and can be turned off
// (WCAG 2.2, 2.1.4).
import { h } from '../../elements/kit/dom.ts'
import { texts } from '../words/words.ts'
import { type Opened, showDialog } from './dialog.ts'
import { go, routeNow } from './router.ts'

const STORED = 'guestkey-console-keys'

// A browser may refuse its storage. Then the keys are on.
const areOn = () => {
  try {
    return localStorage[STORED] !== 'off'
  } catch {
    return true
  }
}

function turn(on: boolean): void {
  try {
    if (on) localStorage.removeItem(STORED)
    else localStorage[STORED] = 'off'
  } catch {}
}

const places: Record<string, string> = {
  o: 'overview',
  g: 'guests',
  a: 'audit',
  w: 'webhooks',
  s: 'settings',
}

let wasG = 0

/** Listens to the keys of the page. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    const { key, target, ctrlKey, metaKey, altKey, defaultPrevented } = event
    if (defaultPrevented || ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return
    const field = (target as Element).closest('input, select, textarea')
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const isFind = field?.matches('.find input')
      if ((!field || isFind) && move(target as Element, key === 'ArrowDown' ? 1 : -1)) event.preventDefault()
    } else if (key === 'Escape') leave(field)
    else if (!field && areOn() && press(key)) event.preventDefault()
  })
}

/** Does what a single key does. */
function press(key: string): boolean {
  const isAfterG = Date.now() - wasG < 1500
  wasG = 0
  if (isAfterG && places[key]) go(places[key])
  else if (key === 'g') wasG = Date.now()
  else if (key === '/') focusFind()
  else if (key === '?') showKeys()
  else return false
  return true
}

export function focusFind(): void {
  const field = document.querySelector<HTMLInputElement>('.find input')
  field?.focus()
  field?.select()
}

export function emptyFind(): void {
  const field = document.querySelector<HTMLInputElement>('.find input')
  if (field) field.value = ''
}

/** Escape leaves the field, or goes from one guest back to the list. */
function leave(field: Element | null): void {
  if (field) (field as HTMLElement).blur()
  else if (routeNow().view === 'guests' && routeNow().of) go('guests')
}

/** Moves the focus to the next row of the list. */
function move(from: Element, by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const next = rows[rows.indexOf(from.closest('[data-row]') as HTMLElement) + by]
  if (by < 0 && !from.closest('[data-row]')) return false
  next?.focus()
  return Boolean(next)
}

/** Shows the keys, with the switch that turns single keys off. */
export function showKeys(): Opened {
  return showDialog(texts.keysTitle, ({ draw }) => [
    h(
      'table',
      { class: 'table tight', 'aria-label': texts.keysTitle },
      h(
        'tbody',
        {},
        texts.keyRows.map(([key, what]) =>
          h('tr', {}, h('th', { scope: 'row' }, h('kbd', { class: 'kbd' }, key)), h('td', {}, what)),
        ),
      ),
    ),
    h(
      'label',
      { class: 'tick' },
      h('input', {
        type: 'checkbox',
        checked: areOn(),
        onchange: ({ target }: Event) => {
          turn((target as HTMLInputElement).checked)
          draw()
        },
      }),
      h('span', {}, `${texts.keysOn}. ${texts.keysOnHelp}`),
    ),
  ])
}
