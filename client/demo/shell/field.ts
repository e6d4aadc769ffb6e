// A dialog with one text field, which shows beside the field what is wrong with the text.
import { GuestClientError } from '../../index.ts'
import { byId, create, onAction } from './dom.ts'

/** What is asked, and what is done with the answer. */
export interface Question<Result> {
  title: string
  lead: string
  label: string
  /** The text of the button that sends the answer. */
  go: string
  /** Further attributes of the input element. */
  attributes?: Record<string, string>
  send: (text: string) => Promise<Result>
}

/**
 * Asks until `send` accepts the text; resolves to undefined if the guest leaves. A GuestClientError is shown beside
 * the field; any other error of `send` rejects.
 */
export async function askText<Result>(question: Question<Result>): Promise<Result | undefined> {
  const dialog = byId<HTMLDialogElement>('text-dialog')
  const input = create('input', {
    id: 'answer',
    name: 'answer',
    type: 'text',
    required: '',
    autocomplete: 'off',
    'aria-describedby': 'answer-error',
    ...question.attributes,
  })
  const problem = create('p', { class: 'field-error', id: 'answer-error', role: 'alert' })
  const go = create('button', { class: 'primary', type: 'submit' }, question.go)
  const cancel = create('button', { class: 'secondary', type: 'button' }, 'Cancel')
  const form = create(
    'form',
    { id: 'answer-form' },
    create('label', { for: 'answer' }, question.label),
    input,
    problem,
    create('div', { class: 'dialog-actions' }, go, cancel),
  )
  let end: { result?: Result; error?: unknown } = {}

  onAction(form, 'submit', go, async () => {
    const mine = () => dialog.open && form.isConnected // false if the guest has left it meanwhile
    try {
      const result = await question.send(input.value.trim())
      if (!mine()) return
      end = { result }
      dialog.close()
    } catch (error) {
      if (!mine()) return
      if (error instanceof GuestClientError) {
        problem.textContent = error.message
        input.ariaInvalid = 'true'
        return input.focus()
      }
      end = { error }
      dialog.close()
    }
  })
  input.addEventListener('input', () => {
    problem.textContent = ''
    input.ariaInvalid = null
  })
  cancel.addEventListener('click', () => dialog.close())

  byId('answer-title').textContent = question.title
  byId('answer-lead').textContent = question.lead
  byId('answer-form').replaceWith(form)
  dialog.showModal()
  input.focus()
  input.select()
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  if (end.error) throw end.error
  return end.result
}
