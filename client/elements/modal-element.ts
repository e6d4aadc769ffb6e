// An element that stands in the page, or is a dialog: with the attribute `modal`.
import { GuestkeyElement } from './guestkey-element.ts'

export abstract class ModalElement<Result> extends GuestkeyElement {
  static override observedAttributes = [...GuestkeyElement.observedAttributes, 'modal']
  #opened: { promise: Promise<Result | null>; resolve(result: Result | null): void } | undefined

  /** Whether the dialog is open. */
  get isOpen(): boolean {
    return this.#opened !== undefined
  }

  /** Shows the dialog. Resolves when it is closed. */
  open(): Promise<Result | null> {
    this.#opened ??= Promise.withResolvers<Result | null>()
    this.update()
    return this.#opened.promise
  }

  /** Closes the dialog; `open()` resolves to `result`. Default: null. */
  close(result: Result | null = null): void {
    this.#opened?.resolve(result)
    this.#opened = undefined
    this.update()
  }
}
