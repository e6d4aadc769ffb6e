// <guestkey-link>: lets another device in. On the one that is signed in it shows a code; on the new one it takes the code.
import { GuestkeyElement, withPieces } from './guestkey-element.ts'
import { accountLanguages, loadLink } from './parts.ts'

/** Attributes: `link-url`, the page to open on the other device, which has this element too. Default: this page. */
export class GuestkeyLink extends GuestkeyElement {
  protected override readonly languages = accountLanguages

  protected readonly load = withPieces(loadLink)
}
