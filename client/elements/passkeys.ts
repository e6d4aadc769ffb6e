// <guestkey-passkeys>: the passkeys of the guest who is signed in. Add one, rename it, remove it.
import { SectionElement } from './section-element.ts'

/** Shows nothing while nobody is signed in. */
export class GuestkeyPasskeys extends SectionElement {
  protected readonly section = 'passkeys'
}
