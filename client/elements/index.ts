// The exports of `@guestkey/client/elements`, which registers all elements. Each one loads its code when it is first shown.
import { GuestkeyAccount } from './account.ts'
import { GuestkeyButton } from './button.ts'
import { GuestkeyDevices } from './devices.ts'
import type { ElementEvents } from './kit/stage.ts'
import { GuestkeyLink } from './link.ts'
import { GuestkeyLoginIds } from './login-ids.ts'
import { GuestkeyPasskeys } from './passkeys.ts'
import { GuestkeyPrompt } from './prompt.ts'
import { GuestkeyRecoveryCodes } from './recovery-codes.ts'
import { GuestkeySignIn } from './sign-in.ts'

const elements = {
  'guestkey-button': GuestkeyButton,
  'guestkey-sign-in': GuestkeySignIn,
  'guestkey-prompt': GuestkeyPrompt,
  'guestkey-link': GuestkeyLink,
  'guestkey-passkeys': GuestkeyPasskeys,
  'guestkey-devices': GuestkeyDevices,
  'guestkey-recovery-codes': GuestkeyRecoveryCodes,
  'guestkey-login-ids': GuestkeyLoginIds,
  'guestkey-account': GuestkeyAccount,
}

// A page may load this twice, and on a server there is no registry.
for (const [name, element] of Object.entries(elements))
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element)

export type { ElementAttributes } from './attributes.ts'
export { GuestkeyElement, shareClient } from './guestkey-element.ts'
export type { ElementEvents, LastGuest } from './kit/stage.ts'
export type { TextKey, Texts } from './kit/words.ts'
export {
  GuestkeyAccount,
  GuestkeyButton,
  GuestkeyDevices,
  GuestkeyLink,
  GuestkeyLoginIds,
  GuestkeyPasskeys,
  GuestkeyPrompt,
  GuestkeyRecoveryCodes,
  GuestkeySignIn,
}

declare global {
  interface HTMLElementTagNameMap {
    'guestkey-button': GuestkeyButton
    'guestkey-sign-in': GuestkeySignIn
    'guestkey-prompt': GuestkeyPrompt
    'guestkey-link': GuestkeyLink
    'guestkey-passkeys': GuestkeyPasskeys
    'guestkey-devices': GuestkeyDevices
    'guestkey-recovery-codes': GuestkeyRecoveryCodes
    'guestkey-login-ids': GuestkeyLoginIds
    'guestkey-account': GuestkeyAccount
  }
  interface HTMLElementEventMap extends GuestkeyEventMap {}
  interface DocumentEventMap extends GuestkeyEventMap {}
}

type GuestkeyEventMap = { [Name in keyof ElementEvents]: CustomEvent<ElementEvents[Name]> }
