// <guestkey-prompt>: asks to save, at a moment that the host names.
import { GuestkeyElement, withPieces } from './guestkey-element.ts'
import { loadPrompt } from './parts.ts'

/**
 * It shows itself when the service says that a prompt is due (`add_passkey`, `add_recovery_codes`, or after a sign-in with a
 * passkey of another device), and when `show()` is called. Attributes: `variant="sheet"` for a sheet from below, and `what`
 * (what guests make, in the plural, such as `notes`).
 */
export class GuestkeyPrompt extends GuestkeyElement {
  #shown: false | 'save' | 'lost' = false

  protected readonly load = withPieces(loadPrompt)

  /** What the host asks for, if it does. */
  get shown(): false | 'save' | 'lost' {
    return this.#shown
  }

  /**
   * Asks to save now, unless the guest is saved or said “later” a short time ago. With `lost`, says that what is here is from
   * a guest who was not saved and whose session is over, and offers to go on as a new one. Default: `save`.
   */
  show(what: 'save' | 'lost' = 'save'): void {
    this.#shown = what
    this.update()
  }

  /** Goes away without a word. */
  hide(): void {
    this.#shown = false
    this.update()
  }
}
