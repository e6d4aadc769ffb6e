// What the page needs to show something: elements, buttons that do one thing at a time, and messages.
import { GuestClientError } from '../index.ts'

/** The element of index.html with this id. */
export const byId = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T

/** A new element. All text becomes text nodes, so nothing that a guest wrote becomes markup. */
export function create(tag: string, attributes: Record<string, string>, ...children: (Node | string)[]) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** A button for `work`. `name` is what screen readers say if the text alone is ambiguous. */
export function button(text: string, work: () => unknown, name = text): HTMLElement {
  const made = create('button', { type: 'button', class: 'plain', 'aria-label': name }, text)
  made.addEventListener('click', () => run(made, work))
  return made
}

/** A failure of the notes, with a sentence for the guest. */
export class Refused extends Error {}

/** Does one thing at a time, and says what failed. */
export async function run(busy: HTMLElement, work: () => unknown): Promise<void> {
  if (busy.ariaBusy === 'true') return
  busy.ariaBusy = 'true'
  await Promise.resolve().then(work).catch(explain)
  busy.ariaBusy = null
}

/** Says what failed. */
export function explain(error: unknown): void {
  const isOurs = error instanceof GuestClientError || error instanceof Refused
  say(isOurs ? error.message : 'Something went wrong on this page. Try again.')
  if (!isOurs) console.error(error)
}

/** Says something, until it is closed or something else is said. `does` has the text of a button, and its work. */
export function say(text: string, does: Record<string, () => unknown> = {}): void {
  const said = byId('said')
  const hide = () => said.togglePopover(false)
  const buttons = Object.entries(does).map(([name, work]) => button(name, () => [hide(), work()][1]))
  said.replaceChildren(create('p', {}, text), ...buttons, button('Close', hide))
  hide() // what is shown last is on top, of dialogs too
  said.togglePopover(true)
}
