// The fields of a question.
import { type Child, h } from '../../elements/kit/dom.ts'
import { alert } from '../../elements/kit/icons.ts'
import { texts } from '../words/words.ts'
import { icon } from './pieces.ts'

export type Field = {
  name: string
  label: string
  kind?: 'text' | 'choice' | 'lines' | 'time' | 'tick'
  /** Of a choice. The first one is what stands there before. */
  options?: [value: string, text: string][]
  help?: string
  value?: string | boolean
  /** Default: true, but false for `tick`. */
  needed?: boolean
  /** What is wrong with the text; undefined: nothing. */
  check?: (value: string) => string | undefined
  /** More attributes of the input. */
  props?: Record<string, string | number | boolean>
}

/** What is in the fields, by name. A `tick` is 'true' or ''. */
export type Values = Record<string, string>

const inputOf = (form: HTMLFormElement, name: string) =>
  form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement

/** Reads the fields. */
export const valuesOf = (form: HTMLFormElement, fields: Field[]): Values =>
  Object.fromEntries(
    fields.map(({ name, kind }) => {
      const input = inputOf(form, name)
      return [
        name,
        kind === 'tick' ? ((input as HTMLInputElement).checked ? 'true' : '') : input.value.trim(),
      ]
    }),
  )

/** What is wrong with each field, by name. */
export const problemsOf = (values: Values, fields: Field[]): Values =>
  Object.fromEntries(
    fields.flatMap(({ name, kind, needed = kind !== 'tick', check }) => {
      const value = values[name]!
      const problem = value === '' ? needed && texts.why.missing : check?.(value)
      return problem ? [[name, problem]] : []
    }),
  )

/** Moves the focus to the first field that has a problem. */
export const focusProblem = (form: HTMLFormElement, problems: Values): void => {
  const [first] = Object.keys(problems)
  if (first) inputOf(form, first).focus()
}

/** Draws a field with what is wrong with it. */
export function drawField(field: Field, problem: string | undefined, id: string): Child {
  const { name, label, kind = 'text', help } = field
  const at = `${id}-${name}`
  const shared = {
    id: at,
    name,
    'aria-invalid': problem ? 'true' : null,
    'aria-describedby': [help && `${at}-help`, problem && `${at}-problem`].filter(Boolean).join(' ') || null,
    ...field.props,
  }
  if (kind === 'tick')
    return h(
      'label',
      { class: 'tick', 'data-key': at },
      h('input', { type: 'checkbox', ...shared, checked: Boolean(field.value) }),
      h('span', {}, label),
    )
  return h(
    'div',
    { class: problem ? 'field invalid' : 'field', 'data-key': at },
    h('label', { for: at }, label),
    input(field, shared),
    help && h('span', { class: 'help', id: `${at}-help` }, help),
    problem && h('span', { class: 'error', id: `${at}-problem` }, icon(alert, 's'), problem),
  )
}

function input(
  { kind = 'text', options = [], value = '' }: Field,
  shared: Record<string, string | number | boolean | null>,
) {
  if (kind === 'choice')
    return h(
      'select',
      shared,
      options.map(([one, text]) => h('option', { value: one, selected: one === value }, text)),
    )
  if (kind === 'lines') return h('textarea', { rows: 4, ...shared }, String(value))
  if (kind === 'time') return h('input', { type: 'datetime-local', value: String(value), ...shared })
  return h('input', { type: 'text', autocomplete: 'off', value: String(value), ...shared })
}

/** A time as the field has it, in the time zone of the browser. */
export function localTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The Unix seconds of such a time. */
export const secondsOf = (local: string): number => Math.floor(new Date(local).getTime() / 1000)
