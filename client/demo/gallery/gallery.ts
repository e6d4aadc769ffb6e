// The gallery: the elements in each of their states, with switches. It is where one looks at them while changing them.
import type { GuestkeyElement, GuestkeyPrompt } from '../../elements/index.ts'
import { clientOf, type State } from './state.ts'
import { states } from './states.ts'

const form = document.querySelector<HTMLFormElement>('#switches')!
const room = document.querySelector<HTMLElement>('#states')!
const field = (name: string) => form.elements.namedItem(name) as HTMLSelectElement

function fill(name: string, options: string[]) {
  field(name).replaceChildren(...['', ...options].map((one) => new Option(one || 'all', one)))
}
const languages = 'en de fr es it pt-BR nl pl cs sv da fi nb tr uk ru ja ko zh-CN zh-TW ar he fa hi id'.split(
  ' ',
)
field('lang').replaceChildren(...languages.map((one) => new Option(one)))
fill('element', [...new Set(states.map(({ element }) => element))])
fill('state', [...new Set(states.map(({ name }) => name))])
for (const [name, value] of new URLSearchParams(location.hash.slice(1)))
  if (field(name)) field(name).value = value

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/**
 * Waits until the element, or its dialog if one is open, shows a button or a field that the selector and the name find;
 * undefined after two seconds.
 */
async function within(element: Element, selector: string, name = ''): Promise<HTMLElement | undefined> {
  for (let i = 0; i < 100; i++) {
    const room = element.shadowRoot?.querySelector('dialog[open]') ?? element.shadowRoot
    const found = [...(room?.querySelectorAll<HTMLElement>(selector) ?? [])].find((one) =>
      `${one.ariaLabel ?? one.innerText}`.trim().startsWith(name),
    )
    if (found) return found
    await pause(20)
  }
}

/** Brings the element into this state. A control that is missed is named at the root, for the tests. */
async function bring(element: HTMLElement, { press = [], type }: State) {
  for (const name of press) {
    const isSwitch = name === 'switch'
    const control = await within(element, isSwitch ? '[role=switch]' : 'button, a', isSwitch ? '' : name)
    if (!control) document.documentElement.dataset.missed = `${element.localName}: ${name}`
    control?.click()
    await pause(60)
  }
  if (type === undefined) return
  const input = (await within(element, 'input')) as HTMLInputElement | undefined
  if (!input) return
  input.value = type
  input.form?.requestSubmit()
}

async function show() {
  const { element, state, theme, lang, dir, width, accent, radius } = Object.fromEntries(
    new FormData(form) as never as Iterable<[string, string]>,
  ) as Record<string, string>
  document.documentElement.dir = dir!
  document.documentElement.style.colorScheme = theme || ''
  room.style.setProperty('--column', width ? `${width}px` : '400px')
  room.style.setProperty('--guestkey-accent', accent === '#3a3fc4' ? '' : accent!)
  room.style.setProperty('--guestkey-radius', `${radius}px`)
  const shown = states.filter(
    (one) => (!element || one.element === element) && (state ? one.name === state : !one.isOver),
  )
  room.replaceChildren()
  for (const one of shown) {
    const figure = document.createElement('figure')
    const caption = document.createElement('figcaption')
    caption.textContent = one.name
    const made = document.createElement(one.element) as GuestkeyElement
    // In English while it is brought there, because buttons are found by what they say.
    for (const [name, value] of Object.entries({ app: 'Jotter', lang: 'en', ...one.attributes }))
      made.setAttribute(name, value)
    localStorage['guestkey-last'] = one.isBack
      ? JSON.stringify({ label: 'amber-fox-42', seen: Date.UTC(2026, 10, 21) / 1000, way: 'synced' })
      : ''
    localStorage['guestkey-later-add_passkey'] = ''
    made.client = clientOf(one)
    const holder = document.createElement('div')
    if (one.element === 'guestkey-button') holder.className = 'bar'
    if (width) holder.style.inlineSize = `${width}px`
    holder.append(...(one.element === 'guestkey-button' ? ['Jotter'] : []), made)
    figure.append(caption, holder)
    if (one.press && one.element === 'guestkey-button' && shown.length === 1) figure.className = 'menu-room'
    room.append(figure)
    // All of them ask at once, which no page does.
    if (one.element === 'guestkey-prompt')
      (made as GuestkeyPrompt).show(one.name === 'lost' ? 'lost' : 'save')
    await within(made, 'button, h2')
    await bring(made, one)
    await pause(30)
    made.setAttribute('lang', lang!)
  }
  document.documentElement.dataset.shown = String(shown.length)
}

form.addEventListener('change', () => {
  const chosen = new URLSearchParams(new FormData(form) as never)
  history.replaceState(null, '', `#${chosen}`)
  void show()
})
void show()
