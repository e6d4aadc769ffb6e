// <guestkey-sign-in>: all ways in that the service and this browser have, in the page or as a dialog.
import type { UserInfo } from '../index.ts'
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage } from './kit/stage.ts'
import { loadPieces, loadSignIn } from './parts.ts'

/** Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site. */
export class GuestkeySignIn extends GuestkeyElement {
  static override observedAttributes = [...GuestkeyElement.observedAttributes, 'modal']
  #opened: { promise: Promise<UserInfo | null>; resolve(guest: UserInfo | null): void } | undefined

  protected readonly load = async () => {
    const [pieces, { view }] = await Promise.all([loadPieces(), loadSignIn()])
    return { view: (stage: Stage<GuestkeySignIn>) => view(stage, pieces.createPieces(stage), pieces) }
  }

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
