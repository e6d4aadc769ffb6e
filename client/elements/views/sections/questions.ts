// The questions that a section asks in a dialog, and what their answers wait for.
import type { UserInfo } from '../../../index.ts'
import type { Attempt } from '../../kit/attempt.ts'
import type { Child } from '../../kit/dom.ts'
import type { Stage } from '../../kit/stage.ts'
import type { Pieces } from '../pieces.ts'

/** A question in a dialog. The safe answer has the focus; Escape and a click beside the dialog mean it too. */
export interface Question {
  title: Child
  text?: Child
  /** Further nodes below the text. */
  more?: Child
  /** The name that is asked for, and what stands below its field. */
  field?: { label: string; value: string; help?: string }
  yes: string
  /** Default: cancel. */
  no?: string
  /** How both answers look. Default: `danger` for yes. */
  looks?: { yes: string; no?: string }
  /** Whether the server wants a recent proof for it, of guests who have a passkey. */
  isProven?: boolean
  /** Does what was asked, with what the field says. With false, the question stays: it says something else now. */
  work(typed: string): Promise<unknown>
  /** Where the focus goes then, by `data-key`. Default: back. */
  after?: string
}

/** Whether a passkey brings this guest back. */
export const hasPasskey = (guest: UserInfo | null | undefined) =>
  /passkey|synced/.test(guest?.recoverability ?? '')

/** The questions of one section; `focusOn` has the focus go to what has this `data-key`. */
export function createQuestions(
  stage: Stage,
  pieces: Pieces,
  attempt: Attempt,
  focusOn: (key: string | undefined) => void,
) {
  const { client, h, host, t, update } = stage
  const root = host.shadowRoot!
  let question: (() => Question) | undefined
  let opener: string | undefined
  let guest: string | undefined

  /** Withdraws what is under way. If it was done meanwhile, the section shows it. */
  function cancel() {
    if (!attempt.busy) return
    attempt.cancel()
    void client.passkeys.cancel()
  }

  function ask(make: () => Question) {
    cancel()
    opener = (root.activeElement as HTMLElement | null)?.dataset.key
    attempt.forget()
    question = make
    guest = stage.guest?.sub
    update()
  }

  function close(to = opener) {
    cancel()
    attempt.forget()
    question = undefined
    focusOn(to)
    update()
  }

  async function answer(event: Event) {
    event.preventDefault()
    const asked = question!
    const { work } = asked()
    let isDone: unknown
    const isOver = await attempt.run('answer', async () => {
      isDone = await work(root.querySelector<HTMLInputElement>('#asked')?.value.trim() ?? '')
    })
    if (!isOver || question !== asked) return
    if (isDone === false) update()
    else close(asked().after ?? opener)
  }

  function draw(): Child {
    // Nobody answers for another guest.
    if (stage.guest?.sub !== guest) question = undefined
    if (!question) return
    const { title, text, more, field, yes, no, looks, isProven } = question()
    const isBusy = attempt.busy === 'answer'
    const wait = isProven && hasPasskey(stage.guest) ? 'waitingLead' : 'moment'
    const dialog = pieces.dialog(
      'question',
      title,
      () => close(),
      h(
        'form',
        { class: 'asked', onsubmit: answer },
        (text || isBusy) &&
          h(
            'p',
            { class: 'lead', id: 'asked-lead', role: isBusy ? 'status' : null },
            isBusy ? [t(wait), attempt.isLong && ` ${t('waitingHelp')}`] : text,
          ),
        field &&
          pieces.field('asked', field.label, null, field.help, {
            value: field.value,
            maxlength: 64,
            required: true,
            autocomplete: 'off',
            autofocus: true,
          }),
        more,
        attempt.failure !== undefined && pieces.failure(attempt.failure),
        h(
          'div',
          { class: 'actions' },
          pieces.button(
            { kind: looks?.no ?? '', autofocus: !field, onclick: () => close() },
            isBusy ? t('cancel') : (no ?? t('cancel')),
          ),
          pieces.button(
            { kind: looks?.yes ?? 'danger', type: 'submit', 'aria-disabled': isBusy ? 'true' : null },
            isBusy ? t('moment') : yes,
          ),
        ),
      ),
    )
    if (!field) dialog.setAttribute('role', 'alertdialog')
    if (text) dialog.setAttribute('aria-describedby', 'asked-lead')
    return dialog
  }

  return { ask, cancel, close, draw, isAsking: () => question !== undefined }
}
