// <guestkey-link>: lets another device in. On the one that is signed in it shows a code; on the new one it takes the code.
import type { Stage } from './kit/stage.ts'
import { ModalElement } from './modal-element.ts'
import { accountLanguages, loadLink, loadPieces, loadQr } from './parts.ts'

/**
 * Attributes: `modal` for a dialog, which `open()` shows; `link-url`, the page to open on the other device, which has this
 * element too. Default: this page.
 */
export class GuestkeyLink extends ModalElement<never> {
  protected override readonly languages = accountLanguages

  protected readonly load = async () => {
    const [pieces, { view }] = await Promise.all([loadPieces(), loadLink()])
    return { view: (stage: Stage<GuestkeyLink>) => view(stage, pieces.createPieces(stage), pieces, loadQr) }
  }
}
