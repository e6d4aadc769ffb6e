// <guestkey-button>: continue as guest; then who one is, and what one can do.
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage } from './kit/stage.ts'
import { loadButton, loadMenu, loadPieces } from './parts.ts'

/**
 * Attributes: `variant="secondary"` for an outline, `compact` for the mark alone, `what` (what guests make, in the plural, such
 * as `notes`), `account-url` and `link-url` (where those two lead). Part of it: `trigger`, `menu`.
 */
export class GuestkeyButton extends GuestkeyElement {
  protected readonly load = async () => {
    const { view } = await loadButton()
    const load = () => Promise.all([loadMenu(), loadPieces()])
    return { view: (stage: Stage<GuestkeyButton>) => view(stage, load) }
  }
}
