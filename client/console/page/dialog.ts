// Dialogs: one that asks before something is done, and one that shows something. Neither loses what was typed until it is
// closed.
import { type Child, h, morph } from '../../elements/kit/dom.ts'
import { x } from '../../elements/kit/icons.ts'
import { texts } from '../words/words.ts'
import { button, icon } from './pieces.ts'
import { copyText } from './take-along.ts'

let number = 0

/** A dialog that is open. */
export type Opened = {
  /** Draws its content again. Fields keep what is in them. */
  draw(): void
  close(): void
  /** Resolves when it is closed. */
  closed: Promise<void>
  element: HTMLDialogElement
}

/** Opens a dialog. `draw` returns what is below the title. `mayClose`: whether Escape closes it now. */
export function openDialog(
  title: string,
  draw: (opened: Opened) => Child,
  { mayClose = () => true, kind = '' }: { mayClose?: () => boolean; kind?: string } = {},
): Opened {
  const id = `dialog-${++number}`
  const element = h('dialog', {
    class: `dialog ${kind}`,
    'aria-labelledby': id,
    oncancel: (event: Event) => {
      if (!mayClose()) event.preventDefault()
    },
  }) as HTMLDialogElement
  const before = document.activeElement as HTMLElement | null
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  element.onclose = () => {
    element.remove()
    if (before?.isConnected) before.focus()
    resolve()
  }
  const opened: Opened = {
    element,
    closed,
    close: () => element.close(),
    draw: () =>
      morph(
        element,
        h('div', { class: 'inner' }, h('h2', { class: 'title', id, tabindex: -1 }, title), draw(opened)),
      ),
  }
  opened.draw()
  document.body.append(element)
  element.showModal()
  const first = '[autofocus], form :is(input, select, textarea)'
  element.querySelector<HTMLElement>(element.querySelector(first) ? first : '.title')?.focus()
  return opened
}

/** Shows something that cannot be shown again, with a button that copies it. */
export const showSecret = (
  { title, text, secret, name }: { title: string; text: string; secret: string; name: string },
  say: (text: string) => void,
): Promise<void> =>
  openDialog(
    title,
    ({ close }) => [
      h('p', { class: 'lead' }, text),
      h('code', { class: 'shown', 'aria-label': name }, secret),
      h(
        'div',
        { class: 'actions' },
        button(texts.done, close, ''),
        button(texts.copy, () => copyText(secret, say), 'primary'),
      ),
    ],
    { kind: 'roomy' },
  ).closed

/** Shows something to look at. */
export const showDialog = (title: string, draw: (opened: Opened) => Child): Opened =>
  openDialog(
    title,
    (opened) => [
      draw(opened),
      h('div', { class: 'actions' }, button([icon(x, 's'), texts.close], opened.close, '')),
    ],
    { kind: 'roomy' },
  )
