// The device link with which a page was opened. A page asks for it without waiting, so it is no part that comes later.

export const marker = 'guestkey-link='

/** Shows another address in the address bar. The history state stays: a router may need it. */
export function showAddress(url: URL): void {
  try {
    history.replaceState(history.state, '', url)
  } catch {
    // A frame with `srcdoc` or `sandbox` has no address of its own.
  }
}

/** See createLinkAddress. */
export interface LinkAddress {
  /** The link, or null. Takes it out of the address bar. */
  pending(): string | null
  /** To be called when the link has been opened. */
  forget(): void
}

/** The link in the address of this page. */
export function createLinkAddress(): LinkAddress {
  let found: string | null = null

  return {
    pending() {
      const [part, link] = /[#&]guestkey-link=([^&]*)/.exec(globalThis.location?.hash ?? '') ?? []
      if (part) {
        found = link!
        // A reload would hand the link in again, and somebody who looks at the screen could read it.
        const url = new URL(location.href)
        url.hash = url.hash.replace(part, '').replace(/^&/, '')
        showAddress(url)
      }
      return found
    },
    forget() {
      found = null
    },
  }
}
