// <guestkey-login-ids>: the addresses and the accounts elsewhere by which the guest comes back.
import { loadCodeSteps } from './parts.ts'
import { SectionElement } from './section-element.ts'

/**
 * Attributes: `redirect-uri`, as for `promote`; without it, no providers are offered. Shows nothing while nobody is signed in,
 * and if there is nothing to show and nothing to add.
 */
export class GuestkeyLoginIds extends SectionElement {
  protected readonly section = 'loginIds'
  protected override readonly loadMore = loadCodeSteps
}
