// A page of the host, as an attribute names it.

/**
 * The absolute URL of that page; null if there is none, or if it is neither http nor https. A host may fill attributes from
 * data, and a URL such as `javascript:` would run the code of whoever wrote that data.
 */
export function pageAddress(host: HTMLElement, attribute: 'account-url' | 'link-url'): string | null {
  const given = host.getAttribute(attribute)
  if (!given) return null
  try {
    const { href, protocol } = new URL(given, document.baseURI)
    return /^https?:$/.test(protocol) ? href : null
  } catch {
    return null
  }
}
