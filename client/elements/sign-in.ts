// <guestkey-sign-in>: all ways in that the service and this browser have, in the page or as a dialog.
import type { UserInfo } from '../index.ts'
import type { Stage } from './kit/stage.ts'
import { ModalElement } from './modal-element.ts'
import { loadCodeSteps, loadPieces, loadSignIn } from './parts.ts'

/**
 * Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site. `open()` resolves to the guest who
 * signed in, or to null if the person closed it.
 */
export class GuestkeySignIn extends ModalElement<UserInfo> {
  protected readonly load = async () => {
    const [pieces, { view }, steps] = await Promise.all([loadPieces(), loadSignIn(), loadCodeSteps()])
    return {
      view: (stage: Stage<GuestkeySignIn>) => view(stage, pieces.createPieces(stage), pieces, steps),
    }
  }
}
