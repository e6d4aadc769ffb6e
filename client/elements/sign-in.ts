// <guestkey-sign-in>: all ways in that the service and this browser have, in the page or as a dialog.
import type { UserInfo } from '../index.ts'
import { GuestkeyElement, withPieces } from './guestkey-element.ts'
import { loadSignIn } from './parts.ts'

/** Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site. */
export class GuestkeySignIn extends GuestkeyElement {
  static override observedAttributes = [...GuestkeyElement.observedAttributes, 'modal']
  #opened: { promise: Promise<UserInfo | null>; resolve(guest: UserInfo | null): void } | undefined

  protected readonly load = withPieces(loadSignIn)

  /** Whether the dialog is open. */
  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  /** Shows the dialog. Resolves to the guest who signed in, or to null if the person closed it. */
  open(): Promise<UserInfo | null> {
    this.#opened ??= Promise.withResolvers<UserInfo | null>()
    this.update()
    return this.#opened.promise
  }

  /** Closes the dialog; `open()` resolves to `guest`. Default: null. */
  close(guest: UserInfo | null = null): void {
    this.#opened?.resolve(guest)
    this.#opened = undefined
    this.update()
  }
}
