// Six digits: one field, drawn as six. Paste and autofill just work, and a screen reader hears one field.
import type { Child, h as H } from '../kit/dom.ts'

/** What the six digits show. */
export interface Digits {
  /** The name of the field. */
  name: string
  /** What a screen reader hears beside the name: the id of a sentence. */
  described: string
  look: '' | 'invalid' | 'good'
  /** Called with the digits when there are six. */
  onFull(digits: string): void
  /** Called at each change, to draw them again. */
  onChange(): void
}

/** The six digits. What was typed is in the field itself. */
export function sixDigits(
  h: typeof H,
  root: ShadowRoot,
  { name, described, look, onFull, onChange }: Digits,
): Child {
  const field = root.querySelector<HTMLInputElement>('#digits')
  const typed = field?.value ?? ''
  const hasFocus = root.activeElement === field
  return h(
    'div',
    { class: `digits ${look}`, part: 'digits', 'data-key': 'digits' },
    h('input', {
      id: 'digits',
      part: 'input',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      maxlength: 6,
      'aria-label': name,
      'aria-describedby': described,
      'aria-invalid': look === 'invalid' ? 'true' : null,
      autofocus: true,
      oninput({ target }: { target: HTMLInputElement }) {
        target.value = target.value.replace(/\D/g, '')
        onChange()
        if (target.value.length === 6) onFull(target.value)
      },
      onfocus: onChange,
      onblur: onChange,
    }),
    Array.from({ length: 6 }, (_, i) =>
      h(
        'span',
        { 'aria-hidden': 'true', class: hasFocus && i === Math.min(typed.length, 5) ? 'here' : '' },
        typed[i],
      ),
    ),
  )
}
