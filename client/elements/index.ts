// The exports of `@guestkey/client/elements`, which registers all elements. Each one loads its code when it is first shown.
import { GuestkeyButton } from './button.ts'
import type { ElementEvents } from './kit/stage.ts'
import { GuestkeyLink } from './link.ts'
import { GuestkeyPrompt } from './prompt.ts'
import { GuestkeySignIn } from './sign-in.ts'

const elements = {
  'guestkey-button': GuestkeyButton,
  'guestkey-sign-in': GuestkeySignIn,
  'guestkey-prompt': GuestkeyPrompt,
  'guestkey-link': GuestkeyLink,
}

// A page may load this twice, and on a server there is no registry.
for (const [name, element] of Object.entries(elements))
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element)

export { GuestkeyElement, shareClient } from './guestkey-element.ts'
export type { ElementEvents, LastGuest } from './kit/stage.ts'
export type { TextKey, Texts } from './kit/words.ts'
export { GuestkeyButton, GuestkeyLink, GuestkeyPrompt, GuestkeySignIn }

declare global {
  interface HTMLElementTagNameMap {
    'guestkey-button': GuestkeyButton
    'guestkey-sign-in': GuestkeySignIn
    'guestkey-prompt': GuestkeyPrompt
    'guestkey-link': GuestkeyLink
  }
  interface HTMLElementEventMap extends GuestkeyEventMap {}
}

type GuestkeyEventMap = { [Name in keyof ElementEvents]: CustomEvent<ElementEvents[Name]> }
