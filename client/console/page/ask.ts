// The question before something is done: with its fields, the reason and the case. It stays open until it is done, so nothing
// that was typed is lost when the server refuses it, wants a passkey, or has ended the session.
import { type Child, h } from '../../elements/kit/dom.ts'
import { texts } from '../words/words.ts'
import { type Opened, openDialog } from './dialog.ts'
import { drawField, type Field, focusProblem, problemsOf, type Values, valuesOf } from './fields.ts'
import { button, failed } from './pieces.ts'

export type Question<T> = {
  title: string
  text?: Child
  /** What the button says that does it. */
  button: string
  /** What the button says that does not. */
  cancel?: string
  /** Whether it ends or erases something. */
  danger?: boolean
  fields?: Field[]
  /** Whether the server wants a reason and a case. Default: true. */
  why?: boolean
  /** Does it. `values` has the fields, and `reason` and `case`. */
  run(values: Values): Promise<T>
  /** If this is refused for the last way back, the question offers to do it all the same, with `force` in the values. */
  mayForce?: boolean
}

/** The reason and the case of the last question: often the next one is about the same. */
let lastWhy: Values = {}

const CASE = /^[A-Za-z0-9-]{1,32}$/

const whyFields = (): Field[] => [
  {
    name: 'reason',
    label: texts.why.reason,
    kind: 'choice',
    options: [['', texts.why.choose], ...Object.entries(texts.why.reasons)],
    value: lastWhy.reason ?? '',
  },
  {
    name: 'case',
    label: texts.why.case,
    help: texts.why.caseHelp,
    value: lastWhy.case ?? '',
    check: (value) => (CASE.test(value) ? undefined : texts.why.caseWrong),
    props: { maxlength: 32, autocapitalize: 'off', spellcheck: 'false' },
  },
]

/** Asks, and does it. Resolves to what was done, or to undefined if the person does not want it. */
export async function ask<T>(question: Question<T>): Promise<{ done: T } | undefined> {
  const { title, text, why = true, danger = false, mayForce = false } = question
  const force: Field = { name: 'force', label: texts.why.force, kind: 'tick' }
  let problems: Values = {}
  let failure: unknown
  let isBusy = false
  let offersForce = false
  let result: { done: T } | undefined
  const fields = () => [
    ...(question.fields ?? []),
    ...(why ? whyFields() : []),
    ...(offersForce ? [force] : []),
  ]

  async function submit(event: Event): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const form = event.target as HTMLFormElement
    const values = valuesOf(form, fields())
    problems = problemsOf(values, fields())
    failure = undefined
    isBusy = Object.keys(problems).length === 0
    opened.draw()
    if (!isBusy) return focusProblem(form, problems)
    if (why) lastWhy = { reason: values.reason!, case: values.case! }
    try {
      result = { done: await question.run(values) }
      opened.close()
    } catch (error) {
      failure = error
      offersForce ||= mayForce && (error as { code?: string }).code === 'would_lose_account'
    } finally {
      isBusy = false
      if (!result) opened.draw()
    }
  }

  const draw = ({ close }: Opened): Child =>
    h(
      'form',
      { novalidate: true, onsubmit: submit, 'aria-busy': isBusy ? 'true' : null },
      text && h('p', { class: 'lead' }, text),
      fields().map((field) => drawField(field, problems[field.name], 'ask')),
      failure !== undefined && failed(failure),
      h(
        'div',
        { class: 'actions' },
        button(question.cancel ?? texts.acts.cancel, close, ''),
        h(
          'button',
          { class: `button ${danger ? 'danger' : 'primary'}`, 'aria-disabled': isBusy ? 'true' : null },
          isBusy ? texts.loading : question.button,
        ),
      ),
    )
  const opened = openDialog(title, draw, { mayClose: () => !isBusy })
  await opened.closed
  return result
}

/** The reason and the case of a question, as every change takes them. */
export const whyIn = ({ reason, case: reference }: Values) => ({ reason, case: reference })

/** The same, with what else the server takes if nothing else brings the guest back. */
export const whyAndForce = (values: Values) => ({ ...whyIn(values), ...(values.force && { force: true }) })
