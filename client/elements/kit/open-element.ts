// Elements that stand in others: they have the client, the texts and the attributes of those.
import type { GuestClient } from '../../index.ts'
import type { Texts } from './words.ts'

type Host = HTMLElement & { texts?: Partial<Texts> }
type Dialog = HTMLElement & { open(section?: string): Promise<unknown> }

const attributes = ['base-url', 'theme', 'app', 'what', 'lang', 'link-url', 'redirect-uri']
/** A host may style the parts of an element that stands in another as parts of that one. */
const parts =
  'button, primary, quiet, danger, icon, item, field, input, note, title, lead, badge, dialog, card, header, row, section, digits, toast, codes, code, words, qr'

/** Gives an element what that of `host` has. */
export function handOn<One extends HTMLElement>(host: Host, client: GuestClient, element: One): One {
  for (const name of attributes) {
    const value = host.getAttribute(name)
    if (value !== null) element.setAttribute(name, value)
  }
  element.setAttribute('exportparts', parts)
  return Object.assign(element, { client, texts: host.texts })
}

/**
 * Shows an element with this tag as a dialog, until it is closed; the account, at this section. It stands in the shadow of
 * `host`.
 */
export async function openElement(
  host: Host,
  client: GuestClient,
  tag: string,
  section?: string,
): Promise<void> {
  const element = handOn(host, client, document.createElement(tag) as Dialog)
  element.setAttribute('modal', '')
  host.shadowRoot!.append(element)
  await element.open(section)
  element.remove()
}
