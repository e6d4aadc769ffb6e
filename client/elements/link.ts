// <guestkey-link>: lets another device in. On the one that is signed in it shows a code; on the new one it takes the code.
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage } from './kit/stage.ts'
import { accountLanguages, loadLink, loadPieces } from './parts.ts'

/** Attributes: `link-url`, the page to open on the other device, which has this element too. Default: this page. */
export class GuestkeyLink extends GuestkeyElement {
  protected override readonly languages = accountLanguages

  protected readonly load = async () => {
    const [pieces, { view }] = await Promise.all([loadPieces(), loadLink()])
    return { view: (stage: Stage) => view(stage, pieces.createPieces(stage), pieces) }
  }
}
