// <guestkey-account>: who one is, what brings one back, and each part of the account in a section of its own.
import type { Stage } from './kit/stage.ts'
import { ModalElement } from './modal-element.ts'
import { accountLanguages, loadAccount, loadPieces, loadSection } from './parts.ts'

/**
 * Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site; `what`, `link-url` and `redirect-uri`
 * as its sections have them. A section is at `#guestkey-passkeys`, `-devices`, `-codes`, `-addresses` and `-leave` of the
 * page.
 */
export class GuestkeyAccount extends ModalElement<never> {
  protected override readonly languages = accountLanguages

  protected readonly load = async () => {
    const [{ createPieces, css, openDialogs }, { createSection }, { view }] = await Promise.all([
      loadPieces(),
      loadSection(),
      loadAccount(),
    ])
    return {
      view: (stage: Stage<GuestkeyAccount>) =>
        view(stage, createSection(stage, createPieces(stage), css, openDialogs)),
    }
  }
}
