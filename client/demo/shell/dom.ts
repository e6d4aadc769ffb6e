// What every part of the page needs: elements, buttons that show a wait, messages, questions, dates.

import { GuestClientError } from '../../index.ts'

/**
 * The element of the page with this id. The caller must know its type from `index.html`. Throws Error if there is
 * none.
 */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}`)
  return found as T
}

/** A new element. All text becomes text nodes, so nothing that a guest wrote becomes markup. */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/**
 * A button that shows that its work is under way. `name` is what a screen reader says if the text alone is ambiguous.
 */
export function actionButton(
  text: string,
  kind: string,
  name: string,
  work: (button: HTMLButtonElement) => Promise<unknown>,
): HTMLButtonElement {
  const button = create('button', { type: 'button', class: kind, 'aria-label': name }, text)
  onAction(button, 'click', button, () => work(button))
  return button
}

/** Runs `work` on each event. `button` shows the wait, and the guest is told of a failure. */
export function onAction(
  target: HTMLElement,
  event: 'click' | 'submit',
  button: HTMLButtonElement,
  work: () => Promise<unknown>,
): void {
  target.addEventListener(event, (happened) => {
    happened.preventDefault()
    whileBusy(button, work)
  })
}

/**
 * With `disabled`, the button would lose the focus of the keyboard. So a busy button only says that it is busy, and
 * ignores presses.
 */
async function whileBusy(button: HTMLButtonElement, work: () => Promise<unknown>): Promise<void> {
  if (button.ariaBusy === 'true') return
  button.ariaBusy = 'true'
  button.ariaDisabled = 'true'
  hush()
  try {
    await work()
  } catch (error) {
    explain(error)
  } finally {
    button.ariaBusy = null
    button.ariaDisabled = null
  }
}

let toastTimer: ReturnType<typeof setTimeout> | undefined

/** Tells the guest that something went well. The message goes away by itself after eight seconds. */
export function say(text: string): void {
  showToast(text, 'status')
  toastTimer = setTimeout(hush, 8000)
}

/**
 * Tells the guest what failed. The messages of GuestClientError and Refused are written for guests; any other error
 * gets a general one.
 */
export function explain(error: unknown): void {
  const ours = error instanceof Refused || error instanceof GuestClientError
  const said = ours ? error.message : 'Something went wrong on this page. Please try again.'
  // A passkey that its provider changed never works again, so trying it once more does not help.
  const isPasskey = error instanceof GuestClientError && error.code === 'authentication_failed'
  showToast(isPasskey ? `${said} Another passkey, a recovery code or another device may do.` : said, 'alert')
  if (!ours) console.error(error)
}

/** A failure of the host's own routes, with a sentence for the guest. */
export class Refused extends Error {}

function showToast(text: string, role: 'status' | 'alert'): void {
  hush()
  byId('toast-text').textContent = text
  byId('toast').dataset.kind = role
  byId('toast').hidden = false
  byId(role).textContent = text
}

/** Removes the message. */
export function hush(): void {
  clearTimeout(toastTimer)
  byId('toast').hidden = true
  byId('status').textContent = ''
  byId('alert').textContent = ''
}

/** One possible answer to a question: the text of its button, and how it looks. */
export interface Choice {
  text: string
  kind: 'primary' | 'secondary' | 'danger'
}

/**
 * Asks in a dialog. Resolves to the key of the chosen answer, or to undefined if the guest leaves (Escape). The last
 * answer has the focus.
 */
export async function ask<K extends string>(
  title: string,
  text: string,
  choices: Record<K, Choice>,
): Promise<K | undefined> {
  const dialog = byId<HTMLDialogElement>('dialog')
  byId('dialog-title').textContent = title
  byId('dialog-text').textContent = text
  const buttons = Object.entries<Choice>(choices).map(([value, { text, kind }]) =>
    create('button', { value, class: kind }, text),
  )
  buttons.at(-1)?.setAttribute('autofocus', '')
  byId('dialog-actions').replaceChildren(...buttons)
  dialog.returnValue = ''
  dialog.showModal()
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }))
  return (dialog.returnValue || undefined) as K | undefined
}

/** Downloads a file for the guest to keep. */
export function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  create('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // some browsers read it only a little later
}

const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })
const dayAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** A time in Unix seconds as "2 hours ago", with the full date on hover; after a week, the date alone. */
export function moment(seconds: number): HTMLTimeElement {
  const date = new Date(seconds * 1000)
  const age = Date.now() / 1000 - seconds
  const [unit, size] = units.find(([, length]) => age >= length) ?? []
  const text = !unit
    ? 'just now'
    : age > 7 * 86_400
      ? day.format(date)
      : relative.format(-Math.floor(age / size!), unit)
  return create('time', { datetime: date.toISOString(), title: dayAndTime.format(date) }, text)
}
