// What several views are made of: notes, waits, rows, fields, dialogs, and the sentences for what failed.
import { createAttempt } from '../kit/attempt.ts'
import { addDates } from '../kit/dates.ts'
import type { Child, Props } from '../kit/dom.ts'
import { drawings } from '../kit/drawings.ts'
import { alert, check, chevron, info, off, passkey, x } from '../kit/icons.ts'
import { handOn, openElement } from '../kit/open-element.ts'
import type { Stage } from '../kit/stage.ts'
import { pieces as css } from '../styles/pieces.ts'
import { looks, type Trouble, troubleOf } from './trouble.ts'
import { wayInNote } from './way-in-note.ts'

export { css, type Trouble, troubleOf }

type Button = { kind?: string; drawing?: string | undefined; key?: string } & Props

/** The pieces for one element. */
export function createPieces(stage: Stage) {
  const { h, heading, icon, t, drawings: known } = stage
  addDates(t)
  Object.assign(known, drawings)
  const note = (look: string, drawing: string, title: Child, text?: Child) =>
    h(
      'div',
      { class: `note ${look}`, part: 'note', role: look ? 'alert' : 'status', 'data-key': 'note' },
      icon(drawing),
      h('div', {}, title && h('span', { class: 'strong' }, title), text),
    )

  /** A button. While `aria-disabled`, it takes no presses. */
  function button({ kind = '', drawing, key, ...props }: Button, ...text: Child[]): HTMLElement {
    const parts = ['button', ...['primary', 'quiet', 'danger'].filter((one) => kind.includes(one))]
    return h(
      'button',
      { type: 'button', class: `button ${kind}`, part: parts.join(' '), 'data-key': key, ...props },
      drawing && icon(drawing, 'm first'),
      ...text,
    )
  }

  /** A field with its label; `error` stands below it. */
  function field(id: string, label: Child, error: Child, help: Child, props: Props): HTMLElement {
    return h(
      'div',
      { class: `field${error ? ' invalid' : ''}`, part: 'field' },
      h('label', { for: id }, label),
      h('input', {
        id,
        part: 'input',
        'aria-invalid': error ? 'true' : null,
        'aria-describedby': `${id}-more`,
        ...props,
      }),
      h(
        'span',
        { id: `${id}-more`, class: error ? 'error' : 'meta', role: error ? 'alert' : null },
        error && icon(alert),
        error || help,
      ),
    )
  }

  /** What makes a dialog go away by Escape, and by a press beside it. */
  const closedBy = (onClose: () => void): Props => ({
    oncancel(event: Event) {
      event.preventDefault()
      onClose()
    },
    onclick(event: Event) {
      if (event.target === event.currentTarget) onClose()
    },
  })

  return {
    createAttempt,
    note,
    button,
    field,

    /** A sentence for what happened, and one for what to do. */
    failure(error: unknown): HTMLElement {
      const trouble = troubleOf(error)
      const { retryAfter } = error as { retryAfter?: number }
      const text =
        trouble !== 'tooFast'
          ? t(`${trouble}Text`)
          : retryAfter
            ? t('tooFastText', { time: t.duration(retryAfter) })
            : t('tooFastAny')
      const look = looks[trouble] ?? 'danger'
      const drawing = trouble === 'offline' ? off : look ? alert : info
      const reload =
        trouble === 'outdated' &&
        h(
          'button',
          { type: 'button', class: 'link', part: 'link', onclick: () => location.reload() },
          t('loadAgain'),
        )
      return note(look, drawing, t(`${trouble}Title`), [text, ' ', reload])
    },

    /** A row of a list that can be chosen. */
    row(drawing: string, name: Child, how: Child, props: Props, flip = 'l'): HTMLElement {
      return h(
        'li',
        {},
        h(
          'button',
          { type: 'button', class: 'item', part: 'item', ...props },
          icon(drawing, flip),
          h('span', { class: 'lines' }, h('span', {}, name), how && h('span', {}, how)),
          how && icon(chevron, 's flip'),
        ),
      )
    },

    /** A form for a code of letters. `give` gets what was typed. */
    codeForm(
      id: string,
      label: string,
      yes: string,
      isBusy: boolean,
      give: (code: string) => void,
    ): HTMLElement {
      return h(
        'form',
        {
          class: 'stack',
          onsubmit(event: Event) {
            event.preventDefault()
            const code = (event.currentTarget as HTMLFormElement).querySelector('input')!.value.trim()
            if (code) give(code)
          },
        },
        field(id, label, null, null, {
          class: 'mono',
          autocomplete: 'off',
          autocapitalize: 'characters',
          spellcheck: 'false',
          required: true,
        }),
        button({ kind: 'primary wide', type: 'submit', 'aria-disabled': isBusy ? 'true' : null }, yes),
      )
    },

    /** Says what the browser waits for. */
    waiting(mark: Child): HTMLElement {
      return h(
        'div',
        { class: 'head', role: 'status' },
        h('span', { class: 'waiting', part: 'waiting' }, mark ?? icon(passkey, 'xl')),
        h(heading(), { class: 'title', part: 'title', tabindex: -1, 'data-key': 'title' }, t('waitingTitle')),
        h('p', { class: 'lead', part: 'lead' }, t('waitingLead')),
      )
    },

    /** A modal dialog: a question, and its answers. Escape and a click beside it call `onClose`. */
    dialog(key: string, title: Child, onClose: () => void, ...content: Child[]): HTMLElement {
      return h(
        'dialog',
        {
          class: 'dialog',
          part: 'dialog',
          'aria-labelledby': 'dialog-title',
          'data-key': key,
          ...closedBy(onClose),
        },
        h(
          'div',
          { class: 'inner' },
          h('h2', { class: 'title', id: 'dialog-title', part: 'title', tabindex: -1 }, title),
          ...content,
        ),
      )
    },

    /** An element that is a dialog: its content, with its `#title`, and a button that closes it. */
    popup(kind: string, onClose: () => void, content: Child): HTMLElement {
      return h(
        'dialog',
        { class: `dialog ${kind}`, part: 'dialog', 'aria-labelledby': 'title', ...closedBy(onClose) },
        content,
        button({
          kind: 'quiet small icon-only close',
          drawing: x,
          part: 'button icon',
          'aria-label': t('close'),
          onclick: onClose,
        }),
      )
    },

    /** Tells of a way in that is open. `run` does what is under way in the view, and says what failed. */
    wayIn: (run: (work: () => Promise<unknown>) => unknown) => wayInNote(stage, { button, note }, run),

    /** Gives an element that stands in this one what this one has. */
    handOn: <One extends HTMLElement>(element: One) => handOn(stage.host, stage.client, element),
    /** Shows an element with this tag as a dialog; the account, at this section. Resolves when it is closed. */
    open: (tag: string, section?: string) => openElement(stage.host, stage.client, tag, section),

    saved: (guest: Child) => note('good', check, t('kept'), guest),
  }
}

/** What has, or had last, the focus in a dialog that is open. */
const focused = new WeakMap<HTMLDialogElement, HTMLElement>()

/**
 * Opens the dialogs that have been drawn, and gives an open one the focus when what had it is gone. Somebody who left the
 * dialog by Tab, for what the browser itself shows, is left where they are. To be called by `drawn`.
 */
export function openDialogs(root: ShadowRoot): void {
  for (const dialog of root.querySelectorAll('dialog')) {
    const focusFirst = () => {
      const first =
        dialog.querySelector<HTMLElement>('[autofocus]') ?? dialog.querySelector<HTMLElement>('.title')
      first?.focus()
    }
    const isLost = () => !focused.get(dialog)?.checkVisibility() && !dialog.contains(root.activeElement)
    if (!dialog.open) {
      dialog.addEventListener('focusin', ({ target }) => focused.set(dialog, target as HTMLElement))
      dialog.showModal()
      focusFirst()
    } else if (isLost()) {
      // While the focus goes from one control to the next, nothing has it. To take it then would keep it where it was.
      setTimeout(() => {
        if (dialog.open && isLost()) focusFirst()
      })
    }
  }
}

export type Pieces = ReturnType<typeof createPieces>
