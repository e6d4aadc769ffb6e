// <guestkey-sign-in>: all ways in that the service and this browser have, in the page or as a dialog.
import type { UserInfo } from '../index.ts'
import { withPieces } from './guestkey-element.ts'
import { ModalElement } from './modal-element.ts'
import { loadSignIn } from './parts.ts'

/**
 * Attributes: `modal` for a dialog, which `open()` shows; `app` for the name of the site. `open()` resolves to the guest who
 * signed in, or to null if the person closed it.
 */
export class GuestkeySignIn extends ModalElement<UserInfo> {
  protected readonly load = withPieces(loadSignIn)
}
