// <guestkey-recovery-codes>: ten codes to write down. Make them, keep them, and see how many are left.
import { SectionElement } from './section-element.ts'

/** Shows nothing while nobody is signed in. */
export class GuestkeyRecoveryCodes extends SectionElement {
  #isWanted = false

  protected readonly section = 'recoveryCodes'

  /** Whether `make()` was called and the element has not begun yet. */
  get isWanted(): boolean {
    return this.#isWanted
  }

  /** Makes new codes and shows them; if there are some, asks first. */
  make(): void {
    this.#isWanted = true
    this.update()
  }

  /** For the view: it has begun. */
  begun(): void {
    this.#isWanted = false
  }
}
