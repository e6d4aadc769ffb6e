// <guestkey-account>: who one is, what brings one back, and each part of the account in a section of its own.
import type { Stage } from './kit/stage.ts'
import { ModalElement } from './modal-element.ts'
import { accountLanguages, loadAccount, loadPieces, loadSections } from './parts.ts'

/**
 * Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site; `what`, `link-url` and `redirect-uri`
 * as its sections have them. A section is at `#guestkey-passkeys`, `-devices`, `-codes`, `-addresses` and `-leave` of the
 * page.
 */
export class GuestkeyAccount extends ModalElement<never> {
  #section: string | undefined

  protected override readonly languages = accountLanguages

  /** Shows the dialog, at this section if one is given, such as `codes`. Resolves when it is closed. */
  override open(section?: string): Promise<null> {
    this.#section = section
    return super.open()
  }

  /** For the view: the section that `open` named; only once. */
  takeSection(): string | undefined {
    const section = this.#section
    this.#section = undefined
    return section
  }

  protected readonly load = async () => {
    const [{ createPieces, css, openDialogs }, { createSection }, { view }] = await Promise.all([
      loadPieces(),
      loadSections(),
      loadAccount(),
    ])
    return {
      view: (stage: Stage<GuestkeyAccount>) =>
        view(stage, createSection(stage, createPieces(stage), css, openDialogs)),
    }
  }
}
