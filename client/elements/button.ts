// <guestkey-button>: continue as guest; then who one is, and what one can do.
import { GuestkeyElement } from './guestkey-element.ts'
import type { Stage } from './kit/stage.ts'
import { loadMenu, loadPieces } from './parts.ts'
import { view } from './views/button.ts'

/**
 * Attributes: `variant="secondary"` for an outline, `compact` for the mark alone, `what` (what guests make, in the plural, such
 * as `notes`), `account-url` and `link-url` (where those two lead). Part of it: `trigger`, `menu`.
 */
export class GuestkeyButton extends GuestkeyElement {
  // Its view is no part of its own: a page waits for one file less, and what both say is compressed once.
  protected readonly load = async () => ({
    view: (stage: Stage<GuestkeyButton>) => view(stage, () => Promise.all([loadMenu(), loadPieces()])),
  })
}
