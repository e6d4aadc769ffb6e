// <guestkey-devices>: where the guest is signed in, and which browsers remember the guest.
import { SectionElement } from './section-element.ts'

/**
 * Attributes: `link-url`, where “Link a device” leads; without it, the code is shown in a dialog. Shows nothing while nobody
 * is signed in.
 */
export class GuestkeyDevices extends SectionElement {
  protected readonly section = 'devices'
}
